"""When relatives have looked, told to the one they looked at: read from the trace that every looking leaves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.store import audit
from visits.store.audit import audit_entries
from visits.store.sight import in_sight
from visits.terms import CitizenId, RelativeId

SHOWN_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """On the day `on` a relative had the citizen's day, or time, before their eyes: first and last at these real instants.

    An open page that is told something new has been looked at.
    """

    relative_id: RelativeId
    on: date
    first_at: datetime
    last_at: datetime


def looks_at(session: Session, viewer: Viewer) -> list[Look]:
    """Of the last fourteen days, newest first, for the citizen who asks."""
    mine = [CitizenId(key) for key in session.scalars(in_sight(viewer, Subject.RELATIVES))]
    audit.record(session, viewer, Subject.RELATIVES, what="looks_at", citizens=mine)
    query = (
        select(
            audit_entries.c.viewer_id,
            audit_entries.c.on,
            func.min(audit_entries.c.at).label("first_at"),
            func.max(audit_entries.c.at).label("last_at"),
        )
        .where(
            audit_entries.c.citizen_ids.op("&&")(mine),
            audit_entries.c.role == Role.RELATIVE,
            audit_entries.c.on > viewer.today - timedelta(days=SHOWN_DAYS),
            or_(audit_entries.c.what == "relative_days", audit_entries.c.subject == Subject.BALANCE),
        )
        .group_by(audit_entries.c.viewer_id, audit_entries.c.on)
        .order_by(func.max(audit_entries.c.at).desc())
    )
    return [
        Look(relative_id=row.viewer_id, on=row.on, first_at=row.first_at, last_at=row.last_at)
        for row in session.execute(query)
    ]
