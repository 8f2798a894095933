"""How far an answer can be from the best there is."""

from dataclasses import replace
from time import monotonic

from scheduler.cost import breaches, evaluate
from scheduler.explain import with_reasons
from scheduler.problem import Problem
from scheduler.solution import Solution
from scheduler.solvers.beside import Stop, never
from scheduler.solvers.bound.lower_bound import lower_bound
from scheduler.solvers.bound.proof import prove

_SHARE_OF_BOUND = 0.8  # of the time, where bound and cost do not meet before


def with_bound(
    problem: Problem, solution: Solution, *, seconds: float, threads: int = 1, is_cancelled: Stop = never
) -> Solution:
    """The answer of a run, with what no answer can undercut; on a day small enough to be settled, the best answer.

    An answer that breaks a hard rule is left as it is, and so is one without a run.
    """
    if solution.run is None or breaches(problem, solution):
        return solution
    began = monotonic()
    share = _SHARE_OF_BOUND * seconds
    bound = lower_bound(problem, start=solution, seconds=share, threads=threads, is_cancelled=is_cancelled)
    left = seconds - (monotonic() - began)
    best, proven = prove(problem, solution, seconds=left, at_least=bound.cost, is_cancelled=is_cancelled)
    cost = evaluate(problem, best)
    if best is not solution:
        best = with_reasons(problem, best)
    run = replace(
        solution.run,
        seconds=solution.run.seconds + monotonic() - began,
        bound=cost.total if proven else bound.cost,
        optimal=proven,
    )
    return replace(best, cost=cost, run=run)
