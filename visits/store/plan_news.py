"""When a carer was at each citizen's last, and what the plans there have said."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.performed.checkins import FactKind
from visits.performed.plan_news import PlanSeen
from visits.performed.visit import Visit
from visits.store import audit, visit_templates
from visits.store.care_plans import care_plans
from visits.store.checkins import visit_facts
from visits.store.columns import among
from visits.store.sight import in_sight
from visits.store.visits import visits
from visits.terms import CarerId, CitizenId, OrderId


def plans_at_doors(session: Session, viewer: Viewer, made: Collection[Visit]) -> dict[OrderId, tuple[PlanSeen, ...]]:
    """The versions that hold of the plans behind these visits, where the viewer may see the door. Leaves an audit entry.

    What to do there belongs to the door, so a carer reads the goal and the visits of a plan, and nothing else in it.
    """
    query = select(care_plans).where(among(care_plans.c.order_id, {visit.order_id for visit in made}))
    query = query.where(care_plans.c.citizen_id.in_(in_sight(viewer, Subject.DOOR)))
    query = query.where(or_(care_plans.c.version == 1, care_plans.c.activated_on.is_not(None)))
    rows = session.execute(query.order_by(care_plans.c.order_id, care_plans.c.version)).all()
    templates = visit_templates.templates_of(session, [row.id for row in rows])
    audit.record(session, viewer, Subject.DOOR, what="plans_at_doors", citizens={row.citizen_id for row in rows})
    found: dict[OrderId, tuple[PlanSeen, ...]] = {}
    for row in rows:
        seen = PlanSeen(
            version=row.version,
            since_on=max(row.from_on, row.activated_on or row.from_on),
            goal=row.goal,
            templates=templates.get(row.id, ()),
        )
        found[row.order_id] = (*found.get(row.order_id, ()), seen)
    return found


def last_there(
    session: Session, carer_id: CarerId, citizens: Collection[CitizenId], *, before: date
) -> dict[CitizenId, date]:
    """The last day before `before` on which the carer checked in at each citizen's; whoever was never met is left out."""
    query = (
        select(visits.c.citizen_id, func.max(visits.c.on).label("on"))
        .join(visit_facts, visit_facts.c.visit_id == visits.c.id)
        .where(visit_facts.c.carer_id == carer_id, visit_facts.c.kind == FactKind.CHECK_IN)
        .where(among(visits.c.citizen_id, citizens), visits.c.on < before)
        .group_by(visits.c.citizen_id)
    )
    return {row.citizen_id: row.on for row in session.execute(query)}
