"""The carer leaves the start location at or after the shift's start and is back at the end location by its end."""

from collections.abc import Iterator

from scheduler.problem import Problem
from scheduler.rules.breach import Breach, Unit
from scheduler.rules.gaps import gaps_of
from scheduler.solution import Solution

RULE = "shifts"


def breaches(problem: Problem, solution: Solution) -> Iterator[Breach]:
    for route in solution.routes:
        for gap in gaps_of(problem, problem.carer_by_id[route.carer], route):
            missing = gap.travel - (gap.end - gap.start)
            if missing <= 0:
                continue
            if gap.after is None:
                yield Breach(RULE, "STARTS_BEFORE_SHIFT", missing, Unit.SECONDS, gap.before, route.carer)
            if gap.before is None:
                yield Breach(RULE, "ENDS_AFTER_SHIFT", missing, Unit.SECONDS, gap.after, route.carer)
