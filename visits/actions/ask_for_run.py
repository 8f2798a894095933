"""Ask that a team's day be planned anew; a worker takes it up."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.errors import Refused
from visits.events import DaysTouched, RunChanged
from visits.guard.confidentiality import check_team
from visits.guard.viewer import Viewer
from visits.store import outbox, runs, teams
from visits.store.runs import Run, RunState
from visits.terms import RunId, TeamId, local_day


def ask_for_run(
    session: Session, viewer: Viewer, *, team_id: TeamId, on: date, why: str, now: datetime, days: int = 1
) -> Run:
    """The run that waits for the team's day: a new one, or the one that waits already, so that a storm of changes is one run.

    It plans so many `days` from `on`; one that waits for fewer then plans them all.

    `why` is a short word (`asked`, `carer_absent`). `NotFound` unless the team is the viewer's; a day that is over is refused.
    """
    check_team(viewer, team_id)
    teams.team(session, team_id)
    if on + timedelta(days=days - 1) < local_day(now):
        raise Refused(rule="day_is_over", on=on)
    asked = Run(
        id=RunId(uuid4()),
        team_id=team_id,
        on=on,
        state=RunState.WAITING,
        asked_at=now,
        asked_by=viewer.person_id,
        why=why,
        days=days,
    )
    if not runs.add_waiting(session, asked):
        waits = runs.waiting(session, team_id, on) or asked
        return runs.change(session, waits.id, days=days) if waits.days < days else waits
    outbox.leave(session, run_changed(asked))
    return asked


def run_changed(run: Run) -> RunChanged:
    """The news of a run, for the coordinators who have the team's day open."""
    return RunChanged(
        run_id=run.id, team_id=run.team_id, on=run.on, touched=(DaysTouched(on=run.on, teams=(run.team_id,)),)
    )
