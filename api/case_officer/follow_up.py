"""The case officer's follow-up: whether own citizens got what was granted, as a page, on paper and as a file."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth.access import CaseOfficerViewer
from api.house import HouseDep
from api.pages import render
from api.strips import SPANS, Span, alert_word, percent, strip_list
from api.work import NowDep, SessionDep

router = APIRouter(tags=["case_officer"])
PATH = "/arenden/uppfoljning"


class Order(StrEnum):
    """As it stands in the address."""

    NAME = "namn"
    RATE = "andel"


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
        "lines": found.lowest_first if ordning is Order.RATE else found.lines,
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
