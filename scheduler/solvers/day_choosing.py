"""Choosing days by CP-SAT: a yes or no for each series and day, linear prices, and whatever cannot be had left out at its price.

Leaving everything out breaks nothing, so there always is a choice. Work is counted in CP-SAT's own deterministic time, on one
thread: the same problem gets the same answer on every machine.
"""

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from scheduler.day_choice import DayChoiceProblem, DaysChosen, cost_of

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    _Comes = dict[tuple[str, int], cp_model.IntVar]

DEFAULT_WORK = 10.0
"""In CP-SAT's deterministic time, of which a unit is about a second."""


def choose_days(problem: DayChoiceProblem, *, work: float = DEFAULT_WORK, seed: int = 1) -> DaysChosen:
    """The cheapest choice found within so much work; it breaks no distance and no ceiling."""
    from ortools.sat.python import cp_model  # loading OR-Tools takes a while and is not always needed

    model = cp_model.CpModel()
    comes = {(one.id, day): model.new_bool_var("") for one in problem.series for day in one.open_days}
    _lay_rules(model, problem, comes)
    model.minimize(_price(model, problem, comes))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = work
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        nothing: dict[str, tuple[int, ...]] = {one.id: () for one in problem.series}
        return DaysChosen(nothing, cost_of(problem, nothing), optimal=False)
    days = {
        one.id: tuple(sorted(day for day in one.open_days if solver.boolean_value(comes[one.id, day])))
        for one in problem.series
    }
    return DaysChosen(days, cost_of(problem, days), optimal=status == cp_model.OPTIMAL)


def _lay_rules(model: "cp_model.CpModel", problem: DayChoiceProblem, comes: "_Comes") -> None:
    by_kind: dict[str, list[tuple[int, int, cp_model.IntVar]]] = defaultdict(list)
    for one in problem.series:
        model.add(sum(comes[one.id, day] for day in one.open_days) <= one.times)
        by_kind[one.kind] += [(day, one.apart, comes[one.id, day]) for day in one.open_days]
    for placed in by_kind.values():
        for (day, apart, here), (other_day, other_apart, there) in combinations(placed, 2):
            if abs(day - other_day) < max(apart, other_apart):
                model.add_at_most_one(here, there)
    for ceiling in problem.ceilings:
        asked = [
            each * comes[key, day] for key, each in ceiling.each.items() for day in ceiling.days if (key, day) in comes
        ]
        if asked:
            model.add(sum(asked) <= max(0, ceiling.limit))


def _price(model: "cp_model.CpModel", problem: DayChoiceProblem, comes: "_Comes") -> "cp_model.LinearExprT":
    terms: list[cp_model.LinearExprT] = []
    loads: dict[tuple[int, str], list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
    for one in problem.series:
        terms.append(one.left_cost * (one.times - sum(comes[one.id, day] for day in one.open_days)))
        for day in one.open_days:
            terms.append(one.day_costs.get(day, 0) * comes[one.id, day])
            for name, load in one.load.items():
                loads[day, name].append((load, comes[one.id, day]))
    for room in problem.rooms:
        asked = loads[room.day, room.name]
        most = sum(load for load, _ in asked)
        for limit, price in ((room.easy, 1), (room.full, room.over_cost - 1)):
            if most > limit and price > 0:
                over = model.new_int_var(0, most - min(0, limit), "")
                model.add(over >= sum(load * one for load, one in asked) - limit)
                terms.append(price * over)
    return sum(terms)
