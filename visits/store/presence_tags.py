"""Tags in the home (NFC or a printed square code), by which a carer shows having been there. No position is ever asked for.

A tag holds an address with a secret in it. Only the secret's hash is kept: here, and in the phones of those who are to come.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, LargeBinary, Row, Table, Uuid, insert, or_, select, update
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit
from visits.store.base import Base, Instant
from visits.store.columns import among
from visits.store.sight import in_sight
from visits.store.visits import visits
from visits.terms import CitizenId, TagId, VisitId

presence_tags = Table(
    "presence_tags",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceTag:
    """A tag that hangs at a citizen's. It proves what happened from `made_at` until `revoked_at`."""

    id: TagId
    citizen_id: CitizenId
    made_at: datetime
    revoked_at: datetime | None = None


def add(session: Session, tag: PresenceTag, *, secret: str) -> None:
    session.execute(
        insert(presence_tags).values(
            id=tag.id, citizen_id=tag.citizen_id, secret_hash=hash_of(secret), made_at=tag.made_at
        )
    )


def tags_in_sight(session: Session, viewer: Viewer) -> list[PresenceTag]:
    """The tags that hold, at citizens whose door is in the viewer's sight, the newest first. Leaves an audit entry."""
    query = select(presence_tags).where(presence_tags.c.revoked_at.is_(None))
    query = query.where(presence_tags.c.citizen_id.in_(in_sight(viewer, Subject.DOOR)))
    found = [_tag(row) for row in session.execute(query.order_by(presence_tags.c.made_at.desc(), presence_tags.c.id))]
    audit.record(
        session, viewer, Subject.DOOR, what="tags_in_sight", citizens=sorted({tag.citizen_id for tag in found})
    )
    return found


def revoke(session: Session, viewer: Viewer, tag_id: TagId, *, at: datetime) -> None:
    """The tag proves nothing from now on; `NotFound` unless it hangs where the viewer may see the door. Leaves an audit entry."""
    query = update(presence_tags).where(presence_tags.c.id == tag_id, presence_tags.c.revoked_at.is_(None))
    query = query.where(presence_tags.c.citizen_id.in_(in_sight(viewer, Subject.DOOR)))
    citizen_id = session.scalar(query.values(revoked_at=at).returning(presence_tags.c.citizen_id))
    audit.record(session, viewer, Subject.DOOR, what="revoke_tag", citizens=[citizen_id] if citizen_id else [])
    if citizen_id is None:
        raise NotFound(what="tag")


def proves(session: Session, secret: str, *, visit_id: VisitId, at: datetime) -> bool:
    """Whether the secret is that of a tag that hung at this visit's citizen at that moment. Tells nothing else."""
    query = select(presence_tags.c.id).join(visits, visits.c.citizen_id == presence_tags.c.citizen_id)
    query = query.where(
        presence_tags.c.secret_hash == hash_of(secret),
        visits.c.id == visit_id,
        presence_tags.c.made_at <= at,
        or_(presence_tags.c.revoked_at.is_(None), presence_tags.c.revoked_at > at),
    )
    return session.scalar(query) is not None


def hashes_at(session: Session, citizens: Collection[CitizenId]) -> dict[CitizenId, tuple[str, ...]]:
    """The tags that hold at each of these homes, as hashes in hex. For callers who have read the doors as a `Viewer`."""
    query = select(presence_tags.c.citizen_id, presence_tags.c.secret_hash)
    query = query.where(among(presence_tags.c.citizen_id, citizens), presence_tags.c.revoked_at.is_(None))
    found: dict[CitizenId, tuple[str, ...]] = {}
    for row in session.execute(query.order_by(presence_tags.c.made_at, presence_tags.c.id)):
        found[row.citizen_id] = (*found.get(row.citizen_id, ()), row.secret_hash.hex())
    return found


def hash_of(secret: str) -> bytes:
    """Of 16 random bytes: a plain hash is enough, there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()


def _tag(row: Row[Any]) -> PresenceTag:
    return PresenceTag(id=row.id, citizen_id=row.citizen_id, made_at=row.made_at, revoked_at=row.revoked_at)
