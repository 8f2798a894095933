"""`/narstaende`: those who have let the relative in."""

from fastapi import APIRouter, Request, Response

from api.auth.access import RelativeViewer
from api.pages import render
from api.work import SessionDep
from visits.guard.confidentiality import Subject
from visits.store import citizens, let_ins

router = APIRouter(tags=["relative"])
PATH = "/narstaende"


@router.get(PATH)
def people_page(request: Request, session: SessionDep, viewer: RelativeViewer) -> Response:
    """Everybody who has let the relative in."""
    found = let_ins.let_ins_of(session, viewer)
    known = citizens.find(session, viewer, Subject.DAY, only=[one.citizen_id for one in found])
    return render(request, "relative/people.html", {"people": known})
