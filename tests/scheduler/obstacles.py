"""A day without what is said to stand in the way: how a reason is proved."""

from dataclasses import replace

from hypothesis import strategies as st

from scheduler import (
    BreaksInTheWay,
    CarerId,
    Forbidden,
    Job,
    JobId,
    JobsInTheWay,
    MissingSkills,
    Obstacle,
    PartnersUnplaced,
    PinInTheWay,
    Problem,
    Shift,
    ShiftTooShort,
    Solution,
    TooDear,
    Unplaced,
    breaches,
)
from scheduler.indexed import Indexed
from scheduler.timeline import solution_of
from scheduler.trial import Trial


def without(  # noqa: PLR0911 - one obstacle, one answer
    problem: Problem, plan: Solution, job: JobId, carer: CarerId, obstacle: Obstacle
) -> tuple[Problem, Solution]:
    """The problem and the plan in which one obstacle is gone."""
    worker, wanted = problem.carer_by_id[carer], problem.job_by_id[job]
    match obstacle:
        case MissingSkills(skills):
            return _with_carer(problem, carer, skills=worker.skills | set(skills)), plan
        case ShiftTooShort(earlier, later):
            shift = Shift(worker.shift.start - earlier, worker.shift.end + later)
            return _with_carer(problem, carer, shift=shift), plan
        case BreaksInTheWay(numbers):
            left = tuple(rest for number, rest in enumerate(worker.breaks, 1) if number not in numbers)
            kept = [number not in numbers for number in range(1, len(worker.breaks) + 1)]
            routes = tuple(
                replace(route, breaks=tuple(start for start, stays in zip(route.breaks, kept, strict=False) if stays))
                if route.carer == carer
                else route
                for route in plan.routes
            )
            return _with_carer(problem, carer, breaks=left), replace(plan, routes=routes)
        case Forbidden():
            return with_job(problem, replace(wanted, forbidden_carers=wanted.forbidden_carers - {carer})), plan
        case PinInTheWay():
            return replace(problem, pinned=tuple(x for x in problem.pinned if x.job != job)), plan
        case TooDear(extra_cost):
            dearer = replace(wanted, unplaced_cost=wanted.unplaced_cost + extra_cost + 1)
            return with_job(problem, dearer), plan
        case PartnersUnplaced():
            links = tuple(
                replace(x, all_or_none=x.all_or_none and job not in {x.first, x.second}) for x in problem.links
            )
            return replace(problem, links=links), plan
        case JobsInTheWay(jobs):
            return _freed(problem, plan, jobs)


def with_job(problem: Problem, job: Job) -> Problem:
    return replace(problem, jobs=tuple(job if x.id == job.id else x for x in problem.jobs))


def dropped(data: st.DataObject, problem: Problem, plan: Solution) -> Solution:
    """The plan without one of its jobs, or as it is."""
    bound = {x.job for x in problem.pinned} | {job for link in problem.links for job in (link.first, link.second)}
    job = data.draw(st.sampled_from([None, *sorted(plan.placed.keys() - bound)]))
    if job is None:
        return plan
    _, left = _freed(problem, plan, (job,))
    return left if breaches(problem, left) == () else plan


def place(problem: Problem, plan: Solution, job: JobId, carer: CarerId) -> Solution | None:
    """The plan with the job, and all that go with it, added: the job with this carer; None where it does not fit."""
    wanted = problem.job_by_id[job]
    others = frozenset(x.id for x in problem.carers if x.id != carer)
    trial = Trial(with_job(problem, replace(wanted, forbidden_carers=wanted.forbidden_carers | others)), plan)
    numbers = trial.facts
    group = [numbers.number[job], *(o for o in numbers.partners[numbers.number[job]] if o != numbers.number[job])]
    return solution_of(trial.timeline) if trial.fit(group, calmly=False) else None


def _with_carer(problem: Problem, carer: CarerId, **changed: object) -> Problem:
    carers = tuple(replace(x, **changed) if x.id == carer else x for x in problem.carers)  # type: ignore[arg-type]
    return replace(problem, carers=carers)


def _freed(problem: Problem, plan: Solution, jobs: tuple[JobId, ...]) -> tuple[Problem, Solution]:
    """With a job go all that are placed together with it or not at all."""
    facts = Indexed(problem)
    gone = {problem.jobs[o].id for j in jobs for o in facts.partners[facts.number[j]]}
    routes = tuple(replace(x, stops=tuple(stop for stop in x.stops if stop.job not in gone)) for x in plan.routes)
    unplaced = dict.fromkeys([*(x.job for x in plan.unplaced), *sorted(gone)])
    pinned = tuple(x for x in problem.pinned if x.job not in gone)
    return replace(problem, pinned=pinned), replace(plan, routes=routes, unplaced=tuple(map(Unplaced, unplaced)))
