"""Fill in what lies behind a record that has just been filled: a synthetic town's weeks, or another system's export."""

from sqlalchemy.orm import Session

from visits.errors import Refused
from visits.performed.past import Past
from visits.store import checkins, citizen_absences, schedules, shifts, visits


def fill_past(session: Session, past: Past) -> None:
    """Store it in bulk, silently: nobody is told of what has been. `Refused` when anything is planned or performed already."""
    if schedules.any_known(session):
        raise Refused(rule="record_not_empty")
    shifts.add(session, past.shifts)
    for absence in past.absences:
        citizen_absences.add(session, absence.id, absence.citizen_id, absence.period, reason=absence.reason)
    visits.put(session, past.visits)
    schedules.add_many(session, past.schedules)
    checkins.add_many(session, past.facts)
