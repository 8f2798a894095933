"""Make a tag for a citizen's home."""

import secrets
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.store import citizens, presence_tags
from visits.store.presence_tags import PresenceTag
from visits.terms import CitizenId, TagId

SECRET_BYTES = 16


def make_tag(session: Session, viewer: Viewer, citizen_id: CitizenId, *, now: datetime) -> str:
    """A new tag; returns its secret, which is written to the tag and kept nowhere. Older tags hold until they are revoked.

    Only for the coordinator whose team comes there; to others the citizen is `NotFound`.
    """
    if viewer.role is not Role.COORDINATOR:
        raise NotFound(what="citizen")
    citizen = citizens.citizen(session, viewer, Subject.DOOR, citizen_id)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    tag = PresenceTag(id=TagId(uuid4()), citizen_id=citizen.id, made_at=now)
    presence_tags.add(session, tag, secret=secret)
    return secret
