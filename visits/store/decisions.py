"""Decisions and what they grant."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Integer, Row, Table, Uuid, cast, insert, select
from sqlalchemy.orm import Session

from visits.granted.decisions import Amount, Decision, GrantedService, Per
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit
from visits.store.base import Base
from visits.store.columns import Days, words
from visits.store.sight import in_sight
from visits.terms import CitizenId, Period, ServiceCode, ServiceKind

decisions = Table(
    "decisions",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("case_officer_id", ForeignKey("case_officers.id"), nullable=False, index=True),
    Column("kind", words(ServiceKind), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("valid", Days, nullable=False),
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
    Column("staff_required", Integer, nullable=False),
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
            }
            for row in rows
        ],
    )
    services = [_service_values(row, service) for row in rows for service in row.services]
    if services:
        session.execute(insert(granted_services), services)


def decisions_in(
    session: Session,
    viewer: Viewer,
    *,
    citizens: Collection[CitizenId],
    period: Period,
    subject: Subject = Subject.CARE,
) -> list[Decision]:
    """Decisions valid some day of `period` for those of `citizens` in the viewer's sight; leaves an audit entry."""
    query = (
        select(decisions)
        .where(decisions.c.citizen_id.in_(citizens), decisions.c.citizen_id.in_(in_sight(viewer, subject)))
        .where(decisions.c.valid.op("&&")(cast(period, Days)))
        .order_by(decisions.c.citizen_id, decisions.c.id)
    )
    rows = session.execute(query).all()
    services = _services(session, [row.id for row in rows])
    found = [_decision(row, services.get(row.id, ())) for row in rows]
    audit.record(session, viewer, subject, what="decisions", citizens=[row.citizen_id for row in found])
    return found


def _services(session: Session, decision_ids: Collection[UUID]) -> dict[UUID, tuple[GrantedService, ...]]:
    query = select(granted_services).where(granted_services.c.decision_id.in_(decision_ids))
    rows = session.execute(query.order_by(granted_services.c.decision_id, granted_services.c.code)).all()
    return {
        decision_id: tuple(_service(row) for row in group)
        for decision_id, group in groupby(rows, key=lambda row: row.decision_id)
    }


def _service(row: Row[Any]) -> GrantedService:
    amount = Amount(minutes=row.minutes, occasions=row.occasions, per=row.per)
    return GrantedService(id=row.id, code=row.code, amount=amount, staff_required=row.staff_required)


def _decision(row: Row[Any], services: tuple[GrantedService, ...]) -> Decision:
    return Decision(
        id=row.id,
        citizen_id=row.citizen_id,
        case_officer_id=row.case_officer_id,
        kind=row.kind,
        decided_on=row.decided_on,
        valid=row.valid,
        services=services,
    )


def _service_values(decision: Decision, service: GrantedService) -> dict[str, object]:
    return {
        "id": service.id,
        "decision_id": decision.id,
        "code": service.code,
        "minutes": service.amount.minutes,
        "occasions": service.amount.occasions,
        "per": service.amount.per,
        "staff_required": service.staff_required,
    }
