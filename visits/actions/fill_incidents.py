"""Fill the record with incidents and their journals: a synthetic town, or another system's export."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from visits.performed.incidents import Incident
from visits.store import incidents


def fill_incidents(session: Session, rows: Sequence[Incident]) -> None:
    for row in rows:
        incidents.add(session, row)
