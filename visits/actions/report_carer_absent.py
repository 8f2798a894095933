"""A carer is ill: whatever remains of the day is planned anew around it."""

from datetime import date

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.events import CarerReportedAbsent, DaysTouched
from visits.guard.confidentiality import check_team
from visits.guard.viewer import Viewer
from visits.store import carers, outbox
from visits.terms import CarerId


def report_carer_absent(session: Session, viewer: Viewer, *, carer_id: CarerId, on: date, reason: str) -> bool:
    """Note that the carer does not work that day; False when it was known already, and then nothing follows.

    What the carer has begun stays the carer's. `NotFound` unless the carer is of the viewer's team.
    """
    try:
        check_team(viewer, (carer := carers.carer(session, carer_id)).team_id)
    except NotFound:
        raise NotFound(what="carer") from None
    if not carers.report_absent(session, carer_id, on, reason=reason):
        return False
    touched = DaysTouched(on=on, carers=(carer_id,), teams=(carer.team_id,))
    outbox.leave(session, CarerReportedAbsent(carer_id=carer_id, team_id=carer.team_id, on=on, touched=(touched,)))
    return True
