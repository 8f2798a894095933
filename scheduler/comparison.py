"""What differs between two plans of one day, in people's terms: who comes and when, what each carer's day amounts to, the cost."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from scheduler.cost import evaluate
from scheduler.problem import CarerId, CitizenId, JobId, Problem
from scheduler.rules.gaps import gaps_of
from scheduler.solution import Cost, Solution


class ChangeKind(StrEnum):
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChange:
    """What is different for the citizen of one job; carer and start are None where the job has no place."""

    job: JobId
    citizen: CitizenId
    kind: ChangeKind
    old_carer: CarerId | None
    new_carer: CarerId | None
    old_start: int | None
    new_start: int | None

    @property
    def other_carer(self) -> bool:
        return self.kind is ChangeKind.MOVED and self.old_carer != self.new_carer

    @property
    def moved_seconds(self) -> int:
        """How much later (earlier, where less than 0) a job starts that has a place in both plans."""
        return 0 if self.old_start is None or self.new_start is None else self.new_start - self.old_start


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One carer's day. Working time is time with citizens and on the way; waiting and breaks are left out."""

    stops: int = 0
    travel_seconds: int = 0
    working_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerChange:
    carer: CarerId
    old: Workload
    new: Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """From an old plan to a new one; jobs and carers for whom nothing is different are left out."""

    changes: tuple[JobChange, ...]
    carers: tuple[CarerChange, ...]
    old_cost: Cost
    new_cost: Cost

    @property
    def citizens_to_tell(self) -> frozenset[CitizenId]:
        return frozenset(change.citizen for change in self.changes)

    @property
    def cost_changes(self) -> Mapping[str, int]:
        """By how much each term of the cost rises (falls, where less than 0)."""
        old, new = asdict(self.old_cost), asdict(self.new_cost)
        return {term: new[term] - old[term] for term in old}


def compare(problem: Problem, old: Solution, new: Solution) -> Comparison:
    """Changes stand in the order of time, carers in that of the problem.

    Raises InvalidSolution for a job or a carer that the problem does not have.
    """
    old_cost, new_cost = evaluate(problem, old), evaluate(problem, new)
    before, after = _workloads(problem, old), _workloads(problem, new)
    idle = Workload()
    return Comparison(
        old_cost=old_cost,
        new_cost=new_cost,
        changes=changes(problem, old, new),
        carers=tuple(
            CarerChange(carer=carer.id, old=before.get(carer.id, idle), new=after.get(carer.id, idle))
            for carer in problem.carers
            if before.get(carer.id, idle) != after.get(carer.id, idle)
        ),
    )


def changes(problem: Problem, old: Solution, new: Solution) -> tuple[JobChange, ...]:
    """What people would have to be told; a move of no more than `moved_tolerance` with the same carer is nothing to tell."""
    found = [_change(problem, job.id, old, new) for job in problem.jobs]
    return tuple(sorted((x for x in found if x is not None), key=_in_order_of_time))


def _change(problem: Problem, job: JobId, old: Solution, new: Solution) -> JobChange | None:
    old_carer, old_start = old.placed.get(job, (None, None))
    new_carer, new_start = new.placed.get(job, (None, None))
    if old_start is None and new_start is None:
        return None
    if old_start is None or new_start is None:
        kind = ChangeKind.ADDED if old_start is None else ChangeKind.WITHDRAWN
    elif old_carer != new_carer or abs(new_start - old_start) > problem.weights.moved_tolerance:
        kind = ChangeKind.MOVED
    else:
        return None
    return JobChange(
        job=job,
        citizen=problem.job_by_id[job].citizen,
        kind=kind,
        old_carer=old_carer,
        new_carer=new_carer,
        old_start=old_start,
        new_start=new_start,
    )


def _in_order_of_time(change: JobChange) -> tuple[int, JobId]:
    starts = [start for start in (change.new_start, change.old_start) if start is not None]
    return starts[0], change.job


def _workloads(problem: Problem, solution: Solution) -> dict[CarerId, Workload]:
    found = {}
    for route in solution.routes:
        travel = sum(gap.travel for gap in gaps_of(problem, problem.carer_by_id[route.carer], route))
        visiting = sum(problem.job_by_id[stop.job].duration for stop in route.stops)
        found[route.carer] = Workload(stops=len(route.stops), travel_seconds=travel, working_seconds=travel + visiting)
    return found
