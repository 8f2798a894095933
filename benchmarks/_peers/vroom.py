"""VROOM (http://vroom-project.org), through pyvroom: constructive heuristics and local search, many searches side by side.

As its documentation advises: skills and breaks are its own, a matrix of costs beside that of durations for each kind of carer, one
time window a job. Whom a job may not be done by is a skill that everybody else has (VROOM-Project/vroom#1208). What it costs to
leave a job out can only rank the jobs (`priority`): VROOM never weighs it against travel. No links, no soft windows.
It cannot be read on its way (#1122): each limit is a search of its own. The limit does not hold while it builds its first routes
(#594). When its searches have ended before the time has, it is asked again with jobs and carers in another order, and the best
answer counts: that gained up to 3 % at 100 jobs.
Tried: exploration levels 0, 1 and 3, which were better than 5 on a few large days with little time and worse elsewhere.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Any

import vroom

from benchmarks._parts import Part
from benchmarks._peers.model import Arcs, Reading
from scheduler import Placement, Problem, Route, Solution, evaluate

_EXPLORATION = 5  # the most, and the default
_HIGHEST_PRIORITY = 100
_WORTH_SECONDS = 0.1  # with less time left, it is not asked again


class Model:
    parts = frozenset({Part.WINDOWS, Part.BREAKS})
    any_time = False
    seeded = False

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.base = min(0, *(job.earliest for job in problem.jobs), *(x.shift.start for x in problem.carers))
        self.arcs = Arcs(problem)
        skills = sorted({skill for job in problem.jobs for skill in job.skills})
        self.skill_number = {name: number for number, name in enumerate(skills)}
        self.jobs, self.carers = list(range(len(problem.jobs))), list(range(len(problem.carers)))
        self.costs = [self.arcs.cost(kind) for kind in range(len(self.arcs.kinds))]
        self.first = self._input(self.jobs, self.carers)

    def _input(self, jobs: Sequence[int], carers: Sequence[int]) -> vroom.Input:
        """The same problem, told in this order."""
        told = vroom.Input()
        for kind, (mode, _, _) in enumerate(self.arcs.kinds):
            told.set_durations_matrix(str(kind), self.arcs.seconds[mode])
            told.set_costs_matrix(str(kind), self.costs[kind])
        told.add_vehicle([self._vehicle(c) for c in carers])
        told.add_job([self._job(j) for j in jobs])
        return told

    def _vehicle(self, c: int) -> vroom.Vehicle:
        problem, carer = self.problem, self.problem.carers[c]
        skills = {self.skill_number[name] for name in carer.skills if name in self.skill_number}
        skills |= {
            self._guard(j)
            for j, job in enumerate(problem.jobs)
            if job.forbidden_carers and carer.id not in job.forbidden_carers
        }
        return vroom.Vehicle(
            c,
            start=self.arcs.place_of[carer.start_location],
            end=self.arcs.place_of[carer.end_location],
            profile=str(self.arcs.kind_of[c]),
            skills=skills,
            time_window=self._window(carer.shift.start, carer.shift.end),
            breaks=[
                vroom.Break(k, time_windows=[self._window(x.earliest, x.latest)], service=x.duration)
                for k, x in enumerate(carer.breaks)
            ],
        )

    def _job(self, j: int) -> vroom.Job:
        job = self.problem.jobs[j]
        most = max(one.unplaced_cost for one in self.problem.jobs)
        skills = {self.skill_number[name] for name in job.skills}
        return vroom.Job(
            j,
            location=j,
            default_service=job.duration,
            skills=skills | ({self._guard(j)} if job.forbidden_carers else set()),
            priority=_HIGHEST_PRIORITY * job.unplaced_cost // most if most else 0,
            time_windows=[self._window(job.earliest, job.latest)],
        )

    def _guard(self, number: int) -> int:
        """The skill of all who may do this job."""
        return len(self.skill_number) + number

    def _window(self, earliest: int, latest: int) -> vroom.TimeWindow:
        return vroom.TimeWindow(earliest - self.base, latest - self.base)

    def search(self, *, seconds: float, seed: int) -> list[Reading]:
        began, chance, told, found = monotonic(), Random(seed), self.first, []  # noqa: S311 - an order, not a secret
        while not found or monotonic() - began < seconds - _WORTH_SECONDS:
            left = timedelta(seconds=seconds - (monotonic() - began))
            found.append(self._answer(told.solve(_EXPLORATION, nb_threads=1, timeout=left)))
            chance.shuffle(self.jobs)
            chance.shuffle(self.carers)
            told = self._input(self.jobs, self.carers)
        best = min(found, key=lambda answer: evaluate(self.problem, answer).total)
        return [Reading(monotonic() - began, best)]

    def _answer(self, found: Any) -> Solution:  # noqa: ANN401 - pyvroom's types say little
        problem = self.problem
        stops: dict[int, list[Placement]] = {}
        rests: dict[int, dict[int, int]] = {}
        frame = found.routes
        columns = ("vehicle_id", "type", "arrival", "waiting_time", "id")
        for vehicle, kind, arrival, waiting, number in zip(*(frame[name] for name in columns), strict=True):
            start = int(arrival + waiting) + self.base
            if kind == "job":
                stops.setdefault(vehicle, []).append(Placement(problem.jobs[number].id, start))
            elif kind == "break":
                rests.setdefault(vehicle, {})[int(number)] = start
        routes = [
            Route(problem.carers[c].id, tuple(placed), tuple(start for _, start in sorted(rests.get(c, {}).items())))
            for c, placed in stops.items()
        ]
        return Solution(problem.name, tuple(routes))
