"""Sign-in sessions, kept on the server: the cookie holds a random token, the table only its hash."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Table, Uuid, delete, insert, select
from sqlalchemy.orm import Session

from visits.guard.viewer import Role
from visits.store.base import Base, Instant
from visits.store.columns import words

COOKIE = "vardag"
_TOKEN_BYTES = 32

sign_in_sessions = Table(
    "sign_in_sessions",
    Base.metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("role", words(Role), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("signed_in_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_sign_in_sessions_expires_at", "expires_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody with a session in force."""

    role: Role
    person_id: UUID
    expires_at: datetime
    csrf: str
    token_hash: bytes


def begin(session: Session, *, role: Role, person_id: UUID, now: datetime, lasts: timedelta) -> str:
    """Sign somebody in, and forget sessions that have run out. Returns the cookie's token, which is stored nowhere."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.execute(delete(sign_in_sessions).where(sign_in_sessions.c.expires_at <= now))
    session.execute(
        insert(sign_in_sessions).values(
            token_hash=hash_of(token),
            role=role,
            person_id=person_id,
            signed_in_at=now,
            expires_at=now + lasts,
        )
    )
    return token


def find(session: Session, token: str, *, now: datetime, key: bytes) -> SignedIn | None:
    """Who holds this token, if its session is still in force."""
    row = session.execute(
        select(sign_in_sessions)
        .where(sign_in_sessions.c.token_hash == hash_of(token))
        .where(sign_in_sessions.c.expires_at > now)
    ).one_or_none()
    if row is None:
        return None
    return SignedIn(
        role=row.role,
        person_id=row.person_id,
        expires_at=row.expires_at,
        csrf=csrf_token(token, key),
        token_hash=row.token_hash,
    )


def in_force(session: Session, tokens: Iterable[str], *, now: datetime) -> dict[bytes, tuple[Role, UUID]]:
    """Of many tokens at once, those whose session is still in force: their hash, and who holds them."""
    query = select(sign_in_sessions.c.token_hash, sign_in_sessions.c.role, sign_in_sessions.c.person_id)
    query = query.where(sign_in_sessions.c.token_hash.in_([hash_of(token) for token in tokens]))
    rows = session.execute(query.where(sign_in_sessions.c.expires_at > now))
    return {row.token_hash: (row.role, row.person_id) for row in rows}


def end(session: Session, token: str) -> None:
    """Sign out; harmless when already done."""
    session.execute(delete(sign_in_sessions).where(sign_in_sessions.c.token_hash == hash_of(token)))


def end_hashed(session: Session, hashes: Iterable[bytes]) -> None:
    """Sign out whoever holds the tokens with these hashes, from afar."""
    session.execute(delete(sign_in_sessions).where(sign_in_sessions.c.token_hash.in_(list(hashes))))


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def csrf_token(token: str, key: bytes) -> str:
    """What a page of this session sends along with everything that changes something."""
    return hmac.new(key, b"csrf\0" + token.encode(), hashlib.sha256).hexdigest()
