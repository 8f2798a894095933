"""A solution in short words: {"C1": ["J1 09:00", "break 11:30", "J2 12:00"]}."""

from collections.abc import Mapping, Sequence

from scheduler import CarerId, JobId, Placement, Problem, Route, Solution, Unplaced
from tests.towns.day import at


def answer(problem: Problem, routes: Mapping[str, Sequence[str]]) -> Solution:
    """Every job of the problem that stands in no route is unplaced."""
    built = []
    for carer, day in routes.items():
        words = [entry.split() for entry in day]
        stops = tuple(Placement(JobId(name), at(start)) for name, start in words if name != "break")
        built.append(Route(CarerId(carer), stops, tuple(at(start) for name, start in words if name == "break")))
    placed = {stop.job for route in built for stop in route.stops}
    unplaced = tuple(Unplaced(job.id) for job in problem.jobs if job.id not in placed)
    return Solution(problem.name, tuple(built), unplaced)
