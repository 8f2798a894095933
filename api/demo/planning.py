"""Plan and publish the demo's days, on as many processors as there are, by the same actions as everybody else's."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from queue import SimpleQueue

from sqlalchemy.orm import Session, sessionmaker

from api.runs.solving import SolverProcess, Work
from visits.actions.acknowledge_forgotten import acknowledge_forgotten
from visits.actions.publish_schedule import publish_schedule
from visits.actions.regenerate_schedule import read_inputs, store_draft
from visits.guard.viewer import Viewer
from visits.store import schedules, teams
from visits.terms import TeamId, local_day, midnight

_NO_PLACE_FOUND = "Demon publicerar sina dagar själv; samordnaren löser det som saknar plats"
SECONDS_A_TEAM = 2.0
_MOST_PROCESSES = 4
_BEFORE_THE_DAY = timedelta(hours=9)
"""A day is published in the afternoon before, at three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A team's day as it was published."""

    team: str
    on: date
    placed: int
    unplaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPlan:
    team_id: TeamId
    team: str
    on: date


def unplanned(sessions: sessionmaker[Session], days: Iterable[date]) -> list[ToPlan]:
    """The teams and days for which nothing is published yet."""
    with sessions() as session:
        found = []
        for on in days:
            known = set(schedules.teams_with_published(session, on))
            found += [
                ToPlan(team_id=team.id, team=team.name, on=on)
                for team in teams.all_teams(session)
                if team.id not in known
            ]
        return found


def plan_and_publish(
    sessions: sessionmaker[Session],
    wanted: list[ToPlan],
    *,
    now: datetime,
    seconds: float = SECONDS_A_TEAM,
    tell: Callable[[Planned], None],
) -> None:
    """Plan and publish each of them, some at once; `tell` hears of each when it stands."""
    processes = max(1, min(os.cpu_count() or 1, _MOST_PROCESSES, len(wanted)))
    solvers = SimpleQueue[SolverProcess]()
    made = [SolverProcess() for _ in range(processes)]
    for solver in made:
        solver.start()
        solvers.put(solver)

    def plan(one: ToPlan) -> Planned:
        solver = solvers.get()
        try:
            return _plan(sessions, solver, one, now=min(now, midnight(one.on) - _BEFORE_THE_DAY), seconds=seconds)
        finally:
            solvers.put(solver)

    with ThreadPoolExecutor(max_workers=processes) as pool:
        try:
            for done in as_completed([pool.submit(plan, one) for one in wanted]):
                tell(done.result())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for solver in made:
                solver.stop()


def _plan(
    sessions: sessionmaker[Session], solver: SolverProcess, one: ToPlan, *, now: datetime, seconds: float
) -> Planned:
    viewer = Viewer.system(reason="the demo plans its days", today=local_day(now))
    with sessions.begin() as session:
        inputs = read_inputs(session, viewer, team_id=one.team_id, on=one.on, now=now)
    work = Work(day=inputs.day, seconds=seconds)
    draft = solver.solve(work, tell=lambda _: None, is_cancelled=lambda: False)
    with sessions.begin() as session:
        schedule = store_draft(session, viewer, inputs, draft, now=now)
        acknowledge_forgotten(session, viewer, schedule.id, about=None, reason=_NO_PLACE_FOUND, now=now)
        publish_schedule(session, viewer, schedule.id, now=now)
    return Planned(team=one.team, on=one.on, placed=len(draft.placements), unplaced=len(draft.unplaced))
