"""The team's strips: granted, planned and performed time of each citizen, as a page, on paper and as a file."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth.access import CoordinatorViewer
from api.house import HouseDep
from api.pages import render
from api.strips import SPANS, Order, Span, alert_word, percent, strip_list
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.store import teams

router = APIRouter(tags=["coordinator"])
PATH = "/planering/tid"


@router.get(PATH)
def time_page(
    request: Request,
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    house: HouseDep,
    *,
    period: Annotated[Span, Query()] = Span.FOUR_WEEKS,
    ordning: Annotated[Order, Query()] = Order.NAME,
) -> Response:
    """The citizens with an order at the team today."""
    if viewer.team_id is None:
        raise NotFound(what="team")
    found = strip_list(session, viewer, period, rules=house.settings.time_rules, now=now)
    values = {
        "team": teams.team(session, viewer.team_id),
        "path": PATH,
        "spans": SPANS,
        "order": ordning,
        "found": found,
        "lines": found.in_order(ordning),
        "percent": percent,
        "alert_word": alert_word,
    }
    return render(request, "coordinator/time.html", values)


@router.get(PATH + ".csv")
def time_file(
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    house: HouseDep,
    *,
    period: Annotated[Span, Query()] = Span.FOUR_WEEKS,
) -> Response:
    """The same as a file."""
    return strip_list(session, viewer, period, rules=house.settings.time_rules, now=now).as_file()
