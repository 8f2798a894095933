"""The carer has all skills of the job and is not forbidden to go there."""

from collections.abc import Iterator

from scheduler.problem import Problem
from scheduler.rules.breach import Breach, Unit
from scheduler.solution import Solution

RULE = "skills"


def breaches(problem: Problem, solution: Solution) -> Iterator[Breach]:
    for route in solution.routes:
        carer = problem.carer_by_id[route.carer]
        for stop in route.stops:
            job = problem.job_by_id[stop.job]
            missing = sorted(job.skills - carer.skills)
            if missing:
                params = {"skills": ", ".join(missing)}
                yield Breach(RULE, "SKILL_MISSING", len(missing), Unit.SKILLS, job.id, carer.id, params)
            if carer.id in job.forbidden_carers:
                yield Breach(RULE, "CARER_FORBIDDEN", 1, Unit.CARERS, job.id, carer.id)
