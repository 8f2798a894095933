"""Why an answer is as it is: what each rule and each job costs, and why a job is left out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from scheduler.cost import charges
from scheduler.problem import JobId, Problem
from scheduler.reasons import Reason, ReasonCode, WhyNot
from scheduler.solution import Solution, Unplaced
from scheduler.trial import Trial
from scheduler.why_not import why_not

_ORDER = tuple(ReasonCode)


@dataclass(frozen=True, slots=True)
class CostSplit:
    """`by_term`: the terms of Cost that are not 0; `by_job`: what each job costs, by term. The way home belongs to nobody."""

    by_term: Mapping[str, int]
    by_job: Mapping[JobId, Mapping[str, int]]


def cost_split(problem: Problem, solution: Solution) -> CostSplit:
    """Where the cost arises; `by_term` sums to the total of `evaluate`."""
    by_term: Counter[str] = Counter()
    by_job: dict[JobId, Counter[str]] = {}
    for charge in charges(problem, solution):
        by_term[charge.term] += charge.amount
        if charge.job is not None:
            by_job.setdefault(charge.job, Counter())[charge.term] += charge.amount
    return CostSplit(by_term, by_job)


def with_reasons(problem: Problem, solution: Solution) -> Solution:
    """The same answer, with the reasons of each unplaced job: carer by carer, each counted under their first obstacle."""
    if not solution.unplaced:
        return solution
    trial = Trial(problem, solution)
    return replace(
        solution, unplaced=tuple(Unplaced(x.job, _reasons(why_not(trial, x.job))) for x in solution.unplaced)
    )


def _reasons(carers: tuple[WhyNot, ...]) -> tuple[Reason, ...]:
    """At least one, the one that excludes most carers first; shares are of all carers."""
    if not carers:
        return (Reason(ReasonCode.NO_SKILLED_CARER_ON_SHIFT, 1.0),)
    by_code: dict[ReasonCode, list[WhyNot]] = {}
    for why in carers:
        by_code.setdefault(why.code, []).append(why)
    found = [Reason(code, len(excluded) / len(carers), tuple(excluded)) for code, excluded in by_code.items()]
    return tuple(sorted(found, key=lambda x: (-x.share, _ORDER.index(x.code))))
