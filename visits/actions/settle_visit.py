"""What follows from something told about a visit: its state, the news, and when the visits after it are expected."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from visits.actions.move_estimates import move_estimates
from visits.events import DaysTouched, FactRecorded
from visits.guard.viewer import Viewer
from visits.performed.folding import Performed, state_after
from visits.performed.visit import Visit
from visits.store import checkins, estimates, outbox
from visits.store import visits as visits_store
from visits.terms import CarerId, local_day


def settle_visit(
    session: Session, visit: Visit, *, before: Performed, said_of: Collection[CarerId], now: datetime
) -> None:
    """Bring the visit, which is locked, up to what is told about it now; `before` is what was told until then.

    `said_of` are carers whose page shows it, besides those on whose route it is.
    """
    told = checkins.performed_of(session, [visit.id]).get(visit.id, Performed())
    state = state_after(visit.state, told, before=before)
    if state is not visit.state:
        visits_store.set_state(session, [visit.id], state)
    route = estimates.route_of_day(session, team_id=visit.team_id, on=visit.on)
    there = {stop.carer_id for stop in route.stops if stop.visit_id == visit.id} | set(said_of)
    touched = [
        DaysTouched(on=visit.on, citizens=(visit.citizen_id,), carers=tuple(sorted(there)), teams=(visit.team_id,))
    ]
    if visit.on != local_day(now):
        # What was told late is to be seen by whoever follows up today.
        touched.append(DaysTouched(on=local_day(now), teams=(visit.team_id,)))
    outbox.leave(session, FactRecorded(visit_id=visit.id, team_id=visit.team_id, on=visit.on, touched=tuple(touched)))
    # Whose help comes later because of this is reckoned for the whole team, and not told to whoever said it.
    house = Viewer.system(reason="estimates after a fact", today=local_day(now))
    move_estimates(session, house, team_id=visit.team_id, on=visit.on, now=now)
