"""The linear program over the routes known so far, and what its prices prove.

Least cost of routes, of groups that stay out and of the day's largest lateness, where every job is in some route (or in several:
that is a relaxation) or stays out, every carer has one route at most, and no lateness is beyond the largest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from scheduler.indexed import Indexed
from scheduler.solvers.bound.routes import PaidRoute
from scheduler.solvers.search.layout import Ints

Floats = npt.NDArray[np.float64]

_FIRST_OFFER = 4  # times the average cost of a stop: what leaving a job out costs at first
_RAISE = 8
_NONE = 1e-7
_EXCESS = 2  # times the dearest group: what one group more out than allowed costs
_DEAR = 10  # groups that cost more than a tenth of the dearest are counted


@dataclass(frozen=True, slots=True)
class Prices:
    """What a job's visit is worth, what a carer's route must bring at least (negative), what a second of a job's lateness costs
    for the largest one's sake, and what each rule about groups is worth (the last one: their count); in units of cost.
    """

    worth: Floats
    wage: Floats
    late: Floats
    rules: Floats

    def towards(self, other: "Prices", share: float) -> "Prices":
        """The prices that lie so far on the way to others."""
        mine = (self.worth, self.wage, self.late, self.rules)
        theirs = (other.worth, other.wage, other.late, other.rules)
        return Prices(*((1 - share) * a + share * b for a, b in zip(mine, theirs, strict=True)))


@dataclass(frozen=True, slots=True)
class WholePrices:
    """The same in whole parts of a unit, with the signs that they must have; `proven`: what they prove, routes aside."""

    worth: Ints
    wage: Ints
    late: Ints
    proven: int


class Master:
    """`conflicts`: jobs of which at least one stays out. `out`: jobs that the plan leaves out, `average`: what a stop costs there.

    What it costs to leave a group out is less at first than its price, and raised where the program would do so: so the worths of
    jobs stay near what they will be in the end.
    """

    def __init__(
        self, facts: Indexed, conflicts: Sequence[tuple[int, ...]], *, average: float, out: frozenset[int]
    ) -> None:
        from ortools.linear_solver import pywraplp  # loading OR-Tools takes a while and is not always needed

        self.facts, self.optimal = facts, pywraplp.Solver.OPTIMAL
        self.groups = sorted(set(facts.partners))
        self.price = [sum(facts.unplaced_cost[j] for j in group) for group in self.groups]
        group_of = {j: g for g, group in enumerate(self.groups) for j in group}
        dear = max(self.price, default=0)
        counted = [g for g, price in enumerate(self.price) if _DEAR * price > dear]
        self.rules = [*(sorted({group_of[j] for j in jobs}) for jobs in conflicts), counted]
        self.known: set[PaidRoute] = set()
        self.solver = solver = pywraplp.Solver.CreateSolver("GLOP")
        self.far = far = solver.infinity()
        self.visit_rows = [solver.Constraint(1, far) for _ in range(facts.n)]
        self.carer_rows = [solver.Constraint(-far, 1) for _ in facts.problem.carers]
        self.late_rows = [solver.Constraint(-far, 0) for _ in range(facts.n)]
        self.rule_rows = [solver.Constraint(1, far) for _ in self.rules]
        solver.Objective().SetMinimization()
        self.offer = [
            price if any(j in out for j in group) else min(price, ceil(_FIRST_OFFER * average * len(group)))
            for price, group in zip(self.price, self.groups, strict=True)
        ]
        self.out = [self._variable(offer) for offer in self.offer]
        for variable, group in zip(self.out, self.groups, strict=True):
            for j in group:
                self.visit_rows[j].SetCoefficient(variable, 1)
        for row, members in zip(self.rule_rows, self.rules, strict=True):
            for g in members:
                row.SetCoefficient(self.out[g], 1)
        self.rule_rows[-1].SetCoefficient(self._variable(_EXCESS * dear), -1)
        worst = self._variable(facts.problem.weights.max_lateness)
        for row in self.late_rows:
            row.SetCoefficient(worst, -1)
        self.count(0, len(counted))

    def _variable(self, cost: float) -> Any:  # noqa: ANN401 - OR-Tools ships no types
        variable = self.solver.NumVar(0, self.far, "")
        self.solver.Objective().SetCoefficient(variable, cost)
        return variable

    def count(self, least: int, most: int) -> None:
        """How many of the dear groups stay out."""
        self.least_out, self.most_out = least, most
        self.rule_rows[-1].SetBounds(least, most)

    def add(self, route: PaidRoute) -> bool:
        """Whether it was new."""
        if route in self.known:
            return False
        self.known.add(route)
        variable = self._variable(route.cost)
        self.carer_rows[route.carer].SetCoefficient(variable, 1)
        late: Counter[int] = Counter()
        for j, s in zip(route.jobs, route.starts, strict=True):
            late[j] += max(0, s - self.facts.late_after[j])
        for j, visits in Counter(route.jobs).items():
            self.visit_rows[j].SetCoefficient(variable, visits)
            if late[j] and self.facts.problem.weights.max_lateness:
                self.late_rows[j].SetCoefficient(variable, late[j])
        return True

    def solve(self) -> "tuple[float, Prices, list[float]] | None":
        """The least cost with the routes known, the prices there, and how much of each group stays out; None where it fails."""
        if self.solver.Solve() != self.optimal:
            self.solver.SetSolverSpecificParametersAsString("use_dual_simplex: true")
            if self.solver.Solve() != self.optimal:
                return None
        rows = (self.visit_rows, self.carer_rows, self.late_rows, self.rule_rows)
        worth, wage, late, rules = (np.array([row.dual_value() for row in part]) for part in rows)
        return (
            self.solver.Objective().Value(),
            Prices(worth, wage, -late, rules),
            [x.solution_value() for x in self.out],
        )

    def raise_offers(self, out: Sequence[float]) -> bool:
        """Come nearer to the true prices of leaving groups out, unless nobody stays out below them."""
        if not any(share > _NONE and self.offer[g] < self.price[g] for g, share in enumerate(out)):
            return False
        for g, price in enumerate(self.price):
            self.offer[g] = min(price, _RAISE * self.offer[g])
            self.solver.Objective().SetCoefficient(self.out[g], self.offer[g])
        return True

    def whole(self, prices: Prices, scale: int) -> WholePrices:
        """Any prices with the right signs prove something, (the Lagrangian bound); the carers' least routes come on top."""
        worth = np.floor(np.maximum(0, prices.worth) * scale).astype(np.int64)
        late = np.floor(np.maximum(0, prices.late) * scale).astype(np.int64)
        most = self.facts.problem.weights.max_lateness * scale
        if late.sum() > most:
            late = late * most // late.sum()
        rules = [int(worth) for worth in np.floor(prices.rules * scale)]
        rules[:-1] = [max(0, rule) for rule in rules[:-1]]
        proven = int(worth.sum()) + sum(rules[:-1]) + rules[-1] * (self.least_out if rules[-1] > 0 else self.most_out)
        paid = [sum(int(worth[j]) for j in group) for group in self.groups]
        for members, rule in zip(self.rules, rules, strict=True):
            for g in members:
                paid[g] += rule
        proven += sum(min(0, price * scale - worth) for price, worth in zip(self.price, paid, strict=True))
        wage = np.floor(np.minimum(0, prices.wage) * scale).astype(np.int64)
        return WholePrices(worth, wage, late, proven)
