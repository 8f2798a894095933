"""The solver of the house: ruin and recreate, then, where the day is small enough to gain by it, OR-Tools from the best day
found; the better of the two by its cost.
"""

from dataclasses import dataclass

from scheduler.indexed import Indexed
from scheduler.limits import Limit, SearchState
from scheduler.problem import Problem
from scheduler.solution import Solution
from scheduler.solver import OnProgress
from scheduler.solvers.greedy import first_timeline
from scheduler.solvers.search.improving import improve
from scheduler.solvers.search.warming import warm_up
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import solution_of

_ROUTING_FROM = 0.8  # share of the time after which OR-Tools has its try
_ROUTING_JOBS = 150  # above, building the model and its moves take longer than they give


@dataclass(frozen=True, slots=True)
class _Share:
    """The first part of another limit."""

    whole: Limit
    part: float

    def reached(self, state: SearchState) -> bool:
        share = self.whole.share_used(state)
        return self.whole.reached(state) or (share is not None and share >= self.part)

    def share_used(self, state: SearchState) -> float | None:
        share = self.whole.share_used(state)
        return None if share is None else min(1.0, share / self.part)


@dataclass(frozen=True, slots=True)
class Standard:
    """Under a limit whose end cannot be foreseen (steps) OR-Tools is left out: it counts no steps.

    `routing_seconds`: less than so much left for OR-Tools is not worth building its model.
    """

    routing_seconds: float = 2.0

    @property
    def name(self) -> str:
        return "ruin-recreate + or-tools"

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
        timeline = first_timeline(Indexed(problem), seed=seed, start=start)
        if not self._worth_routing(problem, limit):
            return solution_of(improve(timeline, watch, seed=seed))
        watch.limit = _Share(limit, _ROUTING_FROM)
        timeline = improve(timeline, watch, seed=seed)
        watch.limit = limit
        from scheduler.solvers.routing import route  # loading OR-Tools takes a while and is not always needed

        timeline = route(timeline, watch, seed=seed)
        unplaced = len(timeline.absent())
        watch.tell(
            cost=timeline.cost(), placed=timeline.facts.n - unplaced, unplaced=unplaced, phase="or-tools-routing"
        )
        return solution_of(timeline)

    def _worth_routing(self, problem: Problem, limit: Limit) -> bool:
        if not 0 < len(problem.jobs) <= _ROUTING_JOBS:
            return False
        after = SearchState(self.routing_seconds / (1 - _ROUTING_FROM), 0, 0.0, 0)
        share = limit.share_used(after)
        return share is not None and share < 1
