"""The citizen's pages."""

from fastapi import APIRouter, Request, Response

from api.auth.access import CitizenViewer
from api.citizen.schemas import ChangeTold, VisitTold
from api.citizen.today import snapshots
from api.live.snapshot import etag
from api.pages import render
from api.work import NowDep, SessionDep
from visits.errors import NotFound

router = APIRouter(tags=["citizen"])


@router.get("/idag")
def today(request: Request, session: SessionDep, viewer: CitizenViewer, now: NowDep) -> Response:
    """Who comes next, about when, with what help; the rest of the day; what has changed."""
    found = snapshots(session, [viewer], on=viewer.today, now=now)
    day = None if viewer.person_id is None else found.get(viewer.person_id)
    if day is None or viewer.person_id is None:
        raise NotFound(what="day")
    tag = etag(viewer.person_id, on=day.on, revision=day.revision)
    blank = {"blank_visit": VisitTold(), "blank_change": ChangeTold()}
    return render(request, "citizen/today.html", {"day": day, "etag": tag, **blank})
