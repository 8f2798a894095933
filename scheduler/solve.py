"""The front door."""

from dataclasses import replace
from time import monotonic

from scheduler.cost import evaluate
from scheduler.limits import Limit
from scheduler.problem import Problem
from scheduler.solution import Run, Solution
from scheduler.solver import OnProgress, Solver
from scheduler.solvers.greedy import Greedy


def solve(
    problem: Problem,
    *,
    limit: Limit,
    seed: int = 1,
    solver: Solver | None = None,
    progress: OnProgress | None = None,
    start: Solution | None = None,
) -> Solution:
    """The best answer that the solver finds within the limit."""
    began = monotonic()
    solver = solver or Greedy()
    answer = solver.solve(problem, limit=limit, seed=seed, progress=progress, start=start)
    run = Run(monotonic() - began, seed, solver.name)
    return replace(answer, cost=evaluate(problem, answer), run=run)
