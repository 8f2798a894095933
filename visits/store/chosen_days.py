"""On which days the fortnight's plan has laid visits that may come on several, and what it left out of a week and why."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Column, Date, ForeignKey, Table, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.orm import Session

from visits.granted.care_plans import CarePlan
from visits.planned.due_days import Chosen, monday
from visits.planned.fortnight import ChosenWeek, Shortage, as_chosen
from visits.store.base import Base, Instant
from visits.store.columns import among
from visits.terms import VisitTemplateId

chosen_days = Table(
    "chosen_days",
    Base.metadata,
    Column("template_id", ForeignKey("visit_templates.id"), primary_key=True),
    Column("week_on", Date, primary_key=True),
    Column("days", ARRAY(Date), nullable=False),
    Column("left_out", JSONB, nullable=False),
    Column("chosen_at", Instant, nullable=False),
)


def put(session: Session, weeks: Sequence[ChosenWeek], *, chosen_at: datetime) -> None:
    """Store what was chosen, in place of what was chosen for the same weeks before."""
    if not weeks:
        return
    values = [
        {
            "template_id": week.template_id,
            "week_on": week.week_on,
            "days": sorted(week.days),
            "left_out": {reason.value: times for reason, times in week.left_out.items()},
            "chosen_at": chosen_at,
        }
        for week in weeks
    ]
    statement = insert(chosen_days)
    newer = {name: statement.excluded[name] for name in ("days", "left_out", "chosen_at")}
    keys = (chosen_days.c.template_id, chosen_days.c.week_on)
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=newer), values)


def weeks_of(
    session: Session, templates: Collection[VisitTemplateId], *, first_on: date, last_on: date
) -> list[ChosenWeek]:
    """What was chosen for these templates in the weeks that begin between two days, both included.

    Only for callers who have read the templates themselves as a `Viewer`.
    """
    columns = chosen_days.c
    query = select(chosen_days).where(among(columns.template_id, templates))
    query = query.where(columns.week_on.between(first_on, last_on)).order_by(columns.week_on, columns.template_id)
    return [
        ChosenWeek(
            template_id=row.template_id,
            week_on=row.week_on,
            days=frozenset(row.days),
            left_out={Shortage(reason): times for reason, times in row.left_out.items()},
        )
        for row in session.execute(query)
    ]


def chosen_on(session: Session, plans: Iterable[CarePlan], *, on: date, last_on: date | None = None) -> Chosen:
    """The days chosen for the visits of these plans in the week of a day, or in all weeks up to that of `last_on`.

    Only for callers who have read the plans themselves as a `Viewer`.
    """
    templates = [template.id for plan in plans for template in plan.templates]
    return as_chosen(weeks_of(session, templates, first_on=monday(on), last_on=monday(last_on or on)))
