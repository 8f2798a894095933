"""The outbox: event rows, stored in the transaction that changes the state, and the revisions of everybody's day.

`NOTIFY` is only a bell after the commit; the rows are the truth. Rows are read in the order of transactions, and only up to the
oldest one still under way, so that an event that commits late is never passed over.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Identity,
    Index,
    Select,
    String,
    Table,
    Uuid,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

from visits import events
from visits.events import DaysTouched, Event
from visits.store.base import Base, Instant
from visits.store.columns import UUIDS, among, ids, words
from visits.terms import CarerId, CitizenId, TeamId

CHANNEL = "vardag_events"
LAST_ID = 2**62
"""Behind every row of a transaction."""


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's `xid8`: the id of the transaction that wrote a row."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


class Audience(StrEnum):
    """Whose day a revision counts."""

    CITIZEN = "citizen"
    CARER = "carer"
    TEAM = "team"


event_rows = Table(
    "events",
    Base.metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("transaction", TransactionId, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("stored_at", Instant, nullable=False, server_default=func.clock_timestamp()),
    Column("kind", String(64), nullable=False),
    Column("payload", JSONB, nullable=False),
    Index("ix_events_transaction_id", "transaction", "id"),
)

day_revisions = Table(
    "day_revisions",
    Base.metadata,
    Column("audience", words(Audience), primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("on", Date, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("changed_at", Instant, nullable=False, server_default=func.clock_timestamp()),
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Position:
    """How far a reader has come: everything up to and including this row."""

    transaction: int
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    position: Position
    event: Event


def leave(session: Session, event: Event) -> None:
    """Store an event, raise the revision of every day it touches, and ring the bell when the transaction commits."""
    raise_revisions(session, event.touched)
    session.execute(insert(event_rows).values(kind=type(event).__name__, payload=json.loads(_dump(event))))
    session.execute(select(func.pg_notify(CHANNEL, "")))


def raise_revisions(session: Session, touched: Iterable[DaysTouched]) -> None:
    keys: dict[tuple[Audience, date], set[UUID]] = {}
    for days in touched:
        keys.setdefault((Audience.CITIZEN, days.on), set()).update(days.citizens)
        keys.setdefault((Audience.CARER, days.on), set()).update(days.carers)
        keys.setdefault((Audience.TEAM, days.on), set()).update(days.teams)
    # Always in the same order, so that two who raise the same ones wait for each other instead of both giving up.
    for audience, on in sorted(keys):
        subjects = func.unnest(literal(ids(keys[audience, on]), UUIDS))
        rows = select(literal(audience, words(Audience)), subjects, literal(on, Date), literal(1, BigInteger))
        statement = upsert(day_revisions).from_select(["audience", "subject_id", "on", "revision"], rows)
        raised = {"revision": day_revisions.c.revision + 1, "changed_at": func.clock_timestamp()}
        session.execute(statement.on_conflict_do_update(index_elements=["audience", "subject_id", "on"], set_=raised))


def revisions(session: Session, audience: Audience, subjects: Iterable[UUID], on: date) -> dict[UUID, int]:
    """The revision of each subject's day; a day never touched stands at 0 and is left out."""
    query = select(day_revisions.c.subject_id, day_revisions.c.revision).where(
        day_revisions.c.audience == audience, day_revisions.c.on == on, among(day_revisions.c.subject_id, subjects)
    )
    return {row.subject_id: row.revision for row in session.execute(query)}


def revisions_together(
    session: Session, audience: Audience, subjects: Iterable[UUID], *, first_on: date, last_on: date
) -> dict[UUID, int]:
    """The sum of the revisions of each subject's days between two days, both included: rises when any of them does."""
    query = select(day_revisions.c.subject_id, func.sum(day_revisions.c.revision).label("revision")).where(
        day_revisions.c.audience == audience,
        day_revisions.c.on.between(first_on, last_on),
        among(day_revisions.c.subject_id, subjects),
    )
    return {row.subject_id: int(row.revision) for row in session.execute(query.group_by(day_revisions.c.subject_id))}


def newest(session: Session) -> Position:
    """The position from which a reader who only wants what is new begins."""
    return Position(transaction=oldest_under_way(session) - 1, id=LAST_ID)


def oldest_under_way(session: Session) -> int:
    """The oldest transaction not yet ended: whatever older ones have left is there to be read."""
    return int(session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")))


def visible_since(session: Session, transaction: int) -> list[StoredEvent]:
    """Every event that can be read now, left by this transaction or a later one: at once, but not always in order.

    For readers to whom it does no harm to be told twice. Ask for `oldest_under_way` first and begin there the next time.
    """
    query = _rows().where(text("events.transaction >= cast(cast(:transaction AS text) AS xid8)"))
    return _read(session, query.params(transaction=str(transaction)))


def after(session: Session, position: Position, *, limit: int = 500) -> list[StoredEvent]:
    """The events after `position`, in order, as far as no transaction still under way could put one between."""
    query = (
        _rows()
        .where(text("events.transaction < pg_snapshot_xmin(pg_current_snapshot())"))
        .where(text("(events.transaction, events.id) > (cast(cast(:transaction AS text) AS xid8), :id)"))
        .params(transaction=str(position.transaction), id=position.id)
        .limit(limit)
    )
    return _read(session, query)


def is_held_back(session: Session, position: Position) -> bool:
    """Whether `after` keeps something back just now, because an older transaction is still under way."""
    query = select(event_rows.c.id).where(
        text("(events.transaction, events.id) > (cast(cast(:transaction AS text) AS xid8), :id)")
    )
    query = query.params(transaction=str(position.transaction), id=position.id)
    return session.scalar(query.limit(1)) is not None


def event(session: Session, event_id: int) -> Event:
    """One event that is known to be stored."""
    return _read(session, _rows().where(event_rows.c.id == event_id))[0].event


def _rows() -> Select[Any]:
    transaction: ColumnElement[int] = literal_column("events.transaction::text::bigint", BigInteger)
    query = select(transaction.label("transaction"), event_rows.c.id, event_rows.c.kind, event_rows.c.payload)
    return query.order_by(event_rows.c.transaction, event_rows.c.id)


def _read(session: Session, query: Select[Any]) -> list[StoredEvent]:
    return [
        StoredEvent(position=Position(transaction=row.transaction, id=row.id), event=_load(row.kind, row.payload))
        for row in session.execute(query)
    ]


def _dump(event: Event) -> str:
    return json.dumps(asdict(event), default=str)


def _load(kind: str, payload: dict[str, Any]) -> Event:
    made = getattr(events, kind)
    touched = tuple(
        DaysTouched(
            on=date.fromisoformat(days["on"]),
            citizens=tuple(CitizenId(UUID(key)) for key in days["citizens"]),
            carers=tuple(CarerId(UUID(key)) for key in days["carers"]),
            teams=tuple(TeamId(UUID(key)) for key in days["teams"]),
        )
        for days in payload["touched"]
    )
    values: dict[str, object] = {"touched": touched}
    for field in fields(made):
        if field.name != "touched":
            stored = payload[field.name]
            values[field.name] = date.fromisoformat(stored) if field.type is date else UUID(stored)
    event: Event = made(**values)
    return event
