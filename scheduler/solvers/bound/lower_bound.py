"""No plan can cost less than this: column generation over routes, parts of all plans apart.

What the linear program over routes leaves out can only lower the bound: that a route visits nobody twice, and that linked jobs
keep their distance in each plan and not on average. Where it would leave two and a half visits out, or begin a pair half now and
half later, the plans are parted there, and the part of which least is proven comes next.
"""

from collections import Counter
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from time import monotonic

from scheduler.cost import breaches, evaluate
from scheduler.indexed import Indexed
from scheduler.problem import Problem
from scheduler.solution import Solution
from scheduler.solvers.beside import Stop, never
from scheduler.solvers.bound.branching import split
from scheduler.solvers.bound.generation import Generation
from scheduler.solvers.bound.warming import warm_up
from scheduler.solvers.greedy import first_timeline
from scheduler.timeline import solution_of

_PARTS = 1 << 20  # of a unit of cost
_ROOM = 1 << 56
_MOST_WAYS = 60_000_000  # between two jobs, for all carers: a quarter of a GiB


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan costs less than `cost`. `converged`: more time would not raise it."""

    cost: int
    seconds: float
    rounds: int
    converged: bool


def lower_bound(
    problem: Problem, *, start: Solution | None, seconds: float, threads: int = 1, is_cancelled: Stop = never
) -> Bound:
    """What every sound plan of the problem costs at least, in its unit of cost; 0 if nothing better is proven in time.

    `start`: a plan to begin from; the better it is, the sooner this ends, and at its cost at the latest. Days of more than about
    a thousand jobs are not tried.
    """
    facts = Indexed(problem)
    jobs = Counter(c for able in facts.allowed for c in able)
    scale = _scale_for(facts)
    if sum(count**2 for count in jobs.values()) > _MOST_WAYS or not scale:
        return Bound(0, 0.0, 0, converged=False)
    warm_up()
    began = monotonic()
    plan = start or solution_of(first_timeline(facts, seed=1))
    goal = None if breaches(problem, plan) else evaluate(problem, plan).total

    def is_stopped() -> bool:
        return monotonic() - began >= seconds or is_cancelled()

    def is_reached(proven: int) -> bool:
        return goal is not None and _whole(proven, scale) >= goal

    with Generation(facts, plan, scale=scale, threads=threads, is_stopped=is_stopped) as generation:
        parts = [generation.all_plans]
        while not (parts[0].final or is_reached(parts[0].proven) or generation.is_over()):
            part = heappop(parts)
            proven, solved = generation.raise_bound(part, is_reached=is_reached)
            part = replace(part, proven=max(proven, part.proven))
            for smaller in (part,) if solved is None else split(part, facts, generation.master, solved):
                heappush(parts, smaller)
    cost = _whole(parts[0].proven, scale)
    done = parts[0].final or is_reached(parts[0].proven)
    return Bound(cost if goal is None else min(cost, goal), monotonic() - began, generation.rounds, done)


def _whole(proven: int, scale: int) -> int:
    """Costs are whole units."""
    return -(-proven // scale)


def _scale_for(facts: Indexed) -> int:
    """Into how many parts a unit of cost is cut: as many as whole numbers of 64 bits allow on this day; 0 where none fit."""
    weights = facts.problem.weights
    longest = max((max(map(max, matrix)) for matrix in facts.problem.travel.by_mode.values() if matrix), default=0)
    most = weights.travel * longest * (facts.n + 1)
    for j in range(facts.n):
        late = weights.max_lateness * max(0, facts.high[j] - facts.late_after[j])
        starts = facts.start_cost(j, facts.low[j]) + facts.start_cost(j, facts.high[j])
        most += facts.unplaced_cost[j] + max(facts.price[j], default=0) + starts + late
    return min(_PARTS, _ROOM // (most + 1))
