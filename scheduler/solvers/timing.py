"""The cheapest times for sequences as they stand: a linear program over differences of starts, so its corners are whole seconds.

Only days on which an early start costs need it; on all others the earliest times, which a timeline gives, are cheapest.
"""

from itertools import pairwise
from typing import Any

from scheduler.indexed import FAR
from scheduler.timeline import Timeline


def polish(timeline: Timeline) -> bool:
    """Hold starts back where that makes the day cheaper; whether it did. The sequences stay as they are."""
    before, cost = timeline.memory(), timeline.cost()
    starts = _cheapest(timeline)
    if starts is None:
        return False
    facts = timeline.facts
    for j, start in starts.items():
        timeline.floor[j] = facts.floor_at(j, start)
    if timeline.settle() and timeline.cost() < cost:
        return True
    timeline.recall(before)
    return False


def _cheapest(timeline: Timeline) -> dict[int, int] | None:
    from ortools.linear_solver import pywraplp  # loading OR-Tools takes a while and is not always needed

    solver = pywraplp.Solver.CreateSolver("GLOP")
    if solver is None:
        return None
    program = _Program(timeline, solver)
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    return {v: round(x.solution_value()) for v, x in program.start.items() if v < timeline.facts.n}


class _Program:
    def __init__(self, timeline: Timeline, solver: Any) -> None:  # noqa: ANN401 - OR-Tools ships no types
        self.timeline, self.facts, self.solver = timeline, timeline.facts, solver
        facts = self.facts
        self.start: dict[int, Any] = {
            v: solver.NumVar(facts.low[v], facts.high[v], "")
            for route in timeline.routes
            if any(v < facts.n for v in route)
            for v in route
        }
        for c, route in enumerate(timeline.routes):
            if any(v < facts.n for v in route):
                self._add_route(c, route)
        self._add_links()
        self._add_costs()

    def _add_route(self, c: int, route: list[int]) -> None:
        """Each node after the one before it; each stop after the last one, the way and the breaks between."""
        facts, row, add, start = self.facts, self.facts.matrix[c], self.solver.Add, self.start
        add(start[route[0]] >= facts.shift_start[c])
        for v, after in pairwise(route):
            add(start[after] >= start[v] + facts.duration[v])
        free: Any = facts.shift_start[c]
        here, resting = facts.origin[c], 0
        for v in route:
            if v >= facts.n:
                resting += facts.duration[v]
            else:
                add(start[v] >= free + resting + row[here][facts.place[v]])
                free, here, resting = start[v] + facts.duration[v], facts.place[v], 0
        add(free + resting + row[here][facts.goal[c]] <= facts.shift_end[c])
        add(start[route[-1]] + facts.duration[route[-1]] <= facts.shift_end[c])

    def _add_links(self) -> None:
        facts = self.facts
        for j in range(facts.n):
            for o, least, _ in facts.links[j]:
                if least > -FAR and self.timeline.home[j] >= 0 and self.timeline.home[o] >= 0:
                    self.solver.Add(self._start(o) >= self._start(j) + least)

    def _start(self, j: int) -> Any:  # noqa: ANN401 - OR-Tools ships no types
        return self.start.get(j, self.timeline.start[j])

    def _add_costs(self) -> None:
        facts, solver, weights = self.facts, self.solver, self.facts.problem.weights
        total: Any = 0
        worst = solver.NumVar(0, solver.infinity(), "")
        for j, start in self.start.items():
            if j >= facts.n:
                continue
            if facts.late_after[j] < FAR and weights.max_lateness:
                solver.Add(worst >= start - facts.late_after[j])
            pieces = [
                (facts.late_cost[j], start - facts.late_after[j]),
                (facts.early_cost[j], facts.early_before[j] - start),
            ]
            if j in facts.told and weights.moved_second:
                told, free = facts.told[j][1], weights.moved_tolerance
                beyond = solver.NumVar(0, solver.infinity(), "")
                solver.Add(beyond >= start - told - free)
                solver.Add(beyond >= told - start - free)
                total += weights.moved_second * beyond
            for price, distance in pieces:
                if price:
                    beyond = solver.NumVar(0, solver.infinity(), "")
                    solver.Add(beyond >= distance)
                    total += price * beyond
        solver.Minimize(total + weights.max_lateness * worst)
