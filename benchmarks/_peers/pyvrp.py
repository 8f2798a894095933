"""PyVRP (https://pyvrp.org), an iterated local search for rich routing problems.

As its documentation advises: a routing profile for each kind of carer (notebook "Profiles", which bars a vehicle from a client by
a very long edge), optional clients with prizes, one vehicle type for each shift. Continuity is a part of the edge into a
client. It has no breaks, no links and no soft windows.
Tried: clients with large prizes made required (finds nothing where one of them must be left out, as in town-200; else no better);
penalties of at most 10,000, 1,000, 300, 100 and 30 a second instead of 100,000. Beside prizes of 120,000 the default is the best
on small days and loses visits on large ones (own-443, 12 s: 842,378, with at most 100: 244,299), so it is lower there.
"""

import warnings
from time import monotonic
from typing import Any

import numpy as np
import pyvrp
from pyvrp import IteratedLocalSearchParams, PenaltyParams, SolveParams
from pyvrp.exceptions import PenaltyBoundWarning

from benchmarks._parts import Part
from benchmarks._peers.model import Arcs, Reading
from scheduler import Placement, Problem, Route, Solution

_LARGE = 150  # jobs
_MAX_PENALTY_IF_LARGE = 100.0


class _Notes(pyvrp.IteratedLocalSearchCallbacks):
    """When each better answer was there, the first one too."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.found: list[tuple[float, pyvrp.Solution]] = []

    def on_start(self, ils: pyvrp.IteratedLocalSearch) -> None:
        self.on_best(ils.initial_solution)

    def on_best(self, best: pyvrp.Solution) -> None:
        if best.is_feasible():
            self.found.append((monotonic() - self.began, best))


class Model:
    parts = frozenset({Part.WINDOWS})
    any_time = True
    seeded = True

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.carers: list[int] = []
        arcs = Arcs(problem)
        self.base = min(0, *(job.earliest for job in problem.jobs), *(x.shift.start for x in problem.carers))
        far = 10 * max(job.unplaced_cost for job in problem.jobs)
        distances = []
        for kind, (_, _, may) in enumerate(arcs.kinds):
            distance = arcs.cost(kind)
            barred = np.flatnonzero(~np.array(may))
            distance[:, barred] += far
            np.fill_diagonal(distance, 0)
            distances.append(distance)
        self.data = pyvrp.ProblemData(
            locations=[self._location(place) for place in arcs.places],
            clients=[
                pyvrp.Client(
                    location=number,
                    service_duration=job.duration,
                    tw_early=job.earliest - self.base,
                    tw_late=job.latest - self.base,
                    prize=job.unplaced_cost,
                    required=False,
                )
                for number, job in enumerate(problem.jobs)
            ],
            depots=[pyvrp.Depot(location=place) for place in arcs.place_of.values()],
            vehicle_types=[
                pyvrp.VehicleType(
                    start_depot=arcs.place_of[carer.start_location] - len(problem.jobs),
                    end_depot=arcs.place_of[carer.end_location] - len(problem.jobs),
                    tw_early=carer.shift.start - self.base,
                    tw_late=carer.shift.end - self.base,
                    profile=kind,
                )
                for carer, kind in zip(problem.carers, arcs.kind_of, strict=True)
            ],
            distance_matrices=distances,
            duration_matrices=[arcs.seconds[mode] for mode, _, _ in arcs.kinds],
        )

    def _location(self, place: int) -> pyvrp.Location:
        location = self.problem.locations[place]
        return pyvrp.Location(location.lon or 0, location.lat or 0)

    def search(self, *, seconds: float, seed: int) -> list[Reading]:
        notes = _Notes(monotonic())
        penalty = PenaltyParams()
        if len(self.problem.jobs) > _LARGE:
            penalty = PenaltyParams(max_penalty=_MAX_PENALTY_IF_LARGE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PenaltyBoundWarning)
            pyvrp.solve(
                self.data,
                stop=lambda _best_cost: monotonic() - notes.began > seconds,
                seed=seed,
                collect_stats=False,
                params=SolveParams(ils=IteratedLocalSearchParams(callbacks=notes), penalty=penalty),
            )
        return [Reading(when, self._answer(found)) for when, found in notes.found]

    def _answer(self, found: Any) -> Solution:  # noqa: ANN401 - PyVRP's own, of compiled code
        problem = self.problem
        routes = []
        for route in found.routes():
            stops = tuple(
                Placement(problem.jobs[stop.idx].id, stop.start_time + self.base) for stop in route if stop.is_client()
            )
            routes.append(Route(problem.carers[route.vehicle_type()].id, stops))
        return Solution(problem.name, tuple(routes))
