"""A start outside the citizen's target costs by the second; the day's largest lateness costs once more."""

from collections.abc import Iterator

from scheduler.problem import Problem
from scheduler.rules.breach import Charge
from scheduler.solution import Solution


def charges(problem: Problem, solution: Solution) -> Iterator[Charge]:
    worst: Charge | None = None
    for job, (carer, start) in solution.placed.items():
        target = problem.job_by_id[job].target
        if target is None:
            continue
        late, early = start - target.latest, target.earliest - start
        if late > 0:
            if target.late_cost:
                yield Charge("lateness", target.late_cost * late, job, carer)
            if worst is None or problem.weights.max_lateness * late > worst.amount:
                worst = Charge("max_lateness", problem.weights.max_lateness * late, job, carer)
        elif early > 0 and target.early_cost:
            yield Charge("earliness", target.early_cost * early, job, carer)
    if worst is not None and worst.amount:
        yield worst
