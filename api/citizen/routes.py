"""The citizen's JSON, and the sockets of the citizen's pages."""

from fastapi import APIRouter, Request, Response

from api.auth.access import CitizenViewer
from api.citizen.today import TODAY, snapshots
from api.live.snapshot import etag, not_modified
from api.live.socket import live_today
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.store.citizen_days import day_revision

router = APIRouter(tags=["citizen"])
router.include_router(live_today("/live/idag", TODAY))


@router.get("/api/v1/me/day")
def my_day(request: Request, session: SessionDep, viewer: CitizenViewer, now: NowDep) -> Response:
    """Today, as the page shows it; 304 when the reader has it already (``If-None-Match``)."""
    if viewer.person_id is None:
        raise NotFound(what="day")
    revision = day_revision(session, viewer, on=viewer.today)
    known = not_modified(request, etag(viewer.person_id, on=viewer.today, revision=revision))
    if known is not None:
        return known
    day = snapshots(session, [viewer], on=viewer.today, now=now)[viewer.person_id]
    tag = etag(viewer.person_id, on=day.on, revision=day.revision)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return Response(day.model_dump_json(), media_type="application/json", headers=headers)
