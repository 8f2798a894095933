"""No plan can cost less than this: column generation over routes (Dantzig & Wolfe 1960, doi 10.1287/opre.8.1.101).

The linear program sets prices, the pricing looks for routes that pay at prices between these and the best ones so far (smoothing:
Wentges 1997, doi 10.1016/S0969-6016(97)00001-4), and each round proves a bound, so it may stop whenever it likes. What is left
out can only lower the bound: the distance in time of linked jobs, and that a route visits nobody twice. Where the program would
leave two and a half visits out, the days with at most two and those with at least three are bounded apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from math import floor
from time import monotonic

import numpy as np

from scheduler.cost import breaches, evaluate
from scheduler.indexed import Indexed
from scheduler.problem import Problem
from scheduler.solution import Route, Solution
from scheduler.solvers.beside import Stop, never
from scheduler.solvers.bound.master import Master, Prices
from scheduler.solvers.bound.routes import CarerRoutes, PaidRoute, Room
from scheduler.solvers.bound.warming import warm_up
from scheduler.solvers.bound.windows import conflicts, jobs_for, tightened
from scheduler.solvers.greedy import first_timeline
from scheduler.timeline import solution_of

_SMOOTH = 0.8  # how near prices stay to the best ones so far
_NEAR = 0.01  # of the bound: near enough to raise the offers
_PARTS = 1 << 20  # of a unit of cost
_ROOM = 1 << 56
_FRACTION = 0.02  # of a visit; less is nothing
_MOST_WAYS = 60_000_000  # between two jobs, for all carers: half a GiB


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan costs less than `cost`. `converged`: more time would not raise it."""

    cost: int
    seconds: float
    rounds: int
    converged: bool


def lower_bound(problem: Problem, *, start: Solution | None, seconds: float, is_cancelled: Stop = never) -> Bound:
    """What every sound plan of the problem costs at least, in its unit of cost; 0 if nothing better is proven in time.

    `start`: a plan to begin from; the better it is, the sooner this ends, and at its cost at the latest. Days of more than about
    a thousand jobs are not tried.
    """
    facts = Indexed(problem)
    ways = sum(len(jobs_for(facts, c)) ** 2 for c in range(len(problem.carers)))
    if ways > _MOST_WAYS or not _scale_for(facts):
        return Bound(0, 0.0, 0, converged=False)
    warm_up()
    return _Bounding(facts, start, seconds=seconds, is_cancelled=is_cancelled).run()


@dataclass(order=True, slots=True)
class _Part:
    """The plans that leave out so many dear groups; `proven` in parts of a unit, `final` when nothing raises it further."""

    proven: int
    least: int
    most: int
    final: bool = False


class _Bounding:
    def __init__(self, facts: Indexed, start: Solution | None, *, seconds: float, is_cancelled: Stop) -> None:
        self.facts, problem = facts, facts.problem
        self.scale = _scale_for(facts)
        self.began, self.seconds, self.is_cancelled = monotonic(), seconds, is_cancelled
        window = tightened(facts)
        plan = start or solution_of(first_timeline(facts, seed=1))
        sound = not breaches(problem, plan)
        self.goal = evaluate(problem, plan).total * self.scale if sound else None
        out = frozenset(j for j, job in enumerate(problem.jobs) if job.id not in plan.placed)
        spent = evaluate(problem, plan).total - sum(facts.unplaced_cost[j] for j in out)
        self.master = Master(
            facts, conflicts(facts, *window), average=max(1, spent / max(1, len(plan.placed))), out=out
        )
        self.carers = [CarerRoutes(facts, c, window, scale=self.scale) for c in range(len(problem.carers))]
        self.room = Room(facts.n)
        self.rounds = 0
        self.stuck = False  # the linear program has failed: numbers far apart can do that
        known = [_as_paid(facts, route) for route in plan.routes if route.stops]
        for route in known:
            self.master.add(route)
        self.first = self._guess(known)

    def run(self) -> Bound:
        parts = [_Part(0, 0, len(self.master.rules[-1]))]
        while not self._over() and not parts[0].final and not self._reached(parts[0].proven):
            part = heappop(parts)
            out = self._raise(part)
            if part.final and abs(out - round(out)) > _FRACTION and not self._reached(part.proven):
                heappush(parts, _Part(part.proven, part.least, floor(out)))
                heappush(parts, _Part(part.proven, floor(out) + 1, part.most))
            else:
                heappush(parts, part)
        proven = parts[0].proven if self.goal is None else min(parts[0].proven, self.goal)
        done = parts[0].final or self._reached(proven)
        return Bound(-(-proven // self.scale), monotonic() - self.began, self.rounds, done)

    def _over(self) -> bool:
        return self.stuck or monotonic() - self.began >= self.seconds or self.is_cancelled()

    def _reached(self, proven: int) -> bool:
        return self.goal is not None and proven >= self.goal

    def _raise(self, part: _Part) -> float:
        """Raise what is proven of one part until nothing more comes of it, time is over or the goal is reached. How many of
        the dear groups the program leaves out in the end.
        """
        master, best, centre = self.master, 0, self.first
        master.count(part.least, part.most)
        out = 0.0
        while not self._over() and not self._reached(part.proven):
            self.rounds += 1
            solved = master.solve()
            if solved is None:
                self.stuck = True
                break
            value, prices, shares = solved
            out = sum(shares[g] for g in master.rules[-1])
            for mixed in (centre.towards(prices, 1 - _SMOOTH), prices):
                proven, routes = self._price(mixed)
                if proven is not None and proven > best:
                    best, centre = proven, mixed
                added = sum(master.add(route) for route in routes if self._helps(route, prices))
                if added:
                    break
            part.proven = max(part.proven, best)
            if (not added or value * self.scale - best < _NEAR * best) and master.raise_offers(shares):
                continue
            if (not added and not self._over()) or best >= value * self.scale - self.scale / 2:
                part.final = True
                break
        return out

    def _guess(self, known: Sequence[PaidRoute]) -> Prices:
        """Prices to begin from: a visit is worth what it costs where the plan has it, its half of the ways included."""
        facts, weights = self.facts, self.facts.problem.weights
        worth = np.array(facts.unplaced_cost, dtype=np.float64)
        for route in known:
            c, row = route.carer, facts.matrix[route.carer]
            places = [facts.origin[c], *(facts.place[j] for j in route.jobs), facts.goal[c]]
            ways = [row[a][b] for a, b in pairwise(places)]
            for (j, s), there, onward in zip(zip(route.jobs, route.starts, strict=True), ways, ways[1:], strict=False):
                worth[j] = facts.price[j][c] + facts.start_cost(j, s) + weights.travel * (there + onward) / 2
        return Prices(worth, np.zeros(len(self.carers)), np.zeros(facts.n), np.zeros(len(self.master.rules)))

    def _price(self, prices: Prices) -> tuple[int | None, list[PaidRoute]]:
        """What these prices prove, in parts of a unit (None where time was over before), and routes that pay at them."""
        whole = self.master.whole(prices, self.scale)
        proven = whole.proven
        found: list[PaidRoute] = []
        for carer in self.carers:
            if self._over():
                return None, found
            least, routes = carer.search(whole.worth, whole.late, least=int(whole.wage[carer.carer]), room=self.room)
            proven += least
            found += routes
        return proven, found

    def _helps(self, route: PaidRoute, prices: Prices) -> bool:
        """Whether the program would use it at its own prices."""
        late_after = self.facts.late_after
        late = sum(prices.late[j] * max(0, s - late_after[j]) for j, s in zip(route.jobs, route.starts, strict=True))
        earned = sum(prices.worth[j] for j in route.jobs) + prices.wage[route.carer]
        return bool(route.cost + late < earned - 1e-6 * max(1.0, abs(earned)))


def _as_paid(facts: Indexed, route: Route) -> PaidRoute:
    c = facts.carer_number[route.carer]
    jobs, starts = [facts.number[stop.job] for stop in route.stops], [stop.start for stop in route.stops]
    cost = facts.problem.weights.travel * facts.way(c, jobs)
    cost += sum(facts.price[j][c] + facts.start_cost(j, s) for j, s in zip(jobs, starts, strict=True))
    return PaidRoute(c, tuple(jobs), tuple(starts), cost)


def _scale_for(facts: Indexed) -> int:
    """Into how many parts a unit of cost is cut: as many as whole numbers of 64 bits allow on this day."""
    weights = facts.problem.weights
    longest = max((max(map(max, matrix)) for matrix in facts.problem.travel.by_mode.values() if matrix), default=0)
    most = weights.travel * longest * (facts.n + 1)
    for j in range(facts.n):
        late = weights.max_lateness * max(0, facts.high[j] - facts.late_after[j])
        starts = facts.start_cost(j, facts.low[j]) + facts.start_cost(j, facts.high[j])
        most += facts.unplaced_cost[j] + max(facts.price[j], default=0) + starts + late
    return min(_PARTS, _ROOM // (most + 1))
