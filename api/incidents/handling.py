"""`/verksamhet/avvikelser`: the provider's manager sees what is reported, by when what must be done, and writes the journal."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.auth.access import ManagerViewer
from api.house import HouseDep
from api.i18n import N_
from api.pages import render
from api.work import NowDep, SessionDep
from visits.actions.take_incident_step import take_incident_step
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.performed.incidents import LONGEST_TEXT, Actor, Incident, IncidentState, StepKind
from visits.store import carers, citizens, incidents, managers, officials, teams
from visits.terms import CarerId, CoordinatorId, IncidentId, ManagerId, TeamId

router = APIRouter(tags=["incidents"])
PATH = "/verksamhet/avvikelser"
ASKED: dict[StepKind, tuple[str, str]] = {
    StepKind.INVESTIGATION_BEGUN: (N_("Börja utreda"), N_("Hur ska det utredas?")),
    StepKind.REMEDIED: (N_("Skriv ned en åtgärd"), N_("Vad är gjort för att det ska upphöra och inte hända igen?")),
    StepKind.FOUND_SERIOUS: (
        N_("Bedöm: allvarligt"),
        N_("Varför är det ett allvarligt missförhållande, eller en risk för det?"),
    ),
    StepKind.FOUND_NOT_SERIOUS: (N_("Bedöm: inte allvarligt"), N_("Varför är det inte allvarligt?")),
    StepKind.NOTIFIED: (N_("Anmält till IVO"), N_("När anmäldes det, av vem, och med vilket diarienummer?")),
    StepKind.BOARD_INFORMED: (N_("Nämnden är informerad"), N_("Vem på kommunen fick veta, och när?")),
    StepKind.NOTED: (N_("Skriv en anteckning"), N_("Vad har hänt?")),
    StepKind.CLOSED: (N_("Avsluta ärendet"), N_("Vad kom ni fram till?")),
}
"""For each step: what it is called when it is taken, and what is asked."""


@router.get(PATH)
def list_page(request: Request, session: SessionDep, viewer: ManagerViewer, house: HouseDep) -> Response:
    """The open ones by what must be done first; those closed below."""
    rules = house.settings.incident_rules
    found = incidents.incidents_of(session, viewer)
    waiting = [(one, deadline) for one in found if (deadline := one.next_deadline(rules)) is not None]
    values = {
        "waiting": sorted(waiting, key=lambda pair: pair[1].until),
        "closed": [one for one in found if one.state is IncidentState.CLOSED],
        "teams": _team_names(session, viewer),
        "law": house.settings.incident_law,
    }
    return render(request, "incidents/list.html", values)


@router.get(PATH + "/{incident_id}")
def incident_page(
    request: Request,
    session: SessionDep,
    viewer: ManagerViewer,
    house: HouseDep,
    *,
    incident_id: UUID,
    gjort: Annotated[str, Query()] = "",
) -> Response:
    """One incident: by when what must be done, the journal, and the next steps."""
    incident = incidents.incident(session, viewer, IncidentId(incident_id))
    concerned = None
    if incident.citizen_id is not None:
        concerned = citizens.citizen(session, viewer, Subject.INCIDENT, incident.citizen_id)
    values = {
        "incident": incident,
        "deadlines": incident.deadlines(house.settings.incident_rules),
        "concerned": concerned,
        "team": teams.team(session, incident.team_id),
        "names": _names(session, [incident]),
        "asked": ASKED,
        "longest": LONGEST_TEXT,
        "law": house.settings.incident_law,
        "saved": bool(gjort),
    }
    return render(request, "incidents/incident.html", values)


@router.post(PATH + "/{incident_id}/steg")
def take_step(
    session: SessionDep,
    viewer: ManagerViewer,
    now: NowDep,
    *,
    incident_id: UUID,
    kind: Annotated[StepKind, Form()],
    text: Annotated[str, Form(max_length=LONGEST_TEXT)] = "",
) -> Response:
    take_incident_step(session, viewer, IncidentId(incident_id), kind=kind, text=text, now=now)
    return RedirectResponse(f"{PATH}/{incident_id}?gjort=sparat", status_code=303)


def _team_names(session: Session, viewer: Viewer) -> dict[TeamId, str]:
    if viewer.provider_id is None:
        raise NotFound(what="provider")
    return {team.id: team.name for team in teams.teams_of(session, viewer.provider_id)}


def _names(session: Session, found: Iterable[Incident]) -> dict[UUID, str]:
    """Of everybody who has written in the journals."""
    names: dict[UUID, str] = {}
    for step in (step for one in found for step in one.steps):
        if step.by_id not in names:
            match step.by:
                case Actor.CARER:
                    names[step.by_id] = carers.carer(session, CarerId(step.by_id)).name
                case Actor.COORDINATOR:
                    names[step.by_id] = officials.coordinator(session, CoordinatorId(step.by_id)).name
                case Actor.MANAGER:
                    names[step.by_id] = managers.manager(session, ManagerId(step.by_id)).name
    return names
