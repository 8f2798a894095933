"""Fill the record with relatives who have been let in already: a synthetic town, or another system's export."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from visits.guard.representation import LetIn
from visits.people import Relative
from visits.store import let_ins, relatives


def fill_relatives(session: Session, people: Sequence[Relative], rows: Sequence[LetIn]) -> None:
    """Store relatives, and whom they have been let in by. Nobody gets a code."""
    relatives.add(session, people)
    for row in rows:
        let_ins.add(session, row, code=None)
