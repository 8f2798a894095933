"""The case officer's follow-up: whether own citizens got what was granted, as a page, on paper and as a file."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth.access import CaseOfficerViewer
from api.house import HouseDep
from api.pages import render
from api.strips import SPANS, Order, Span, alert_word, percent, strip_list
from api.work import NowDep, SessionDep

router = APIRouter(tags=["case_officer"])
PATH = "/arenden/uppfoljning"


@router.get(PATH)
def follow_up_page(
    request: Request,
    session: SessionDep,
    viewer: CaseOfficerViewer,
    now: NowDep,
    house: HouseDep,
    *,
    period: Annotated[Span, Query()] = Span.FOUR_WEEKS,
    ordning: Annotated[Order, Query()] = Order.RATE,
) -> Response:
    """All own citizens, whoever helps them; first those who got the least."""
    found = strip_list(session, viewer, period, rules=house.settings.time_rules, now=now)
    values = {
        "path": PATH,
        "spans": SPANS,
        "order": ordning,
        "found": found,
        "lines": found.in_order(ordning),
        "percent": percent,
        "alert_word": alert_word,
    }
    return render(request, "case_officer/follow_up.html", values)


@router.get(PATH + ".csv")
def follow_up_file(
    session: SessionDep,
    viewer: CaseOfficerViewer,
    now: NowDep,
    house: HouseDep,
    *,
    period: Annotated[Span, Query()] = Span.FOUR_WEEKS,
) -> Response:
    """The same as a file."""
    return strip_list(session, viewer, period, rules=house.settings.time_rules, now=now).as_file()
