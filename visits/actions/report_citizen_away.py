"""A citizen is away: nobody shall go there, from this moment on."""

from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from visits.errors import Conflict, Invalid, NotFound
from visits.events import CitizenReportedAway, DaysTouched
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.performed.visit import Visit, VisitState
from visits.store import citizen_absences, citizens, outbox, schedules, visits
from visits.terms import AbsenceReason, CitizenId, Period, TeamId

LONGEST_DAYS = 366


def report_citizen_away(
    session: Session, viewer: Viewer, *, citizen_id: CitizenId, period: Period, reason: AbsenceReason
) -> list[Visit]:
    """Note the absence and cancel the citizen's planned visits in it, at every team; they are returned.

    `NotFound` unless the citizen has an order in force at the viewer's team; `Conflict` when an absence is noted for some of
    these days already; `Invalid` for a period without an end or of more than a year.
    """
    if period.last_on is None or period.days > LONGEST_DAYS:
        raise Invalid(
            field="last_on", value=period.last_on, why=f"must be at most {LONGEST_DAYS} days after the first day"
        )
    if not citizens.find(session, viewer, Subject.CARE, only=[citizen_id], on=period.first_on):
        raise NotFound(what="citizen")
    _note(session, citizen_id, period, reason=reason)
    house = Viewer.system(reason="citizen_away", today=viewer.today)
    known = visits.visits_of_citizens(
        session, house, citizens=[citizen_id], first_on=period.first_on, last_on=period.last_on
    )
    cancelled = [visit for visit in known if visit.state is VisitState.PLANNED]
    visits.set_state(session, [visit.id for visit in cancelled], VisitState.CANCELLED)
    _tell(session, viewer, citizen_id, period, cancelled)
    return cancelled


def _note(session: Session, citizen_id: CitizenId, period: Period, *, reason: AbsenceReason) -> None:
    try:
        with session.begin_nested():
            citizen_absences.add(session, uuid4(), citizen_id, period, reason=reason)
    except IntegrityError as error:
        if "ex_citizen_absences_one_at_a_time" not in str(error.orig):
            raise
        raise Conflict(what="citizen_absence", first_on=period.first_on, last_on=period.last_on) from None


def _tell(session: Session, viewer: Viewer, citizen_id: CitizenId, period: Period, cancelled: list[Visit]) -> None:
    """One piece of news for each team's day; where nothing was planned yet, for the first day at the viewer's team."""
    days = {(visit.on, visit.team_id) for visit in cancelled}
    if not days and viewer.role is Role.COORDINATOR and viewer.team_id is not None:
        days = {(period.first_on, viewer.team_id)}
    for on, team_id in sorted(days):
        placed = schedules.placements_of_citizens(session, [citizen_id], on=on).get(citizen_id, [])
        goers = tuple(sorted({placement.carer_id for placement in placed}))
        _leave(session, citizen_id, team_id, DaysTouched(on=on, citizens=(citizen_id,), carers=goers, teams=(team_id,)))


def _leave(session: Session, citizen_id: CitizenId, team_id: TeamId, touched: DaysTouched) -> None:
    outbox.leave(
        session, CitizenReportedAway(citizen_id=citizen_id, team_id=team_id, on=touched.on, touched=(touched,))
    )
