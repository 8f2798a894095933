"""The months whose figures are settled. A closed month is never opened again: what comes later is seen to have come later."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Column, Date, Table, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.performed.months import ClosedMonth, month_of
from visits.store.base import Base, Instant
from visits.store.visits import visits

closed_months = Table(
    "closed_months",
    Base.metadata,
    Column("month_on", Date, primary_key=True),
    Column("closed_at", Instant, nullable=False),
)


def close(session: Session, rows: Sequence[ClosedMonth]) -> None:
    """Store closings; one that is known already stands as it is."""
    if rows:
        values = [{"month_on": row.month_on, "closed_at": row.closed_at} for row in rows]
        session.execute(upsert(closed_months).values(values).on_conflict_do_nothing())


def closed(session: Session) -> dict[date, datetime]:
    """When each closed month was closed, by its first day. For the figures of a closed month, ask `performed_of` as of then."""
    return {row.month_on: row.closed_at for row in session.execute(select(closed_months))}


def closed_at(session: Session, on: date) -> datetime | None:
    """When the month in which a day lies was closed; None while it is open."""
    query = select(closed_months.c.closed_at).where(closed_months.c.month_on == month_of(on))
    return session.scalar(query)


def first_day(session: Session) -> date | None:
    """The day of the oldest visit there is; None without any."""
    found: date | None = session.scalar(select(func.min(visits.c.on)))
    return found
