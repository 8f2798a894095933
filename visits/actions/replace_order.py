"""Let one provider's order end and another's begin, never two and never none (domain reference 5.3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.actions.withdraw_visits import withdraw_visits
from visits.events import DaysTouched, OrderReplaced
from visits.granted.care_plans import CarePlan
from visits.granted.decisions import Decision
from visits.granted.first_plan import carried_over, drafted
from visits.granted.orders import OrderState, ServiceOrder, check_against
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.store import audit, care_plans, orders, outbox, published_days
from visits.terms import OrderId, Period


def replace_order(
    session: Session,
    viewer: Viewer,
    *,
    old: ServiceOrder,
    decision: Decision,
    team: Team,
    first_on: date,
    now: datetime,
) -> ServiceOrder:
    """The order at `team` that begins on `first_on`, valid as long as `old` was; `old` ends the day before.

    `decision` is the one behind `old`. Orders that were to follow `old` go over as they are. From `first_on` on the old
    team's visits are withdrawn and the citizen is told; a preliminary plan makes the new team's demand appear.
    """
    following = _following(session, viewer, old)
    published_days.lock_days_from(session, {old.team_id, *(order.team_id for order in following)}, first_on)
    new = _succeed(session, old, following, team=team, first_on=first_on, sent_on=viewer.today)
    check_against(new, decision)
    care_plans.add(session, [_plan(session, viewer, old=old, new=new, decision=decision)])
    touched = withdraw_visits(session, viewer, [old, *following], first_on=first_on, now=now)
    touched += [
        DaysTouched(on=on, teams=(team.id,)) for on in published_days.days_of(session, team.id, from_on=first_on)
    ]
    outbox.leave(
        session,
        OrderReplaced(
            citizen_id=old.citizen_id,
            old_order_id=old.id,
            new_order_id=new.id,
            old_team_id=old.team_id,
            new_team_id=team.id,
            new_provider_id=team.provider_id,
            first_on=first_on,
            touched=tuple(touched),
        ),
    )
    audit.record(session, viewer, Subject.CARE, what="replace_order", citizens=[old.citizen_id])
    return new


def _following(session: Session, viewer: Viewer, old: ServiceOrder) -> list[ServiceOrder]:
    """The orders of the same service that were to come after `old` (its decision has been renewed already)."""
    if old.valid.last_on is None:
        return []
    found = orders.orders_of(session, viewer, citizens=[old.citizen_id], period=Period(old.valid.last_on))
    return [order for order in found if order.kind is old.kind and order.id != old.id]


def _succeed(
    session: Session, old: ServiceOrder, following: Sequence[ServiceOrder], *, team: Team, first_on: date, sent_on: date
) -> ServiceOrder:
    new = ServiceOrder(
        id=OrderId(uuid4()),
        decision_id=old.decision_id,
        citizen_id=old.citizen_id,
        kind=old.kind,
        provider_id=team.provider_id,
        team_id=team.id,
        state=OrderState.SENT,
        valid=Period(first_on, old.valid.last_on),
        succeeds=old.id,
        sent_on=sent_on,
    )
    gone_over = [
        replace(
            order,
            provider_id=team.provider_id,
            team_id=team.id,
            state=OrderState.SENT,
            sent_on=sent_on,
            acknowledged_on=None,
        )
        for order in following
    ]
    for order in gone_over:  # one order is succeeded by one: make room for the new one first
        orders.save(session, replace(order, succeeds=None) if order.succeeds == old.id else order)
    orders.save(session, old.ended_before(first_on))
    orders.add(session, [new])
    for order in gone_over:
        if order.succeeds == old.id:
            orders.save(session, replace(order, succeeds=new.id))
    return new


def _plan(session: Session, viewer: Viewer, *, old: ServiceOrder, new: ServiceOrder, decision: Decision) -> CarePlan:
    known = care_plans.plans_of_orders(session, viewer, orders=[old.id], on=new.valid.first_on)
    return carried_over(known[0], new) if known else drafted(decision, new)
