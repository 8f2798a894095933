"""The queue: one job for each team's day, however often it is asked for."""

from datetime import date, datetime

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

from visits.events import RunChanged
from visits.store import runs
from visits.store.runs import RunState
from visits.terms import TeamId

QUEUE = "runs"
TASK = "plan_day"

_deferring = App(connector=SyncPsycopgConnector())
"""Never opened: it writes on the connection of whoever defers."""


def key_of(team_id: TeamId, on: date) -> str:
    """One job of this key waits at a time, and one is done at a time."""
    return f"{team_id}/{on.isoformat()}"


def defer_run(session: Session, *, team_id: TeamId, on: date) -> None:
    """Have a worker take up the day's run, in the transaction of `session`. Harmless to repeat: that is the debounce."""
    key = key_of(team_id, on)
    try:
        with session.begin_nested():  # the savepoint is set when the connection is asked for
            connection = session.connection().connection.driver_connection
            job = _deferring.configure_task(TASK, queue=QUEUE, lock=key, queueing_lock=key, connection=connection)
            job.defer(team_id=str(team_id), on=on.isoformat())
    except AlreadyEnqueued:
        pass


def take_up(session: Session, event: RunChanged, now: datetime) -> None:  # noqa: ARG001 - the shape of every reaction
    """What follows when a run has changed: if it waits, a worker is told."""
    if runs.run(session, event.run_id).state is RunState.WAITING:
        defer_run(session, team_id=event.team_id, on=event.on)
