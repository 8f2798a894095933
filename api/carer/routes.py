"""The carer's JSON, and the socket of the carer's page."""

from typing import Annotated

from fastapi import APIRouter, Body, Header, Query, Request, Response

from api.auth.access import CarerViewer
from api.carer.day import PASS, snapshots
from api.carer.facts import MOST_AT_ONCE, outcome, read_fact, record
from api.carer.schemas import Outcome, Outcomes
from api.clock import Day
from api.house import HouseDep
from api.live.snapshot import etag, not_modified, whose
from api.live.socket import live_today
from api.work import NowDep, SessionDep
from visits.errors import Conflict, Invalid, NotFound
from visits.guard.confidentiality import check_day
from visits.store import outbox

router = APIRouter(tags=["carer"])
router.include_router(live_today("/live/pass", PASS))


@router.get("/api/v1/carer/day")
def my_day(
    request: Request,
    session: SessionDep,
    viewer: CarerViewer,
    now: NowDep,
    on: Annotated[Day | None, Query()] = None,
) -> Response:
    """The carer's route of today, or of tomorrow by `on`; 304 when the phone has it already (``If-None-Match``)."""
    day_on = on or viewer.today
    check_day(viewer, day_on)
    if viewer.person_id is None:
        raise NotFound(what="day")
    revision = outbox.revisions(session, outbox.Audience.CARER, [viewer.person_id], day_on).get(viewer.person_id, 0)
    known = not_modified(request, etag(viewer.person_id, on=day_on, revision=revision))
    if known is not None:
        return known
    day = snapshots(session, [viewer], on=day_on, now=now)[viewer.person_id]
    tag = etag(viewer.person_id, on=day.on, revision=day.revision)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return Response(day.model_dump_json(), media_type="application/json", headers=headers)


@router.post("/api/v1/carer/facts")
def tell(
    request: Request,
    house: HouseDep,
    session: SessionDep,
    viewer: CarerViewer,
    now: NowDep,
    *,
    sent: Annotated[object, Body()],
    x_whose: Annotated[str, Header()] = "",
) -> Outcomes:
    """Take in one fact or a list of them. Repeating is harmless.

    A phone on which several carers sign in names by ``X-Whose`` whose facts it sends: 409 ``other_carer`` when another one is
    signed in by now, and nothing is taken.

    One alone that cannot be taken is answered by its own problem. In a list each has its own outcome, and the reply is 200: what
    is told as stored is stored when the reply arrives, and only then may a phone forget it.
    """
    if x_whose and viewer.person_id is not None and x_whose != whose(viewer.person_id):
        raise Conflict(what="other_carer")
    rules = house.settings.time_rules
    if not isinstance(sent, list):
        stored = record(session, viewer, read_fact(sent), rules=rules, now=now)
        return Outcomes(outcomes=[Outcome(id=str(stored.id), status=200)])
    if len(sent) > MOST_AT_ONCE:
        raise Invalid(field="body", value=f"{len(sent)} facts", why=f"at most {MOST_AT_ONCE} at once")
    return Outcomes(outcomes=[outcome(request, session, viewer, one, rules=rules, now=now) for one in sent])
