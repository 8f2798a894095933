"""The facts that are told about visits, and what a second person has said of them. Rows are only ever added."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Row, Table, Text, Uuid, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.performed.attendance import Interval
from visits.performed.checkins import Approval, Fact, FactKind, Source
from visits.performed.folding import Performed, fold
from visits.store.base import Base, Instant
from visits.store.columns import among, words
from visits.terms import FactId, ServiceCode, VisitId

visit_facts = Table(
    "visit_facts",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("visit_id", ForeignKey("visits.id"), nullable=False, index=True),
    Column("carer_id", ForeignKey("carers.id"), index=True),
    Column("kind", words(FactKind), nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("source", words(Source), nullable=False),
    Column("device", Uuid),
    Column("code", words(ServiceCode)),
    Column("moved_to", Instant),
    Column("note", Text, nullable=False),
    Column("corrects", ForeignKey("visit_facts.id")),
    Column("reason", Text, nullable=False),
    Column("coordinator_id", ForeignKey("coordinators.id")),
    Column("needs_approval", Boolean, nullable=False, index=True),
)

correction_approvals = Table(
    "correction_approvals",
    Base.metadata,
    Column("fact_id", ForeignKey("visit_facts.id"), primary_key=True),
    Column("coordinator_id", ForeignKey("coordinators.id"), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("is_approved", Boolean, nullable=False),
)

FACTS_ARE_KEPT = """
CREATE OR REPLACE FUNCTION facts_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was told is never overwritten: correct it by a new fact'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'facts_are_kept';
END $$;
CREATE TRIGGER facts_are_kept BEFORE UPDATE OR DELETE ON visit_facts
    FOR EACH STATEMENT EXECUTE FUNCTION facts_are_kept();
CREATE TRIGGER approvals_are_kept BEFORE UPDATE OR DELETE ON correction_approvals
    FOR EACH STATEMENT EXECUTE FUNCTION facts_are_kept();
"""
"""Run by the migration: no program changes or takes away what was told (only a demo is emptied, whole tables at a time)."""


def add(session: Session, fact: Fact) -> bool:
    """Store a fact; False when a fact of that id is stored already (see `fact`), so that sending twice is harmless."""
    statement = upsert(visit_facts).values(**asdict(fact)).on_conflict_do_nothing(index_elements=["id"])
    # The rowcount of an insert is not to be relied on; what comes back is.
    return session.scalar(statement.returning(visit_facts.c.id)) is not None


def add_many(session: Session, rows: Sequence[Fact]) -> None:
    """Store many facts that are known to be new."""
    if rows:
        session.execute(
            insert(visit_facts), [{one.name: getattr(row, one.name) for one in fields(row)} for row in rows]
        )


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


def add_approval(session: Session, approval: Approval) -> bool:
    """Store what a second person says; False when somebody has said yes or no before."""
    statement = upsert(correction_approvals).values(**asdict(approval)).on_conflict_do_nothing()
    return session.scalar(statement.returning(correction_approvals.c.fact_id)) is not None


def approvals_of(session: Session, visit_ids: Collection[VisitId]) -> dict[VisitId, list[Approval]]:
    """What was decided about the visits' facts. For callers who have read the visits themselves as a `Viewer`."""
    rows = session.execute(
        select(correction_approvals, visit_facts.c.visit_id)
        .join(visit_facts, visit_facts.c.id == correction_approvals.c.fact_id)
        .where(among(visit_facts.c.visit_id, visit_ids))
    )
    found: dict[VisitId, list[Approval]] = {}
    for row in rows:
        found.setdefault(row.visit_id, []).append(
            Approval(
                fact_id=row.fact_id,
                coordinator_id=row.coordinator_id,
                decided_at=row.decided_at,
                is_approved=row.is_approved,
            )
        )
    return found


def performed_of(
    session: Session, visit_ids: Collection[VisitId], *, as_of: datetime | None = None
) -> dict[VisitId, Performed]:
    """What the facts of each visit amount to; a visit about which nothing was told is left out.

    `as_of` leaves out what was received, and decided, later than that: a closed month as it stood. For callers who have read the
    visits themselves as a `Viewer`.
    """
    told = facts_of(session, visit_ids)
    waits = any(fact.needs_approval for facts in told.values() for fact in facts)
    decided = approvals_of(session, visit_ids) if waits else {}
    found: dict[VisitId, Performed] = {}
    for visit_id, facts in told.items():
        known = [one for one in facts if as_of is None or one.received_at <= as_of]
        approvals = [one for one in decided.get(visit_id, ()) if as_of is None or one.decided_at <= as_of]
        if known:
            found[visit_id] = fold(known, approvals)
    return found


_NOTHING_TO_FOLD = (FactKind.CHECK_IN, FactKind.CHECK_OUT, FactKind.TASK_DONE, FactKind.NOTE)


def plain_stays(session: Session, visit_ids: Collection[VisitId], *, as_of: datetime) -> dict[VisitId, Interval]:
    """Of these visits those to which one carer came once and went, and which nobody corrected: there is nothing to fold.

    The same as `performed_of` says of them (a test compares), a row a visit. For callers who have read the visits themselves as a
    `Viewer`.
    """
    told = visit_facts.c
    came_at = func.min(told.happened_at).filter(told.kind == FactKind.CHECK_IN)
    left_at = func.max(told.happened_at).filter(told.kind == FactKind.CHECK_OUT)
    query = (
        select(told.visit_id, came_at.label("came_at"), left_at.label("left_at"))
        .where(among(told.visit_id, visit_ids))
        .group_by(told.visit_id)
        .having(
            func.count().filter(told.kind == FactKind.CHECK_IN) == 1,
            func.count().filter(told.kind == FactKind.CHECK_OUT) == 1,
            func.count(told.carer_id.distinct()) == 1,
            func.bool_and(told.kind.in_(_NOTHING_TO_FOLD)),
            func.bool_and(told.corrects.is_(None) & told.coordinator_id.is_(None) & told.needs_approval.is_(False)),
            func.max(told.received_at) <= as_of,
            came_at <= left_at,
        )
    )
    rows = session.execute(query)
    return {row.visit_id: Interval(start_at=row.came_at, end_at=row.left_at) for row in rows}


def _fact(row: Row[Any]) -> Fact:
    return Fact(
        id=row.id,
        visit_id=row.visit_id,
        carer_id=row.carer_id,
        kind=row.kind,
        happened_at=row.happened_at,
        received_at=row.received_at,
        source=row.source,
        device=row.device,
        code=row.code,
        moved_to=row.moved_to,
        note=row.note,
        corrects=row.corrects,
        reason=row.reason,
        coordinator_id=row.coordinator_id,
        needs_approval=row.needs_approval,
    )
