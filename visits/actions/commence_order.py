"""Help has come for the first time under an order: the decision is being carried out."""

from datetime import date

from sqlalchemy.orm import Session

from visits.errors import Invalid
from visits.granted.orders import ServiceOrder, commenced
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, orders, visits
from visits.terms import OrderId, VisitId


def commence_order(session: Session, viewer: Viewer, order_id: OrderId, *, on: date) -> ServiceOrder:
    """The order, begun on a day if it had not begun before; `NotFound` unless it is at the viewer's team.

    `Invalid` for a day to come, or before the order's first.
    """
    known = orders.order_at_team(session, viewer, order_id, lock=True)
    if not known.valid.first_on <= on <= viewer.today:
        why = f"must be a day from {known.valid.first_on} to {viewer.today}"
        raise Invalid(field="commenced_on", value=on, why=why)
    order = commenced(known, on=on)
    if order != known:
        orders.save(session, order)
        audit.record(session, viewer, Subject.CARE, what="commence_order", citizens=[order.citizen_id])
    return order


def commence_order_of_visit(session: Session, viewer: Viewer, visit_id: VisitId) -> ServiceOrder | None:
    """The order under which the visit is made, begun by it; None where it has begun long since."""
    begun = visits.order_begun_by(session, visit_id)
    return None if begun is None else commence_order(session, viewer, begun[0], on=min(begun[1], viewer.today))
