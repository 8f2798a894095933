"""Say why somebody may be left out of a day: the day can be published then, and who said so stays on record."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from visits.errors import Invalid, Stale
from visits.events import DaysTouched
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.planned.schedule import Schedule
from visits.store import audit, forgotten, outbox, schedules
from visits.store.forgotten import Acknowledgement, LeftOut
from visits.terms import ScheduleId, check_text

LONGEST_REASON = 500


def acknowledge_forgotten(
    session: Session,
    viewer: Viewer,
    schedule_id: ScheduleId,
    *,
    about: Collection[UUID] | None,
    reason: str,
    now: datetime,
) -> list[LeftOut]:
    """Acknowledge, with one reason, the rows that `about` names, or all that are open (None); those acknowledged are returned.

    `NotFound` unless the viewer plans the team's day, `Invalid` for an empty reason, `Stale` when a row named is none any more.
    """
    said = reason.strip()
    if not said:
        raise Invalid(field="reason", value=reason, why="say why nobody comes")
    check_text(said, field="reason", at_most=LONGEST_REASON)
    schedule = schedules.schedule(session, viewer, schedule_id)
    rows = _chosen(forgotten.left_out(session, viewer, schedule), about, schedule)
    given = Acknowledgement(reason=said, by=viewer.person_id, at=now)
    forgotten.acknowledge(session, schedule.team_id, [row.forgotten for row in rows], given)
    citizens = [row.forgotten.citizen_id for row in rows]
    audit.record(session, viewer, Subject.CARE, what="acknowledge_forgotten", citizens=citizens)
    if rows:
        outbox.raise_revisions(session, (DaysTouched(on=schedule.on, teams=(schedule.team_id,)),))
    return rows


def _chosen(rows: list[LeftOut], about: Collection[UUID] | None, schedule: Schedule) -> list[LeftOut]:
    """The rows named that are still open; of those acknowledged already nothing is left to say."""
    if about is None:
        return [row for row in rows if row.is_open]
    if not set(about) <= {row.forgotten.about for row in rows}:
        raise Stale(what="forgotten", on=schedule.on)
    return [row for row in rows if row.is_open and row.forgotten.about in about]
