"""Open a calendar feed of one's own, at a secret address."""

import secrets
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.errors import Refused
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.store import calendar_feeds, citizens
from visits.store.calendar_feeds import Feed
from visits.terms import CitizenId

SECRET_BYTES = 32


def open_calendar_feed(session: Session, viewer: Viewer, *, now: datetime) -> str:
    """Open the viewer's feed and return its secret, which is shown once and kept nowhere. An older feed is revoked.

    Refused for protected identities: a calendar is copied to places nobody watches over (OSL 21:3, domain reference 6.7).
    """
    if viewer.person_id is None:
        raise Refused(rule="feed_needs_a_person")
    if viewer.role is Role.CITIZEN:
        who = citizens.citizen(session, viewer, Subject.DAY, CitizenId(viewer.person_id))
        if who.protected is not None:
            raise Refused(rule="no_feed_for_protected_identity")
    calendar_feeds.revoke(session, viewer, at=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = Feed(id=uuid4(), role=viewer.role, person_id=viewer.person_id, made_at=now)
    calendar_feeds.add(session, feed, secret=secret)
    return secret
