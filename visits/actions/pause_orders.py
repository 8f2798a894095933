"""A citizen is away and nobody knows for how long: every order that has begun rests until they come back."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from visits.actions.report_citizen_away import LONGEST_DAYS, report_citizen_away
from visits.errors import Refused
from visits.granted.orders import OrderState, OrderStep, ServiceOrder, stepped
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit, orders
from visits.terms import AbsenceReason, CitizenId, Period


def pause_orders(
    session: Session, viewer: Viewer, *, citizen_id: CitizenId, from_on: date, reason: AbsenceReason
) -> list[ServiceOrder]:
    """The orders that rest from `from_on` on, at every team: a year at most, or until `resume_orders`.

    `NotFound` unless the citizen is in the viewer's sight that day; `Refused` where no order has begun.
    """
    longest = Period(from_on, from_on + timedelta(days=LONGEST_DAYS - 1))
    report_citizen_away(session, viewer, citizen_id=citizen_id, period=longest, reason=reason)
    house = Viewer.system(reason="citizen_away", today=viewer.today)
    known = orders.orders_of(session, house, citizens=[citizen_id], period=Period(from_on, from_on))
    resting = [stepped(one, OrderStep.PAUSE, on=from_on) for one in known if one.state is OrderState.COMMENCED]
    if not resting:
        raise Refused(rule="no_order_has_begun", on=from_on)
    for order in resting:
        orders.save(session, order)
    audit.record(session, viewer, Subject.CARE, what="pause_orders", citizens=[citizen_id])
    return resting
