"""Reckon anew when the visits of a day that is under way will begin, and tell those for whom it has changed."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from visits.events import DaysTouched, EstimateMoved
from visits.guard.viewer import Viewer
from visits.performed.estimate import Route, estimated_starts, moved
from visits.store import checkins, estimates, outbox, schedules
from visits.store import visits as visits_store
from visits.terms import TeamId, VisitId


def move_estimates(session: Session, viewer: Viewer, *, team_id: TeamId, on: date, now: datetime) -> None:
    """Store the estimates of the team's published day that differ by five minutes or more from what was last shown.

    Takes turns with whoever publishes or records for the same day. `viewer` must be one who may see the team's day.
    """
    schedules.lock_day(session, team_id, on)
    route = estimates.route_of_day(session, team_id=team_id, on=on)
    keys = {stop.visit_id for stop in route.stops}
    facts = checkins.performed_of(session, keys)
    shown = {stop.visit_id: stop.start_at for stop in route.stops} | estimates.estimates_of(session, keys)
    changed = moved(estimated_starts(route, facts, now=now), shown)
    if not changed:
        return
    estimates.put(session, changed, made_at=now)
    touched = _touched(session, viewer, route, frozenset(changed), on=on)
    outbox.leave(session, EstimateMoved(team_id=team_id, on=on, touched=(replace(touched, teams=(team_id,)),)))


def _touched(session: Session, viewer: Viewer, route: Route, changed: frozenset[VisitId], *, on: date) -> DaysTouched:
    told = visits_store.visits_by_id(session, viewer, changed).values()
    return DaysTouched(
        on=on,
        citizens=tuple(sorted({visit.citizen_id for visit in told})),
        carers=tuple(sorted({stop.carer_id for stop in route.stops if stop.visit_id in changed})),
    )
