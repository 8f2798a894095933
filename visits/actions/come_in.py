"""A relative comes in with the code that a citizen has given them."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.errors import NotFound, Refused
from visits.guard.confidentiality import Subject
from visits.guard.representation import LetIn, as_kept
from visits.guard.viewer import Role, Viewer
from visits.store import citizens, let_ins
from visits.terms import RelativeId


def come_in(session: Session, viewer: Viewer, *, code: str, now: datetime) -> LetIn:
    """From now on the relative sees the citizen's day. The code opens nothing more.

    `Refused` alike for a code that never was, is used, has lapsed or was taken back: it must not tell which; and for a relative
    who is in already.
    """
    if viewer.role is not Role.RELATIVE or viewer.person_id is None:
        raise NotFound(what="code")
    found = let_ins.by_code(session, as_kept(code))
    if found is None:
        raise Refused(rule="code_not_open")
    already = {one.citizen_id for one in let_ins.let_ins_of(session, viewer)}
    if found.citizen_id in already:
        raise Refused(rule="already_let_in")
    accepted = found.accepted(RelativeId(viewer.person_id), now=now)
    let_ins.save(session, accepted)
    if not citizens.find(session, viewer, Subject.DAY, only=[found.citizen_id]):
        raise Refused(rule="code_not_open")  # the citizen's identity has been protected since
    return accepted
