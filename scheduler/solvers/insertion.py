"""Where a job goes best in a timeline as it stands."""

from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from scheduler.timeline import Timeline

_EARLY_SHARE = 0.1  # of the searches for a place, those that let an early start be


class Place(NamedTuple):
    change: int  # of cost, unplaced_cost aside
    carer: int
    position: int


class Inserter:
    """Finds places by a quick bound for each gap, then tries the most promising ones in the timeline itself.

    `blink` is the share of promising places overlooked at random, which keeps a search from walking in circles.
    `tries` bounds how many places of one job are tried in full.
    """

    def __init__(self, timeline: Timeline, random: Random, *, blink: float = 0.0, tries: int = 10) -> None:
        self.timeline = timeline
        self.random = random
        self.blink = blink
        self.tries = tries
        self.only: int | None = None

    def place_group(self, jobs: Iterable[int]) -> int | None:
        """Place jobs that go together or not at all; the change of cost, or None and everything as it was."""
        waiting = list(jobs)
        if not waiting:
            return 0
        if len(waiting) == 1:
            return self.place(waiting[0])
        return self._place_all(waiting, ahead=8)

    def place(self, j: int) -> int | None:
        """Put j at its best place, early only where there is no other; None where there is no place."""
        found = self.best(j)
        if found is None:
            return None
        return self.timeline.insert(j, found.carer, found.position)

    def place_if_worth(self, jobs: list[int]) -> int | None:
        """Like `place_group`, but only where leaving them would cost more."""
        timeline = self.timeline
        if len(jobs) == 1:
            found = self.best(jobs[0])
            if found is None or found.change > timeline.facts.unplaced_cost[jobs[0]]:
                return None
            return timeline.insert(jobs[0], found.carer, found.position)
        memory = timeline.memory()
        change = self.place_group(jobs)
        if change is not None and change > sum(timeline.facts.unplaced_cost[j] for j in jobs):
            timeline.recall(memory)
            return None
        return change

    def may(self, j: int, c: int) -> bool:
        """Whether carer c may do job j as the day stands, times aside."""
        return c in self._carers(j)

    def place_with(self, j: int, c: int) -> int | None:
        """Put j where it costs least in the route of carer c."""
        if not self.may(j, c):
            return None
        self.only = c
        try:
            return self.place(j)
        finally:
            self.only = None

    def best(self, j: int) -> Place | None:
        """The best place, tried in full. Leaves `timeline.floor[j]` at the floor for which the place holds."""
        found = self.several(j, 1)
        return found[0] if found else None

    def several(self, j: int, count: int) -> list[Place]:
        """Up to `count` places that hold, the cheapest first."""
        timeline, facts = self.timeline, self.timeline.facts
        floors = (facts.wish[j], facts.low[j])
        if floors[0] != floors[1] and self.blink and self.random.random() < _EARLY_SHARE:
            floors = (facts.low[j],) * 2
        for floor in dict.fromkeys(floors):
            timeline.floor[j] = floor
            found = self._tried(j, count)
            if found:
                return found
        timeline.floor[j] = facts.wish[j]
        return []

    def _place_all(self, jobs: list[int], ahead: int) -> int | None:
        """The first job at one of its best places such that the others follow; tried in order, the best sum kept."""
        timeline = self.timeline
        j, rest = jobs[0], jobs[1:]
        best: tuple[int, Place, int] | None = None
        memory = timeline.memory()
        for place in self.several(j, ahead):
            floor = timeline.floor[j]
            if timeline.insert(j, place.carer, place.position) is None:
                continue
            more = self.place(rest[0]) if len(rest) == 1 else self._place_all(rest, ahead=2)
            if more is not None and (best is None or place.change + more < best[0]):
                best = (place.change + more, place, floor)
                kept = timeline.memory()
            timeline.recall(memory)
            timeline.floor[j] = floor
        if best is None:
            return None
        timeline.recall(kept)
        return best[0]

    def _tried(self, j: int, count: int) -> list[Place]:
        timeline = self.timeline
        left = self.tries
        found: list[Place] = []
        for bound, carer, position in sorted(self._promising(j)):
            if len(found) >= count and bound >= found[count - 1].change:
                break
            if self.blink and self.random.random() < self.blink:
                continue
            change = timeline.insert(j, carer, position, keep=False)
            if change is not None:
                found.append(Place(change, carer, position))
                found.sort()
            left -= 1
            if left <= 0 and found:
                break
        return found[:count]

    def _carers(self, j: int) -> list[int]:
        timeline, facts = self.timeline, self.timeline.facts
        carers = facts.allowed[j]
        for o in facts.same[j]:
            if timeline.home[o] >= 0:
                carers = [c for c in carers if c == timeline.home[o]]
        taken = {timeline.home[o] for o in facts.different[j]} | timeline.set_aside
        return [c for c in carers if c not in taken] if taken else carers

    def _promising(self, j: int) -> list[tuple[int, int, int]]:
        """(least change of cost, carer, position) of each place that its own route's bounds do not forbid."""
        timeline, facts = self.timeline, self.timeline.facts
        low, high = timeline.bounds(j)
        found: list[tuple[int, int, int]] = []
        if low > high:
            return found
        at, duration, prices = facts.place[j], facts.duration[j], facts.price[j]
        per_second = facts.problem.weights.travel
        start_cost = facts.start_cost
        late_after = facts.late_after[j]
        early_until = facts.early_before[j] if not facts.told else facts.high[j]
        may_push = facts.lateness_counts
        for c in self._carers(j) if self.only is None else (self.only,):
            row = facts.matrix[c]
            out = row[at]
            price = prices[c]
            for position, here, moving, ready, there, resting, before_rest, before_stop, way in timeline.gaps(c):
                if ready > high:
                    break
                arrival = moving + row[here][at]
                if arrival < ready:  # noqa: PLR1730 - a call of max() is three times as slow, and this line is the hottest
                    arrival = ready
                if arrival < low:  # noqa: PLR1730 - see above
                    arrival = low
                if arrival > high:
                    continue
                done = arrival + duration
                if done > before_rest or done + resting + out[there] > before_stop:
                    continue
                change = price + per_second * (row[here][at] + out[there] - way)
                if arrival > late_after or arrival < early_until:
                    change += start_cost(j, arrival)
                if may_push:
                    change += self._push_cost(j, c, position, done)
                found.append((change, c, position))
        return found

    def _push_cost(self, j: int, c: int, position: int, done: int) -> int:
        """What the stops after `position` lose by being pushed when j ends there at `done`; links aside."""
        timeline, facts = self.timeline, self.timeline.facts
        start, duration, place, row = timeline.start, facts.duration, facts.place, facts.matrix[c]
        ready = moving = done
        here, change = place[j], 0
        route = timeline.routes[c]
        for index in range(position, len(route)):
            v = route[index]
            if v >= facts.n:
                ready = max(ready, start[v]) + duration[v]
                moving += duration[v]
                continue
            s = max(moving + row[here][place[v]], ready)
            old = start[v]
            if s <= old:
                break
            late_after = facts.late_after[v]
            if s > late_after:
                change += facts.late_cost[v] * (s - (max(late_after, old)))
            ready = moving = s + duration[v]
            here = place[v]
        return change
