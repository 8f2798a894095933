"""Report an incident: whoever works with the help does so at once, to the provider."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from visits.errors import Invalid, NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.organisation import ProviderKind
from visits.performed.incidents import Actor, Incident, IncidentStep, StepKind
from visits.store import citizens, incidents, teams
from visits.terms import CitizenId, IncidentId, local_day

OLDEST = timedelta(days=366)


def report_incident(
    session: Session, viewer: Viewer, *, happened_on: date, text: str, citizen_id: CitizenId | None, now: datetime
) -> Incident:
    """By a carer or a coordinator of the team. `NotFound` for a citizen who is not in the reporter's sight.

    `Invalid` for a day to come or more than a year ago.
    """
    if viewer.role not in {Role.CARER, Role.COORDINATOR} or viewer.person_id is None or viewer.team_id is None:
        raise NotFound(what="page")
    if not viewer.today - OLDEST <= happened_on <= local_day(now):
        raise Invalid(field="happened_on", value=happened_on, why="must be today, or a day of the last year")
    if citizen_id is not None:
        citizens.citizen(session, viewer, Subject.DAY, citizen_id)
    provider = teams.provider(session, teams.team(session, viewer.team_id).provider_id)
    step = IncidentStep(
        id=uuid4(),
        kind=StepKind.REPORTED,
        at=now,
        by=Actor(viewer.role.value),
        by_id=viewer.person_id,
        text=text.strip(),
    )
    made = Incident(
        id=IncidentId(uuid4()),
        provider_id=provider.id,
        is_private=provider.kind is ProviderKind.PRIVATE,
        team_id=viewer.team_id,
        citizen_id=citizen_id,
        happened_on=happened_on,
        steps=(step,),
    )
    incidents.add(session, made)
    return made
