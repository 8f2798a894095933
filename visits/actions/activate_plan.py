"""A care plan has been agreed: from its first day on it is what the visits follow."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from visits.actions.plan_at_hand import plan_at_hand
from visits.events import CarePlanAgreed, DaysTouched
from visits.granted.care_plans import CarePlan, CarePlanState, Participation, Signature, activated, superseded
from visits.granted.orders import ServiceOrder
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, care_plans, outbox, published_days
from visits.terms import CarePlanId, OrderId


def activate_plan(
    session: Session,
    viewer: Viewer,
    order_id: OrderId,
    plan_id: CarePlanId,
    *,
    took_part: Participation,
    participants: str = "",
    signature: Signature | None = None,
) -> CarePlan:
    """The version, active; the others are superseded, and the one that held does so until the new one's first day.

    `NotFound` unless the order is at the viewer's team; `Refused` unless the version has been proposed.
    """
    at_hand = plan_at_hand(session, viewer, order_id, lock=True)
    plan = activated(
        at_hand.version(plan_id),
        took_part=took_part,
        participants=participants,
        signature=signature,
        today=viewer.today,
    )
    for other in at_hand.versions:
        if other.id != plan.id and other.state is not CarePlanState.SUPERSEDED:
            care_plans.save(session, superseded(other))
    care_plans.save(session, plan)
    first_on = max(plan.from_on, viewer.today + timedelta(days=1))
    touched = _touched(session, at_hand.order, first_on) if plan.version > 1 else ()
    outbox.leave(
        session,
        CarePlanAgreed(
            citizen_id=plan.citizen_id,
            plan_id=plan.id,
            team_id=at_hand.order.team_id,
            first_on=first_on,
            touched=touched,
        ),
    )
    audit.record(session, viewer, Subject.CARE, what="activate_plan", citizens=[plan.citizen_id])
    return plan


def _touched(session: Session, order: ServiceOrder, first_on: date) -> tuple[DaysTouched, ...]:
    planned = published_days.days_of(session, order.team_id, from_on=first_on)
    return tuple(DaysTouched(on=on, citizens=(order.citizen_id,), teams=(order.team_id,)) for on in planned)
