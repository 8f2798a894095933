"""The visits of which it has been told that nobody had come, so that it is told once."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.store.base import Base, Instant
from visits.store.columns import among
from visits.terms import VisitId

unattended_visits = Table(
    "unattended_visits",
    Base.metadata,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("noted_at", Instant, nullable=False),
)


def known(session: Session, wanted: Collection[VisitId]) -> frozenset[VisitId]:
    """Those of the visits of which it has been told. Names nobody."""
    query = select(unattended_visits.c.visit_id).where(among(unattended_visits.c.visit_id, wanted))
    return frozenset(session.scalars(query))


def note(session: Session, since: Mapping[VisitId, datetime], *, noted_at: datetime) -> list[VisitId]:
    """Store since when nobody has come to these visits; those of which that was not known are returned, in order."""
    if not since:
        return []
    values = [{"visit_id": key, "since": at, "noted_at": noted_at} for key, at in sorted(since.items())]
    statement = upsert(unattended_visits).values(values).on_conflict_do_nothing()
    return sorted(session.scalars(statement.returning(unattended_visits.c.visit_id)))
