"""The relative's JSON, and the socket of the page."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.auth.access import RelativeViewer
from api.live.snapshot import etag, not_modified
from api.live.socket import live_today_of
from api.relative.today import TODAY, shown, snapshots
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.store.relative_days import relative_day_revision
from visits.store.relative_notices import Whose
from visits.terms import CitizenId, RelativeId

router = APIRouter(tags=["relative"])
router.include_router(live_today_of("/live/narstaende/{citizen_id}", TODAY))


@router.get("/api/v1/relative/citizens/{citizen_id}/day")
def day_of(request: Request, session: SessionDep, viewer: RelativeViewer, now: NowDep, *, citizen_id: UUID) -> Response:
    """Today, as the page shows it; 304 when the reader has it already (``If-None-Match``)."""
    if viewer.person_id is None:
        raise NotFound(what="day")
    key = Whose(RelativeId(viewer.person_id), CitizenId(citizen_id))
    revision = relative_day_revision(session, viewer, key.citizen_id, on=viewer.today)
    known = not_modified(request, etag(shown(key), on=viewer.today, revision=revision))
    if known is not None:
        return known
    found = snapshots(session, [(viewer, citizen_id)], on=viewer.today, now=now).get(key)
    if found is None:
        raise NotFound(what="day")
    tag = etag(shown(key), on=found.on, revision=found.revision)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return Response(found.model_dump_json(), media_type="application/json", headers=headers)
