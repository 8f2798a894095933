"""Getting the kernels ready before anybody's time runs: compiled the first time on a machine, then only loaded."""

from datetime import UTC, datetime
from functools import cache

from scheduler.indexed import Indexed
from scheduler.limits import Steps
from scheduler.problem import (
    Break,
    Carer,
    CarerId,
    CitizenId,
    Job,
    JobId,
    Link,
    LinkCarers,
    Location,
    LocationId,
    Problem,
    Shift,
    TravelTimes,
)
from scheduler.solver import OnProgress, Progress
from scheduler.solvers.search.compiling import is_compiled, note_compiled
from scheduler.solvers.search.improving import improve
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import Timeline
from scheduler.weights import Weights


def warm_up(progress: OnProgress | None = None) -> None:
    """Make the kernels ready. Where they must be compiled first (half a minute), `progress` is told so."""
    if not is_compiled() and progress is not None:
        progress(Progress(0.0, 0, 0, 0, "compiling"))
    _run_once()
    note_compiled()


@cache
def _run_once() -> None:
    improve(Timeline(Indexed(_small_day())), Stopwatch(Steps(1), None), seed=1)


def _small_day() -> Problem:
    """Two carers, one visit for both at once, and a break: enough to pass every kernel."""
    place = LocationId("L")
    carers = tuple(
        Carer(CarerId(name), "walk", Shift(0, 3600), place, place, breaks=(Break(600, 1800, 600),)) for name in "AB"
    )
    jobs = tuple(Job(JobId(name), CitizenId("P"), place, 600, 0, 3000, 9999) for name in "12")
    link = Link(JobId("1"), JobId("2"), 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
    return Problem(
        name="warming",
        horizon_start=datetime(2026, 1, 1, tzinfo=UTC),
        weights=Weights(),
        locations=(Location(place),),
        travel=TravelTimes({"walk": ((0,),)}),
        carers=carers,
        jobs=jobs,
        links=(link,),
    )
