"""OR-Tools' routing search over the whole model, started from the greedy day.

Matrices are registered natively, one per mode; what a carer's coming costs is a dimension of its own. Left out, because the
model cannot say it or is brittle there: the day's largest lateness, `same` without all-or-none, and prices of moving a
published start both ways. Breaks together with optional stops make the search lose answers (google/or-tools#4423, #569):
so whatever comes back is rebuilt and judged, and no answer at all is an answer, too.
"""

from itertools import chain
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from scheduler.indexed import FAR, Indexed
from scheduler.limits import Limit
from scheduler.problem import Problem
from scheduler.solution import Placement, Route, Solution
from scheduler.solver import OnProgress
from scheduler.solvers.greedy import first_timeline
from scheduler.solvers.repair import rebuild
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import Timeline, solution_of

_LONGEST = 24 * 3600
_TOO_LARGE = 1 << 40  # beyond, sums in the model could leave 64 bits


class Routing:
    name = "or-tools-routing"

    def solve(
        self,
        problem: Problem,
        *,
        limit: Limit,
        seed: int,
        progress: OnProgress | None = None,
        start: Solution | None = None,
    ) -> Solution:
        watch = Stopwatch(limit, progress)
        timeline = first_timeline(Indexed(problem), seed=seed, start=start)
        return solution_of(route(timeline, watch, seed=seed))


def route(timeline: Timeline, watch: Stopwatch, *, seed: int) -> Timeline:
    """The better of this timeline and what OR-Tools makes of it until the watch is over."""
    if watch.over() or not fits(timeline.facts):
        return timeline
    found = _Model(timeline).search(watch)
    if found is None:
        return timeline
    other = rebuild(timeline.facts, found, seed=seed)
    return other if other.cost() < timeline.cost() else timeline


def fits(facts: Indexed) -> bool:
    """Whether the problem has anything to route, and no number that could overflow."""
    if not facts.n or not facts.problem.carers:
        return False
    largest = max(
        *map(abs, chain(facts.low, facts.high, facts.duration, facts.unplaced_cost, facts.late_cost, facts.early_cost)),
        *map(abs, chain(facts.shift_start, facts.shift_end)),
        facts.problem.weights.travel,
        facts.problem.weights.moved_second,
    )
    return largest * (facts.n + len(facts.problem.carers)) < _TOO_LARGE


class _Model:
    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.facts = facts = timeline.facts
        self.carers = len(facts.problem.carers)
        self.base = min(0, *facts.low, *facts.shift_start)  # the dimension counts from 0
        size = facts.n + 2 * self.carers
        starts = [facts.n + c for c in range(self.carers)]
        ends = [facts.n + self.carers + c for c in range(self.carers)]
        self.manager = pywrapcp.RoutingIndexManager(size, self.carers, starts, ends)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.solver = self.routing.solver()
        self.index = [self.manager.NodeToIndex(j) for j in range(facts.n)]
        self.places = facts.place + facts.origin + facts.goal
        self._add_time()
        self._add_prices()
        self._add_jobs()
        self._add_links()
        self._add_breaks()

    def search(self, watch: Stopwatch) -> Solution | None:
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        parameters.time_limit.FromSeconds(_LONGEST)  # without any, OR-Tools warns on stderr; the watch ends it before
        self.routing.CloseModelWithParameters(parameters)
        self.routing.AddSearchMonitor(self.solver.CustomLimit(watch.over))
        n = self.facts.n
        routes = [[v for v in nodes if v < n] for nodes in self.timeline.routes]
        first = self.routing.ReadAssignmentFromRoutes([[self.index[v] for v in nodes] for nodes in routes], True)
        if first is None:
            found = self.routing.SolveWithParameters(parameters)
        else:
            found = self.routing.SolveFromAssignmentWithParameters(first, parameters)
        return None if found is None else self._answer(found)

    def _register(self, row: Any, *, factor: int, service: bool) -> int:  # noqa: ANN401
        n, duration = self.facts.n, self.facts.duration
        places = self.places
        matrix = [
            [factor * row[a][b] + (duration[i] if service and i < n else 0) for b in places]
            for i, a in enumerate(places)
        ]
        return int(self.routing.RegisterTransitMatrix(matrix))

    def _add_time(self) -> None:
        facts, problem = self.facts, self.facts.problem
        by_mode = {x.mode: problem.travel.by_mode[x.mode] for x in problem.carers}
        with_service = {mode: self._register(row, factor=1, service=True) for mode, row in by_mode.items()}
        weight = problem.weights.travel
        costs = {mode: self._register(row, factor=weight, service=False) for mode, row in by_mode.items()}
        for c, carer in enumerate(problem.carers):
            self.routing.SetArcCostEvaluatorOfVehicle(costs[carer.mode], c)
        self.horizon = horizon = max(*facts.shift_end, *facts.high) - self.base
        transits = [with_service[x.mode] for x in problem.carers]
        self.routing.AddDimensionWithVehicleTransits(transits, horizon, horizon, False, "time")
        self.time = self.routing.GetDimensionOrDie("time")
        for c in range(self.carers):
            for at in (self.routing.Start(c), self.routing.End(c)):
                self.time.CumulVar(at).SetRange(facts.shift_start[c] - self.base, facts.shift_end[c] - self.base)

    def _add_prices(self) -> None:
        facts = self.facts
        if not any(any(prices) for prices in facts.price):
            return
        pad = [0] * (2 * self.carers)
        prices = [[facts.price[j][c] for j in range(facts.n)] + pad for c in range(self.carers)]
        transits = [self.routing.RegisterUnaryTransitVector(x) for x in prices]
        most = max(map(sum, prices))
        self.routing.AddDimensionWithVehicleTransits(transits, 0, most, True, "price")
        self.routing.GetDimensionOrDie("price").SetSpanCostCoefficientForAllVehicles(1)

    def _add_jobs(self) -> None:
        facts, moved_second = self.facts, self.facts.problem.weights.moved_second
        for j, at in enumerate(self.index):
            self.time.CumulVar(at).SetRange(facts.low[j] - self.base, facts.high[j] - self.base)
            late_after, late_cost = facts.late_after[j], facts.late_cost[j]
            if j in facts.told and moved_second > late_cost:
                late_after, late_cost = facts.told[j][1] + facts.problem.weights.moved_tolerance, moved_second
            if late_cost and late_after < facts.high[j]:
                self.time.SetCumulVarSoftUpperBound(at, max(0, late_after - self.base), late_cost)
            early = max(facts.early_cost[j], moved_second if j in facts.told else 0)
            if early and facts.wish[j] > facts.low[j]:
                self.time.SetCumulVarSoftLowerBound(at, facts.wish[j] - self.base, early)
            if j in facts.pin:
                self.routing.VehicleVar(at).SetValues([facts.pin[j][0]])
            else:
                self.routing.AddDisjunction([at], facts.unplaced_cost[j])
                self.routing.VehicleVar(at).SetValues([-1, *sorted(facts.allowed[j])])

    def _add_links(self) -> None:
        facts, solver, routing = self.facts, self.solver, self.routing
        for j in range(facts.n):
            for o, least, most in facts.links[j]:
                if j < o:
                    gap = self.time.CumulVar(self.index[o]) - self.time.CumulVar(self.index[j])
                    apart = 2 - routing.ActiveVar(self.index[j]) - routing.ActiveVar(self.index[o])
                    if least > -FAR:
                        solver.Add(gap + (self.horizon + abs(least)) * apart >= least)
                    if most < FAR:
                        solver.Add(gap - (self.horizon + abs(most)) * apart <= most)
            for o in facts.different[j]:
                if j < o:
                    pair = [routing.VehicleVar(self.index[j]), routing.VehicleVar(self.index[o])]
                    solver.Add(solver.AllDifferentExcept(pair, -1))
            for o in facts.same[j]:
                if j < o and o in facts.partners[j]:
                    solver.Add(routing.VehicleVar(self.index[j]) == routing.VehicleVar(self.index[o]))
            for o in facts.partners[j][1:]:
                if j == facts.partners[j][0]:
                    solver.Add(routing.ActiveVar(self.index[j]) == routing.ActiveVar(self.index[o]))

    def _add_breaks(self) -> None:
        facts = self.facts
        visits = [0] * self.routing.Size()
        for j, at in enumerate(self.index):
            visits[at] = facts.duration[j]
        self.rests: list[list[Any]] = []
        for c, nodes in enumerate(facts.rests):
            rests = [
                self.solver.FixedDurationIntervalVar(
                    facts.low[v] - self.base,
                    facts.high[v] - self.base,
                    facts.duration[v],
                    False,
                    f"break {v}",
                )
                for v in nodes
            ]
            self.rests.append(rests)
            if rests:
                self.time.SetBreakIntervalsOfVehicle(rests, c, visits)

    def _answer(self, found: Any) -> Solution:  # noqa: ANN401
        """The sequences with the least times of the search; breaks stand where it put them."""
        facts, problem, routes = self.facts, self.facts.problem, []
        for c, carer in enumerate(problem.carers):
            stops = []
            at = found.Value(self.routing.NextVar(self.routing.Start(c)))
            while not self.routing.IsEnd(at):
                start = found.Min(self.time.CumulVar(at)) + self.base
                stops.append(Placement(problem.jobs[self.manager.IndexToNode(at)].id, start))
                at = found.Value(self.routing.NextVar(at))
            by_number = {
                facts.rest_of[v - facts.n][1]: found.StartMin(rest) + self.base
                for v, rest in zip(facts.rests[c], self.rests[c], strict=True)
            }
            routes.append(Route(carer.id, tuple(stops), tuple(by_number[k] for k in range(len(by_number)) if stops)))
        return Solution(problem.name, tuple(routes))
