"""Decide what help a citizen is granted, in which unit, and for how long."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.granted.decisions import Decision, check_time_limited
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.store import audit, citizens, decisions
from visits.terms import ServiceCode


def make_decision(
    session: Session, viewer: Viewer, decision: Decision, *, open_ended: Collection[ServiceCode]
) -> Decision:
    """Keep the decision. `open_ended` is what the municipality grants until further notice; all else has a last day.

    `NotFound` unless the citizen is in the viewer's sight, and whoever shares a service with them; `Refused` for a decision
    without an end that must have one.
    """
    if viewer.role is Role.CASE_OFFICER and decision.case_officer_id != viewer.person_id:
        raise NotFound(what="case_officer")
    concerned = {decision.citizen_id, *(one.shared_with for one in decision.services if one.shared_with is not None)}
    if {citizen.id for citizen in citizens.find(session, viewer, Subject.CARE, only=concerned)} != concerned:
        raise NotFound(what="citizen")
    check_time_limited(decision, open_ended=open_ended)
    decisions.add(session, [decision])
    audit.record(session, viewer, Subject.CARE, what="make_decision", citizens=concerned)
    return decision
