"""Let a carer keep the day in a phone."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.errors import NotFound, Refused
from visits.guard.viewer import Role, Viewer
from visits.store import phones
from visits.store.phones import WorkPhone
from visits.terms import CarerId, PhoneId


def register_phone(
    session: Session, viewer: Viewer, phone_id: PhoneId, *, session_hash: bytes, now: datetime
) -> WorkPhone:
    """Note that the carer has signed in on this phone; harmless to repeat.

    `Refused` by the rule ``phone_wiped`` once the phone was to be emptied: it comes back under another id, with nothing in it.
    """
    if viewer.role is not Role.CARER or viewer.person_id is None:
        raise NotFound(what="phone")
    if any(use.wiped_at is not None for use in phones.uses_of(session, phone_id, lock=True)):
        raise Refused(rule="phone_wiped", phone_id=phone_id)
    carer_id = CarerId(viewer.person_id)
    phone = WorkPhone(id=phone_id, carer_id=carer_id, session_hash=session_hash, registered_at=now, seen_at=now)
    phones.put(session, phone)
    return phone
