"""What is pinned keeps carer and start; what has been published costs to change."""

from collections.abc import Iterator

from scheduler.problem import Problem
from scheduler.rules.breach import Breach, Charge, Unit
from scheduler.solution import Solution

RULE = "stability"


def breaches(problem: Problem, solution: Solution) -> Iterator[Breach]:
    for pin in problem.pinned:
        placed = solution.placed.get(pin.job)
        if placed is None:
            yield Breach(RULE, "PIN_UNPLACED", 1, Unit.JOBS, pin.job, pin.carer)
            continue
        carer, start = placed
        if carer != pin.carer:
            yield Breach(RULE, "PIN_OTHER_CARER", 1, Unit.CARERS, pin.job, carer, {"pinned": pin.carer})
        if start != pin.start:
            yield Breach(RULE, "PIN_MOVED", abs(start - pin.start), Unit.SECONDS, pin.job, carer, {"bound": pin.start})


def charges(problem: Problem, solution: Solution) -> Iterator[Charge]:
    weights = problem.weights
    for told in problem.published:
        placed = solution.placed.get(told.job)
        if placed is None:
            continue
        carer, start = placed
        cost = weights.moved_carer if carer != told.carer else 0
        cost += weights.moved_second * max(0, abs(start - told.start) - weights.moved_tolerance)
        if cost:
            yield Charge("moved", cost, told.job, carer)
