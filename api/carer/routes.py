"""The carer's JSON, and the socket of the carer's page."""

from typing import Annotated

from fastapi import APIRouter, Body, Header, Query, Request, Response

from api.auth.access import CarerViewer
from api.carer.day import PASS, snapshots
from api.carer.facts import MOST_AT_ONCE, outcome, read_fact, record
from api.carer.schemas import FactSent, Outcome, Outcomes
from api.clock import Day
from api.house import HouseDep
from api.live.snapshot import etag, not_modified, whose
from api.live.socket import live_today
from api.work import NowDep, SessionDep
from visits.actions.hand_in_refused import hand_in_refused
from visits.errors import Conflict, Invalid, NotFound
from visits.guard.confidentiality import check_day
from visits.guard.viewer import Viewer
from visits.store import outbox
from visits.store.refused_facts import RefusedFact
from visits.terms import CarerId, FactId, VisitId

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
    _check_whose(viewer, x_whose)
    rules = house.settings.time_rules
    if not isinstance(sent, list):
        stored = record(session, viewer, read_fact(sent), rules=rules, now=now)
        return Outcomes(outcomes=[Outcome(id=str(stored.id), status=200)])
    if len(sent) > MOST_AT_ONCE:
        raise Invalid(field="body", value=f"{len(sent)} facts", why=f"at most {MOST_AT_ONCE} at once")
    return Outcomes(outcomes=[outcome(request, session, viewer, one, rules=rules, now=now) for one in sent])


@router.post("/api/v1/carer/facts/refused", status_code=204)
def hand_in(
    session: SessionDep, viewer: CarerViewer, now: NowDep, sent: FactSent, x_whose: Annotated[str, Header()] = ""
) -> None:
    """Leave to the coordinator a fact that could not be taken. On 204 the phone may forget it: somebody is to read it."""
    _check_whose(viewer, x_whose)
    if viewer.person_id is None:
        raise NotFound(what="fact")
    fact = RefusedFact(
        id=FactId(sent.id),
        carer_id=CarerId(viewer.person_id),
        visit_id=VisitId(sent.visit_id),
        kind=sent.kind,
        happened_at=sent.happened_at,
        code=sent.code,
        note=sent.note,
        received_at=now,
    )
    hand_in_refused(session, viewer, fact)


def _check_whose(viewer: Viewer, said: str) -> None:
    if said and viewer.person_id is not None and said != whose(viewer.person_id):
        raise Conflict(what="other_carer")
