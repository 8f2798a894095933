"""The provider has received an order, and will begin on its first day."""

from sqlalchemy.orm import Session

from visits.granted.orders import OrderStep, ServiceOrder, stepped
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, orders
from visits.terms import OrderId


def acknowledge_order(session: Session, viewer: Viewer, order_id: OrderId) -> ServiceOrder:
    """`NotFound` unless the order is at the viewer's team; `Refused` unless it has been sent and no more."""
    known = orders.order_at_team(session, viewer, order_id, lock=True)
    order = stepped(known, OrderStep.ACKNOWLEDGE, on=viewer.today)
    orders.save(session, order)
    audit.record(session, viewer, Subject.CARE, what="acknowledge_order", citizens=[order.citizen_id])
    return order
