"""Tell relatives who want to know that nobody has come to a visit: on their own page, in the service; nothing leaves it."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.events import DaysTouched, RelativesTold
from visits.guard.viewer import Viewer
from visits.performed.visit import VisitState
from visits.store import let_ins, outbox, relative_notices, visits
from visits.terms import LetInId, VisitId, local_day


def tell_relatives(session: Session, viewer: Viewer, visit_id: VisitId, *, now: datetime) -> list[LetInId]:
    """Told once for each visit, and not when somebody has come meanwhile. Harmless to repeat.

    Nobody is told about a protected identity: the relative's sight does not reach there (reference, 6.7).
    """
    visit = visits.visits_by_id(session, viewer, [visit_id]).get(visit_id)
    if visit is None or visit.state is not VisitState.PLANNED:
        return []
    wanting = [one.id for one in let_ins.who_want_to_know(session, viewer, [visit.citizen_id])]
    told = relative_notices.tell(session, wanting, visit_id, now=now)
    if told:
        on = local_day(now)
        touched = DaysTouched(on=on, citizens=(visit.citizen_id,))
        outbox.leave(session, RelativesTold(visit_id=visit_id, citizen_id=visit.citizen_id, on=on, touched=(touched,)))
    return told
