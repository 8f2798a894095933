"""The stretches of a route in which a carer is not with anybody: what travel, shifts and breaks are judged on."""

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problem import Carer, JobId, Problem
from scheduler.solution import Route


@dataclass(frozen=True, slots=True)
class Gap:
    """From `start` (the end of the stop `after`, or the shift's start) to `end` (the start of the stop `before`, or the
    shift's end, since waiting is free), with `travel` seconds of the way inside.
    """

    after: JobId | None
    before: JobId | None
    start: int
    end: int
    travel: int


def gaps_of(problem: Problem, carer: Carer, route: Route) -> Iterator[Gap]:
    """The gaps of a route in its order; none for a carer without stops."""
    after: JobId | None = None
    here = carer.start_location
    free = carer.shift.start
    for stop in route.stops:
        job = problem.job_by_id[stop.job]
        yield Gap(after, stop.job, free, stop.start, problem.travel_seconds(carer, here, job.location))
        after, here, free = stop.job, job.location, stop.start + job.duration
    if after is not None:
        yield Gap(after, None, free, carer.shift.end, problem.travel_seconds(carer, here, carer.end_location))
