"""Take back an import whole, while nothing that people have been told rests on it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from visits.actions.import_roster import roster_imported
from visits.errors import NotFound, Refused
from visits.events import DaysTouched, RosterImported
from visits.guard.confidentiality import Subject, check_team
from visits.guard.viewer import Viewer
from visits.planned.roster_rows import ImportKind
from visits.store import audit, carers, citizen_absences, outbox, published_days, roster_batches, shifts
from visits.store.roster_batches import Batch
from visits.terms import CarerId, CitizenId, Period


def take_back_import(session: Session, viewer: Viewer, batch_id: UUID, *, now: datetime) -> Batch:
    """Undo what the import did, and put back what it took away.

    `NotFound` unless it is the viewer's team's; `Refused` when one of its days has been published since, when it cancelled visits,
    when a later import has changed its shifts, or when it has been taken back already.
    """
    batch = roster_batches.batch(session, batch_id, lock=True)
    try:
        check_team(viewer, batch.team_id)
    except NotFound:
        raise NotFound(what="import") from None
    if batch.taken_back_at is not None:
        raise Refused(rule="import_taken_back", taken_back_at=batch.taken_back_at)
    published = published_days.published_since(session, batch.team_id, batch.days, since=batch.made_at)
    if published:
        raise Refused(rule="import_published_on", on=published[0])
    if batch.cancelled_visits:
        raise Refused(rule="import_cancelled_visits", visits=batch.cancelled_visits)
    _UNDO[batch.kind](session, viewer, batch)
    roster_batches.take_back(session, batch.id, at=now)
    return batch


def _shifts(session: Session, _viewer: Viewer, batch: Batch) -> None:
    added, removed = ([shifts.from_json(one) for one in rows] for rows in (batch.added, batch.removed))
    if shifts.remove(session, [one.id for one in added]) < len(added):
        raise Refused(rule="import_changed_since")
    shifts.add(session, removed)
    outbox.leave(session, roster_imported(batch, [*added, *removed]))


def _carer_absences(session: Session, _viewer: Viewer, batch: Batch) -> None:
    touched = []
    for one in batch.added:
        carer_id, on = CarerId(UUID(one["carer_id"])), date.fromisoformat(one["on"])
        carers.take_back_absent(session, carer_id, on)
        touched.append(DaysTouched(on=on, carers=(carer_id,), teams=(batch.team_id,)))
    outbox.leave(session, RosterImported(batch_id=batch.id, team_id=batch.team_id, touched=tuple(touched)))


def _citizen_absences(session: Session, viewer: Viewer, batch: Batch) -> None:
    found = [CitizenId(UUID(one["citizen_id"])) for one in batch.added]
    for citizen_id, one in zip(found, batch.added, strict=True):
        period = Period(date.fromisoformat(one["first_on"]), date.fromisoformat(one["last_on"]))
        citizen_absences.remove(session, citizen_id, period)
    touched = tuple(DaysTouched(on=on, teams=(batch.team_id,)) for on in batch.days)
    outbox.leave(session, RosterImported(batch_id=batch.id, team_id=batch.team_id, touched=touched))
    audit.record(session, viewer, Subject.CARE, what="take_back_import", citizens=found)


_UNDO = {
    ImportKind.SHIFTS: _shifts,
    ImportKind.CARER_ABSENCES: _carer_absences,
    ImportKind.CITIZEN_ABSENCES: _citizen_absences,
}
