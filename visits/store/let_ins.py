"""Whom citizens have let in. Only a hash of a code is kept, and none once it has been used."""

import hashlib
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    Select,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.representation import LetIn
from visits.guard.viewer import Role, Viewer
from visits.store import audit
from visits.store.base import Base, Instant
from visits.store.citizens import citizens as _citizens
from visits.store.columns import among, words
from visits.store.sight import in_sight
from visits.terms import CitizenId, LetInId

let_ins = Table(
    "let_ins",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("called", Text, nullable=False),
    Column("sees_time", Boolean, nullable=False),
    Column("invited_at", Instant, nullable=False),
    Column("code_hash", LargeBinary, unique=True),
    Column("code_until", Instant, nullable=False),
    Column("relative_id", ForeignKey("relatives.id")),
    Column("accepted_at", Instant),
    Column("wants_to_know", Boolean, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", words(Role)),
    Index(
        "uq_let_ins_open",
        "relative_id",
        "citizen_id",
        unique=True,
        postgresql_where=text("ended_at IS NULL AND relative_id IS NOT NULL"),
    ),
)


def add(session: Session, row: LetIn, *, code: str | None) -> None:
    """Store a new one, with the code that opens it; without a code it is in force already."""
    values = {**_values(row), "code_hash": None if code is None else _hash(code)}
    session.execute(insert(let_ins).values(**values))


def save(session: Session, row: LetIn) -> None:
    """Store what has become of one; its code, once it is used or ended, opens nothing."""
    values = _values(row)
    if row.accepted_at is not None or row.ended_at is not None:
        values["code_hash"] = None
    session.execute(update(let_ins).where(let_ins.c.id == row.id).values(**values))


def by_code(session: Session, code: str) -> LetIn | None:
    """The one that this code opens, held until the transaction ends, so that a code is used once."""
    row = session.execute(select(let_ins).where(let_ins.c.code_hash == _hash(code)).with_for_update()).one_or_none()
    return None if row is None else _let_in(row)


def let_ins_of(session: Session, viewer: Viewer) -> list[LetIn]:
    """A citizen's own, or those by which a relative sees somebody; newest first."""
    return _found(session, viewer, _sighted(viewer), what="let_ins_of")


def let_in(session: Session, viewer: Viewer, let_in_id: LetInId) -> LetIn:
    """One of the viewer's own, held until the transaction ends, or `NotFound`."""
    query = _sighted(viewer).where(let_ins.c.id == let_in_id).with_for_update()
    found = _found(session, viewer, query, what="let_in")
    if not found:
        raise NotFound(what="let_in")
    return found[0]


def who_want_to_know(session: Session, viewer: Viewer, wanted: Collection[CitizenId]) -> list[LetIn]:
    """Those in force, for these citizens, whose relatives want to be told when nobody has come; none for protected identities."""
    query = (
        _sighted(viewer)
        .join(_citizens, _citizens.c.id == let_ins.c.citizen_id)
        .where(among(let_ins.c.citizen_id, wanted), let_ins.c.wants_to_know, let_ins.c.ended_at.is_(None))
        .where(_citizens.c.protected.is_(None))
    )
    return _found(session, viewer, query, what="who_want_to_know")


def _sighted(viewer: Viewer) -> Select[Any]:
    query = select(let_ins).where(let_ins.c.citizen_id.in_(in_sight(viewer, Subject.RELATIVES)))
    if viewer.role is Role.RELATIVE:
        query = query.where(let_ins.c.relative_id == viewer.person_id, let_ins.c.ended_at.is_(None))
    return query.order_by(let_ins.c.invited_at.desc(), let_ins.c.id)


def _found(session: Session, viewer: Viewer, query: Select[Any], *, what: str) -> list[LetIn]:
    found = [_let_in(row) for row in session.execute(query)]
    audit.record(session, viewer, Subject.RELATIVES, what=what, citizens=[one.citizen_id for one in found])
    return found


def _hash(code: str) -> bytes:
    # A code is 58 random bits and short-lived, so a plain hash is enough.
    return hashlib.sha256(code.encode()).digest()


def _values(row: LetIn) -> dict[str, object]:
    return {
        "id": row.id,
        "citizen_id": row.citizen_id,
        "called": row.called,
        "sees_time": row.sees_time,
        "invited_at": row.invited_at,
        "code_until": row.code_until,
        "relative_id": row.relative_id,
        "accepted_at": row.accepted_at,
        "wants_to_know": row.wants_to_know,
        "ended_at": row.ended_at,
        "ended_by": row.ended_by,
    }


def _let_in(row: Row[Any]) -> LetIn:
    return LetIn(
        id=row.id,
        citizen_id=row.citizen_id,
        called=row.called,
        sees_time=row.sees_time,
        invited_at=row.invited_at,
        code_until=row.code_until,
        relative_id=row.relative_id,
        accepted_at=row.accepted_at,
        wants_to_know=row.wants_to_know,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
