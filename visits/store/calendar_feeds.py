"""Calendar feeds: secret, revocable addresses, and what each has last told its reader about each visit.

Only a hash of the secret is kept. The entries remember what was told, so that a change raises the SEQUENCE (RFC 5545, 3.8.7.4) and
a visit that is gone is told as cancelled.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.guard.viewer import Role, Viewer
from visits.store.base import Base, Instant
from visits.store.columns import words

calendar_feeds = Table(
    "calendar_feeds",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("role", words(Role), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("uq_calendar_feeds_open", "role", "person_id", unique=True, postgresql_where=text("revoked_at IS NULL")),
)

calendar_entries = Table(
    "calendar_entries",
    Base.metadata,
    Column("feed_id", ForeignKey("calendar_feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("on", Date, nullable=False),
    Column("start_at", Instant, nullable=False),
    Column("end_at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    id: UUID
    role: Role
    person_id: UUID
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a calendar is told about one visit or shift. `title` names nobody."""

    id: UUID
    on: date
    start_at: datetime
    end_at: datetime
    title: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEntry:
    """An entry with how often it has changed, and when last."""

    entry: Entry
    sequence: int
    changed_at: datetime


def add(session: Session, feed: Feed, *, secret: str) -> None:
    session.execute(
        insert(calendar_feeds).values(
            id=feed.id, role=feed.role, person_id=feed.person_id, secret_hash=_hash(secret), made_at=feed.made_at
        )
    )


def open_feed(session: Session, viewer: Viewer) -> Feed | None:
    """The viewer's own feed, unless there is none or it has been revoked."""
    query = select(calendar_feeds).where(
        calendar_feeds.c.role == viewer.role,
        calendar_feeds.c.person_id == viewer.person_id,
        calendar_feeds.c.revoked_at.is_(None),
    )
    row = session.execute(query).one_or_none()
    return None if row is None else _feed(row)


def revoke(session: Session, viewer: Viewer, *, at: datetime) -> None:
    """Close the viewer's own feed for good; harmless when there is none."""
    session.execute(
        update(calendar_feeds)
        .where(
            calendar_feeds.c.role == viewer.role,
            calendar_feeds.c.person_id == viewer.person_id,
            calendar_feeds.c.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )


def by_secret(session: Session, secret: str) -> Feed | None:
    """The open feed at a secret address. Holds the feed, so that two readers do not count one change twice."""
    query = select(calendar_feeds).where(
        calendar_feeds.c.secret_hash == _hash(secret), calendar_feeds.c.revoked_at.is_(None)
    )
    row = session.execute(query.with_for_update()).one_or_none()
    return None if row is None else _feed(row)


def tell(session: Session, feed: Feed, entries: list[Entry], *, since: date, now: datetime) -> list[ToldEntry]:
    """Bring what the feed has told since the day `since` up to date, and return all of it by start.

    A new entry begins at sequence 0; each change raises it by one; one that is no longer there becomes cancelled.
    """
    query = select(calendar_entries).where(calendar_entries.c.feed_id == feed.id, calendar_entries.c.on >= since)
    known = {row.entry_id: _told(row) for row in session.execute(query)}
    told = {entry.id: _retold(known.get(entry.id), entry, now=now) for entry in entries}
    for entry_id, before in known.items():
        if entry_id not in told:
            told[entry_id] = _retold(before, _cancelled(before.entry), now=now)
    changed = [after for entry_id, after in told.items() if known.get(entry_id) != after]
    _put(session, feed, changed)
    return sorted(told.values(), key=lambda each: (each.entry.start_at, each.entry.id))


def _retold(before: ToldEntry | None, entry: Entry, *, now: datetime) -> ToldEntry:
    if before is None:
        return ToldEntry(entry=entry, sequence=0, changed_at=now)
    if before.entry == entry:
        return before
    return ToldEntry(entry=entry, sequence=before.sequence + 1, changed_at=now)


def _cancelled(entry: Entry) -> Entry:
    return Entry(
        id=entry.id, on=entry.on, start_at=entry.start_at, end_at=entry.end_at, title=entry.title, cancelled=True
    )


def _put(session: Session, feed: Feed, changed: list[ToldEntry]) -> None:
    if not changed:
        return
    statement = upsert(calendar_entries).values(
        [
            {
                "feed_id": feed.id,
                "entry_id": told.entry.id,
                "on": told.entry.on,
                "start_at": told.entry.start_at,
                "end_at": told.entry.end_at,
                "title": told.entry.title,
                "cancelled": told.entry.cancelled,
                "sequence": told.sequence,
                "changed_at": told.changed_at,
            }
            for told in changed
        ]
    )
    changing = {column.name: statement.excluded[column.name] for column in calendar_entries.c if not column.primary_key}
    session.execute(statement.on_conflict_do_update(index_elements=["feed_id", "entry_id"], set_=changing))


def _hash(secret: str) -> bytes:
    # The secret is 32 random bytes, so a plain hash is enough: there is nothing to guess.
    return hashlib.sha256(secret.encode()).digest()


def _feed(row: Row[Any]) -> Feed:
    return Feed(id=row.id, role=row.role, person_id=row.person_id, made_at=row.made_at)


def _told(row: Row[Any]) -> ToldEntry:
    entry = Entry(
        id=row.entry_id,
        on=row.on,
        start_at=row.start_at,
        end_at=row.end_at,
        title=row.title,
        cancelled=row.cancelled,
    )
    return ToldEntry(entry=entry, sequence=row.sequence, changed_at=row.changed_at)
