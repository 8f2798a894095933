"""Change an order: a new version takes over at the same team, under the same decision or one that follows it."""

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.actions.withdraw_visits import withdraw_visits
from visits.events import DaysTouched, OrderReplaced
from visits.granted.decisions import Decision
from visits.granted.first_plan import carried_over, drafted
from visits.granted.orders import OrderState, OrderStep, ServiceOrder, check_against, stepped
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, care_plans, orders, outbox, published_days
from visits.terms import OrderId, Period


def change_order(
    session: Session, viewer: Viewer, *, old: ServiceOrder, decision: Decision, first_on: date, now: datetime
) -> ServiceOrder:
    """The order's next version, from `first_on` to the end of `decision`; `old` ends the day before.

    The provider receives it as it received the first one. The care plan goes over as a preliminary one, to be agreed anew, so that
    help goes on meanwhile (domain reference 11, rule 5).
    """
    published_days.lock_days_from(session, {old.team_id}, first_on)
    new = ServiceOrder(
        id=OrderId(uuid4()),
        decision_id=decision.id,
        citizen_id=old.citizen_id,
        kind=old.kind,
        provider_id=old.provider_id,
        team_id=old.team_id,
        state=OrderState.SENT,
        valid=Period(first_on, decision.valid.last_on),
        succeeds=old.id,
        version=old.version + 1,
        sent_on=viewer.today,
    )
    check_against(new, decision)
    changed = stepped(old, OrderStep.CHANGE, on=first_on)
    orders.save(session, replace(changed, valid=old.ended_before(first_on).valid))
    orders.add(session, [new])
    known = care_plans.plans_of_orders(session, viewer, orders=[old.id], on=first_on)
    care_plans.add(session, [carried_over(known[0], new) if known else drafted(decision, new)])
    _tell(session, viewer, old=old, new=new, now=now)
    audit.record(session, viewer, Subject.CARE, what="change_order", citizens=[new.citizen_id])
    return new


def _tell(session: Session, viewer: Viewer, *, old: ServiceOrder, new: ServiceOrder, now: datetime) -> None:
    first_on = new.valid.first_on
    touched = withdraw_visits(session, viewer, [old], first_on=first_on, now=now)
    planned = published_days.days_of(session, new.team_id, from_on=first_on)
    outbox.leave(
        session,
        OrderReplaced(
            citizen_id=new.citizen_id,
            old_order_id=old.id,
            new_order_id=new.id,
            old_team_id=old.team_id,
            new_team_id=new.team_id,
            new_provider_id=new.provider_id,
            first_on=first_on,
            touched=(*touched, *(DaysTouched(on=on, teams=(new.team_id,)) for on in planned)),
        ),
    )
