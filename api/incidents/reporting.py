"""`/avvikelse`: report that something has gone wrong, or might have, and see how far what one has reported has come."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, field_validator
from sqlalchemy.orm import Session

from api.auth.access import policy
from api.house import HouseDep
from api.i18n import N_
from api.navigation import home_of
from api.pages import render
from api.problems import problem_of
from api.work import NowDep, SessionDep
from visits.actions.report_incident import report_incident
from visits.errors import Invalid
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.performed.incidents import LONGEST_TEXT
from visits.store import citizens, incidents
from visits.terms import CitizenId, local_day

router = APIRouter(tags=["incidents"])
PATH = "/avvikelse"
ReporterViewer = Annotated[Viewer, Depends(policy(Role.CARER, Role.COORDINATOR))]
_NOTICES = {"anmald": N_("Tack. Din anmälan är sparad och syns nu för verksamhetschefen.")}


class Report(BaseModel):
    """What was filled in. Without `citizen_id`: it concerns nobody in particular, or it is not said whom."""

    model_config = ConfigDict(extra="ignore")

    happened_on: date
    text: str
    citizen_id: UUID | None = None

    @field_validator("citizen_id", mode="before")
    @classmethod
    def _nobody(cls, value: object) -> object:
        return value or None


@router.get(PATH)
def own_reports(
    request: Request, session: SessionDep, viewer: ReporterViewer, *, gjort: Annotated[str, Query()] = ""
) -> Response:
    """What one has reported, and how far it has come."""
    values = {
        "incidents": incidents.incidents_of(session, viewer),
        "notice": _NOTICES.get(gjort),
        "home": home_of(viewer.role),
    }
    return render(request, "incidents/own.html", values)


@router.get(PATH + "/anmal")
def form(request: Request, session: SessionDep, viewer: ReporterViewer, house: HouseDep, now: NowDep) -> Response:
    return _form(request, session, viewer, {"law": house.settings.incident_law, "today": local_day(now)})


@router.post(PATH + "/anmal")
def report(
    request: Request,
    session: SessionDep,
    viewer: ReporterViewer,
    house: HouseDep,
    now: NowDep,
    *,
    sent: Annotated[Report, Form()],
) -> Response:
    """Store the report. What cannot be stored is shown again as it was written, with what to do."""
    whom = None if sent.citizen_id is None else CitizenId(sent.citizen_id)
    try:
        report_incident(session, viewer, happened_on=sent.happened_on, text=sent.text, citizen_id=whom, now=now)
    except Invalid as invalid:
        problem = problem_of(invalid)
        values = {
            "law": house.settings.incident_law,
            "today": local_day(now),
            "sent": sent,
            "problem": problem,
        }
        return _form(request, session, viewer, values, status=problem.status)
    return RedirectResponse(f"{PATH}?gjort=anmald", status_code=303)


def _form(
    request: Request, session: Session, viewer: Viewer, values: Mapping[str, object], *, status: int = 200
) -> Response:
    known = {
        "sent": None,
        "problem": None,
        "citizens": citizens.find(session, viewer, Subject.DAY),
        "longest": LONGEST_TEXT,
        "home": home_of(viewer.role),
    }
    return render(request, "incidents/report.html", {**known, **values}, status=status)
