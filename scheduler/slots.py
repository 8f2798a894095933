"""Where a visit that is not yet planned could go: slots that differ in a way people care about, each with what it costs and
who would have to be told.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from itertools import groupby

from scheduler.comparison import JobChange, changes
from scheduler.cost import evaluate
from scheduler.errors import InvalidProblem
from scheduler.indexed import Indexed
from scheduler.problem import CarerId, Job, JobId, Problem
from scheduler.solution import Route, Solution, Unplaced
from scheduler.trial import Trial

APART = 1800
"""Seconds between two slots of one carer: to be offered half past nine beside nine is a choice, ten past nine is none."""
_STARTS = 12  # earliest starts asked for, spread over the window
_PLACES = 40  # for each of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A carer and a start for a job.

    `cost_change`: what the plan costs more (less, where below 0) than without the job; where the job stands unplaced in the
    problem, than with it unplaced. `continuity`: the part of it that the job's carer costs. `changes`: the other visits that would
    move so far that people must be told. `routes`: those that become others.
    """

    job: JobId
    carer: CarerId
    start: int
    cost_change: int
    continuity: int
    changes: tuple[JobChange, ...]
    routes: tuple[Route, ...]


def slots(problem: Problem, solution: Solution, job: Job, *, count: int = 5) -> tuple[Slot, ...]:
    """Up to `count` slots, the cheapest first, any two of them with different carers or `APART`.

    All others keep their carer and order; who must go with the job or not at all is placed beside it. Empty where there is no
    place, and for what is pinned. Raises InvalidProblem for a job that has a place already or does not fit into the problem.
    """
    asked, plan = with_job(problem, solution, job)
    search = _Search(asked, plan, job, base=evaluate(problem, solution).total)
    if any(o in search.facts.pin for o in (search.j, *search.partners)):
        return ()
    found: list[Slot] = []
    wanted = count if not search.partners else 3 * count  # what the partners cost is known only once they are placed
    for slot in search.slots():
        if all(slot.carer != other.carer or abs(slot.start - other.start) >= APART for other in found):
            found.append(slot)
        if len(found) >= wanted:
            break
    return tuple(sorted(found, key=lambda slot: (slot.cost_change, len(slot.changes), slot.start))[:count])


def apply_slot(problem: Problem, solution: Solution, job: Job, slot: Slot) -> tuple[Problem, Solution]:
    """The problem with the job, and the plan in which it has its slot."""
    asked, plan = with_job(problem, solution, job)
    return asked, plan.with_routes(slot.routes)


def with_job(problem: Problem, solution: Solution, job: Job) -> tuple[Problem, Solution]:
    """Both with the job unplaced; it takes the place of an unplaced one with its id."""
    if job.id in solution.placed:
        raise InvalidProblem("job", job.id, "has a place already")
    known = job.id in problem.job_by_id
    jobs = tuple(job if x.id == job.id else x for x in problem.jobs) if known else (*problem.jobs, job)
    unplaced = solution.unplaced
    if all(x.job != job.id for x in unplaced):
        unplaced = (*unplaced, Unplaced(job.id))
    return replace(problem, jobs=jobs), replace(solution, unplaced=unplaced)


class _Search:
    def __init__(self, problem: Problem, plan: Solution, job: Job, *, base: int) -> None:
        self.problem, self.plan, self.job, self.base = problem, plan, job, base
        self.trial = Trial(problem, plan)
        self.facts = self.trial.facts
        self.j = self.facts.number[job.id]
        home = self.trial.timeline.home
        self.partners = [o for o in self.facts.partners[self.j] if o != self.j and home[o] < 0]

    def slots(self) -> Iterator[Slot]:
        """One for each place that holds, the cheapest first, and of those that cost the same the one that moves the fewest;
        where there is none, the one that breaks make when they move.
        """
        empty = True
        for _, tied in groupby(self._places(), key=lambda place: place[0]):
            held = [slot for place in tied if (slot := self._held(*place[1:])) is not None]
            empty = empty and not held
            yield from sorted(held, key=lambda slot: len(slot.changes))
        with self.trial.given(self.facts):
            if empty and self.trial.fit([self.j, *self.partners]):
                yield self._slot()

    def _held(self, floor: int, carer: int, position: int) -> Slot | None:
        """The slot at one place, if it holds."""
        trial = self.trial
        with trial.given(self._from(floor)):
            trial.timeline.floor[self.j] = floor
            if trial.timeline.insert(self.j, carer, position) is None:
                return None
            return self._slot() if not self.partners or trial.fit(self.partners) else None

    def _places(self) -> list[tuple[int, int, int, int]]:
        """(change of cost, earliest start, carer, position), the cheapest first."""
        found: set[tuple[int, int, int, int]] = set()
        for floor in self._floors():
            with self.trial.given(self._from(floor)):
                found.update((x.change, floor, x.carer, x.position) for x in self.trial.places(self.j, _PLACES))
        return sorted(found)

    def _floors(self) -> list[int]:
        facts, j = self.facts, self.j
        low, high, wish = facts.low[j], facts.high[j], facts.early_before[j]
        spread = range(low, high + 1, max(APART, (high - low) // _STARTS + 1))
        return sorted({*spread, facts.wish[j], max(low, min(high, wish))})

    def _from(self, floor: int) -> Indexed:
        """The job starts no sooner."""
        facts, j = copy(self.facts), self.j
        facts.low, facts.wish = [*facts.low], [*facts.wish]
        facts.low[j] = facts.wish[j] = floor
        return facts

    def _slot(self) -> Slot:
        trial = self.trial
        carer = self.problem.carers[trial.timeline.home[self.j]].id
        routes = trial.routes()
        told = changes(self.problem, self.plan, self.plan.with_routes(routes))
        return Slot(
            job=self.job.id,
            carer=carer,
            start=trial.timeline.start[self.j],
            cost_change=trial.timeline.cost() - self.base,
            continuity=self.job.carer_cost(carer),
            changes=tuple(x for x in told if x.job != self.job.id),
            routes=routes,
        )
