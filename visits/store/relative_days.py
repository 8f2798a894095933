"""The days of those who have let relatives in, for many relatives at once: one trace for each who looks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject, check_day
from visits.guard.viewer import Role, Viewer
from visits.performed.citizen_day import CitizenDay
from visits.performed.relative_day import RelativeDay, UnattendedNotice
from visits.store import audit, relative_notices
from visits.store.citizen_days import days_of, revisions_of
from visits.store.citizens import citizens
from visits.store.columns import among
from visits.store.relative_notices import Whose
from visits.store.sight import in_sight
from visits.terms import CitizenId, RelativeId, midnight

KEPT_IN_SIGHT = timedelta(days=14)
"""How long a notice stands in the relative's list."""


def relative_days(session: Session, asked: Sequence[tuple[Viewer, CitizenId]], *, on: date) -> dict[Whose, RelativeDay]:
    """The day of each citizen for each relative who asks; whoever may not see it, or no longer, is left out."""
    wanted = _in_sight(session, asked, on)
    people = {citizen_id for _viewer, citizen_id in wanted.values()}
    names = {
        row.id: row.given_name
        for row in session.execute(select(citizens.c.id, citizens.c.given_name).where(among(citizens.c.id, people)))
    }
    days = days_of(session, people, on=on)
    told = relative_notices.notices_of(session, wanted, since=midnight(on))
    entries = [
        audit.entry(viewer, Subject.DAY, what="relative_days", citizens=[citizen_id])
        for viewer, citizen_id in wanted.values()
    ]
    audit.record_many(session, entries)
    return {
        key: RelativeDay(
            given_name=names[key.citizen_id],
            day=days[key.citizen_id],
            notices=tuple(_with_who_came(told[key], days[key.citizen_id])),
        )
        for key in wanted
    }


def relative_day_revision(session: Session, viewer: Viewer, citizen_id: CitizenId, *, on: date) -> int:
    """The revision of the citizen's day, without the day itself; `NotFound` unless the relative may see it."""
    found = _in_sight(session, [(viewer, citizen_id)], on)
    audit.record(session, viewer, Subject.DAY, what="relative_day_revision", citizens=[key.citizen_id for key in found])
    if not found:
        raise NotFound(what="day")
    return revisions_of(session, [citizen_id], on)[citizen_id]


def older_notices(session: Session, viewer: Viewer, citizen_id: CitizenId, *, before: date) -> list[UnattendedNotice]:
    """What the relative has been told about the citizen in the two weeks before a day, newest first."""
    wanted = _in_sight(session, [(viewer, citizen_id)], viewer.today)
    audit.record(session, viewer, Subject.DAY, what="older_notices", citizens=[key.citizen_id for key in wanted])
    ends_at = midnight(before)
    found = relative_notices.notices_of(session, wanted, since=ends_at - KEPT_IN_SIGHT)
    return [one for told in found.values() for one in told if one.told_at < ends_at]


def _in_sight(
    session: Session, asked: Iterable[tuple[Viewer, CitizenId]], on: date
) -> dict[Whose, tuple[Viewer, CitizenId]]:
    seen: dict[RelativeId, set[CitizenId]] = {}
    found: dict[Whose, tuple[Viewer, CitizenId]] = {}
    for viewer, citizen_id in asked:
        if viewer.role is not Role.RELATIVE or viewer.person_id is None:
            raise NotFound(what="day")
        check_day(viewer, on)
        relative_id = RelativeId(viewer.person_id)
        if relative_id not in seen:
            seen[relative_id] = set(session.scalars(in_sight(viewer, Subject.DAY)))
        if citizen_id in seen[relative_id]:
            found[Whose(relative_id, citizen_id)] = (viewer, citizen_id)
    return found


def _with_who_came(told: Iterable[UnattendedNotice], day: CitizenDay) -> list[UnattendedNotice]:
    came_at = {visit.id: visit.came_at for visit in day.visits}
    return [replace(one, came_at=came_at.get(one.visit_id)) for one in told]
