"""How far those readers of the outbox have come who handle each event once, and what they have yet to try again."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.events import Event
from visits.store import outbox
from visits.store.base import Base, Instant
from visits.store.outbox import Position, TransactionId

outbox_readers = Table(
    "outbox_readers",
    Base.metadata,
    Column("name", String(32), primary_key=True),
    Column("transaction", TransactionId, nullable=False),
    Column("id", BigInteger, nullable=False),
)

overdue_reactions = Table(
    "overdue_reactions",
    Base.metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("error", String(200), nullable=False),
    Index("ix_overdue_reactions_next_at", "next_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """An event whose reaction has failed `attempts` times."""

    event_id: int
    event: Event
    attempts: int


def take(session: Session, name: str) -> Position | None:
    """How far the reader has come, held until the transaction ends; None while another process holds it."""
    first = {"name": name, "transaction": text("'0'::xid8"), "id": 0}
    session.execute(upsert(outbox_readers).values(first).on_conflict_do_nothing(index_elements=["name"]))
    query = select(text("transaction::text::bigint AS transaction"), outbox_readers.c.id)
    query = query.where(outbox_readers.c.name == name).with_for_update(skip_locked=True)
    row = session.execute(query).one_or_none()
    return None if row is None else Position(transaction=row.transaction, id=row.id)


def advance(session: Session, name: str, position: Position) -> None:
    values = {"transaction": text(f"'{position.transaction:d}'::xid8"), "id": position.id}
    session.execute(update(outbox_readers).where(outbox_readers.c.name == name).values(**values))


def put_off(session: Session, event_id: int, *, by: timedelta, error: str) -> None:
    """The reaction to an event has failed and is to be tried again; `error` names its kind and nothing else."""
    next_at = func.clock_timestamp() + by
    statement = upsert(overdue_reactions).values(event_id=event_id, attempts=1, next_at=next_at, error=error)
    again = {"attempts": overdue_reactions.c.attempts + 1, "next_at": next_at, "error": error}
    session.execute(statement.on_conflict_do_update(index_elements=["event_id"], set_=again))


def take_overdue(session: Session) -> Overdue | None:
    """One that is to be tried again by now, held until the transaction ends."""
    query = select(overdue_reactions).where(overdue_reactions.c.next_at <= func.clock_timestamp())
    query = query.order_by(overdue_reactions.c.next_at).limit(1).with_for_update(skip_locked=True)
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    return Overdue(event_id=row.event_id, event=outbox.event(session, row.event_id), attempts=row.attempts)


def settle(session: Session, event_id: int) -> None:
    session.execute(delete(overdue_reactions).where(overdue_reactions.c.event_id == event_id))
