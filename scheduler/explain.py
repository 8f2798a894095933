"""Why an answer is as it is: what each rule and each job costs, and why a job is left out.

Reasons are found by trying: every carer is asked for the job in the answer as it stands, and counted under the first thing
that forbids it (skills, then forbidden, then shift, then gaps). They are codes with parameters; sentences are made where
they are shown.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from scheduler.cost import charges
from scheduler.indexed import Indexed
from scheduler.problem import Carer, JobId, Problem
from scheduler.solution import Reason, ReasonCode, Solution, Unplaced
from scheduler.solvers.insertion import Inserter
from scheduler.solvers.repair import rebuild

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
    """The same answer, with the reasons of each unplaced job."""
    if not solution.unplaced:
        return solution
    trial = _Trial(problem, solution)
    return replace(solution, unplaced=tuple(Unplaced(x.job, trial.reasons(x.job)) for x in solution.unplaced))


class _Trial:
    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.timeline = rebuild(Indexed(problem), solution, seed=0, refill=False)
        self.inserter = Inserter(self.timeline, Random(0), tries=50)  # noqa: S311 - a search, not a secret

    def reasons(self, job: JobId) -> tuple[Reason, ...]:
        """At least one, the one that excludes most carers first; shares are of all carers."""
        facts = self.timeline.facts
        j = facts.number[job]
        excluded: Counter[ReasonCode] = Counter()
        change: int | None = None
        for c, carer in enumerate(self.problem.carers):
            code, cost = self._try(j, c, carer)
            excluded[code] += 1
            if cost is not None and (change is None or cost < change):
                change = cost
        if not self.problem.carers:
            excluded[ReasonCode.NO_SKILLED_CARER_ON_SHIFT] = 1
        everybody = max(1, len(self.problem.carers))
        found = [
            Reason(code, min(1.0, count / everybody), self._params(j, code, change)) for code, count in excluded.items()
        ]
        return tuple(sorted(found, key=lambda x: (-x.share, _ORDER.index(x.code))))

    def _try(self, j: int, c: int, carer: Carer) -> tuple[ReasonCode, int | None]:
        """What keeps this carer from the job; with CHEAPER_TO_LEAVE, what it would cost on top."""
        timeline, facts = self.timeline, self.timeline.facts
        job = self.problem.jobs[j]
        if not job.skills <= carer.skills or not _on_shift(carer, job.earliest, job.latest, job.duration):
            return ReasonCode.NO_SKILLED_CARER_ON_SHIFT, None
        if carer.id in job.forbidden_carers:
            return ReasonCode.FORBIDDEN_FOR_ALL, None
        if c not in facts.allowed[j] or c in timeline.set_aside:
            return ReasonCode.NO_GAP_IN_WINDOW, None
        memory = timeline.memory()
        try:
            alone = self.inserter.place_with(j, c)
            if alone is None:
                return ReasonCode.NO_GAP_IN_WINDOW, None
            others = [o for o in facts.partners[j] if timeline.home[o] < 0]
            more = self.inserter.place_group(others) if others else 0
            if more is None:
                return ReasonCode.PARTNER_CANNOT_BE_PLACED, None
            saved = sum(facts.unplaced_cost[o] for o in facts.partners[j])
            code = ReasonCode.CHEAPER_TO_LEAVE if alone + more >= saved else ReasonCode.NO_REASON_FOUND
            return code, alone + more - saved
        finally:
            timeline.recall(memory)

    def _params(self, j: int, code: ReasonCode, change: int | None) -> dict[str, str | int]:
        job = self.problem.jobs[j]
        if code is ReasonCode.NO_SKILLED_CARER_ON_SHIFT:
            return {"skills": ", ".join(sorted(job.skills)), "earliest": job.earliest, "latest": job.latest}
        if code is ReasonCode.NO_GAP_IN_WINDOW:
            return {"earliest": job.earliest, "latest": job.latest, "duration": job.duration}
        if code is ReasonCode.PARTNER_CANNOT_BE_PLACED:
            partners = self.timeline.facts.partners[j]
            return {"partner": ", ".join(self.problem.jobs[o].id for o in partners if o != j)}
        if code is ReasonCode.CHEAPER_TO_LEAVE:
            return {"unplaced_cost": job.unplaced_cost, "extra_cost": max(0, change or 0)}
        return {}


def _on_shift(carer: Carer, earliest: int, latest: int, duration: int) -> bool:
    return max(earliest, carer.shift.start) <= min(latest, carer.shift.end - duration)
