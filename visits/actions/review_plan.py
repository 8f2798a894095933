"""Look at a care plan again, together with the citizen, and find that it holds."""

from datetime import date

from sqlalchemy.orm import Session

from visits.actions.plan_at_hand import plan_at_hand
from visits.granted.care_plans import CarePlan, reviewed
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, care_plans
from visits.terms import CarePlanId, OrderId


def review_plan(
    session: Session, viewer: Viewer, order_id: OrderId, plan_id: CarePlanId, *, review_on: date
) -> CarePlan:
    """The version, to be looked at again on `review_on`, at most six months ahead. Refused unless active."""
    at_hand = plan_at_hand(session, viewer, order_id, lock=True)
    plan = reviewed(at_hand.version(plan_id), today=viewer.today, review_on=review_on)
    care_plans.save(session, plan)
    audit.record(session, viewer, Subject.CARE, what="review_plan", citizens=[plan.citizen_id])
    return plan
