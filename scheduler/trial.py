"""A plan on trial: what becomes of it when a job is placed, others are freed or a bound is eased. Nothing of it is kept.

The order of all other stops stays, and the carers of all others; their times may follow. That is what "fits" means wherever
a plan is explained.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from random import Random

from scheduler.indexed import Indexed
from scheduler.problem import Problem
from scheduler.solution import Solution
from scheduler.solvers.insertion import Inserter
from scheduler.solvers.repair import rebuild
from scheduler.timeline import Gap, Memory

_TRIES = 50


class Trial:
    """Jobs and carers by number, as in `Indexed`. `cost`: of the plan as it stands."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
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

    def fit(self, jobs: Sequence[int]) -> bool:
        """Place these jobs, which go together, where they cost least; False, and nothing changed, where they cannot be."""
        return self._fit_in_time(jobs) or self._fit_around_breaks(jobs)

    def fits_without(self, freed: Iterable[int], jobs: Sequence[int]) -> bool:
        """Whether these jobs would fit if others were not in the plan."""
        before, aside = self.timeline.memory(), set(self.timeline.set_aside)
        found = self.free(self.together(freed)) and self.fit(jobs)
        self.timeline.set_aside = aside
        self.timeline.recall(before)
        return found

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

    def _fit_in_time(self, jobs: Sequence[int]) -> bool:
        timeline = self.timeline
        before, best = timeline.memory(), None
        for number, floors in enumerate(self.floors):
            if number:
                timeline.floor = list(floors)
            if (number == 0 or timeline.settle()) and self._inserter.place_group(jobs) is not None:
                cost = timeline.cost() if len(self.floors) > 1 else 0
                if best is None or cost < best[0]:
                    best = (cost, timeline.memory())
            timeline.recall(before)
        if best is not None:
            timeline.recall(best[1])
        return best is not None

    def _fit_around_breaks(self, jobs: Sequence[int]) -> bool:
        """Place them by moving one break of the first one's carer past other stops."""
        timeline = self.timeline
        before = timeline.memory()
        for c in timeline.facts.allowed[jobs[0]]:
            for node in [v for v in timeline.routes[c] if v >= timeline.facts.n]:
                here = timeline.routes[c].index(node)
                if self._fits_but_for(node, c, jobs[0]):
                    for position in range(len(timeline.routes[c])):
                        timeline.move_break(c, node, position)
                        fits = position != here and timeline.settle([c])
                        if fits and self._inserter.place_group(jobs) is not None:
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


# -- starts by the bounds of a route ----------------------------------------------------------------------------------


def starts_between(facts: Indexed, j: int, c: int, before: Gap, after: Gap) -> tuple[int, int]:
    """The first and the last second at which j could start between the way into one gap and the way out of another (or the
    same), its own window aside; first > last where there is no time. Links can make it less.
    """
    row, at = facts.matrix[c], facts.place[j]
    first = max(before.moving + row[before.here][at], before.ready)
    last = min(after.before_rest, after.before_stop - after.resting - row[at][after.there]) - facts.duration[j]
    return first, last
