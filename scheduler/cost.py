"""The truth by which every solver is judged."""

from collections.abc import Iterable

from scheduler.errors import InvalidSolution
from scheduler.problem import Problem
from scheduler.rules import HARD_RULES, SOFT_RULES
from scheduler.rules.breach import Breach, Charge
from scheduler.solution import Cost, Solution


def evaluate(problem: Problem, solution: Solution) -> Cost:
    """The cost of an answer, term by term, from its routes alone; whether it may be used at all is `breaches`.

    Raises InvalidSolution for a job or a carer that the problem does not have.
    """
    return Cost(**_sum_by_term(charges(problem, solution)))


def breaches(problem: Problem, solution: Solution) -> tuple[Breach, ...]:
    """Every broken hard rule, in the order of HARD_RULES; empty for a sound answer."""
    check_references(problem, solution)
    return tuple(breach for rule in HARD_RULES for breach in rule(problem, solution))


def charges(problem: Problem, solution: Solution) -> tuple[Charge, ...]:
    """Where the cost arises: one charge per rule and place."""
    check_references(problem, solution)
    return tuple(charge for rule in SOFT_RULES for charge in rule(problem, solution))


def check_references(problem: Problem, solution: Solution) -> None:
    """Raise InvalidSolution, with the path in the solution, for an id that the problem does not know."""
    for index, route in enumerate(solution.routes):
        if route.carer not in problem.carer_by_id:
            raise InvalidSolution(f"routes[{index}].carer", route.carer, "is not a carer of the problem")
        for place, stop in enumerate(route.stops):
            if stop.job not in problem.job_by_id:
                raise InvalidSolution(f"routes[{index}].stops[{place}].job", stop.job, "is not a job of the problem")
    for index, unplaced in enumerate(solution.unplaced):
        if unplaced.job not in problem.job_by_id:
            raise InvalidSolution(f"unplaced[{index}].job", unplaced.job, "is not a job of the problem")


def _sum_by_term(found: Iterable[Charge]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for charge in found:
        sums[charge.term] = sums.get(charge.term, 0) + charge.amount
    return sums
