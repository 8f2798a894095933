"""From sequences to times: the only place where times are derived.

A route is a list of nodes, jobs and breaks, in order. Every node starts as early as its floor, its route and its links
allow, which is the least solution of a system of difference constraints: a start that is pushed later pushes what comes
after it and whom it is linked to. Where early starts cost, `floor` (not the bound itself) holds a job back.
"""

from collections.abc import Iterable
from typing import NamedTuple

from scheduler.indexed import FAR, Indexed
from scheduler.solution import Placement, Route, Solution, Unplaced

_PUSHES_PER_ROUTE = 12  # links that go round in a circle push for ever; nothing sound needs as many pushes


class Gap(NamedTuple):
    """A place in a route where a job could go, and what bounds it there, links aside."""

    position: int
    here: int  # location before
    moving: int  # end of the stop before plus the breaks since: travel starts to count here
    ready: int  # end of the last break or stop before
    there: int  # location after
    resting: int  # breaks between this position and the next stop
    before_rest: int  # latest end that lets the next break start in time
    before_stop: int  # latest arrival at the next stop (or the end location)
    way: int  # seconds from here to there at present, 0 in an empty route


class Memory(NamedTuple):
    """A state to come back to."""

    routes: list[list[int]]
    start: list[int]
    home: list[int]
    floor: list[int]
    worst: int
    gaps: list[list[Gap] | None]


class Timeline:
    """A day under construction. Jobs go in by `insert`, out by `remove` and then `settle`; times follow.

    `start[node]`, `home[j]` (carer number, -1 when unplaced), `worst` (the largest lateness).
    """

    def __init__(self, facts: Indexed) -> None:
        self.facts = facts
        carers = len(facts.problem.carers)
        self.routes: list[list[int]] = [list(rests) for rests in facts.rests]
        self.start = [-FAR] * facts.nodes
        self.home = [-1] * facts.n + [c for c, _ in facts.rest_of]
        self.floor = list(facts.wish)
        self.worst = 0
        self.set_aside: set[int] = set()  # carers whose pins contradict each other or their shift
        self._gaps: list[list[Gap] | None] = [None] * carers
        self.settle()

    # -- changing -----------------------------------------------------------------------------------------------------

    def insert(self, j: int, c: int, position: int, *, keep: bool = True) -> int | None:
        """What the cost changes by when job j goes there (unplaced_cost aside); None where a hard rule forbids it.

        Without `keep`, or when it cannot be, everything is left as it was.
        """
        route, log = self.routes[c], {j: -FAR}
        change = self._detour(j, c, position)
        route.insert(position, j)
        self.home[j] = c
        self.start[j] = -FAR
        if self._push(c, position, log):
            worst = self._worst_of(log)
            change += self._time_change(j, log) + self.facts.price[j][c]
            change += self.facts.problem.weights.max_lateness * (worst - self.worst)
            if keep:
                self.worst = worst
                for v in log:
                    self._gaps[self.home[v]] = None
                return change
        else:
            change = FAR
        for v, old in log.items():
            self.start[v] = old
        del route[position]
        self.home[j] = -1
        return None if change >= FAR else change

    def remove(self, jobs: Iterable[int]) -> None:
        """Take jobs out; times are stale until `settle`."""
        for j in jobs:
            c = self.home[j]
            self.routes[c].remove(j)
            self.home[j] = -1
            self.start[j] = -FAR
            self.floor[j] = self.facts.wish[j]
            self._gaps[c] = None

    def move_break(self, c: int, node: int, position: int) -> None:
        """Put a break elsewhere in its route; times are stale until `settle`."""
        self.routes[c].remove(node)
        self.routes[c].insert(position, node)
        self._gaps[c] = None

    def settle(self, changed: Iterable[int] | None = None) -> bool:
        """Derive times anew: all of them, or those that changes in the routes of some carers can reach through links.

        False when no times fit, which can be after a removal where the direct way is the longer.
        """
        facts = self.facts
        reach = range(len(self.routes)) if changed is None else self._reach(changed)
        log: dict[int, int] = {}
        for c in reach:
            self._gaps[c] = None
            for v in self.routes[c]:
                self.start[v] = -FAR
        for c in reach:
            if any(v < facts.n for v in self.routes[c]) and not self._push(c, 0, log):
                return False
        self.worst = 0
        self.worst = self._worst_of(j for j in range(facts.n) if self.home[j] >= 0)
        return True

    def _reach(self, carers: Iterable[int]) -> list[int]:
        """These carers and all whose starts may depend on theirs, in a fixed order: those whom a link holds back now."""
        links, home, start, found = self.facts.links, self.home, self.start, set(carers)
        work = sorted(found)
        while work:
            for v in self.routes[work.pop()]:
                for o, least, _ in links[v] if v < self.facts.n else ():
                    if home[o] >= 0 and home[o] not in found and start[o] <= start[v] + least:
                        found.add(home[o])
                        work.append(home[o])
        return sorted(found)

    def memory(self) -> Memory:
        return Memory(
            [r[:] for r in self.routes], self.start[:], self.home[:], self.floor[:], self.worst, self._gaps[:]
        )

    def recall(self, memory: Memory) -> None:
        self.routes = [r[:] for r in memory.routes]
        self.start, self.home, self.floor = memory.start[:], memory.home[:], memory.floor[:]
        self.worst = memory.worst
        self._gaps = list(memory.gaps)

    # -- looking ------------------------------------------------------------------------------------------------------

    def cost(self) -> int:
        """The whole cost, as `evaluate` counts it (routes of carers set aside: without their travel)."""
        late = self.facts.problem.weights.max_lateness * self.worst
        return late + cost_of(self.facts, self, range(len(self.routes)), range(self.facts.n))

    def absent(self) -> list[int]:
        return [j for j in range(self.facts.n) if self.home[j] < 0]

    def bounds(self, j: int) -> tuple[int, int]:
        """Least and greatest start of job j that its floor and its placed partners could ever allow."""
        low, high = self.floor[j], self.facts.high[j]
        for o, least, most in self.facts.links[j]:
            if self.home[o] >= 0:
                low = max(low, self.start[o] - most)
                high = min(high, self.facts.high[o] - least)
        return low, high

    def gaps(self, c: int) -> list[Gap]:
        """The places of a route, in order."""
        found = self._gaps[c]
        if found is None:
            found = self._gaps[c] = self._find_gaps(c)
        return found

    # -- the push -----------------------------------------------------------------------------------------------------

    def _push(self, c: int, position: int, log: dict[int, int]) -> bool:
        """Raise starts from here on until everything holds; `log` keeps each node's first start."""
        work = [(c, position)]
        patience = _PUSHES_PER_ROUTE * (len(self.routes) + 4)
        while work:
            patience -= 1
            if patience < 0 or not self._sweep(*work.pop(), log, work):
                return False
        return True

    def _sweep(self, c: int, position: int, log: dict[int, int], work: list[tuple[int, int]]) -> bool:  # noqa: PLR0912 - the one loop that must be fast
        facts, start, route = self.facts, self.start, self.routes[c]
        n, row, duration, high = facts.n, facts.matrix[c], facts.duration, facts.high
        first = position
        while first > 0 and route[first - 1] >= n:
            first -= 1
        if first:
            before = route[first - 1]
            ready = moving = start[before] + duration[before]
            here = facts.place[before]
        else:
            ready = moving = facts.shift_start[c]
            here = facts.origin[c]
        for index in range(first, len(route)):
            v = route[index]
            if v >= n:
                s = max(ready, facts.low[v])
                ready = s + duration[v]
                moving += duration[v]
            else:
                s = max(moving + row[here][facts.place[v]], ready, self.floor[v])
                linked = facts.links[v]
                if linked:
                    for o, _, most in linked:
                        if self.home[o] >= 0 and start[o] - most > s:
                            s = start[o] - most
                if s == start[v] and index > position:
                    return True
                ready = moving = s + duration[v]
                here = facts.place[v]
            if s > high[v]:
                return False
            if s != start[v]:
                log.setdefault(v, start[v])
                start[v] = s
                if v < n and linked and not self._push_linked(v, s, work):
                    return False
        end = facts.shift_end[c]
        return ready <= end and moving + row[here][facts.goal[c]] <= end

    def _push_linked(self, v: int, s: int, work: list[tuple[int, int]]) -> bool:
        for o, least, _ in self.facts.links[v]:
            c = self.home[o]
            if c >= 0 and -FAR < self.start[o] < s + least:
                if c in self.set_aside:
                    return False
                work.append((c, self.routes[c].index(o)))
        return True

    # -- sums ---------------------------------------------------------------------------------------------------------

    def _detour(self, j: int, c: int, position: int) -> int:
        facts = self.facts
        gap = self.gaps(c)[position]
        row, at = facts.matrix[c], facts.place[j]
        return facts.problem.weights.travel * (row[gap.here][at] + row[at][gap.there] - gap.way)

    def _time_change(self, j: int, log: dict[int, int]) -> int:
        facts, change = self.facts, 0
        for v, old in log.items():
            if v < facts.n:
                change += facts.start_cost(v, self.start[v])
                if v != j:
                    change -= facts.start_cost(v, old)
        return change

    def _worst_of(self, nodes: Iterable[int]) -> int:
        facts, worst = self.facts, self.worst
        if facts.problem.weights.max_lateness:
            for v in nodes:
                if v < facts.n and self.start[v] - facts.late_after[v] > worst:
                    worst = self.start[v] - facts.late_after[v]
        return worst

    def _find_gaps(self, c: int) -> list[Gap]:
        facts, route, start = self.facts, self.routes[c], self.start
        n, row, duration = facts.n, facts.matrix[c], facts.duration
        empty = all(v >= n for v in route)
        forward = []
        here, ready = facts.origin[c], facts.shift_start[c]
        moving = ready
        for v in [*route, -1]:
            forward.append((here, moving, ready))
            if v >= n:
                ready = (max(ready, facts.low[v]) if empty else start[v]) + duration[v]
                moving += duration[v]
            elif v >= 0:
                ready = moving = start[v] + duration[v]
                here = facts.place[v]
        there, resting, before_rest, before_stop = facts.goal[c], 0, facts.shift_end[c], facts.shift_end[c]
        found = []
        for position in range(len(route), -1, -1):
            here, moving, ready = forward[position]
            way = 0 if empty else row[here][there]
            found.append(Gap(position, here, moving, ready, there, resting, before_rest, before_stop, way))
            if position == 0:
                break
            v = route[position - 1]
            if v >= n:
                before_rest = min(facts.high[v], before_rest - duration[v])
                resting += duration[v]
            else:
                at = facts.place[v]
                latest = min(before_rest, before_stop - resting - row[at][there]) - duration[v]
                before_stop = before_rest = min(facts.high[v], latest)
                there, resting = at, 0
        found.reverse()
        return found


def cost_of(facts: Indexed, day: Timeline | Memory, carers: Iterable[int], jobs: Iterable[int]) -> int:
    """What the ways of these carers and these jobs, placed or not, cost in a day; its largest lateness aside."""
    cost = 0
    for c in carers:
        cost += facts.problem.weights.travel * facts.way(c, [v for v in day.routes[c] if v < facts.n])
    for j in jobs:
        c = day.home[j]
        cost += facts.unplaced_cost[j] if c < 0 else facts.price[j][c] + facts.start_cost(j, day.start[j])
    return cost


def solution_of(timeline: Timeline) -> Solution:
    """The timeline as an answer, without cost, reasons or run."""
    facts = timeline.facts
    problem = facts.problem
    routes = []
    for c, carer in enumerate(problem.carers):
        nodes = timeline.routes[c]
        stops = [(timeline.start[v], i, v) for i, v in enumerate(nodes) if v < facts.n]
        rests = {facts.rest_of[v - facts.n][1]: timeline.start[v] for v in nodes if v >= facts.n}
        if c in timeline.set_aside:
            stops = sorted((timeline.start[j], j, j) for j in range(facts.n) if timeline.home[j] == c)
            rests = {k: rest.earliest for k, rest in enumerate(carer.breaks)}
        placements = tuple(Placement(problem.jobs[v].id, start) for start, _, v in stops)
        breaks = tuple(rests[k] for k in range(len(carer.breaks))) if stops else ()
        routes.append(Route(carer.id, placements, breaks))
    unplaced = tuple(Unplaced(problem.jobs[j].id) for j in timeline.absent())
    return Solution(problem=problem.name, routes=tuple(routes), unplaced=unplaced)
