"""Getting the pricing's kernels ready before anybody's time runs: compiled the first time on a machine, then only loaded."""

from datetime import UTC, datetime
from functools import cache

import numpy as np

from scheduler.indexed import Indexed
from scheduler.problem import (
    Break,
    Carer,
    CarerId,
    CitizenId,
    Job,
    JobId,
    Location,
    LocationId,
    Problem,
    Shift,
    TravelTimes,
)
from scheduler.solvers.bound.parts import Part
from scheduler.solvers.bound.prices import WholePrices
from scheduler.solvers.bound.routes import CarerRoutes, Room
from scheduler.weights import Weights


@cache
def warm_up() -> None:
    """Once a process; some ten seconds where the kernels must be compiled."""
    facts = Indexed(_one_visit())
    carer = CarerRoutes(facts, 0, Part(0, 0, 1, (0,), (3000,)), scale=1)
    none = np.zeros(1, np.int64)
    carer.search(WholePrices(worth=none + 9, wage=none, late=none, steps={}, proven=0), Room(1, labels=9))


def _one_visit() -> Problem:
    place = LocationId("L")
    return Problem(
        name="warming",
        horizon_start=datetime(2026, 1, 1, tzinfo=UTC),
        weights=Weights(),
        locations=(Location(place),),
        travel=TravelTimes({"walk": ((0,),)}),
        carers=(Carer(CarerId("C"), "walk", Shift(0, 3600), place, place, breaks=(Break(600, 1800, 600),)),),
        jobs=(Job(JobId("J"), CitizenId("P"), place, 600, 0, 3000, 9),),
    )
