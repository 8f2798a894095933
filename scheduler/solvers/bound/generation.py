"""Column generation (Dantzig & Wolfe 1960, doi 10.1287/opre.8.1.101): the linear program sets prices, the pricing looks for routes
that pay at prices between these and the best ones so far (smoothing: Wentges 1997, doi 10.1016/S0969-6016(97)00001-4), and each
round proves a bound, so it may stop whenever it likes.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise
from types import TracebackType
from typing import Self

import numpy as np

from scheduler.cost import evaluate
from scheduler.indexed import Indexed
from scheduler.solution import Route, Solution
from scheduler.solvers.beside import Stop
from scheduler.solvers.bound.master import Master, Solved, share_in
from scheduler.solvers.bound.parts import Part
from scheduler.solvers.bound.prices import Prices
from scheduler.solvers.bound.routes import CarerRoutes, PaidRoute, Room
from scheduler.solvers.bound.windows import conflicts, tightened

_SECONDS_BETWEEN_LOOKS = 0.05
_SMOOTH = 0.8  # how near prices stay to the best ones so far
_ROUGHLY = 0.1  # of the bound: so little still to be had is no reason to put off dearer offers
_NEAR = 0.01  # nor links' distances
_ENOUGH = 0.002  # nor to go on with a part


class Generation:
    """`all_plans`: the part that leaves nothing out. `stuck`: the linear program has failed. `rounds`: how many there were.

    Routes found for one part serve the others as well, and so do prices. Bounds are in parts of a unit of cost, of which there are
    `scale`; with `threads`, so many carers are looked after side by side. Whatever goes on ends soon after `is_stopped` says so,
    which it must then say for good.
    """

    def __init__(self, facts: Indexed, plan: Solution, *, scale: int, threads: int, is_stopped: Stop) -> None:
        self.facts, self.scale, problem = facts, scale, facts.problem
        out = frozenset(j for j, job in enumerate(problem.jobs) if job.id not in plan.placed)
        spent = evaluate(problem, plan).total - sum(facts.unplaced_cost[j] for j in out)
        low, high = tightened(facts, facts.low, facts.high)
        self.master = Master(
            facts, conflicts(facts, low, high), average=max(1, spent / max(1, len(plan.placed))), out=out
        )
        self.all_plans = Part(_visits_alone(facts, low, high) * scale, 0, len(self.master.counted), low, high)
        self._is_stopped, self.rounds, self.stuck = is_stopped, 0, False
        self._carers = [
            CarerRoutes(facts, c, self.all_plans, scale=scale) for c in range(len(problem.carers)) if not self.is_over()
        ]
        self._rooms = [Room(facts.n) for _ in range(threads)]
        self._pool = ThreadPoolExecutor(threads)
        known = [_as_paid(facts, route) for route in plan.routes if route.stops]
        for route in known:
            self.master.add(route)
        self._centre = self._guess(known)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._halt()
        self._pool.shutdown()

    def _halt(self) -> None:
        for room in self._rooms:
            room.halt()

    def is_over(self) -> bool:
        return self.stuck or self._is_stopped()

    def raise_bound(self, part: Part, *, is_reached: Callable[[int], bool]) -> tuple[int, Solved | None]:
        """What is proven of one part, and what the program does in the end; None for that where the bound says enough or the time
        was over before the end.
        """
        master, best = self.master, 0
        master.restrict(part)
        carers = [carer.within(part) for carer in self._carers if not self.is_over()]
        while not self.is_over():
            self.rounds += 1
            solved = master.solve(self.is_over)
            if solved is None:
                self.stuck = True
                break
            for prices in (self._centre.towards(solved.prices, 1 - _SMOOTH), solved.prices):
                proven, routes = self._price(carers, prices)
                if proven is not None and proven > best:
                    best, self._centre = proven, prices
                added = sum(master.add(route) for route in routes if self._helps(route, solved.prices))
                if added or self.is_over():
                    break
            if self.is_over() or is_reached(best):
                break
            left = solved.cost * self.scale - best if added else 0
            if left < _ROUGHLY * best and master.raise_offers(solved.out):
                continue
            if left < _NEAR * best and master.keep_distances(solved):
                continue
            if not added or (left < _ENOUGH * best and not is_reached(int(solved.cost * self.scale))):
                return best, solved
        return best, None

    def _price(self, carers: list[CarerRoutes], prices: Prices) -> tuple[int | None, list[PaidRoute]]:
        """What these prices prove (None where time was over before they did), and routes that pay at them."""
        whole = self.master.whole(prices, self.scale)

        def search(k: int) -> list[tuple[int, list[PaidRoute]] | None]:
            return [
                carer.search(whole, self._rooms[k]) for carer in carers[k :: len(self._rooms)] if not self.is_over()
            ]

        searches = [self._pool.submit(search, k) for k in range(len(self._rooms))]
        while wait(searches, _SECONDS_BETWEEN_LOOKS).not_done:
            if self.is_over():
                self._halt()
        found = [each for some in searches for each in some.result() if each is not None]
        routes = [route for _, some in found for route in some]
        return (whole.proven + sum(least for least, _ in found) if len(found) == len(carers) else None), routes

    def _helps(self, route: PaidRoute, prices: Prices) -> bool:
        """Whether the program would use it at its own prices."""
        late_after = self.facts.late_after
        cost = route.cost + sum(
            prices.late[j] * max(0, s - late_after[j]) for j, s in zip(route.jobs, route.starts, strict=True)
        )
        held = self.master.distances_of(route)
        if held:
            price = dict(zip(self.master.distance_rows, prices.distances, strict=True))
            cost += sum(price[distance] * share_in(distance, route) for distance in held)
        earned = sum(prices.worth[j] for j in route.jobs) + prices.wage[route.carer]
        return bool(cost < earned - 1e-6 * max(1.0, abs(earned)))

    def _guess(self, known: list[PaidRoute]) -> Prices:
        """Prices to begin from: a visit is worth what it costs where the plan has it, its half of the ways included."""
        facts, weights = self.facts, self.facts.problem.weights
        worth = np.zeros(facts.n)  # of who is out, too: any price would draw every carer there
        for route in known:
            c, row = route.carer, facts.matrix[route.carer]
            places = [facts.origin[c], *(facts.place[j] for j in route.jobs), facts.goal[c]]
            ways = [row[a][b] for a, b in pairwise(places)]
            for (j, s), way in zip(zip(route.jobs, route.starts, strict=True), pairwise(ways), strict=True):
                worth[j] = facts.price[j][c] + facts.start_cost(j, s) + weights.travel * sum(way) / 2
        none = np.zeros
        return Prices(worth, none(len(facts.problem.carers)), none(facts.n), none(len(self.master.rules)), none(0))


def _visits_alone(facts: Indexed, low: Sequence[int], high: Sequence[int]) -> int:
    """What visits and those left out cost at least, whoever goes wherever."""

    def visit(j: int) -> int:
        told = facts.told[j][1] if j in facts.told else low[j]
        tolerance = facts.problem.weights.moved_tolerance
        bends = (low[j], high[j], facts.early_before[j], facts.late_after[j], told - tolerance, told + tolerance)
        start = min(facts.start_cost(j, min(max(s, low[j]), high[j])) for s in bends)  # convex between
        return start + min(facts.price[j][c] for c in facts.allowed[j])

    def group(jobs: tuple[int, ...]) -> int:
        out = sum(facts.unplaced_cost[j] for j in jobs)
        can = all(facts.allowed[j] and low[j] <= high[j] for j in jobs)
        return min(out, sum(map(visit, jobs))) if can else out

    return sum(map(group, set(facts.partners)))


def _as_paid(facts: Indexed, route: Route) -> PaidRoute:
    c = facts.carer_number[route.carer]
    jobs, starts = [facts.number[stop.job] for stop in route.stops], [stop.start for stop in route.stops]
    cost = facts.problem.weights.travel * facts.way(c, jobs)
    cost += sum(facts.price[j][c] + facts.start_cost(j, s) for j, s in zip(jobs, starts, strict=True))
    return PaidRoute(c, tuple(jobs), tuple(starts), cost)
