"""Revoke one's calendar feed: from then on its address is not found."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.guard.viewer import Viewer
from visits.store import calendar_feeds


def revoke_calendar_feed(session: Session, viewer: Viewer, *, now: datetime) -> None:
    """Close the viewer's feed for good; harmless when there is none."""
    calendar_feeds.revoke(session, viewer, at=now)
