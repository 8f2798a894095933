"""The manager takes a step with an incident: one more line in its journal."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.performed.incidents import Actor, Incident, IncidentStep, StepKind
from visits.store import incidents
from visits.terms import IncidentId


def take_incident_step(
    session: Session, viewer: Viewer, incident_id: IncidentId, *, kind: StepKind, text: str, now: datetime
) -> Incident:
    """By a manager of the provider; whoever reported sees where it stands, but does not handle it.

    `Refused` when the step may not be taken now (see `Incident.allowed`).
    """
    if viewer.role is not Role.MANAGER or viewer.person_id is None:
        raise NotFound(what="incident")
    known = incidents.incident(session, viewer, incident_id, lock=True)
    step = IncidentStep(id=uuid4(), kind=kind, at=now, by=Actor.MANAGER, by_id=viewer.person_id, text=text.strip())
    changed = known.after(step)
    incidents.add_step(session, incident_id, step)
    return changed
