"""Take back a run that was asked for."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.actions.ask_for_run import run_changed
from visits.guard.confidentiality import check_team
from visits.guard.viewer import Viewer
from visits.store import outbox, runs
from visits.store.runs import Run, RunState
from visits.terms import RunId


def cancel_run(session: Session, viewer: Viewer, run_id: RunId, *, now: datetime) -> Run:
    """A waiting run ends at once, a running one within a second, a run that is over stays as it is. Nothing is kept of it."""
    run = runs.run(session, run_id, lock=True)
    check_team(viewer, run.team_id)
    if run.state is RunState.WAITING:
        run = runs.change(session, run_id, state=RunState.CANCELLED, cancel_asked=True, ended_at=now)
    elif run.state is RunState.RUNNING and not run.cancel_asked:
        run = runs.change(session, run_id, cancel_asked=True)
    else:
        return run
    outbox.leave(session, run_changed(run))
    return run
