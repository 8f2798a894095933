"""Care plans and the visit templates in them."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Integer, Row, Table, Text, Time, UniqueConstraint, Uuid, insert, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import Session

from visits.granted.care_plans import CarePlan, CarePlanState, Priority, VisitTemplate
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit
from visits.store.base import Base
from visits.store.columns import STRINGS, among, plain, words
from visits.store.sight import in_sight
from visits.terms import OrderId, ServiceCode, Skill

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

visit_templates = Table(
    "visit_templates",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", ForeignKey("care_plans.id"), nullable=False, index=True),
    Column("codes", STRINGS, nullable=False),
    Column("instructions", Text, nullable=False),
    Column("weekdays", ARRAY(Integer), nullable=False),
    Column("earliest", Time, nullable=False),
    Column("latest", Time, nullable=False),
    Column("wish_earliest", Time, nullable=False),
    Column("wish_latest", Time, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("staff_required", Integer, nullable=False),
    Column("skills", STRINGS, nullable=False),
    Column("priority", words(Priority), nullable=False),
    Column("every_weeks", Integer, nullable=False),
    Column("after", ForeignKey("visit_templates.id")),
    Column("min_gap_minutes", Integer, nullable=False),
)


def add(session: Session, rows: Sequence[CarePlan]) -> None:
    """Store plans with their templates; a template stands after the one it names in `after`."""
    if not rows:
        return
    session.execute(insert(care_plans), [_plan_values(row) for row in rows])
    templates = [_template_values(row, template) for row in rows for template in row.templates]
    if templates:
        session.execute(insert(visit_templates), templates)


def plans_of_orders(
    session: Session, viewer: Viewer, *, orders: Collection[OrderId], on: date | None = None
) -> list[CarePlan]:
    """The plans of these orders: on a day only the newest version begun by then, else every version. Leaves an audit entry."""
    query = select(care_plans).where(among(care_plans.c.order_id, orders))
    query = query.where(care_plans.c.citizen_id.in_(in_sight(viewer, Subject.CARE, on=on)))
    if on is not None:
        query = query.where(care_plans.c.from_on <= on).ext(distinct_on(care_plans.c.order_id))
    rows = session.execute(query.order_by(care_plans.c.order_id, care_plans.c.version.desc())).all()
    templates = _templates(session, [row.id for row in rows])
    found = [_plan(row, templates.get(row.id, ())) for row in rows]
    audit.record(session, viewer, Subject.CARE, what="plans_of_orders", citizens=[row.citizen_id for row in found])
    return found


def _templates(session: Session, plan_ids: Collection[UUID]) -> dict[UUID, tuple[VisitTemplate, ...]]:
    query = select(visit_templates).where(among(visit_templates.c.plan_id, plan_ids))
    rows = session.execute(query.order_by(visit_templates.c.plan_id, visit_templates.c.earliest, visit_templates.c.id))
    return {
        plan_id: tuple(_template(row) for row in group) for plan_id, group in groupby(rows, key=lambda row: row.plan_id)
    }


def _plan_values(row: CarePlan) -> dict[str, object]:
    return {
        "id": row.id,
        "order_id": row.order_id,
        "citizen_id": row.citizen_id,
        "version": row.version,
        "state": row.state,
        "from_on": row.from_on,
    }


def _template_values(plan: CarePlan, row: VisitTemplate) -> dict[str, object]:
    return {
        "id": row.id,
        "plan_id": plan.id,
        "codes": [code.value for code in row.codes],
        "instructions": row.instructions,
        "weekdays": sorted(row.weekdays),
        "earliest": row.earliest,
        "latest": row.latest,
        "wish_earliest": row.wish_earliest,
        "wish_latest": row.wish_latest,
        "minutes": row.minutes,
        "staff_required": row.staff_required,
        "skills": plain(row.skills),
        "priority": row.priority,
        "every_weeks": row.every_weeks,
        "after": row.after,
        "min_gap_minutes": row.min_gap_minutes,
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


def _template(row: Row[Any]) -> VisitTemplate:
    return VisitTemplate(
        id=row.id,
        codes=tuple(ServiceCode(code) for code in row.codes),
        instructions=row.instructions,
        weekdays=frozenset(row.weekdays),
        earliest=row.earliest,
        latest=row.latest,
        wish_earliest=row.wish_earliest,
        wish_latest=row.wish_latest,
        minutes=row.minutes,
        staff_required=row.staff_required,
        skills=frozenset(Skill(skill) for skill in row.skills),
        priority=row.priority,
        every_weeks=row.every_weeks,
        after=row.after,
        min_gap_minutes=row.min_gap_minutes,
    )
