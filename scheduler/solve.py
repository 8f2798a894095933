"""The front door."""

from dataclasses import replace
from time import monotonic

from scheduler.cost import breaches, evaluate
from scheduler.explain import with_reasons
from scheduler.indexed import Indexed
from scheduler.limits import Limit
from scheduler.problem import Problem
from scheduler.solution import Run, Solution
from scheduler.solver import OnProgress, Solver
from scheduler.solvers.repair import rebuild
from scheduler.solvers.standard import Standard
from scheduler.timeline import solution_of
from scheduler.tuning import Tuning


def solve(  # noqa: PLR0913 - the front door names what can be asked for
    problem: Problem,
    *,
    limit: Limit,
    seed: int = 1,
    threads: int = 1,
    tuning: Tuning = Tuning.THOROUGH,
    solver: Solver | None = None,
    progress: OnProgress | None = None,
    start: Solution | None = None,
) -> Solution:
    """The best answer found within the limit: sound, priced, and with reasons for what is left unplaced.

    `tuning` and `threads` are those of the solver of the house. Begins from `start`, else from what is published. Only pins that
    contradict each other, or a hard rule, can leave a breach in it: a pin is kept whatever it breaks.
    """
    began = monotonic()
    chosen = solver or Standard(tuning, threads)
    answer = chosen.solve(problem, limit=limit, seed=seed, progress=progress, start=start)
    answer = with_reasons(problem, _sound(problem, answer, seed))
    return replace(answer, cost=evaluate(problem, answer), run=Run(monotonic() - began, seed, chosen.name))


def _sound(problem: Problem, answer: Solution, seed: int) -> Solution:
    """The answer itself where no hard rule is broken, else what of it can stand, if that breaks less."""
    broken = len(breaches(problem, answer))
    if not broken:
        return answer
    rebuilt = solution_of(rebuild(Indexed(problem), answer, seed=seed))
    return rebuilt if len(breaches(problem, rebuilt)) < broken else answer
