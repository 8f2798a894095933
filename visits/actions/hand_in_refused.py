"""Hand to the coordinator what a phone was not allowed to tell, and settle it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.performed.checkins import LONGEST_NOTE
from visits.store import checkins, refused_facts
from visits.store.refused_facts import RefusedFact
from visits.terms import check_text


def hand_in_refused(session: Session, viewer: Viewer, fact: RefusedFact) -> None:
    """Keep it for the coordinator; nothing when it was taken after all. It counts nowhere. Harmless to repeat."""
    if viewer.role is not Role.CARER or fact.carer_id != viewer.person_id:
        raise NotFound(what="fact")
    check_text(fact.note, field="note", at_most=LONGEST_NOTE)
    if checkins.fact(session, fact.id) is None:
        refused_facts.add(session, fact)


def settle_refused(session: Session, viewer: Viewer, fact_id: UUID, *, now: datetime) -> None:
    """The coordinator has entered what it says, or let it be. `NotFound` to others than the carer's own coordinator."""
    if viewer.role is not Role.COORDINATOR:
        raise NotFound(what="fact")
    refused_facts.settle(session, viewer, fact_id, at=now)
