"""A citizen is back: the orders that rested go on."""

from datetime import date

from sqlalchemy.orm import Session

from visits.errors import Invalid, NotFound, Refused
from visits.events import CitizenCameBack, DaysTouched
from visits.granted.orders import OrderState, OrderStep, ServiceOrder, stepped
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.performed.visit import VisitState
from visits.store import audit, citizen_absences, citizens, orders, outbox, published_days, schedules, visits
from visits.terms import CitizenId, Period


def resume_orders(session: Session, viewer: Viewer, *, citizen_id: CitizenId, first_on: date) -> list[ServiceOrder]:
    """The orders that go on from `first_on`; the absence ends the day before, and what it cancelled is due again.

    `NotFound` unless the citizen is in the viewer's sight; `Invalid` for a day in the past; `Refused` where nothing rests.
    """
    if first_on < viewer.today:
        raise Invalid(field="first_on", value=first_on, why=f"must be {viewer.today} or later")
    if not citizens.find(session, viewer, Subject.CARE, only=[citizen_id]):
        raise NotFound(what="citizen")
    house = Viewer.system(reason="citizen_back", today=viewer.today)
    known = orders.orders_of(session, house, citizens=[citizen_id], period=Period(viewer.today))
    resumed = [stepped(one, OrderStep.RESUME, on=first_on) for one in known if one.state is OrderState.PAUSED]
    if not resumed:
        raise Refused(rule="no_order_rests", first_on=first_on)
    for order in resumed:
        orders.save(session, order)
    for absence in citizen_absences.absences_in(session, [citizen_id], Period(first_on, first_on)):
        citizen_absences.end_before(session, absence, first_on)
        _make_due_again(session, house, citizen_id, Period(first_on, absence.period.last_on))
    _tell(session, resumed, citizen_id=citizen_id, first_on=first_on)
    audit.record(session, viewer, Subject.CARE, what="resume_orders", citizens=[citizen_id])
    return resumed


def _make_due_again(session: Session, house: Viewer, citizen_id: CitizenId, away: Period) -> None:
    """A cancelled visit that still has its place is on again; one whose place is gone is withdrawn, and gets another."""
    first_on, last_on = away.first_on, away.last_on or date.max
    known = visits.visits_of_citizens(session, house, citizens=[citizen_id], first_on=first_on, last_on=last_on)
    cancelled = {visit.id for visit in known if visit.state is VisitState.CANCELLED}
    placed = schedules.placements_of_citizens(session, [citizen_id], on=first_on, last_on=last_on).get(citizen_id, [])
    standing = cancelled & {placement.visit_id for placement in placed}
    visits.set_state(session, standing, VisitState.PLANNED)
    visits.set_state(session, cancelled - standing, VisitState.WITHDRAWN)


def _tell(session: Session, resumed: list[ServiceOrder], *, citizen_id: CitizenId, first_on: date) -> None:
    touched = tuple(
        DaysTouched(on=on, citizens=(citizen_id,), teams=(team_id,))
        for team_id in sorted({order.team_id for order in resumed})
        for on in published_days.days_of(session, team_id, from_on=first_on)
    )
    outbox.leave(session, CitizenCameBack(citizen_id=citizen_id, on=first_on, touched=touched))
