"""What a feed tells: times and a word, never who, where or what help."""

from datetime import timedelta

from sqlalchemy.orm import Session

from api.i18n import _
from api.pages import clock_time
from api.words import word
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.performed.visit import VisitState
from visits.store import citizens, orders, schedules, shifts, visits
from visits.store.calendar_feeds import Entry
from visits.terms import CarerId, CitizenId, Period, ServiceKind

AHEAD = timedelta(days=14)
_GONE = {VisitState.CANCELLED, VisitState.WITHDRAWN}


def entries_for(session: Session, viewer: Viewer) -> list[Entry]:
    """The viewer's own coming days. `NotFound` for a protected identity, and for anybody but citizens and carers."""
    if viewer.person_id is None:
        raise NotFound(what="feed")
    if viewer.role is Role.CITIZEN:
        return _citizens_visits(session, viewer, CitizenId(viewer.person_id))
    if viewer.role is Role.CARER:
        return [*_carers_shifts(session, viewer, CarerId(viewer.person_id)), *_carers_visits(session, viewer)]
    raise NotFound(what="feed")


def _citizens_visits(session: Session, viewer: Viewer, citizen_id: CitizenId) -> list[Entry]:
    if citizens.citizen(session, viewer, Subject.DAY, citizen_id).protected is not None:
        raise NotFound(what="feed")
    days = Period(viewer.today, viewer.today + AHEAD)
    due = visits.visits_of_citizens(
        session, viewer, citizens=[citizen_id], first_on=days.first_on, last_on=days.first_on + AHEAD
    )
    starts = schedules.published_starts(session, [visit.id for visit in due])
    kinds = {order.id: order.kind for order in orders.orders_of(session, viewer, citizens=[citizen_id], period=days)}
    return [
        Entry(
            id=visit.id,
            on=visit.on,
            start_at=starts[visit.id],
            end_at=starts[visit.id] + timedelta(minutes=visit.minutes),
            title=_(
                "%(service)s ca %(time)s",
                service=word(kinds.get(visit.order_id, ServiceKind.HOME_CARE)),
                time=clock_time(starts[visit.id]),
            ),
            cancelled=visit.state in _GONE,
        )
        for visit in due
        if visit.id in starts
    ]


def _carers_visits(session: Session, viewer: Viewer) -> list[Entry]:
    """Today's and tomorrow's: further ahead a carer sees no visits (`visits.guard.confidentiality`)."""
    days = [viewer.today, viewer.today + timedelta(days=1)]
    stops = [(on, stop) for on in days for stop in schedules.route_of_carer(session, viewer, on=on)]
    states = visits.visits_by_id(session, viewer, [stop.visit_id for _on, stop in stops])
    return [
        Entry(
            id=stop.visit_id,
            on=on,
            start_at=stop.start_at,
            end_at=stop.end_at,
            title=_("Besök ca %(time)s", time=clock_time(stop.start_at)),
            cancelled=stop.visit_id not in states or states[stop.visit_id].state in _GONE,
        )
        for on, stop in stops
    ]


def _carers_shifts(session: Session, viewer: Viewer, carer_id: CarerId) -> list[Entry]:
    worked = shifts.shifts_of(session, carer_id, viewer.today, viewer.today + AHEAD)
    return [
        Entry(id=shift.id, on=shift.on, start_at=shift.start_at, end_at=shift.end_at, title=_("Arbetspass"))
        for shift in worked
    ]
