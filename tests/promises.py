"""What every plan promises, whatever the day is like."""

from collections.abc import Iterator

from scheduler import Breach, Problem, Solution, breaches, evaluate
from scheduler.care_day_solution import solution_from_json, solution_to_json


def broken_promises(problem: Problem, plan: Solution) -> list[str]:
    """One line for each; empty for a plan as it should be."""
    return [*_rules(problem, plan), *_cost(problem, plan), *_reasons(plan), *_file(plan)]


def excused(problem: Problem, breach: Breach) -> bool:
    """A pin is kept whatever it breaks: rules of its own job, of its carer's breaks, and between two pinned jobs."""
    pinned = {pin.job for pin in problem.pinned}
    if breach.rule == "stability":
        return False
    if breach.rule == "together" and breach.code != "PARTNER_MISSING":
        return {breach.job, breach.params["other"]} <= pinned
    return breach.job in pinned or (breach.job is None and breach.carer in {pin.carer for pin in problem.pinned})


def _rules(problem: Problem, plan: Solution) -> Iterator[str]:
    for breach in breaches(problem, plan):
        if not excused(problem, breach):
            yield f"breaks a rule: {breach}"


def _cost(problem: Problem, plan: Solution) -> Iterator[str]:
    cost = evaluate(problem, plan)
    if plan.cost != cost:
        yield f"states {plan.cost} instead of {cost}"
    nobody = sum(job.unplaced_cost for job in problem.jobs)
    if not problem.pinned and cost.total > nobody:
        yield f"costs {cost.total}, more than the {nobody} of visiting nobody"


def _reasons(plan: Solution) -> Iterator[str]:
    for left in plan.unplaced:
        if not left.reasons:
            yield f"leaves {left.job} without a reason"
        for reason in left.reasons:
            if not 0 < reason.share <= 1:
                yield f"gives {left.job} a reason that excludes a share of {reason.share}"


def _file(plan: Solution) -> Iterator[str]:
    again = solution_from_json(solution_to_json(plan))
    if (again.routes, again.cost) != (plan.routes, plan.cost):
        yield "is not read back from its file as it was"
