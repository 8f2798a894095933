"""Each citizen has carers they would rather meet; every other one costs what the job says."""

from collections.abc import Iterator

from scheduler.problem import Problem
from scheduler.rules.breach import Charge
from scheduler.solution import Solution


def charges(problem: Problem, solution: Solution) -> Iterator[Charge]:
    for job, (carer, _) in solution.placed.items():
        cost = problem.job_by_id[job].carer_cost(carer)
        if cost:
            yield Charge("continuity", cost, job, carer)
