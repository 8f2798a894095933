"""Write a new version of a care plan; it holds when it has been put to the citizen and agreed."""

from datetime import date
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.actions.plan_at_hand import PlanAtHand, plan_at_hand
from visits.errors import Invalid
from visits.granted.care_plans import CarePlan, CarePlanState, revised, superseded
from visits.granted.visit_templates import VisitTemplate
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, care_plans
from visits.terms import CarePlanId, OrderId


def revise_plan(
    session: Session, viewer: Viewer, order_id: OrderId, *, from_on: date, templates: tuple[VisitTemplate, ...]
) -> CarePlan:
    """The new preliminary version. One that was on its way already gives way to it; the one that holds goes on.

    `NotFound` unless the order is at the viewer's team; `Invalid` for a first day outside the order, or a plan without a visit.
    """
    at_hand = plan_at_hand(session, viewer, order_id, lock=True)
    if from_on not in at_hand.order.valid:
        last_on = at_hand.order.valid.last_on or "no last day"
        why = f"must be a day of the order, {at_hand.order.valid.first_on} to {last_on}"
        raise Invalid(field="from_on", value=from_on, why=why)
    if not templates:
        raise Invalid(field="templates", value=0, why="a plan has at least one visit")
    for waiting in at_hand.versions:
        if waiting.is_open and waiting.version > 1:
            care_plans.save(session, superseded(waiting))
    plan = _next(at_hand, from_on=from_on, templates=templates)
    care_plans.add(session, [plan])
    audit.record(session, viewer, Subject.CARE, what="revise_plan", citizens=[plan.citizen_id])
    return plan


def _next(at_hand: PlanAtHand, *, from_on: date, templates: tuple[VisitTemplate, ...]) -> CarePlan:
    plan_id = CarePlanId(uuid4())
    if at_hand.versions:
        newest = at_hand.versions[0]
        return revised(newest, plan_id=plan_id, version=newest.version + 1, from_on=from_on, templates=templates)
    return CarePlan(
        id=plan_id,
        order_id=at_hand.order.id,
        citizen_id=at_hand.order.citizen_id,
        version=1,
        state=CarePlanState.PRELIMINARY,
        from_on=from_on,
        templates=templates,
    )
