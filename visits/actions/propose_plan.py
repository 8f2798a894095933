"""Put a care plan to the citizen: its goal is written, and whatever goes beyond the order is explained."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from visits.actions.plan_at_hand import plan_at_hand
from visits.errors import Refused
from visits.granted.care_plans import CarePlan, Explanation, proposed
from visits.granted.plan_lines import plan_lines, unexplained
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, care_plans
from visits.terms import CarePlanId, OrderId


def propose_plan(
    session: Session,
    viewer: Viewer,
    order_id: OrderId,
    plan_id: CarePlanId,
    *,
    goal: str,
    explanations: Sequence[Explanation] = (),
) -> CarePlan:
    """The version, proposed. `Refused` without a goal, while a line beyond the order has no explanation, or unless preliminary."""
    at_hand = plan_at_hand(session, viewer, order_id, lock=True)
    plan = proposed(replace(at_hand.version(plan_id), goal=goal.strip(), explanations=tuple(explanations)))
    silent = unexplained(plan_lines(plan, at_hand.decision))
    if silent:
        raise Refused(rule="plan_beyond_order", plan_id=plan.id, services=", ".join(line.code.value for line in silent))
    care_plans.save(session, plan)
    audit.record(session, viewer, Subject.CARE, what="propose_plan", citizens=[plan.citizen_id])
    return plan
