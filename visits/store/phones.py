"""Work phones: the browsers in which carers keep their day, so that a lost one can be emptied from afar.

A phone is known by an id that it made itself; several carers may sign in on it, one after another. Nothing is kept of where it is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, LargeBinary, Row, Table, Uuid, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.store.base import Base, Instant
from visits.store.columns import among
from visits.terms import CarerId, PhoneId

work_phones = Table(
    "work_phones",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("carer_id", ForeignKey("carers.id"), primary_key=True),
    Column("session_hash", LargeBinary(32), nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("wiped_at", Instant),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPhone:
    """A phone as one carer uses it. `session_hash` is that carer's last sign-in there; `wiped_at` when it was to be emptied."""

    id: PhoneId
    carer_id: CarerId
    session_hash: bytes
    registered_at: datetime
    seen_at: datetime
    wiped_at: datetime | None = None


def put(session: Session, phone: WorkPhone) -> None:
    """Store a phone; of one that is known, only the sign-in and the time of contact change."""
    statement = upsert(work_phones).values(
        id=phone.id,
        carer_id=phone.carer_id,
        session_hash=phone.session_hash,
        registered_at=phone.registered_at,
        seen_at=phone.seen_at,
    )
    changing = {name: statement.excluded[name] for name in ("session_hash", "seen_at")}
    session.execute(statement.on_conflict_do_update(index_elements=["id", "carer_id"], set_=changing))


def uses_of(session: Session, phone_id: PhoneId, *, lock: bool = False) -> list[WorkPhone]:
    """Everybody who has signed in on the phone."""
    query = select(work_phones).where(work_phones.c.id == phone_id).order_by(work_phones.c.carer_id)
    return [_phone(row) for row in session.execute(query.with_for_update() if lock else query)]


def phones_of(session: Session, carer_ids: Collection[CarerId]) -> list[WorkPhone]:
    """The phones of these carers that have not been emptied, the latest in contact first."""
    query = select(work_phones).where(among(work_phones.c.carer_id, carer_ids), work_phones.c.wiped_at.is_(None))
    return [_phone(row) for row in session.execute(query.order_by(work_phones.c.seen_at.desc(), work_phones.c.id))]


def mark_wiped(session: Session, phone_id: PhoneId, *, at: datetime) -> None:
    session.execute(
        update(work_phones).where(work_phones.c.id == phone_id, work_phones.c.wiped_at.is_(None)).values(wiped_at=at)
    )


def _phone(row: Row[Any]) -> WorkPhone:
    return WorkPhone(
        id=row.id,
        carer_id=row.carer_id,
        session_hash=row.session_hash,
        registered_at=row.registered_at,
        seen_at=row.seen_at,
        wiped_at=row.wiped_at,
    )
