"""The coordinator's open page: the same snapshot by socket and by plain GET."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.auth.access import CoordinatorViewer
from api.clock import Day
from api.coordinator.schemas import TeamDaySnapshot, snapshot_of
from api.live.hub import Audience
from api.live.snapshot import etag, not_modified
from api.live.socket import live_day
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.store import outbox
from visits.store.team_days import team_day
from visits.terms import TeamId


def snapshots(session: Session, viewers: Sequence[Viewer], *, on: date, now: datetime) -> dict[UUID, TeamDaySnapshot]:
    """The day of each coordinator's own team. One by one: a team has a handful of coordinators, and each leaves a trace."""
    return {
        viewer.person_id: snapshot_of(team_day(session, viewer, on=on, now=now), viewer)
        for viewer in viewers
        if viewer.person_id is not None and viewer.team_id is not None
    }


AUDIENCE = Audience(role=Role.COORDINATOR, counts=outbox.Audience.TEAM, snapshots=snapshots)

router = APIRouter(tags=["coordinator"])
router.include_router(live_day("/live/planering/{on}", AUDIENCE))


@router.get("/api/v1/teams/{team_id}/days/{on}", response_model=TeamDaySnapshot)
def day(
    request: Request, session: SessionDep, viewer: CoordinatorViewer, now: NowDep, *, team_id: UUID, on: Day
) -> Response:
    """The team's day; 304 when the reader has it as it is."""
    if viewer.person_id is None or viewer.team_id is None or TeamId(team_id) != viewer.team_id:
        raise NotFound(what="team")
    revision = outbox.revisions(session, outbox.Audience.TEAM, [team_id], on).get(team_id, 0)
    tag = etag(viewer.person_id, on=on, revision=revision)
    known = not_modified(request, tag)
    if known is not None:
        return known
    told = snapshots(session, [viewer], on=on, now=now)[viewer.person_id]
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return Response(told.model_dump_json(), media_type="application/json", headers=headers)
