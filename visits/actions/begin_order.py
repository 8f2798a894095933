"""Begin the first order of a citizen's home care, with a preliminary plan."""

from datetime import date
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.events import DaysTouched, OrderBegun
from visits.granted.decisions import Decision
from visits.granted.first_plan import drafted
from visits.granted.orders import OrderState, ServiceOrder, check_against
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.store import audit, care_plans, orders, outbox, published_days
from visits.terms import OrderId, Period


def begin_order(session: Session, viewer: Viewer, *, decision: Decision, team: Team, first_on: date) -> ServiceOrder:
    """Order what was decided from `team`, from `first_on` to the decision's end. Its days that are planned already are touched."""
    order = ServiceOrder(
        id=OrderId(uuid4()),
        decision_id=decision.id,
        citizen_id=decision.citizen_id,
        kind=decision.kind,
        provider_id=team.provider_id,
        team_id=team.id,
        state=OrderState.SENT,
        valid=Period(first_on, decision.valid.last_on),
        sent_on=viewer.today,
    )
    check_against(order, decision)
    orders.add(session, [order])
    care_plans.add(session, [drafted(decision, order)])
    planned = published_days.days_of(session, team.id, from_on=first_on)
    outbox.leave(
        session,
        OrderBegun(
            citizen_id=order.citizen_id,
            order_id=order.id,
            team_id=team.id,
            first_on=first_on,
            touched=tuple(DaysTouched(on=on, teams=(team.id,)) for on in planned),
        ),
    )
    audit.record(session, viewer, Subject.CARE, what="begin_order", citizens=[order.citizen_id])
    return order
