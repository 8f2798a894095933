"""A job starts in [earliest, latest]."""

from collections.abc import Iterator

from scheduler.problem import Problem
from scheduler.rules.breach import Breach, Unit
from scheduler.solution import Solution

RULE = "time_windows"


def breaches(problem: Problem, solution: Solution) -> Iterator[Breach]:
    for route in solution.routes:
        for stop in route.stops:
            job = problem.job_by_id[stop.job]
            for code, amount, bound in (
                ("STARTS_TOO_EARLY", job.earliest - stop.start, job.earliest),
                ("STARTS_TOO_LATE", stop.start - job.latest, job.latest),
            ):
                if amount > 0:
                    params = {"start": stop.start, "bound": bound}
                    yield Breach(RULE, code, amount, Unit.SECONDS, job.id, route.carer, params)
