"""The same solver on several cores: one process per core, each with a seed of its own, and the best answer of all."""

import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Event

from scheduler.cost import evaluate
from scheduler.limits import AnyOf, Cancelled, Limit, SearchState
from scheduler.problem import Problem
from scheduler.solution import Solution
from scheduler.solver import OnProgress, Solver

_SEEDS_APART = 1 << 20  # seeds of different runs stay apart

_stop: Event  # of this process, set by its birth


@dataclass(frozen=True, slots=True)
class _Stopped:
    """The first process has ended."""

    def reached(self, state: SearchState) -> bool:  # noqa: ARG002 - the protocol's shape
        return _stop.is_set()

    def share_used(self, state: SearchState) -> float | None:  # noqa: ARG002 - the protocol's shape
        return None


class Parallel:
    """With `threads` processes, of which this one is the first; it alone reports progress and hears a cancel.

    Deterministic under Steps, each process having as many as asked for.
    """

    def __init__(self, solver: Solver, threads: int) -> None:
        if threads < 1:
            raise ValueError(f"threads: {threads} is less than 1")
        self.solver = solver
        self.threads = threads

    @property
    def name(self) -> str:
        return f"{self.solver.name} x {self.threads}"

    def solve(
        self,
        problem: Problem,
        *,
        limit: Limit,
        seed: int,
        progress: OnProgress | None = None,
        start: Solution | None = None,
    ) -> Solution:
        context = get_context("spawn")
        stop = context.Event()
        elsewhere = AnyOf(_Stopped(), *_without_cancel(limit))
        with ProcessPoolExecutor(max(1, self.threads - 1), context, _be_born, (stop,)) as pool:
            seeds = [seed + k * _SEEDS_APART for k in range(1, self.threads)]
            others = [pool.submit(_solve, self.solver, problem, elsewhere, one, start) for one in seeds]
            answers = [self.solver.solve(problem, limit=limit, seed=seed, progress=progress, start=start)]
            if _is_cancelled(limit) or limit.share_used(SearchState(0.0, 0, 0.0, 0)) is not None:
                stop.set()
            answers += [other.result() for other in others]
        return min(answers, key=lambda answer: evaluate(problem, answer).total)


def _be_born(stop: Event) -> None:
    global _stop  # noqa: PLW0603 - an event reaches a process at its birth or never
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the first process decides


def _solve(solver: Solver, problem: Problem, limit: Limit, seed: int, start: Solution | None) -> Solution:
    return solver.solve(problem, limit=limit, seed=seed, start=start)


def _without_cancel(limit: Limit) -> list[Limit]:
    if isinstance(limit, AnyOf):
        return [one for part in limit.limits for one in _without_cancel(part)]
    return [] if isinstance(limit, Cancelled) else [limit]


def _is_cancelled(limit: Limit) -> bool:
    if isinstance(limit, AnyOf):
        return any(_is_cancelled(part) for part in limit.limits)
    return isinstance(limit, Cancelled) and limit.event.is_set()
