"""When the next visits are expected, now that the day has met reality. Without a row, the published start holds."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.store.base import Base, Instant
from visits.terms import VisitId

visit_estimates = Table(
    "visit_estimates",
    Base.metadata,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("start_at", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
)


def put(session: Session, starts: Mapping[VisitId, datetime], *, made_at: datetime) -> None:
    if not starts:
        return
    statement = upsert(visit_estimates).values(
        [{"visit_id": visit_id, "start_at": start_at, "made_at": made_at} for visit_id, start_at in starts.items()]
    )
    changing = {"start_at": statement.excluded.start_at, "made_at": statement.excluded.made_at}
    session.execute(statement.on_conflict_do_update(index_elements=["visit_id"], set_=changing))


def estimates_of(session: Session, visit_ids: Collection[VisitId]) -> dict[VisitId, datetime]:
    """The estimated starts that differ from what is published. For callers who have read the visits as a `Viewer`."""
    query = select(visit_estimates).where(visit_estimates.c.visit_id.in_(visit_ids))
    return {row.visit_id: row.start_at for row in session.execute(query)}
