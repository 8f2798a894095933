"""The solver interface: all that the house knows of a solver."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from scheduler.limits import Limit
from scheduler.problem import Problem
from scheduler.solution import Solution


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: seconds since its start, cost of the best answer so far, jobs placed and not, and the phase."""

    elapsed_seconds: float
    best_cost: int
    placed: int
    unplaced: int
    phase: str


OnProgress = Callable[[Progress], None]


class Solver(Protocol):
    @property
    def name(self) -> str: ...

    def solve(
        self,
        problem: Problem,
        *,
        limit: Limit,
        seed: int,
        progress: OnProgress | None = None,
        start: Solution | None = None,
    ) -> Solution:
        """An answer without a broken hard rule.

        `start` is an answer to begin from; without it, what is published. Under Steps the answer depends on problem,
        limit, seed and start alone, and more steps never make it worse. `progress` is called about each second.
        """
        ...
