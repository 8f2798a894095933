"""A relative is shut out, by the citizen or of their own will: whatever they have open on the citizen's day ends."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.events import DaysTouched, RelativeShutOut
from visits.guard.representation import LetIn
from visits.guard.viewer import Role, Viewer
from visits.store import let_ins, outbox
from visits.terms import LetInId


def shut_out(session: Session, viewer: Viewer, let_in_id: LetInId, *, now: datetime) -> LetIn:
    """End it, or take back a code that nobody has used; harmless when that has been done already."""
    if viewer.role not in {Role.CITIZEN, Role.RELATIVE}:
        raise NotFound(what="let_in")
    known = let_ins.let_in(session, viewer, let_in_id)
    ended = known.ended(viewer.role, now=now)
    if ended is not known:
        let_ins.save(session, ended)
        touched = DaysTouched(on=viewer.today, citizens=(ended.citizen_id,))
        outbox.leave(
            session,
            RelativeShutOut(let_in_id=ended.id, citizen_id=ended.citizen_id, on=viewer.today, touched=(touched,)),
        )
    return ended
