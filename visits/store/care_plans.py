"""Care plans and the visit templates in them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Integer,
    Row,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.granted.care_plans import CarePlan, CarePlanState, Explanation, Participation, Signature
from visits.granted.visit_templates import VisitTemplate
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, visit_templates
from visits.store.base import Base
from visits.store.columns import among, words
from visits.store.sight import in_sight
from visits.terms import OrderId, ServiceCode

care_plans = Table(
    "care_plans",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", ForeignKey("service_orders.id"), nullable=False, index=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("state", words(CarePlanState), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("goal", Text, nullable=False, server_default=""),
    Column("took_part", words(Participation)),
    Column("participants", Text, nullable=False, server_default=""),
    Column("explanations", JSONB, nullable=False, server_default="{}"),
    Column("activated_on", Date),
    Column("review_on", Date),
    Column("signed_by", Text),
    Column("signed_on", Date),
    UniqueConstraint("order_id", "version"),
    CheckConstraint("(signed_by IS NULL) = (signed_on IS NULL)", name="signature_is_whole"),
)


def add(session: Session, rows: Sequence[CarePlan]) -> None:
    """Store plans with their templates; a template stands after the one it names in `after`."""
    if not rows:
        return
    session.execute(insert(care_plans), [_plan_values(row) for row in rows])
    visit_templates.add(session, rows)


def plans_of_orders(
    session: Session, viewer: Viewer, *, orders: Collection[OrderId], on: date | None = None, versions: bool = False
) -> list[CarePlan]:
    """The plans of these orders: on a day only the newest version that holds, unless all `versions` are asked for; else every
    version. Leaves an audit entry.
    """
    query = select(care_plans).where(among(care_plans.c.order_id, orders))
    query = query.where(care_plans.c.citizen_id.in_(in_sight(viewer, Subject.CARE, on=on)))
    if on is not None and not versions:
        query = query.where(_holds_on(on)).ext(distinct_on(care_plans.c.order_id))
    rows = session.execute(query.order_by(care_plans.c.order_id, care_plans.c.version.desc())).all()
    templates = visit_templates.templates_of(session, [row.id for row in rows])
    found = [_plan(row, templates.get(row.id, ())) for row in rows]
    audit.record(session, viewer, Subject.CARE, what="plans_of_orders", citizens=[row.citizen_id for row in found])
    return found


def save(session: Session, row: CarePlan) -> None:
    """Store a version that has moved on; its visits are never changed, a new version has new ones."""
    changed = session.execute(update(care_plans).where(care_plans.c.id == row.id).values(**_plan_values(row)))
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(what="care_plan")


def _holds_on(on: date) -> ColumnElement[bool]:
    return and_(care_plans.c.from_on <= on, or_(care_plans.c.version == 1, care_plans.c.activated_on < on))


def _plan_values(row: CarePlan) -> dict[str, object]:
    return {
        "id": row.id,
        "order_id": row.order_id,
        "citizen_id": row.citizen_id,
        "version": row.version,
        "state": row.state,
        "from_on": row.from_on,
        "goal": row.goal,
        "took_part": row.took_part,
        "participants": row.participants,
        "explanations": {explained.code.value: explained.why for explained in row.explanations},
        "activated_on": row.activated_on,
        "review_on": row.review_on,
        "signed_by": row.signature.by if row.signature else None,
        "signed_on": row.signature.on if row.signature else None,
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
        goal=row.goal,
        took_part=row.took_part,
        participants=row.participants,
        explanations=tuple(Explanation(code=ServiceCode(code), why=why) for code, why in row.explanations.items()),
        activated_on=row.activated_on,
        review_on=row.review_on,
        signature=Signature(by=row.signed_by, on=row.signed_on) if row.signed_by else None,
    )
