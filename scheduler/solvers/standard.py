"""The solver of the house: a first plan in a moment, then ruin and recreate, several times over, and the best mix of its routes."""

from dataclasses import dataclass

from scheduler.indexed import Indexed
from scheduler.limits import Limit
from scheduler.problem import Problem
from scheduler.solution import Solution
from scheduler.solver import OnProgress
from scheduler.solvers.greedy import first_timeline
from scheduler.solvers.search.improving import Manner, improve
from scheduler.solvers.search.warming import warm_up
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import solution_of
from scheduler.tuning import Tuning


@dataclass(frozen=True, slots=True)
class Standard:
    """`threads` searches side by side, each of them with all the steps that a limit allows, share the routes that they pass.

    `recombine` and `exact_timing` can be left out to measure what they bring. Under a limit whose end cannot be foreseen (steps)
    routes are not mixed: the mixing ends by the clock.
    """

    tuning: Tuning = Tuning.THOROUGH
    threads: int = 1
    recombine: bool = True
    exact_timing: bool = True

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise ValueError(f"threads: {self.threads} is less than 1")

    @property
    def name(self) -> str:
        return f"ruin-recreate {self.tuning}" + (f" x {self.threads}" if self.threads > 1 else "")

    def solve(
        self,
        problem: Problem,
        *,
        limit: Limit,
        seed: int,
        progress: OnProgress | None = None,
        start: Solution | None = None,
    ) -> Solution:
        warm_up(progress)
        watch = Stopwatch(limit, progress)
        timeline = first_timeline(Indexed(problem), seed=seed, start=start, refill=False)
        manner = Manner(self.tuning, self.threads, mixing=self.recombine, timing=self.exact_timing)
        return solution_of(improve(timeline, watch, seed=seed, manner=manner))
