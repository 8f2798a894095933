"""The facts that carers send from the door. Rows are only ever added."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ForeignKey, Row, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.performed.checkins import Fact, FactKind, Source
from visits.store.base import Base, Instant
from visits.store.columns import among, words
from visits.terms import FactId, VisitId

visit_facts = Table(
    "visit_facts",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("visit_id", ForeignKey("visits.id"), nullable=False, index=True),
    Column("carer_id", ForeignKey("carers.id"), nullable=False, index=True),
    Column("kind", words(FactKind), nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("source", words(Source), nullable=False),
    Column("note", Text, nullable=False),
    Column("corrects", ForeignKey("visit_facts.id")),
    Column("reason", Text, nullable=False),
)


def add(session: Session, fact: Fact) -> bool:
    """Store a fact; False when a fact of that id is stored already (see `fact`), so that sending twice is harmless."""
    statement = upsert(visit_facts).values(**asdict(fact)).on_conflict_do_nothing(index_elements=["id"])
    # The rowcount of an insert is not to be relied on; what comes back is.
    return session.scalar(statement.returning(visit_facts.c.id)) is not None


def fact(session: Session, fact_id: FactId) -> Fact | None:
    row = session.execute(select(visit_facts).where(visit_facts.c.id == fact_id)).one_or_none()
    return None if row is None else _fact(row)


def facts_of(session: Session, visit_ids: Collection[VisitId]) -> dict[VisitId, list[Fact]]:
    """All facts per visit, corrected ones included. For callers who have read the visits themselves as a `Viewer`."""
    rows = session.execute(
        select(visit_facts)
        .where(among(visit_facts.c.visit_id, visit_ids))
        .order_by(visit_facts.c.happened_at, visit_facts.c.id)
    )
    found: dict[VisitId, list[Fact]] = {}
    for row in rows:
        found.setdefault(row.visit_id, []).append(_fact(row))
    return found


def _fact(row: Row[Any]) -> Fact:
    return Fact(
        id=row.id,
        visit_id=row.visit_id,
        carer_id=row.carer_id,
        kind=row.kind,
        happened_at=row.happened_at,
        received_at=row.received_at,
        source=row.source,
        note=row.note,
        corrects=row.corrects,
        reason=row.reason,
    )
