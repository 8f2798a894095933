"""Empty a work phone from afar: lost, stolen, or handed on."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.store import carers, phones
from visits.store.phones import WorkPhone
from visits.terms import CarerId, PhoneId


def wipe_phone(session: Session, viewer: Viewer, phone_id: PhoneId, *, now: datetime) -> list[WorkPhone]:
    """Refuse the phone its key for good: at its next contact it destroys what it holds, unsent facts too.

    A carer may empty a phone of their own, a coordinator one of the team's carers; to anybody else it is `NotFound`. Returns every
    use of the phone, so that the caller ends the sign-ins on it. Harmless to repeat.
    """
    uses = phones.uses_of(session, phone_id, lock=True)
    if not any(_is_theirs(session, viewer, use) for use in uses):
        raise NotFound(what="phone")
    phones.mark_wiped(session, phone_id, at=now)
    return uses


def _is_theirs(session: Session, viewer: Viewer, use: WorkPhone) -> bool:
    if viewer.role is Role.CARER:
        return use.carer_id == viewer.person_id
    if viewer.role is not Role.COORDINATOR or viewer.team_id is None:
        return False
    return carers.carer(session, CarerId(use.carer_id)).team_id == viewer.team_id
