"""The visit templates of care plans."""

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Integer, Row, Table, Text, Time, Uuid, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from visits.granted.care_plans import CarePlan
from visits.granted.visit_templates import Priority, VisitTemplate
from visits.store.base import Base
from visits.store.columns import STRINGS, among, plain, words
from visits.terms import ServiceCode, Skill

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
    Column("times", Integer),
    Column("min_days_between", Integer, nullable=False, server_default="1"),
)


def add(session: Session, plans: Iterable[CarePlan]) -> None:
    """Store the templates of these plans; a template stands after the one it names in `after`."""
    templates = [_values(plan, template) for plan in plans for template in plan.templates]
    if templates:
        session.execute(insert(visit_templates), templates)


def templates_of(session: Session, plan_ids: Collection[UUID]) -> dict[UUID, tuple[VisitTemplate, ...]]:
    """The templates of each plan. Only for callers in this room who have asked `sight` and `audit`."""
    query = select(visit_templates).where(among(visit_templates.c.plan_id, plan_ids))
    rows = session.execute(query.order_by(visit_templates.c.plan_id, visit_templates.c.earliest, visit_templates.c.id))
    return {
        plan_id: tuple(_template(row) for row in group) for plan_id, group in groupby(rows, key=lambda row: row.plan_id)
    }


def _values(plan: CarePlan, row: VisitTemplate) -> dict[str, object]:
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
        "times": row.times,
        "min_days_between": row.min_days_between,
    }


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
        times=row.times,
        min_days_between=row.min_days_between,
    )
