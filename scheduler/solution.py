"""One immutable answer to a problem: who does what, when, and what is left over and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from scheduler.problem import CarerId, JobId
from scheduler.reasons import Reason


@dataclass(frozen=True, slots=True)
class Placement:
    """A job at its place in a route; `start` in seconds from the horizon's start."""

    job: JobId
    start: int


@dataclass(frozen=True, slots=True)
class Route:
    """One carer's day: stops in the order of their starts, break starts in the order of the carer's breaks."""

    carer: CarerId
    stops: tuple[Placement, ...] = ()
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    job: JobId
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """The seven terms of the care-day format, each a whole number ≥ 0 in the problem's unit of cost."""

    travel: int = 0
    lateness: int = 0
    earliness: int = 0
    max_lateness: int = 0
    continuity: int = 0
    moved: int = 0
    unplaced: int = 0

    @property
    def total(self) -> int:
        return (
            self.travel
            + self.lateness
            + self.earliness
            + self.max_lateness
            + self.continuity
            + self.moved
            + self.unplaced
        )


@dataclass(frozen=True, slots=True)
class Run:
    """How the answer came about. `bound`: no answer costs less, where that was asked for; `optimal`: nor than this one."""

    seconds: float
    seed: int
    solver: str
    bound: int | None = None
    optimal: bool = False


@dataclass(frozen=True, slots=True)
class Solution:
    """Routes and what is unplaced; `cost` is what the maker states, judged by `evaluate`.

    `stated_total` is the total that a file gave beside the terms, right or wrong.
    `placed` tells carer and start of each job in a route (its first appearance, should a wrong answer repeat one).
    """

    problem: str
    routes: tuple[Route, ...]
    unplaced: tuple[Unplaced, ...] = ()
    cost: Cost | None = None
    run: Run | None = None
    stated_total: int | None = field(default=None, compare=False)
    placed: Mapping[JobId, tuple[CarerId, int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        placed: dict[JobId, tuple[CarerId, int]] = {}
        for route in self.routes:
            for stop in route.stops:
                placed.setdefault(stop.job, (route.carer, stop.start))
        object.__setattr__(self, "placed", placed)

    def with_routes(self, routes: Iterable[Route]) -> "Solution":
        """The plan in which some carers have other routes, without cost and run; what has lost its place is unplaced."""
        others = {route.carer: route for route in routes}
        kept = tuple(others.pop(route.carer, route) for route in self.routes)
        plan = Solution(self.problem, (*kept, *others.values()))
        lost = tuple(Unplaced(job) for job in self.placed if job not in plan.placed)
        return replace(plan, unplaced=(*(x for x in self.unplaced if x.job not in plan.placed), *lost))
