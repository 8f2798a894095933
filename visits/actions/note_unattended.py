"""Note the visits to which nobody has come although they must have begun, while that can still be mended."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from visits.events import DaysTouched, VisitUnattended
from visits.guard.viewer import Viewer
from visits.performed.deviations import DeviationKind, deviations, latest_start
from visits.performed.folding import Performed
from visits.performed.time_rules import TimeRules
from visits.store import checkins, estimates, outbox, unattended
from visits.store import visits as visits_store
from visits.terms import TeamId, VisitId


def note_unattended(
    session: Session, viewer: Viewer, *, team_id: TeamId, on: date, rules: TimeRules, now: datetime
) -> list[VisitId]:
    """Leave `VisitUnattended` for each visit of the team's published day of which it was not told yet; they are returned.

    `viewer` must be one who may see the team's day.
    """
    route = estimates.route_of_day(session, team_id=team_id, on=on)
    starts = {stop.visit_id: stop.start_at for stop in route.stops}
    # A latest start is never before the start: whoever it cannot be yet is not looked at, and nor is who is known.
    due = {key for key, start_at in starts.items() if start_at + rules.unattended_after <= now}
    told = checkins.performed_of(session, due)
    waiting = {key for key in due if told.get(key, Performed()).state is None} - unattended.known(session, due)
    if not waiting:
        return []
    found = {}
    for visit in visits_store.visits_by_id(session, viewer, waiting).values():
        said = told.get(visit.id, Performed())
        start_at = starts[visit.id]
        kinds = {one.kind for one in deviations(visit, said, start_at=start_at, rules=rules, now=now)}
        if DeviationKind.UNATTENDED in kinds:
            found[visit.id] = (visit, latest_start(visit, start_at=said.moved_to or start_at))
    new = unattended.note(session, {key: since for key, (_, since) in found.items()}, noted_at=now)
    for key in new:
        touched = DaysTouched(on=on, citizens=(found[key][0].citizen_id,), teams=(team_id,))
        outbox.leave(session, VisitUnattended(visit_id=key, team_id=team_id, on=on, touched=(touched,)))
    return new
