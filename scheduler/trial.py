"""A plan on trial: what becomes of it when a job is placed, others are freed or a bound is eased. Nothing of it is kept.

The order of all other stops stays, and the carers of all others; their times may follow. That is what "fits" means wherever
a plan is explained.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from random import Random

from scheduler.glance import AS_IT_IS, Eased, Glance, Nodes, alone, lengthened, ways_around
from scheduler.indexed import Indexed
from scheduler.problem import Problem
from scheduler.solution import Route, Solution
from scheduler.solvers.insertion import Inserter, Place
from scheduler.solvers.repair import rebuild
from scheduler.timeline import Memory, cost_of, solution_of

_TRIES = 50  # of one job's places, in full
_CHOICES = 8  # more places than that are as good as any number


class Trial:
    """Jobs and carers by number, as in `Indexed`. `glance`: at the plan as it stands."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self._plan = solution
        self.facts = Indexed(problem)
        self.timeline = rebuild(self.facts, solution, seed=0, refill=False)
        self.floors = self._floors(solution)
        self._kept = self.timeline.memory()
        self.glance = Glance(self.timeline, self.facts)
        self._inserter = Inserter(self.timeline, Random(0), tries=_TRIES)  # noqa: S311 - a search, not a secret

    @property
    def extra_cost(self) -> int:
        """What the day on trial costs more than the plan as it stands. Only what has changed is counted."""
        facts, day, kept = self.facts, self.timeline, self._kept
        carers = [c for c, (now, before) in enumerate(zip(day.routes, kept.routes, strict=True)) if now != before]
        jobs = [j for j in range(facts.n) if day.start[j] != kept.start[j] or day.home[j] != kept.home[j]]
        later = facts.problem.weights.max_lateness * (day.worst - kept.worst)
        return later + cost_of(facts, day, carers, jobs) - cost_of(facts, kept, carers, jobs)

    @contextmanager
    def given(self, facts: Indexed, eased: Eased = AS_IT_IS) -> Iterator[bool]:
        """Other facts for a while, and an eased day, which may not hold where the direct way is the longer; afterwards the plan
        stands as before.
        """
        timeline, c, n = self.timeline, eased.carer, self.facts.n
        memory, aside, kept = timeline.memory(), set(timeline.set_aside), timeline.facts
        timeline.facts = facts
        if c >= 0:
            timeline.facts = lengthened(facts, eased)
            timeline.routes[c] = [v for v in timeline.routes[c] if v < n or v not in eased.gone]
            timeline.settle([c])
        try:
            yield self.free(v for v in eased.gone if v < n)
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
        return not touched or timeline.settle(sorted(touched))

    def fit(self, jobs: Sequence[int], *, calmly: bool = True) -> bool:
        """Place these jobs, which go together, where they cost least; False, and nothing changed, where they cannot be.

        `calmly`: others start earlier than they did only where the jobs do not fit otherwise, and not where that saves a little.
        """
        return self._fit_in_time(jobs, self.floors, calmly=calmly) or self._fit_around_breaks(
            jobs, [*self.floors, self.facts.low]
        )

    def places(self, j: int, count: int) -> list[Place]:
        """The cheapest places of this job by itself, none of them taken."""
        return self._inserter.several(j, count)

    def may_fit(self, jobs: Sequence[int]) -> bool:
        """Whether these jobs fit at all, however early others start for it."""
        before, loosest = self.timeline.memory(), [self.facts.low]
        found = self._fit_in_time(jobs, loosest, calmly=True) or self._fit_around_breaks(jobs, loosest)
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

    def _fit_in_time(self, jobs: Sequence[int], every: list[list[int]], *, calmly: bool) -> bool:
        """On every one of these floors, or calmly on the first that will do."""
        timeline = self.timeline
        before, best = timeline.memory(), None
        entered = sorted({c for j in jobs for c in timeline.facts.allowed[j]})
        for floors in every:
            if (floors is self.floors[0] or self._stand_on(floors, entered)) and self._place(jobs):
                cost = 0 if calmly else self.extra_cost
                if best is None or cost < best[0]:
                    best = (cost, timeline.memory())
            timeline.recall(before)
            if best is not None and calmly:
                break
        if best is not None:
            timeline.recall(best[1])
        return best is not None

    def _stand_on(self, floors: list[int], carers: list[int]) -> bool:
        """Hold everybody back by these floors in the routes of some carers."""
        timeline = self.timeline
        for c in carers if floors is not self.floors[0] else ():
            for v in timeline.routes[c]:
                if v < timeline.facts.n:
                    timeline.floor[v] = floors[v]
        return timeline.settle(carers)

    def _place(self, jobs: Sequence[int]) -> bool:
        """The hardest to place goes first; where one has no place by itself, nothing is tried. Those that do not fit together
        when they wish to start are placed as early as may be.
        """
        timeline, facts = self.timeline, self.timeline.facts
        if len(jobs) > 1:
            choices = {j: len(self.places(j, _CHOICES)) for j in jobs}
            if not all(choices.values()):
                return False
            jobs = sorted(jobs, key=choices.__getitem__)
        if self._inserter.place_group(jobs) is not None:
            return True
        if len(jobs) == 1 or all(facts.wish[j] == facts.low[j] for j in jobs):
            return False
        timeline.facts = copy(facts)
        timeline.facts.wish = facts.low
        found = self._inserter.place_group(jobs) is not None
        timeline.facts = facts
        return found

    def _fit_around_breaks(self, jobs: Sequence[int], every: list[list[int]]) -> bool:
        """Place them by moving one break past other stops, in the route of somebody for the one that has no place."""
        timeline, before = self.timeline, self.timeline.memory()
        stuck = [j for j in jobs if not self.places(j, 1)]
        if len(stuck) != 1:
            return False
        rest = [o for o in jobs if o not in stuck]
        for c, way in self._ways_around_breaks(stuck[0], every[-1]):
            for floors in every:
                timeline.routes[c] = list(way)
                found = self._fit_with(c, stuck[0], floors)
                if found and (not rest or self._fit_in_time(rest, every, calmly=True)):
                    return True
                timeline.recall(before)
        return False

    def _ways_around_breaks(self, j: int, loosest: list[int]) -> Iterator[tuple[int, Nodes]]:
        """Carers, and routes in which they take a break elsewhere, such that job j may fit."""
        timeline, facts = self.timeline, self.timeline.facts
        before, window = timeline.memory(), (facts.low[j], facts.high[j])
        for c in facts.allowed[j]:
            route, look = tuple(timeline.routes[c]), partial(alone, facts, c, AS_IT_IS.shift(facts, c))
            for node in [v for v in route if v >= facts.n]:
                ways = [way for way, _ in ways_around(facts, node, j, c, route, window, look)]
                if ways:
                    timeline.routes[c].remove(node)
                    found = self._fit_with(c, j, loosest)
                    timeline.recall(before)
                    yield from ((c, way) for way in ways if found)

    def _fit_with(self, c: int, j: int, floors: list[int]) -> bool:
        return self._stand_on(floors, [c]) and self._inserter.place_with(j, c) is not None


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
