"""What was brought in from outside, file by file, so that it can be taken back whole. Staff and ids: names nobody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Integer, Row, String, Table, Uuid, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import Date

from visits.errors import NotFound
from visits.planned.roster_rows import ImportKind
from visits.store.base import Base, Instant
from visits.store.columns import words
from visits.terms import TeamId

MOST_SHOWN = 10

roster_batches = Table(
    "roster_batches",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False, index=True),
    Column("kind", words(ImportKind), nullable=False),
    Column("file_name", String(100), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Uuid),
    Column("days", ARRAY(Date), nullable=False),
    Column("added", JSONB, nullable=False),
    Column("removed", JSONB, nullable=False),
    Column("cancelled_visits", Integer, nullable=False),
    Column("taken_back_at", Instant),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One import. `added` are the rows it made and `removed` those it took away, each as the store of that kind writes them.

    `days` are those on which something changed, `cancelled_visits` how many visits it cancelled.
    """

    id: UUID
    team_id: TeamId
    kind: ImportKind
    file_name: str
    made_at: datetime
    made_by: UUID | None
    days: tuple[date, ...]
    added: tuple[dict[str, Any], ...]
    removed: tuple[dict[str, Any], ...] = ()
    cancelled_visits: int = 0
    taken_back_at: datetime | None = None


def add(session: Session, batch: Batch) -> None:
    values = {name: getattr(batch, name) for name in Batch.__slots__}
    lists = {name: list(values[name]) for name in ("days", "added", "removed")}
    session.execute(insert(roster_batches).values(**values | lists))


def batch(session: Session, batch_id: UUID, *, lock: bool = False) -> Batch:
    """One import, or `NotFound`; `lock` holds it until the transaction ends."""
    query = select(roster_batches).where(roster_batches.c.id == batch_id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(what="import")
    return _batch(row)


def newest(session: Session, team_id: TeamId) -> Sequence[Batch]:
    """The team's last imports, newest first."""
    query = select(roster_batches).where(roster_batches.c.team_id == team_id)
    return [_batch(row) for row in session.execute(query.order_by(roster_batches.c.made_at.desc()).limit(MOST_SHOWN))]


def take_back(session: Session, batch_id: UUID, *, at: datetime) -> None:
    session.execute(update(roster_batches).where(roster_batches.c.id == batch_id).values(taken_back_at=at))


def days_as(days: Collection[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


def _batch(row: Row[Any]) -> Batch:
    known = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    return Batch(**{**known, **{name: tuple(known[name]) for name in ("days", "added", "removed")}})
