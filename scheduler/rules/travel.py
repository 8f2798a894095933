"""Between two stops lies at least the way between them; each second on the road costs."""

from collections.abc import Iterator

from scheduler.problem import Problem
from scheduler.rules.breach import Breach, Charge, Unit
from scheduler.rules.gaps import gaps_of
from scheduler.solution import Solution

RULE = "travel"


def breaches(problem: Problem, solution: Solution) -> Iterator[Breach]:
    for route in solution.routes:
        for gap in gaps_of(problem, problem.carer_by_id[route.carer], route):
            missing = gap.travel - (gap.end - gap.start)
            if gap.after is not None and gap.before is not None and missing > 0:
                params = {"after": str(gap.after)}
                yield Breach(RULE, "NO_TIME_FOR_TRAVEL", missing, Unit.SECONDS, gap.before, route.carer, params)


def charges(problem: Problem, solution: Solution) -> Iterator[Charge]:
    for route in solution.routes:
        for gap in gaps_of(problem, problem.carer_by_id[route.carer], route):
            if gap.travel:
                yield Charge("travel", problem.weights.travel * gap.travel, gap.before, route.carer)
