"""Bring in from outside who is away: carers of a team, or citizens with an order there. All of it, or nothing."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from visits.actions.report_carer_absent import report_carer_absent
from visits.actions.report_citizen_away import report_citizen_away
from visits.errors import Refused
from visits.guard.confidentiality import Subject, check_team
from visits.guard.viewer import Viewer
from visits.planned.roster_import import AbsenceChange, Away, People, absence_change
from visits.planned.roster_rows import ImportKind, Read
from visits.store import audit, carers, citizen_absences, citizens, orders, roster_batches
from visits.store.roster_batches import Batch
from visits.terms import AbsenceReason, CarerId, CitizenId, Period, TeamId, local_day


def judge_absences(session: Session, viewer: Viewer, read: Read, *, team_id: TeamId, today: date) -> AbsenceChange:
    """Who is away by the file, and every row that cannot be taken. `NotFound` unless the team is the viewer's."""
    check_team(viewer, team_id)
    days = {row.first_on for row in read.absences}
    if read.kind is ImportKind.CARER_ABSENCES:
        staff = People((carer.id, carer.name) for carer in carers.carers_of(session, team_id))
        return absence_change(read, dict.fromkeys(days, staff), (), today=today)
    served = {on: _served(session, viewer, team_id, on) for on in days}
    known = _known_away(session, viewer, read, {key for names in served.values() for key in names})
    people = {on: People(names.items()) for on, names in served.items()}
    return absence_change(read, people, known, today=today)


def import_absences(
    session: Session, viewer: Viewer, read: Read, *, team_id: TeamId, file_name: str, now: datetime
) -> Batch:
    """Store what the file says; what follows of each absence follows as if it had been reported. `Refused` as a roster is."""
    change = judge_absences(session, viewer, read, team_id=team_id, today=local_day(now))
    if change.faults:
        raise Refused(rule="import_refused", rows=len({fault.row for fault in change.faults}))
    is_staff = read.kind is ImportKind.CARER_ABSENCES
    store = _store_carers if is_staff else _store_citizens
    added, cancelled = store(session, viewer, change.added)
    made = Batch(
        id=uuid4(),
        team_id=team_id,
        kind=read.kind,
        file_name=file_name,
        made_at=now,
        made_by=viewer.person_id,
        days=roster_batches.days_as(change.days),
        added=tuple(added),
        cancelled_visits=cancelled,
    )
    roster_batches.add(session, made)
    return made


def _served(session: Session, viewer: Viewer, team_id: TeamId, on: date) -> Mapping[CitizenId, str]:
    """Those with an order in force at the team on the day."""
    keys = {order.citizen_id for order in orders.orders_in_force(session, viewer, team_id=team_id, on=on)}
    return {one.id: one.name for one in citizens.find(session, viewer, Subject.CARE, only=keys, on=on)}


def _known_away(session: Session, viewer: Viewer, read: Read, served: set[CitizenId]) -> list[tuple[UUID, Period]]:
    if not read.absences:
        return []
    first_on = min(row.first_on for row in read.absences)
    last_on = max(first_on, *(row.last_on for row in read.absences))
    audit.record(session, viewer, Subject.CARE, what="judge_absences", citizens=served)
    known = citizen_absences.absences_in(session, served, Period(first_on, last_on))
    return [(one.citizen_id, one.period) for one in known]


def _store_carers(session: Session, viewer: Viewer, added: Iterable[Away]) -> tuple[list[dict[str, Any]], int]:
    """What is new, a day at a time; days on which the carer was known to be absent stay whose they were."""
    new = [
        {"carer_id": str(one.person_id), "on": on.isoformat()}
        for one in added
        for on in one.period
        if report_carer_absent(session, viewer, carer_id=CarerId(one.person_id), on=on, reason=one.reason)
    ]
    return new, 0


def _store_citizens(session: Session, viewer: Viewer, added: Iterable[Away]) -> tuple[list[dict[str, Any]], int]:
    new, cancelled = [], 0
    for one in added:
        reason = AbsenceReason(one.reason)
        gone = report_citizen_away(
            session, viewer, citizen_id=CitizenId(one.person_id), period=one.period, reason=reason
        )
        cancelled += len(gone)
        new.append(
            {
                "citizen_id": str(one.person_id),
                "first_on": one.period.first_on.isoformat(),
                "last_on": str(one.period.last_on),
            }
        )
    return new, cancelled
