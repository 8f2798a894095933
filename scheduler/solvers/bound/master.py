"""The linear program over the routes known so far, and what its prices prove.

Least cost of routes, of groups that stay out and of the day's largest lateness, where every job is in some route (or in several:
that is a relaxation) or stays out, every carer has one route at most, and no lateness is beyond the largest.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from scheduler.indexed import FAR, Indexed
from scheduler.solvers.beside import Stop, run_beside
from scheduler.solvers.bound.parts import Part
from scheduler.solvers.bound.prices import Floats, Prices, WholePrices
from scheduler.solvers.bound.routes import PaidRoute

_FIRST_OFFER = 2  # times the average cost of a stop: what leaving a job out costs at first
_RAISE = 8
_NONE = 1e-7
_EXCESS = 2  # times the dearest group: what one group more out than allowed costs
_DEAR = 10  # groups that cost more than a tenth of the dearest are counted
_BROKEN = 0.05  # of a visit: less of a link broken is not worth a row
_ANOTHER_WAY = ("use_dual_simplex: true", "use_dual_simplex: false use_preprocessing: false")


class Distance(NamedTuple):
    """Whenever job `first` starts at `at` or later, job `second` starts at `then` or later, or stays out."""

    first: int
    at: int
    second: int
    then: int


class Solved(NamedTuple):
    """The least cost with the routes known, the prices there, how much of each group stays out, and the routes used, how much."""

    cost: float
    prices: Prices
    out: Floats
    routes: list[tuple[PaidRoute, float]]


class Master:
    """`conflicts`: jobs of which at least one stays out. `out`: jobs that the plan leaves out, `average`: what a stop costs there.

    What it costs to leave a group out is less at first than its price, and raised where the program would do so: so the worths of
    jobs stay near what they will be in the end. Distances in time are added where the program breaks them.
    """

    def __init__(
        self, facts: Indexed, conflicts: Sequence[tuple[int, ...]], *, average: float, out: frozenset[int]
    ) -> None:
        from ortools.linear_solver import pywraplp  # loading OR-Tools takes a while and is not always needed

        self.facts, self.optimal = facts, pywraplp.Solver.OPTIMAL
        self.groups = sorted(set(facts.partners))
        self.group_of = {j: g for g, group in enumerate(self.groups) for j in group}
        self.unplaced = [sum(facts.unplaced_cost[j] for j in group) for group in self.groups]
        self.dearest = max(self.unplaced, default=0)
        self.counted = [g for g, price in enumerate(self.unplaced) if _DEAR * price > self.dearest]
        self.rules = [*(sorted({self.group_of[j] for j in jobs}) for jobs in conflicts), self.counted]
        self.columns: dict[PaidRoute, Any] = {}
        self.solver = solver = pywraplp.Solver.CreateSolver("GLOP")
        self.far = far = solver.infinity()
        solver.Objective().SetMinimization()
        self.visit_rows = [solver.Constraint(1, far) for _ in range(facts.n)]
        self.carer_rows = [solver.Constraint(-far, 1) for _ in facts.problem.carers]
        self.late_rows = [solver.Constraint(-far, 0) for _ in range(facts.n)]
        self.rule_rows = [solver.Constraint(1, far) for _ in self.rules]
        self.distance_rows: dict[Distance, Any] = {}
        self.of_job: dict[int, list[Distance]] = defaultdict(list)
        self.offer = [
            price if any(j in out for j in group) else min(price, ceil(_FIRST_OFFER * average * len(group)))
            for price, group in zip(self.unplaced, self.groups, strict=True)
        ]
        self.out = [self._variable(offer) for offer in self.offer]
        for variable, group in zip(self.out, self.groups, strict=True):
            for j in group:
                self.visit_rows[j].SetCoefficient(variable, 1)
        for row, members in zip(self.rule_rows, self.rules, strict=True):
            for g in members:
                row.SetCoefficient(self.out[g], 1)
        self.rule_rows[-1].SetCoefficient(self._variable(_EXCESS * self.dearest), -1)
        worst = self._variable(facts.problem.weights.max_lateness)
        for row in self.late_rows:
            row.SetCoefficient(worst, -1)

    def _variable(self, cost: float) -> Any:  # noqa: ANN401 - OR-Tools ships no types
        variable = self.solver.NumVar(0, self.far, "")
        self.solver.Objective().SetCoefficient(variable, cost)
        return variable

    def restrict(self, part: Part) -> None:
        """To the plans of one part. A group that is held may stay out still, at a forbidding price, while no route visits it."""
        self.part = part
        self.rule_rows[-1].SetBounds(part.least, part.most)
        for g in range(len(self.groups)):
            self.out[g].SetLb(1 if g in part.gone else 0)
            self._set_offer(g)
        for route, variable in self.columns.items():
            suits = all(part.low[j] <= s <= part.high[j] for j, s in zip(route.jobs, route.starts, strict=True))
            variable.SetUb(self.far if suits else 0)

    def _set_offer(self, g: int) -> None:
        offer = self.unplaced[g] if g in self.part.gone else min(self.unplaced[g], self.offer[g])
        if g in self.part.held:
            offer = self.unplaced[g] + _EXCESS * self.dearest
        self.solver.Objective().SetCoefficient(self.out[g], offer)

    def add(self, route: PaidRoute) -> bool:
        """Whether it was new."""
        if route in self.columns:
            return False
        variable = self.columns[route] = self._variable(route.cost)
        self.carer_rows[route.carer].SetCoefficient(variable, 1)
        late: Counter[int] = Counter()
        for j, s in zip(route.jobs, route.starts, strict=True):
            late[j] += max(0, s - self.facts.late_after[j])
        for j, visits in Counter(route.jobs).items():
            self.visit_rows[j].SetCoefficient(variable, visits)
            if late[j] and self.facts.problem.weights.max_lateness:
                self.late_rows[j].SetCoefficient(variable, late[j])
        for distance in self.distances_of(route):
            self.distance_rows[distance].SetCoefficient(variable, share_in(distance, route))
        return True

    def distances_of(self, route: PaidRoute) -> set[Distance]:
        """Those of its jobs."""
        return {distance for j in route.jobs for distance in self.of_job.get(j, ())}

    def solve(self, is_over: Stop) -> Solved | None:
        """None where the solver fails, as it can when numbers are far apart, or has no time left."""
        for another_way in ("", *_ANOTHER_WAY):
            self.solver.SetSolverSpecificParametersAsString(another_way)
            if self._is_solved(is_over):
                break
        else:
            return None
        rows = (self.visit_rows, self.carer_rows, self.late_rows, self.rule_rows, self.distance_rows.values())
        worth, wage, late, rules, distances = (np.array([row.dual_value() for row in part]) for part in rows)
        out = np.array([variable.solution_value() for variable in self.out])
        routes = [(route, x) for route, variable in self.columns.items() if (x := variable.solution_value()) > _NONE]
        return Solved(self.solver.Objective().Value(), Prices(worth, wage, -late, rules, -distances), out, routes)

    def _is_solved(self, is_over: Stop) -> bool:
        status: list[int] = []
        run_beside(
            lambda: status.append(self.solver.Solve()), interrupt=self.solver.InterruptSolve, is_cancelled=is_over
        )
        return status == [self.optimal]

    def raise_offers(self, out: Floats) -> bool:
        """Come nearer to the true prices of leaving groups out, unless nobody stays out below them."""
        fixed = self.part.held | self.part.gone
        short = (g for g, share in enumerate(out) if share > _NONE and g not in fixed)
        if not any(self.offer[g] < self.unplaced[g] for g in short):
            return False
        for g, price in enumerate(self.unplaced):
            self.offer[g] = min(price, _RAISE * self.offer[g])
            self._set_offer(g)
        return True

    def keep_distances(self, solved: Solved) -> bool:
        """Add a row for each link that the program breaks, at the second where it does so most. Whether there was any."""
        broken = [distance for distance in self._broken(solved) if distance not in self.distance_rows]
        for distance in broken:
            row = self.distance_rows[distance] = self.solver.Constraint(-self.far, 0)
            self.of_job[distance.first].append(distance)
            self.of_job[distance.second].append(distance)
            for route, variable in self.columns.items():
                if distance.first in route.jobs or distance.second in route.jobs:
                    row.SetCoefficient(variable, share_in(distance, route))
            if not self._together(distance):
                row.SetCoefficient(self.out[self.group_of[distance.second]], -1)
        return bool(broken)

    def _broken(self, solved: Solved) -> Iterator[Distance]:
        visits: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for route, share in solved.routes:
            for j, s in zip(route.jobs, route.starts, strict=True):
                if self.facts.links[j]:
                    visits[j].append((s, share))
        for a in sorted(visits):
            for b, least, _ in self.facts.links[a]:
                if least <= -FAR:
                    continue
                excess, worst = _BROKEN, None
                for at, _ in sorted(visits[a]):
                    distance = Distance(a, at, b, at + least)
                    late = sum(share for s, share in visits[a] if s >= at)
                    kept = sum(share for s, share in visits[b] if s >= at + least)
                    stays = 0.0 if self._together(distance) else solved.out[self.group_of[b]]
                    if late - kept - stays > excess:
                        excess, worst = late - kept - stays, distance
                if worst is not None:
                    yield worst

    def _together(self, distance: Distance) -> bool:
        return self.group_of[distance.first] == self.group_of[distance.second]

    def whole(self, prices: Prices, scale: int) -> WholePrices:
        """Any prices with the right signs prove something (the Lagrangian bound); the carers' least routes come on top."""
        worth = np.floor(np.maximum(0, prices.worth) * scale).astype(np.int64)
        late = np.floor(np.maximum(0, prices.late) * scale).astype(np.int64)
        most = self.facts.problem.weights.max_lateness * scale
        if late.sum() > most:
            late = late * most // late.sum()
        rules = [int(rule) for rule in np.floor(prices.rules * scale)]
        rules[:-1] = [max(0, rule) for rule in rules[:-1]]
        proven = int(worth.sum()) + sum(rules[:-1])
        proven += rules[-1] * (self.part.least if rules[-1] > 0 else self.part.most)
        paid = [sum(int(worth[j]) for j in group) for group in self.groups]
        for members, rule in zip(self.rules, rules, strict=True):
            for g in members:
                paid[g] += rule
        steps: dict[int, Counter[int]] = defaultdict(Counter)
        for distance, price in zip(self.distance_rows, np.floor(np.maximum(0, prices.distances) * scale), strict=True):
            steps[distance.first][distance.at] += int(price)
            steps[distance.second][distance.then] -= int(price)
            if not self._together(distance):
                paid[self.group_of[distance.second]] += int(price)
        for g, (price, worth_of_group) in enumerate(zip(self.unplaced, paid, strict=True)):
            if g not in self.part.held:
                change = price * scale - worth_of_group
                proven += change if g in self.part.gone else min(0, change)
        wage = np.floor(np.minimum(0, prices.wage) * scale).astype(np.int64)
        return WholePrices(worth, wage, late, steps, proven)


def share_in(distance: Distance, route: PaidRoute) -> int:
    """How often the route starts the first job so late, less how often the second one."""
    starts = list(zip(route.jobs, route.starts, strict=True))
    first = sum(j == distance.first and s >= distance.at for j, s in starts)
    return first - sum(j == distance.second and s >= distance.then for j, s in starts)
