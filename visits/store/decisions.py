"""Decisions and what they grant."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Integer, Row, Table, Text, Uuid, cast, insert, select, update
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.granted.decisions import Amount, DecidedAs, Decision, GrantedService, Per
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit
from visits.store.base import Base
from visits.store.columns import STRINGS, Days, words
from visits.store.sight import in_sight
from visits.terms import CitizenId, DecisionId, Period, ServiceCode, ServiceKind

decisions = Table(
    "decisions",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("case_officer_id", ForeignKey("case_officers.id"), nullable=False, index=True),
    Column("kind", words(ServiceKind), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("valid", Days, nullable=False),
    Column("purpose", Text, nullable=False, server_default=""),
)

granted_services = Table(
    "granted_services",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False, index=True),
    Column("code", words(ServiceCode), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("occasions", Integer, nullable=False),
    Column("per", words(Per), nullable=False),
    Column("every", Integer, nullable=False, server_default="1"),
    Column("decided_as", words(DecidedAs), nullable=False, server_default=DecidedAs.OCCASIONS.value),
    Column("staff_required", Integer, nullable=False),
    Column("also", STRINGS, nullable=False, server_default="{}"),
    Column("shared_with", ForeignKey("citizens.id")),
)


def add(session: Session, rows: Sequence[Decision]) -> None:
    if not rows:
        return
    session.execute(
        insert(decisions),
        [
            {
                "id": row.id,
                "citizen_id": row.citizen_id,
                "case_officer_id": row.case_officer_id,
                "kind": row.kind,
                "decided_on": row.decided_on,
                "valid": row.valid,
                "purpose": row.purpose,
            }
            for row in rows
        ],
    )
    services = [_service_values(row, service) for row in rows for service in row.services]
    if services:
        session.execute(insert(granted_services), services)


def save_valid(session: Session, row: Decision) -> None:
    """Store for how long the decision holds; all else of it stays as it was decided."""
    session.execute(update(decisions).where(decisions.c.id == row.id).values(valid=row.valid))


def decisions_in(
    session: Session,
    viewer: Viewer,
    *,
    citizens: Collection[CitizenId],
    period: Period,
    subject: Subject = Subject.CARE,
    on: date | None = None,
) -> list[Decision]:
    """Decisions valid some day of `period` for those of `citizens` in the viewer's sight; leaves an audit entry.

    Sight is that of the day `on` (default: today).
    """
    query = (
        select(decisions)
        .where(decisions.c.citizen_id.in_(citizens), decisions.c.citizen_id.in_(in_sight(viewer, subject, on=on)))
        .where(decisions.c.valid.op("&&")(cast(period, Days)))
        .order_by(decisions.c.citizen_id, decisions.c.id)
    )
    rows = session.execute(query).all()
    services = _services(session, [row.id for row in rows])
    found = [_decision(row, services.get(row.id, ())) for row in rows]
    audit.record(session, viewer, subject, what="decisions", citizens=[row.citizen_id for row in found])
    return found


def decision(session: Session, viewer: Viewer, decision_id: DecisionId, *, on: date | None = None) -> Decision:
    """One decision in the viewer's sight on the day `on` (default: today), or `NotFound`. Leaves an audit entry."""
    query = select(decisions).where(decisions.c.id == decision_id)
    query = query.where(decisions.c.citizen_id.in_(in_sight(viewer, Subject.CARE, on=on)))
    row = session.execute(query).one_or_none()
    audit.record(session, viewer, Subject.CARE, what="decision", citizens=[row.citizen_id] if row else [])
    if row is None:
        raise NotFound(what="decision")
    return _decision(row, _services(session, [row.id]).get(row.id, ()))


def _services(session: Session, decision_ids: Collection[UUID]) -> dict[UUID, tuple[GrantedService, ...]]:
    query = select(granted_services).where(granted_services.c.decision_id.in_(decision_ids))
    rows = session.execute(query.order_by(granted_services.c.decision_id, granted_services.c.code)).all()
    return {
        decision_id: tuple(_service(row) for row in group)
        for decision_id, group in groupby(rows, key=lambda row: row.decision_id)
    }


def _service(row: Row[Any]) -> GrantedService:
    return GrantedService(
        id=row.id,
        code=row.code,
        amount=Amount(
            minutes=row.minutes, occasions=row.occasions, per=row.per, every=row.every, decided_as=row.decided_as
        ),
        staff_required=row.staff_required,
        also=tuple(ServiceCode(code) for code in row.also),
        shared_with=row.shared_with,
    )


def _decision(row: Row[Any], services: tuple[GrantedService, ...]) -> Decision:
    return Decision(
        id=row.id,
        citizen_id=row.citizen_id,
        case_officer_id=row.case_officer_id,
        kind=row.kind,
        decided_on=row.decided_on,
        valid=row.valid,
        services=services,
        purpose=row.purpose,
    )


def _service_values(decision: Decision, service: GrantedService) -> dict[str, object]:
    return {
        "id": service.id,
        "decision_id": decision.id,
        "code": service.code,
        "minutes": service.amount.minutes,
        "occasions": service.amount.occasions,
        "per": service.amount.per,
        "every": service.amount.every,
        "decided_as": service.amount.decided_as,
        "staff_required": service.staff_required,
        "also": [code.value for code in service.also],
        "shared_with": service.shared_with,
    }
