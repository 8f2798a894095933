"""Care plans and the visit templates in them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Integer, Row, Table, UniqueConstraint, Uuid, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from visits.granted.care_plans import CarePlan, CarePlanState
from visits.granted.visit_templates import VisitTemplate
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, visit_templates
from visits.store.base import Base
from visits.store.columns import among, words
from visits.store.sight import in_sight
from visits.terms import OrderId

care_plans = Table(
    "care_plans",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", ForeignKey("service_orders.id"), nullable=False, index=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("state", words(CarePlanState), nullable=False),
    Column("from_on", Date, nullable=False),
    UniqueConstraint("order_id", "version"),
)


def add(session: Session, rows: Sequence[CarePlan]) -> None:
    """Store plans with their templates; a template stands after the one it names in `after`."""
    if not rows:
        return
    session.execute(insert(care_plans), [_plan_values(row) for row in rows])
    visit_templates.add(session, rows)


def plans_of_orders(
    session: Session, viewer: Viewer, *, orders: Collection[OrderId], on: date | None = None
) -> list[CarePlan]:
    """The plans of these orders: on a day only the newest version begun by then, else every version. Leaves an audit entry."""
    query = select(care_plans).where(among(care_plans.c.order_id, orders))
    query = query.where(care_plans.c.citizen_id.in_(in_sight(viewer, Subject.CARE, on=on)))
    if on is not None:
        query = query.where(care_plans.c.from_on <= on).ext(distinct_on(care_plans.c.order_id))
    rows = session.execute(query.order_by(care_plans.c.order_id, care_plans.c.version.desc())).all()
    templates = visit_templates.templates_of(session, [row.id for row in rows])
    found = [_plan(row, templates.get(row.id, ())) for row in rows]
    audit.record(session, viewer, Subject.CARE, what="plans_of_orders", citizens=[row.citizen_id for row in found])
    return found


def _plan_values(row: CarePlan) -> dict[str, object]:
    return {
        "id": row.id,
        "order_id": row.order_id,
        "citizen_id": row.citizen_id,
        "version": row.version,
        "state": row.state,
        "from_on": row.from_on,
    }


def _plan(row: Row[Any], templates: tuple[VisitTemplate, ...]) -> CarePlan:
    return CarePlan(
        id=row.id,
        order_id=row.order_id,
        citizen_id=row.citizen_id,
        version=row.version,
        state=row.state,
        from_on=row.from_on,
        templates=templates,
    )
