"""End an order before its decision does: nobody comes after its last day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from visits.actions.withdraw_visits import withdraw_visits
from visits.errors import Invalid
from visits.events import OrderEnded
from visits.granted.orders import OrderStep, ServiceOrder, stepped
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, orders, outbox, published_days
from visits.terms import OrderId


def end_order(session: Session, viewer: Viewer, order_id: OrderId, *, last_on: date, now: datetime) -> ServiceOrder:
    """The order, with `last_on` as its last day; what was planned after it is withdrawn.

    `NotFound` unless the order is in the viewer's sight; `Invalid` for a day in the past, or after the order's end already.
    """
    known = orders.order(session, viewer, order_id)
    earliest = viewer.today - timedelta(days=1)
    if last_on < earliest or (known.valid.last_on is not None and last_on > known.valid.last_on):
        why = f"must be a day from {earliest} to the order's last, {known.valid.last_on or 'which is not set'}"
        raise Invalid(field="last_on", value=last_on, why=why)
    stepped(known, OrderStep.END, on=last_on)
    first_free_on = last_on + timedelta(days=1)
    order = known.ended_before(first_free_on)
    if last_on < viewer.today:
        order = replace(order, state=stepped(order, OrderStep.END, on=last_on).state)
    published_days.lock_days_from(session, {order.team_id}, first_free_on)
    orders.save(session, order)
    touched = withdraw_visits(session, viewer, [order], first_on=first_free_on, now=now)
    outbox.leave(
        session,
        OrderEnded(
            citizen_id=order.citizen_id,
            order_id=order.id,
            team_id=order.team_id,
            last_on=last_on,
            touched=tuple(touched),
        ),
    )
    audit.record(session, viewer, Subject.CARE, what="end_order", citizens=[order.citizen_id])
    return order
