"""Let a tag prove nothing any more: lost, taken down, or the citizen has moved."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.store import presence_tags
from visits.terms import TagId


def revoke_tag(session: Session, viewer: Viewer, tag_id: TagId, *, now: datetime) -> None:
    """What it proved before still holds. `NotFound` to anybody but the coordinator whose team comes there."""
    if viewer.role is not Role.COORDINATOR:
        raise NotFound(what="tag")
    presence_tags.revoke(session, viewer, tag_id, at=now)
