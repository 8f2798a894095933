"""OR-Tools' routing library (https://developers.google.com/optimization/routing): constraint programming with local search.

As its documentation advises: transit matrices registered whole, vehicles' own arc costs, a dimension of time with the windows
as ranges and targets as soft bounds, disjunctions with penalties, guided local search ("generally the most efficient
metaheuristic for vehicle routing"). Breaks are intervals that may interrupt travel, links are constraints on its variables.
Tried as the first solution: AUTOMATIC, PATH_CHEAPEST_ARC and PATH_MOST_CONSTRAINED_ARC (find nothing where there are links),
PARALLEL_, SEQUENTIAL_ and LOCAL_CHEAPEST_INSERTION, ALL_UNPERFORMED; LOCAL_CHEAPEST_COST_INSERTION was the best on every part.
"""

from time import monotonic
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks._parts import Part
from benchmarks._peers.model import Arcs, Matrix, Reading
from scheduler import LinkCarers, Placement, Problem, Route, Solution

FIRST_SOLUTION = routing_enums_pb2.FirstSolutionStrategy.LOCAL_CHEAPEST_COST_INSERTION
_LONGEST = 24 * 3600
METAHEURISTIC = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH


class Model:
    parts = frozenset(Part)
    any_time = True
    seeded = False

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.arcs = Arcs(problem)
        jobs, carers = len(problem.jobs), len(problem.carers)
        starts = [jobs + c for c in range(carers)]
        ends = [jobs + carers + c for c in range(carers)]
        self.manager = pywrapcp.RoutingIndexManager(jobs + 2 * carers, carers, starts, ends)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.solver = self.routing.solver()
        self.at = {job.id: self.manager.NodeToIndex(j) for j, job in enumerate(problem.jobs)}
        depots = [self.arcs.place_of[x.start_location] for x in problem.carers]
        depots += [self.arcs.place_of[x.end_location] for x in problem.carers]
        self.places = np.array([*range(jobs), *depots])
        self._add_costs()
        self._add_time()
        self._add_jobs()
        self._add_links()
        self._add_breaks()
        self.parameters = pywrapcp.DefaultRoutingSearchParameters()
        self.parameters.first_solution_strategy = FIRST_SOLUTION
        self.parameters.local_search_metaheuristic = METAHEURISTIC
        self.parameters.time_limit.FromSeconds(_LONGEST)  # without any, closing the model warns
        self.routing.CloseModelWithParameters(self.parameters)

    def _register(self, matrix: Matrix) -> int:
        return int(self.routing.RegisterTransitMatrix(matrix[np.ix_(self.places, self.places)].tolist()))

    def _add_costs(self) -> None:
        costs = [self._register(self.arcs.cost(kind)) for kind in range(len(self.arcs.kinds))]
        for c, kind in enumerate(self.arcs.kind_of):
            self.routing.SetArcCostEvaluatorOfVehicle(costs[kind], c)

    def _add_time(self) -> None:
        problem = self.problem
        service = np.zeros(len(self.arcs.places), dtype=np.int64)
        service[: len(problem.jobs)] = [job.duration for job in problem.jobs]
        transits = {mode: self._register(matrix + service[:, None]) for mode, matrix in self.arcs.seconds.items()}
        self.base = min(0, *(job.earliest for job in problem.jobs), *(x.shift.start for x in problem.carers))
        self.horizon = max(*(job.latest for job in problem.jobs), *(x.shift.end for x in problem.carers)) - self.base
        of_carers = [transits[carer.mode] for carer in problem.carers]
        self.routing.AddDimensionWithVehicleTransits(of_carers, self.horizon, self.horizon, False, "time")
        self.time = self.routing.GetDimensionOrDie("time")
        for c, carer in enumerate(problem.carers):
            for end in (self.routing.Start(c), self.routing.End(c)):
                self.time.CumulVar(end).SetRange(carer.shift.start - self.base, carer.shift.end - self.base)

    def _add_jobs(self) -> None:
        for j, job in enumerate(self.problem.jobs):
            at = self.at[job.id]
            self.time.CumulVar(at).SetRange(job.earliest - self.base, job.latest - self.base)
            if job.target and job.target.late_cost:
                self.time.SetCumulVarSoftUpperBound(at, job.target.latest - self.base, job.target.late_cost)
            if job.target and job.target.early_cost:
                self.time.SetCumulVarSoftLowerBound(at, job.target.earliest - self.base, job.target.early_cost)
            self.routing.AddDisjunction([at], job.unplaced_cost)
            able = [c for c, kind in enumerate(self.arcs.kind_of) if self.arcs.kinds[kind][2][j]]
            # SetAllowedVehiclesForIndex refuses every list in 9.15
            self.routing.VehicleVar(at).SetValues([-1, *able])

    def _add_links(self) -> None:
        """Each binds when both jobs are placed."""
        solver, routing = self.solver, self.routing
        for link in self.problem.links:
            first, second = self.at[link.first], self.at[link.second]
            gap = self.time.CumulVar(second) - self.time.CumulVar(first)
            apart = 2 - routing.ActiveVar(first) - routing.ActiveVar(second)
            solver.Add(gap + (self.horizon + abs(link.min_gap)) * apart >= link.min_gap)
            if link.max_gap is not None:
                solver.Add(gap - (self.horizon + abs(link.max_gap)) * apart <= link.max_gap)
            if link.all_or_none:
                solver.Add(routing.ActiveVar(first) == routing.ActiveVar(second))
            carers = [routing.VehicleVar(first), routing.VehicleVar(second)]
            if link.carers is LinkCarers.DIFFERENT:
                solver.Add(solver.AllDifferentExcept(carers, -1))
            elif link.carers is LinkCarers.SAME:
                assert link.all_or_none, "only what is placed together is modelled as coming from the same carer"
                solver.Add(carers[0] == carers[1])

    def _add_breaks(self) -> None:
        visits = [0] * self.routing.Size()
        for job in self.problem.jobs:
            visits[self.at[job.id]] = job.duration
        self.rests: list[list[Any]] = []
        for c, carer in enumerate(self.problem.carers):
            rests = [
                self.solver.FixedDurationIntervalVar(
                    x.earliest - self.base, x.latest - self.base, x.duration, False, f"break {k} of {carer.id}"
                )
                for k, x in enumerate(carer.breaks)
            ]
            self.rests.append(rests)
            if rests:
                self.time.SetBreakIntervalsOfVehicle(rests, c, visits)

    def search(self, *, seconds: float, seed: int) -> list[Reading]:  # noqa: ARG002 - guided local search knows no chance
        began, readings = monotonic(), []
        best = float("inf")

        def note() -> None:
            nonlocal best
            cost = self.routing.CostVar().Value()
            if cost < best:
                best = cost
                readings.append(Reading(monotonic() - began, self._answer()))

        self.routing.AddAtSolutionCallback(note)
        self.parameters.time_limit.FromMilliseconds(round(1000 * seconds))
        self.routing.SolveWithParameters(self.parameters)
        return readings

    def _answer(self) -> Solution:
        """What the variables say at this moment of the search; times as early as they can be."""
        problem, routes = self.problem, []
        for c, carer in enumerate(problem.carers):
            stops = []
            at = self.routing.NextVar(self.routing.Start(c)).Value()
            while not self.routing.IsEnd(at):
                start = self.time.CumulVar(at).Min() + self.base
                stops.append(Placement(problem.jobs[self.manager.IndexToNode(at)].id, start))
                at = self.routing.NextVar(at).Value()
            breaks = [rest.StartMin() + self.base for rest in self.rests[c]] if stops else []
            routes.append(Route(carer.id, tuple(stops), tuple(breaks)))
        return Solution(problem.name, tuple(routes))
