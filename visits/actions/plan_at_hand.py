"""A care plan on the table: what every step of a plan reads first."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.granted.care_plans import CarePlan
from visits.granted.decisions import Decision
from visits.granted.orders import ServiceOrder
from visits.guard.viewer import Viewer
from visits.store import care_plans, decisions, orders
from visits.terms import CarePlanId, OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAtHand:
    """An order at the viewer's team, the decision behind it, and all versions of its plan, the newest first."""

    order: ServiceOrder
    decision: Decision
    versions: tuple[CarePlan, ...]

    def version(self, plan_id: CarePlanId) -> CarePlan:
        """The version of that id, or `NotFound`."""
        found = next((plan for plan in self.versions if plan.id == plan_id), None)
        if found is None:
            raise NotFound(what="care_plan")
        return found


def plan_at_hand(session: Session, viewer: Viewer, order_id: OrderId, *, lock: bool = False) -> PlanAtHand:
    """`NotFound` unless the order is at the viewer's team; `lock` holds the order until the transaction ends."""
    order = orders.order_at_team(session, viewer, order_id, lock=lock)
    on = max(order.valid.first_on, viewer.today)
    versions = care_plans.plans_of_orders(session, viewer, orders=[order.id], on=on, versions=True)
    decision = decisions.decision(session, viewer, order.decision_id, on=on)
    return PlanAtHand(order=order, decision=decision, versions=tuple(versions))
