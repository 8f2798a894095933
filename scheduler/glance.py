"""A glance at the routes of a day, one by one: often it tells that a job fits, or does not, without trying it in a timeline."""

from collections.abc import Callable, Collection, Iterable, Iterator
from copy import copy
from functools import lru_cache, partial
from typing import NamedTuple

from scheduler.indexed import FAR, Indexed
from scheduler.timeline import Timeline

_REMEMBERED = 8192  # routes

Nodes = tuple[int, ...]  # of a route, in order
Span = tuple[int, int]  # first and last second
Room = tuple[int, int, int]  # a location and two bounds, see Alone


class Eased(NamedTuple):
    """What is easier in a day than it was: jobs and breaks are gone, and a carer's shift begins and ends so many seconds earlier
    and later.
    """

    gone: Collection[int] = ()
    carer: int = -1
    earlier: int = 0
    later: int = 0

    def shift(self, facts: Indexed, c: int) -> Span:
        """Of carer c, from the first to the last second."""
        opens, closes = facts.shift_start[c], facts.shift_end[c]
        return (opens - self.earlier, closes + self.later) if c == self.carer else (opens, closes)


AS_IT_IS = Eased()


class Glance:
    """What the routes of a day, as it stands in a timeline, tell by themselves.

    Each is seen in two ways. *Widely*: linked to others who may be anywhere in their own routes; what does not fit then, never
    does. *Narrowly*: as if all others stayed at their starts, and those in it went no further than their links then allow; what
    fits then, really does.
    """

    def __init__(self, timeline: Timeline, facts: Indexed) -> None:
        self.timeline, self.facts = timeline, facts
        self._free, self._wide, self._narrow, self._still = (
            lru_cache(_REMEMBERED)(partial(alone, seen))
            for seen in (
                facts,
                bounded_by_links(facts, timeline),
                held_by_links(facts, timeline),
                at_their_starts(facts, timeline),
            )
        )
        self._bound = [_homes_of_linked(facts, timeline, route) for route in timeline.routes]

    # -- asking -------------------------------------------------------------------------------------------------------

    def fits(self, j: int, c: int, eased: Eased) -> bool | None:
        """Whether job j fits into the route of carer c, one of the breaks moved or none. None: who knows."""
        if c in self.timeline.set_aside:
            return None
        if not (self.reaches(j, c, eased) and self._may(j, c, eased)):
            return False
        narrow, unsure = self._narrow_spans(j, c, eased), False
        if narrow(self.route(c, eased)):
            return True
        for way, _ in self._wide_ways(j, c, eased):
            if narrow(way):
                return True
            unsure = True
        return None if unsure else False

    def fits_beside(self, o: int, carers: Iterable[int], j: int, c: int, eased: Eased) -> bool | None:
        """Whether job j, with carer c, and job o, with one of others, fit when their links want them to. None: who knows."""
        facts, aside = self.facts, self.timeline.set_aside
        links = [(least, most) for other, least, most in facts.links[j] if other == o]
        gap = max([least for least, _ in links], default=-FAR), min([most for _, most in links], default=FAR)
        wide, narrow, unsure = self.spans(j, c, eased), self._narrow_spans(j, c, eased)(self.route(c, eased)), False
        for k in carers:
            if o in (facts.different[j] if k == c else facts.same[j]) or not self._may(o, k, eased):
                continue
            if _agree(wide, self.spans(o, k, eased), gap):
                apart = k not in {c, *self._bound[c], *aside}
                if apart and _agree(narrow, self._narrow_spans(o, k, eased)(self.route(k, eased)), gap):
                    return True
                unsure = True
        return None if unsure else False

    def reaches(self, j: int, c: int, eased: Eased) -> bool:
        """Whether carer c is at work when job j may start, ways aside."""
        facts, (opens, closes) = self.facts, eased.shift(self.facts, c)
        return max(facts.low[j], opens) <= min(facts.high[j], closes - facts.duration[j])

    def spans(self, j: int, c: int, eased: Eased) -> list[Span]:
        """Between which seconds job j could start with carer c, one of the breaks moved or none; never outside of these."""
        return [span for _, found in self._wide_ways(j, c, eased) for span in found]

    def stretches(self, j: int, c: int, eased: Eased) -> list["Stretch"]:
        """Neighbours in whose place job j could go."""
        if not self.reaches(j, c, eased):
            return []
        route = self.route(c, eased)
        return stretches(self.facts, j, c, route, self._widely(c, eased)(c, eased.shift(self.facts, c), route))

    def route(self, c: int, eased: Eased) -> Nodes:
        return tuple([v for v in self.timeline.routes[c] if v not in eased.gone])

    # -- seeing -------------------------------------------------------------------------------------------------------

    def _wide_ways(self, j: int, c: int, eased: Eased) -> Iterator[tuple[Nodes, list[Span]]]:
        """The ways for carer c to go that hold job j, and between which seconds it could start in each."""
        if not self.reaches(j, c, eased):
            return
        facts, route, window = self.facts, self.route(c, eased), self._wide_window(j, eased)
        look = partial(self._widely(c, eased), c, eased.shift(facts, c))
        found = spans(facts, j, c, look(route), window)
        if found:
            yield route, found
        for node in route:
            if node >= facts.n:
                yield from ways_around(facts, node, j, c, route, window, look)

    def _narrow_spans(self, j: int, c: int, eased: Eased) -> Callable[[Nodes], list[Span]]:
        """Of the routes that carer c could take: between which seconds job j can start for sure."""
        low, high = self._narrow_window(j, c, eased)
        shift = eased.shift(self.facts, c)
        if low > high or not self._others_stand(c, eased):
            return lambda _: []
        return lambda route: spans(self.facts, j, c, self._narrow(c, shift, route), (low, high))

    def _widely(self, c: int, eased: Eased) -> Callable[[int, Span, Nodes], "Alone"]:
        """How to see the route of carer c: with its links, unless the routes on the other side of them are eased."""
        eased_routes = {self.timeline.home[v] for v in eased.gone} | {eased.carer}
        return self._free if (self._bound[c] & eased_routes) - {c} else self._wide

    def _wide_window(self, j: int, eased: Eased) -> Span:
        """The starts of job j that its links could ever allow."""
        facts, home = self.facts, self.timeline.home
        low, high = facts.low[j], facts.high[j]
        for o, least, most in facts.links[j]:
            if home[o] >= 0 and o not in eased.gone and home[o] not in self.timeline.set_aside:
                c = home[o]
                jobs = tuple([v for v in self.route(c, eased) if v < facts.n])
                seen = self._widely(c, eased)(c, eased.shift(facts, c), jobs)
                low, high = max(low, seen.first[o] - most), min(high, seen.last[o] - least)
        return low, high

    def _narrow_window(self, j: int, c: int, eased: Eased) -> Span:
        """The starts of job j that leave all to whom it is linked as they are; none where one of them is in the same route."""
        facts, home, start = self.facts, self.timeline.home, self.timeline.start
        low, high = facts.low[j], facts.high[j]
        for o, least, most in facts.links[j]:
            if home[o] >= 0 and o not in eased.gone:
                if home[o] == c:
                    return low, low - 1
                low, high = max(low, start[o] - most), min(high, start[o] - least)
        return low, high

    def _may(self, j: int, c: int, eased: Eased) -> bool:
        """Whether the links of job j allow carer c, times aside."""
        facts, home, gone = self.facts, self.timeline.home, eased.gone
        return all(home[o] in {-1, c} or o in gone for o in facts.same[j]) and all(
            home[o] != c or o in gone for o in facts.different[j]
        )

    def _others_stand(self, c: int, eased: Eased) -> bool:
        """Whether nobody in other routes must move when some are gone; a detour can be shorter than the direct way."""
        others = {self.timeline.home[v] for v in eased.gone} - {c}
        return others.isdisjoint(self.timeline.set_aside) and all(
            self._still(o, eased.shift(self.facts, o), self.route(o, eased)).holds for o in others
        )


def bounded_by_links(facts: Indexed, timeline: Timeline) -> Indexed:
    """The same facts, but that each placed job starts when those linked to it, wherever they are in their own routes, allow."""
    bounded = copy(facts)
    bounded.low, bounded.high = [*facts.low], [*facts.high]
    home = timeline.home
    seen = [
        alone(facts, c, AS_IT_IS.shift(facts, c), tuple(v for v in route if v < facts.n))
        for c, route in enumerate(timeline.routes)
    ]
    for c, route in enumerate(seen):
        for j in route.first:
            for o, least, most in facts.links[j]:
                other = seen[home[o]]
                if home[o] != c and o in other.first:
                    bounded.low[j] = max(bounded.low[j], other.first[o] - most)
                    bounded.high[j] = min(bounded.high[j], other.last[o] - least)
    return bounded


def held_by_links(facts: Indexed, timeline: Timeline) -> Indexed:
    """The same facts, but that each placed job starts only when all to whom it is linked could stay as they are.

    Of two in one route, who may both move, none starts earlier, nor so late that the other must.
    """
    held = copy(facts)
    held.low, held.high = [*facts.low], [*facts.high]
    home, start = timeline.home, timeline.start
    for j in range(facts.n):
        for o, least, most in facts.links[j] if home[j] >= 0 else ():
            if home[o] >= 0:
                held.low[j] = max(held.low[j], start[j] if home[o] == home[j] else start[o] - most)
                held.high[j] = min(held.high[j], start[o] - least)
    return held


def at_their_starts(facts: Indexed, timeline: Timeline) -> Indexed:
    """The same facts, but that everybody starts just when they do."""
    still = copy(facts)
    still.low = still.high = [*timeline.start]
    return still


def _homes_of_linked(facts: Indexed, timeline: Timeline, nodes: Iterable[int]) -> set[int]:
    linked = (o for v in nodes if v < facts.n for o, _, _ in facts.links[v])
    return {timeline.home[o] for o in linked if timeline.home[o] >= 0}


def _agree(starts: list[Span], others: list[Span], gap: Span) -> bool:
    """Whether two jobs can start so that the difference is at least and at most what their links allow."""
    least, most = gap
    return any(max(least, first - b) <= min(most, last - a) for a, b in starts for first, last in others)


# -- one route by itself ----------------------------------------------------------------------------------------------


class Alone(NamedTuple):
    """A route by itself, its jobs bound by each other and by their own windows.

    For each place where a job could go, `before` it: the location; the end of the last stop plus the breaks since, from which
    travel counts; and the end of the last stop or break. `after` it: the location; the latest end that lets the next break start
    in time; and the latest end, the way to the next stop not counted. `first`, `last`: when each of its nodes may start.
    """

    before: list[Room]
    after: list[Room]
    first: dict[int, int]
    last: dict[int, int]
    holds: bool


def alone(facts: Indexed, c: int, shift: Span, route: Nodes) -> Alone:
    """The route for carer c, at work from the first to the last second of `shift`."""
    before, first = _earliest(facts, c, shift[0], route)
    after, last = _latest(facts, c, shift[1], route)
    return Alone(before, after, first, last, all(first[v] <= last[v] for v in route))


def _earliest(facts: Indexed, c: int, opens: int, route: Nodes) -> tuple[list[Room], dict[int, int]]:
    n, row, low, duration, place = facts.n, facts.matrix[c], facts.low, facts.duration, facts.place
    here, moving, ready = facts.origin[c], opens, opens
    before: list[Room] = [(here, moving, ready)]
    first: dict[int, int] = {}
    for v in route:
        if v < n:
            s = max(low[v], ready, moving + row[here][place[v]])
            for o, _, most in facts.links[v]:
                if o in first:
                    s = max(s, first[o] - most)
            ready = moving = s + duration[v]
            here = place[v]
        else:
            s = max(low[v], ready)
            ready = s + duration[v]
            moving += duration[v]
        first[v] = s
        before.append((here, moving, ready))
    return before, first


def _latest(facts: Indexed, c: int, closes: int, route: Nodes) -> tuple[list[Room], dict[int, int]]:
    n, row, high, duration, place = facts.n, facts.matrix[c], facts.high, facts.duration, facts.place
    there, rest_by, stop_by = facts.goal[c], closes, closes
    after: list[Room] = [(there, rest_by, stop_by)]
    last: dict[int, int] = {}
    for v in reversed(route):
        if v < n:
            rest_by = min(high[v], rest_by - duration[v], stop_by - row[place[v]][there] - duration[v])
            for o, least, _ in facts.links[v]:
                if o in last:
                    rest_by = min(rest_by, last[o] - least)
            there, stop_by = place[v], rest_by
        else:
            rest_by = min(high[v], rest_by - duration[v])
            stop_by -= duration[v]
        last[v] = rest_by
        after.append((there, rest_by, stop_by))
    after.reverse()
    return after, last


def spans(facts: Indexed, j: int, c: int, route: Alone, window: Span) -> list[Span]:
    """Between which seconds of a window each place that holds job j lets it start."""
    if not route.holds:
        return []
    row, at, duration = facts.matrix[c], facts.place[j], facts.duration[j]
    low, high = window
    found = []
    for (here, moving, ready), (there, rest_by, stop_by) in zip(route.before, route.after, strict=True):
        if ready > high:
            break
        if rest_by >= low:
            first = max(low, ready, moving + row[here][at])
            last = min(high, rest_by - duration, stop_by - row[at][there] - duration)
            if first <= last:
                found.append((first, last))
    return found


def bounds(facts: Indexed, j: int, c: int, route: Alone) -> list[Span]:
    """For each place the first second at which job j could start after what is before it, and the last for what is after it."""
    row, at, duration = facts.matrix[c], facts.place[j], facts.duration[j]
    return [
        (max(moving + row[here][at], ready), min(rest_by, stop_by - row[at][there]) - duration)
        for (here, moving, ready), (there, rest_by, stop_by) in zip(route.before, route.after, strict=True)
    ]


class Stretch(NamedTuple):
    """Neighbours in a route. `detour`: what the way would cost more with another stop in their place than without them."""

    jobs: Nodes
    detour: int


def stretches(facts: Indexed, j: int, c: int, route: Nodes, seen: Alone) -> list[Stretch]:
    """For each place to begin, the fewest neighbours in whose place job j could go by the bounds of the route of carer c."""
    row, at, weight, found = facts.matrix[c], facts.place[j], facts.problem.weights.travel, []
    starts = bounds(facts, j, c, seen)
    for a, (here, _, _) in enumerate(seen.before):
        first = max(starts[a][0], facts.low[j])
        for b in range(a + 1, len(starts)) if first <= facts.high[j] else ():
            if first <= starts[b][1]:
                jobs = tuple(v for v in route[a:b] if v < facts.n)
                if jobs:
                    there = seen.after[b][0]
                    found.append(Stretch(jobs, weight * (row[here][at] + row[at][there] - row[here][there])))
                    break
    return found


def ways_around(  # noqa: PLR0917 - what, whom, where and when, and how to see it
    facts: Indexed, node: int, j: int, c: int, route: Nodes, window: Span, look: Callable[[Nodes], Alone]
) -> Iterator[tuple[Nodes, list[Span]]]:
    """The route with this break elsewhere, where that makes room for job j, and the spans of its starts."""
    others = tuple([v for v in route if v != node])
    less, rest = look(others), facts.duration[node]
    if not spans(facts, j, c, less, window):
        return
    for position, ((_, _, ready), (_, rest_by, stop_by)) in enumerate(zip(less.before, less.after, strict=True)):
        if max(ready, facts.low[node]) <= min(facts.high[node], rest_by - rest, stop_by - rest):
            way = (*others[:position], node, *others[position:])
            found = spans(facts, j, c, look(way), window) if way != route else []
            if found:
                yield way, found


def lengthened(facts: Indexed, eased: Eased) -> Indexed:
    """The same facts with the one shift longer."""
    longer, c = copy(facts), eased.carer
    longer.shift_start, longer.shift_end = [*facts.shift_start], [*facts.shift_end]
    longer.shift_start[c], longer.shift_end[c] = eased.shift(facts, c)
    return longer
