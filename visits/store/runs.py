"""Runs: regenerations of a team's day that were asked for, and how far they have come."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.store.base import Base, Instant
from visits.store.columns import words
from visits.terms import RunId, ScheduleId, TeamId


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        return self not in {RunState.WAITING, RunState.RUNNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """`progress` holds `seconds`, `limit_seconds`, `placed`, `unplaced`, `cost` and `phase` once the solver has begun."""

    id: RunId
    team_id: TeamId
    on: date
    state: RunState
    asked_at: datetime
    asked_by: UUID | None
    why: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    progress: dict[str, Any] | None = None
    cancel_asked: bool = False
    schedule_id: ScheduleId | None = None
    error: str = ""
    """A short word for why it failed."""
    attempts: int = 0
    """How often a worker has begun it: more than once when a worker was lost."""
    days: int = 1
    """So many days from `on` are planned together."""


runs = Table(
    "runs",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("state", words(RunState), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Uuid),
    Column("why", String(64), nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("progress", JSONB),
    Column("cancel_asked", Boolean, nullable=False),
    Column("schedule_id", ForeignKey("schedules.id")),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("days", Integer, nullable=False, server_default="1"),
    Index("ix_runs_team_id_on", "team_id", "on", "asked_at"),
    Index("uq_runs_waiting", "team_id", "on", unique=True, postgresql_where=text("state = 'waiting'")),
)


def add(session: Session, run: Run) -> None:
    values = {name: getattr(run, name) for name in runs.c.keys()}  # noqa: SIM118 - columns
    session.execute(insert(runs).values(**values))


def add_waiting(session: Session, run: Run) -> bool:
    """Store a run that waits; False when one waits already for the team's day."""
    values = {name: getattr(run, name) for name in runs.c.keys()}  # noqa: SIM118 - columns
    waits = text("state = 'waiting'")
    statement = (
        upsert(runs).values(**values).on_conflict_do_nothing(index_elements=["team_id", "on"], index_where=waits)
    )
    # The rowcount of an insert is not to be relied on; what comes back is.
    return session.scalar(statement.returning(runs.c.id)) is not None


def waiting(session: Session, team_id: TeamId, on: date) -> Run | None:
    query = select(runs).where(runs.c.team_id == team_id, runs.c.on == on, runs.c.state == RunState.WAITING)
    row = session.execute(query).one_or_none()
    return None if row is None else _run(row)


def change(session: Session, run_id: RunId, **values: object) -> Run:
    """Change some fields of a run and return it; `NotFound` when there is none."""
    row = session.execute(update(runs).where(runs.c.id == run_id).values(**values).returning(runs)).one_or_none()
    if row is None:
        raise NotFound(what="run")
    return _run(row)


def run(session: Session, run_id: RunId, *, lock: bool = False) -> Run:
    query = select(runs).where(runs.c.id == run_id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(what="run")
    return _run(row)


def take(session: Session, team_id: TeamId, on: date, *, now: datetime) -> Run | None:
    """Begin the run of the team's day that a lost worker has left, else the one that waits; None when there is none.

    For the one worker that holds the day. `started_at` becomes the run's token: see `change_mine`.
    """
    open_states = (RunState.RUNNING, RunState.WAITING)
    query = select(runs.c.id).where(runs.c.team_id == team_id, runs.c.on == on, runs.c.state.in_(open_states))
    oldest = query.order_by(runs.c.asked_at, runs.c.id).limit(1).with_for_update()
    run_id = session.scalar(oldest)
    if run_id is None:
        return None
    return change(session, run_id, state=RunState.RUNNING, started_at=now, progress=None, attempts=runs.c.attempts + 1)


def change_mine(session: Session, mine: Run, **values: object) -> Run | None:
    """Change a run that this worker has begun and that nobody has begun anew or ended since; None when somebody has."""
    is_mine = (runs.c.id == mine.id) & (runs.c.started_at == mine.started_at) & (runs.c.state == RunState.RUNNING)
    row = session.execute(update(runs).where(is_mine).values(**values).returning(runs)).one_or_none()
    return None if row is None else _run(row)


_WITHOUT_A_JOB = """
SELECT team_id, "on" FROM runs
WHERE state IN ('waiting', 'running') AND NOT EXISTS (
    SELECT FROM procrastinate_jobs job
    WHERE job.lock = runs.team_id || '/' || runs."on" AND job.status IN ('todo', 'doing')
)
GROUP BY team_id, "on"
"""


def days_without_a_job(session: Session) -> list[tuple[TeamId, date]]:
    """The days whose run nobody has been told to take up: a worker was lost, or the news of the run was."""
    return [(row.team_id, row.on) for row in session.execute(text(_WITHOUT_A_JOB))]


def newest(session: Session, team_id: TeamId, on: date) -> Run | None:
    """The run asked for last, for the team's day."""
    query = select(runs).where(runs.c.team_id == team_id, runs.c.on == on)
    row = session.execute(query.order_by(runs.c.asked_at.desc(), runs.c.id).limit(1)).one_or_none()
    return None if row is None else _run(row)


def _run(row: Row[Any]) -> Run:
    return Run(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
