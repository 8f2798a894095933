"""Bring in a roster from outside: all of it, or nothing."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.errors import Refused
from visits.events import DaysTouched, RosterImported
from visits.guard.confidentiality import check_team
from visits.guard.viewer import Viewer
from visits.planned.roster_import import DAYS_AROUND, RosterChange, roster_change
from visits.planned.roster_rows import ImportKind, Read
from visits.planned.staffing import Shift
from visits.store import carers, outbox, roster_batches, shifts
from visits.store.roster_batches import Batch
from visits.terms import CarerId, TeamId, local_day


def judge_roster(session: Session, viewer: Viewer, read: Read, *, team_id: TeamId, today: date) -> RosterChange:
    """What the file would change, and every row that cannot be taken. `NotFound` unless the team is the viewer's."""
    check_team(viewer, team_id)
    staff = {carer.id: carer.name for carer in carers.carers_of(session, team_id)}
    days = [row.on for row in read.shifts] or [today]
    around = timedelta(days=DAYS_AROUND)
    known = shifts.shifts_of_team(session, team_id, min(days) - around, max(days) + around)
    return roster_change(read, staff, known, carers.delegations_of(session, team_id), today=today)


def import_roster(
    session: Session, viewer: Viewer, read: Read, *, team_id: TeamId, file_name: str, now: datetime
) -> Batch:
    """Store what the file says. `Refused` when any row cannot be taken: which and why, `judge_roster` tells."""
    change = judge_roster(session, viewer, read, team_id=team_id, today=local_day(now))
    if change.faults:
        raise Refused(rule="import_refused", rows=len({fault.row for fault in change.faults}))
    shifts.remove(session, [shift.id for shift in change.removed])
    shifts.add(session, change.added)
    made = Batch(
        id=uuid4(),
        team_id=team_id,
        kind=ImportKind.SHIFTS,
        file_name=file_name,
        made_at=now,
        made_by=viewer.person_id,
        days=roster_batches.days_as(change.days),
        added=tuple(map(shifts.as_json, change.added)),
        removed=tuple(map(shifts.as_json, change.removed)),
    )
    roster_batches.add(session, made)
    outbox.leave(session, roster_imported(made, [*change.added, *change.removed]))
    return made


def roster_imported(batch: Batch, changed: list[Shift]) -> RosterImported:
    """The news of a batch: day by day whose shifts are no longer what they were."""
    by_day: dict[date, set[CarerId]] = {}
    for shift in changed:
        by_day.setdefault(shift.on, set()).add(shift.carer_id)
    touched = tuple(
        DaysTouched(on=on, carers=tuple(sorted(who)), teams=(batch.team_id,)) for on, who in sorted(by_day.items())
    )
    return RosterImported(batch_id=batch.id, team_id=batch.team_id, touched=touched)
