"""A plan on trial: what becomes of it when a job is placed, others are freed or a bound is eased. Nothing of it is kept.

The order of all other stops stays, and the carers of all others; their times may follow. That is what "fits" means wherever
a plan is explained.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from random import Random
from typing import NamedTuple

from scheduler.indexed import Indexed
from scheduler.problem import Problem
from scheduler.solution import Route, Solution
from scheduler.solvers.insertion import Inserter, Place
from scheduler.solvers.repair import rebuild
from scheduler.timeline import Gap, Memory, Timeline, solution_of

_TRIES = 50  # of one job's places, in full
_CHOICES = 8  # more places than that are as good as any number


class Trial:
    """Jobs and carers by number, as in `Indexed`. `cost`: of the plan as it stands."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self._plan = solution
        self.facts = Indexed(problem)
        self.timeline = rebuild(self.facts, solution, seed=0, refill=False)
        self.floors = self._floors(solution)
        self.cost = self.timeline.cost()
        self._inserter = Inserter(self.timeline, Random(0), tries=_TRIES)  # noqa: S311 - a search, not a secret

    @property
    def extra_cost(self) -> int:
        """What the day on trial costs more than the plan as it stands."""
        return self.timeline.cost() - self.cost

    @contextmanager
    def given(self, facts: Indexed, *, eased: int | None = None) -> Iterator[None]:
        """Other facts for a while, the shift or breaks of carer `eased` among them; afterwards the plan stands as before."""
        timeline = self.timeline
        memory, aside, kept = timeline.memory(), set(timeline.set_aside), timeline.facts
        timeline.facts = facts
        if eased is not None:
            timeline.settle([eased])
        try:
            yield
        finally:
            timeline.facts, timeline.set_aside = kept, aside
            timeline.recall(memory)

    def placed_with(self, c: int) -> list[int]:
        timeline = self.timeline
        if c in timeline.set_aside:
            return [j for j in range(self.facts.n) if timeline.home[j] == c]
        return [v for v in timeline.routes[c] if v < self.facts.n]

    def together(self, jobs: Iterable[int]) -> list[int]:
        """These of the placed jobs, with all that go with them or not at all."""
        return sorted({o for j in jobs for o in self.facts.partners[j] if self.timeline.home[o] >= 0})

    def free(self, jobs: Iterable[int]) -> bool:
        """Take placed jobs out of the plan; a carer whose pins contradict each other is back with the last of them.

        False when the others no longer hold, which can be where the direct way is the longer.
        """
        timeline = self.timeline
        touched = set()
        for j in jobs:
            c = timeline.home[j]
            touched.add(c)
            if c in timeline.set_aside:
                timeline.home[j] = -1
            else:
                timeline.remove([j])
        timeline.set_aside -= {c for c in timeline.set_aside & touched if not self.placed_with(c)}
        return timeline.settle(sorted(touched))

    def fit(self, jobs: Sequence[int], *, calmly: bool = True) -> bool:
        """Place these jobs, which go together, where they cost least; False, and nothing changed, where they cannot be.

        `calmly`: others start earlier than they did only where the jobs do not fit otherwise, and not where that saves a little.
        """
        return self._fit_in_time(jobs, calmly=calmly) or self._fit_around_breaks(jobs)

    def places(self, j: int, count: int) -> list[Place]:
        """The cheapest places of this job by itself, none of them taken."""
        return self._inserter.several(j, count)

    def fits_without(self, freed: Iterable[int], jobs: Sequence[int]) -> bool:
        """Whether these jobs would fit if others were not in the plan."""
        before, aside = self.timeline.memory(), set(self.timeline.set_aside)
        found = self.free(self.together(freed)) and self.fit(jobs)
        self.timeline.set_aside = aside
        self.timeline.recall(before)
        return found

    def routes(self) -> tuple[Route, ...]:
        """The routes of the day on trial whose stops are others than in the plan, or start at other times."""
        told = {route.carer: route.stops for route in self._plan.routes}
        found = solution_of(self.timeline).routes
        return tuple(route for route in found if route.stops != told.get(route.carer, ()))

    def _floors(self, solution: Solution) -> list[list[int]]:
        """What holds everybody's starts back, so that first nobody moves who is not pushed, then nobody waits without need,
        and at last all are as early as may be. Leaves the plan on the first of them.
        """
        timeline, facts = self.timeline, self.facts
        standing = list(facts.wish)
        for job, (_, start) in solution.placed.items():
            j = facts.number[job]
            standing[j] = max(facts.low[j], min(facts.high[j], start))
        found: dict[tuple[int, ...], tuple[list[int], Memory]] = {}
        rebuilt = timeline.memory()
        for floors in (standing, list(facts.wish), list(facts.low)):
            timeline.floor = list(floors)
            if timeline.settle():
                found.setdefault(tuple(timeline.start), (floors, timeline.memory()))
            timeline.recall(rebuilt)
        if not found:
            return [timeline.floor]
        timeline.recall(next(iter(found.values()))[1])
        return [floors for floors, _ in found.values()]

    def _fit_in_time(self, jobs: Sequence[int], *, calmly: bool) -> bool:
        timeline = self.timeline
        before, best = timeline.memory(), None
        for floors in self.floors:
            if self._stand_on(floors, jobs) and self._place(jobs):
                cost = 0 if calmly else timeline.cost()
                if best is None or cost < best[0]:
                    best = (cost, timeline.memory())
            timeline.recall(before)
            if best is not None and calmly:
                break
        if best is not None:
            timeline.recall(best[1])
        return best is not None

    def _stand_on(self, floors: list[int], jobs: Sequence[int]) -> bool:
        """Hold everybody back by these floors in the routes that the jobs may enter."""
        timeline = self.timeline
        if floors is self.floors[0]:
            return True
        entered = sorted({c for j in jobs for c in timeline.facts.allowed[j]})
        for c in entered:
            for v in timeline.routes[c]:
                if v < timeline.facts.n:
                    timeline.floor[v] = floors[v]
        return timeline.settle(entered)

    def _place(self, jobs: Sequence[int]) -> bool:
        """The hardest to place goes first; where one has no place by itself, nothing is tried."""
        if len(jobs) > 1:
            choices = {j: len(self.places(j, _CHOICES)) for j in jobs}
            if not all(choices.values()):
                return False
            jobs = sorted(jobs, key=choices.__getitem__)
        return self._inserter.place_group(jobs) is not None

    def _fit_around_breaks(self, jobs: Sequence[int]) -> bool:
        """Place them by moving one break past other stops, in the route of somebody for the one that has no place."""
        timeline = self.timeline
        stuck = [j for j in jobs if not self.places(j, 1)]
        if len(stuck) != 1:
            return False
        before = timeline.memory()
        for c in timeline.facts.allowed[stuck[0]]:
            for node in [v for v in timeline.routes[c] if v >= timeline.facts.n]:
                here = timeline.routes[c].index(node)
                if self._fits_but_for(node, c, stuck[0]):
                    for position in range(len(timeline.routes[c])):
                        timeline.move_break(c, node, position)
                        if position != here and timeline.settle([c]) and self._place(jobs):
                            return True
                        timeline.recall(before)
        return False

    def _fits_but_for(self, node: int, c: int, j: int) -> bool:
        timeline = self.timeline
        before = timeline.memory()
        timeline.routes[c].remove(node)
        found = timeline.settle([c]) and self._inserter.place_with(j, c) is not None
        timeline.recall(before)
        return found


# -- eased facts ------------------------------------------------------------------------------------------------------


def allowing(facts: Indexed, carers: Mapping[int, list[int]]) -> Indexed:
    """Each of these jobs may be done by just these carers, whatever it asks of them."""
    eased = copy(facts)
    eased.allowed = [*facts.allowed]
    for j, allowed in carers.items():
        eased.allowed[j] = allowed
    return eased


def able(facts: Indexed, j: int) -> list[int]:
    """The carers who may do job j, also those whose shift does not reach it; the cheapest first."""
    if j in facts.pin:
        return facts.allowed[j]
    job = facts.problem.jobs[j]
    found = [
        c
        for c, carer in enumerate(facts.problem.carers)
        if job.skills <= carer.skills and carer.id not in job.forbidden_carers
    ]
    return sorted(found, key=facts.price[j].__getitem__)


def unpinned(facts: Indexed, j: int) -> Indexed:
    """Job j may start in its own window."""
    eased = copy(facts)
    job = facts.problem.jobs[j]
    eased.low, eased.high, eased.wish = [*facts.low], [*facts.high], [*facts.wish]
    eased.low[j], eased.high[j], eased.wish[j] = job.earliest, job.latest, job.earliest
    return eased


def widened(facts: Indexed, jobs: Iterable[int], *, earlier: int, later: int) -> Indexed:
    """These jobs may start so many seconds earlier and later."""
    eased = allowing(facts, {j: able(facts, j) for j in jobs})
    eased.low, eased.high, eased.wish = [*facts.low], [*facts.high], [*facts.wish]
    for j in jobs:
        if facts.wish[j] == facts.low[j]:
            eased.wish[j] -= earlier
        eased.low[j] -= earlier
        eased.high[j] += later
    return eased


def lengthened(facts: Indexed, c: int, *, earlier: int, later: int) -> Indexed:
    """The shift of carer c begins and ends so many seconds earlier and later."""
    eased = copy(facts)
    eased.shift_start, eased.shift_end = [*facts.shift_start], [*facts.shift_end]
    eased.shift_start[c] -= earlier
    eased.shift_end[c] += later
    return eased


# -- the bounds of a route --------------------------------------------------------------------------------------------


def starts_between(facts: Indexed, j: int, c: int, before: Gap, after: Gap) -> tuple[int, int]:
    """The first and the last second at which j could start between the way into one gap and the way out of another (or the
    same), its own window aside; first > last where there is no time. Links can make it less.
    """
    row, at = facts.matrix[c], facts.place[j]
    first = max(before.moving + row[before.here][at], before.ready)
    last = min(after.before_rest, after.before_stop - after.resting - row[at][after.there]) - facts.duration[j]
    return first, last


class Stretch(NamedTuple):
    """Neighbours in a route. `detour`: what the way would cost more with another stop in their place than without them."""

    jobs: tuple[int, ...]
    detour: int


def stretches(timeline: Timeline, j: int, c: int) -> list[Stretch]:
    """For each place to begin, the fewest neighbours in whose place j could go by the bounds of the route of carer c."""
    facts, gaps, route = timeline.facts, timeline.gaps(c), timeline.routes[c]
    row, at, weight = facts.matrix[c], facts.place[j], facts.problem.weights.travel
    found = []
    for a, before in enumerate(gaps):
        for after in gaps[a + 1 :]:
            first, last = starts_between(facts, j, c, before, after)
            jobs = tuple(v for v in route[a : after.position] if v < facts.n)
            if jobs and max(first, facts.low[j]) <= min(last, facts.high[j]):
                here, there = before.here, after.there
                found.append(Stretch(jobs, weight * (row[here][at] + row[at][there] - row[here][there])))
                break
    return found


def leaves_by(timeline: Timeline, c: int) -> int:
    """When carer c has to leave at the latest, links aside."""
    facts, gap = timeline.facts, timeline.gaps(c)[0]
    way = facts.matrix[c][facts.origin[c]][gap.there]
    return min(gap.before_rest, gap.before_stop - gap.resting - way)


def back_at(timeline: Timeline, c: int) -> int:
    """When carer c is back at the earliest."""
    facts, gap = timeline.facts, timeline.gaps(c)[-1]
    return max(gap.ready, gap.moving + facts.matrix[c][gap.here][facts.goal[c]])
