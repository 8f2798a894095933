"""Each job stands exactly once, in a route or among the unplaced, and each carer has one route; leaving a job costs."""

from collections import Counter
from collections.abc import Iterator

from scheduler.problem import Problem
from scheduler.rules.breach import Breach, Charge, Unit
from scheduler.solution import Solution

RULE = "everyone_visited"


def breaches(problem: Problem, solution: Solution) -> Iterator[Breach]:
    times = Counter(stop.job for route in solution.routes for stop in route.stops)
    times.update(unplaced.job for unplaced in solution.unplaced)
    for job in problem.jobs:
        if times[job.id] == 0:
            yield Breach(RULE, "JOB_MISSING", 1, Unit.JOBS, job=job.id)
        elif times[job.id] > 1:
            yield Breach(
                RULE, "JOB_REPEATED", times[job.id] - 1, Unit.JOBS, job=job.id, params={"times": times[job.id]}
            )
    for carer, routes in Counter(route.carer for route in solution.routes).items():
        if routes > 1:
            yield Breach(RULE, "CARER_REPEATED", routes - 1, Unit.CARERS, carer=carer, params={"times": routes})


def charges(problem: Problem, solution: Solution) -> Iterator[Charge]:
    for job in problem.jobs:
        if job.id not in solution.placed:
            yield Charge("unplaced", job.unplaced_cost, job=job.id)
