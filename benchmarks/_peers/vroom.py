"""VROOM (http://vroom-project.org), through pyvroom: constructive heuristics and local search, many searches side by side.

As its documentation advises: skills and breaks are its own, a matrix of costs beside that of durations for each kind of carer, one
time window a job. Whom a job may not be done by is a skill that everybody else has (VROOM-Project/vroom#1208). What it costs to
leave a job out can only rank the jobs (`priority`): VROOM never weighs it against travel. No links, no soft windows.
It stops by itself when its searches have ended, and cannot be read on its way (#1122): each limit is a search of its own. The limit
does not hold while it builds its first routes (#594).
"""

from datetime import timedelta
from time import monotonic
from typing import Any

import vroom

from benchmarks._parts import Part
from benchmarks._peers.model import Arcs, Reading
from scheduler import Placement, Problem, Route, Solution

_EXPLORATION = 5  # the most, and the default
_HIGHEST_PRIORITY = 100


class Model:
    parts = frozenset({Part.WINDOWS, Part.BREAKS})
    any_time = False
    seeded = False

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.base = min(0, *(job.earliest for job in problem.jobs), *(x.shift.start for x in problem.carers))
        self.input = vroom.Input()
        arcs = Arcs(problem)
        for kind, (mode, _, _) in enumerate(arcs.kinds):
            self.input.set_durations_matrix(str(kind), arcs.seconds[mode])
            self.input.set_costs_matrix(str(kind), arcs.cost(kind))
        skills = sorted({skill for job in problem.jobs for skill in job.skills})
        self.skill_number = {name: number for number, name in enumerate(skills)}
        self._add_carers(arcs)
        self._add_jobs()

    def _add_carers(self, arcs: Arcs) -> None:
        guarded = [number for number, job in enumerate(self.problem.jobs) if job.forbidden_carers]
        for number, carer in enumerate(self.problem.carers):
            skills = {self.skill_number[name] for name in carer.skills if name in self.skill_number}
            skills |= {self._guard(j) for j in guarded if carer.id not in self.problem.jobs[j].forbidden_carers}
            self.input.add_vehicle(
                vroom.Vehicle(
                    number,
                    start=arcs.place_of[carer.start_location],
                    end=arcs.place_of[carer.end_location],
                    profile=str(arcs.kind_of[number]),
                    skills=skills,
                    time_window=self._window(carer.shift.start, carer.shift.end),
                    breaks=[
                        vroom.Break(k, time_windows=[self._window(x.earliest, x.latest)], service=x.duration)
                        for k, x in enumerate(carer.breaks)
                    ],
                )
            )

    def _add_jobs(self) -> None:
        most = max(job.unplaced_cost for job in self.problem.jobs)
        for number, job in enumerate(self.problem.jobs):
            skills = {self.skill_number[name] for name in job.skills}
            skills |= {self._guard(number)} if job.forbidden_carers else set()
            self.input.add_job(
                vroom.Job(
                    number,
                    location=number,
                    default_service=job.duration,
                    skills=skills,
                    priority=_HIGHEST_PRIORITY * job.unplaced_cost // most if most else 0,
                    time_windows=[self._window(job.earliest, job.latest)],
                )
            )

    def _guard(self, number: int) -> int:
        """The skill of all who may do this job."""
        return len(self.skill_number) + number

    def _window(self, earliest: int, latest: int) -> vroom.TimeWindow:
        return vroom.TimeWindow(earliest - self.base, latest - self.base)

    def search(self, *, seconds: float, seed: int) -> list[Reading]:  # noqa: ARG002 - VROOM knows no chance
        began = monotonic()
        found = self.input.solve(_EXPLORATION, nb_threads=1, timeout=timedelta(seconds=seconds))
        return [Reading(monotonic() - began, self._answer(found))]

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
