"""Publish a fortnight's drafts together, with the reason why those may be left out whom they knowingly leave out."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from visits.actions.acknowledge_forgotten import acknowledge_forgotten
from visits.actions.publish_schedule import publish_schedule
from visits.guard.viewer import Viewer
from visits.planned.schedule import Difference
from visits.store import schedules
from visits.store.forgotten import left_out
from visits.terms import ScheduleId, VisitTemplateId


def publish_fortnight(
    session: Session,
    viewer: Viewer,
    schedule_ids: Collection[ScheduleId],
    *,
    about: Collection[UUID],
    templates: Collection[VisitTemplateId],
    reason: str,
    now: datetime,
) -> list[Difference]:
    """All of the drafts, day by day in the order given, or none. Raises what `publish_schedule` raises.

    `reason` is said of the rows that `about` names, and of visits of `templates`, which come less often than their plans ask: such
    a visit is missed only when the days before it are published.
    """
    found = []
    for schedule_id in schedule_ids:
        rows = left_out(session, viewer, schedules.schedule(session, viewer, schedule_id)) if reason.strip() else []
        known = [
            row.forgotten.about
            for row in rows
            if row.is_open
            and (row.forgotten.about in about or (row.forgotten.template and row.forgotten.template.id in templates))
        ]
        if known:
            acknowledge_forgotten(session, viewer, schedule_id, about=known, reason=reason, now=now)
        found.append(publish_schedule(session, viewer, schedule_id, now=now))
    return found
