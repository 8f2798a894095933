"""`/verksamhet`: the provider's teams."""

from fastapi import APIRouter, Request, Response

from api.auth.access import ManagerViewer
from api.pages import render
from api.work import SessionDep
from visits.errors import NotFound
from visits.store import teams

router = APIRouter(tags=["manager"])
PATH = "/verksamhet"


@router.get(PATH)
def provider_page(request: Request, session: SessionDep, viewer: ManagerViewer) -> Response:
    """The teams of the manager's provider."""
    if viewer.provider_id is None:
        raise NotFound(what="provider")
    values = {
        "provider": teams.provider(session, viewer.provider_id),
        "teams": teams.teams_of(session, viewer.provider_id),
    }
    return render(request, "manager/provider.html", values)
