"""The team's strips: granted, planned and performed time of each citizen, as a page, on paper and as a file."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api.auth.access import CoordinatorViewer
from api.pages import render
from api.strips import SPANS, Span, StripLine, alert_word, lowest_first, outward_name, percent, picture, strips_file
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import Citizen
from visits.performed.strip import together
from visits.store import citizens, teams
from visits.store.strips import strips
from visits.terms import CitizenId

router = APIRouter(tags=["coordinator"])
PATH = "/planering/tid"


class Order(StrEnum):
    """As it stands in the address."""

    NAME = "namn"
    RATE = "andel"


@router.get(PATH)
def time_page(
    request: Request,
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    *,
    period: Annotated[Span, Query()] = Span.FOUR_WEEKS,
    ordning: Annotated[Order, Query()] = Order.NAME,
) -> Response:
    """The citizens with an order at the team today."""
    days = period.days(viewer.today)
    known = _known(session, viewer)
    found = strips(session, viewer, citizens=known, period=days, now=now)
    lines = [
        StripLine(
            name=known[one.citizen_id].name,
            protected=known[one.citizen_id].protected is not None,
            picture=picture(one, alerts=period is Span.FOUR_WEEKS),
        )
        for one in found
    ]
    values = {
        "team": _team(session, viewer),
        "path": PATH,
        "span": period,
        "spans": SPANS,
        "order": ordning,
        "days": days,
        "lines": lowest_first(lines) if ordning is Order.RATE else lines,
        "total": picture(together(found)),
        "alerts": sum(line.picture.alert is not None for line in lines),
        "percent": percent,
        "alert_word": alert_word,
    }
    return render(request, "coordinator/time.html", values)


@router.get(PATH + ".csv")
def time_file(
    session: SessionDep, viewer: CoordinatorViewer, now: NowDep, *, period: Annotated[Span, Query()] = Span.FOUR_WEEKS
) -> Response:
    """The same as a file."""
    days = period.days(viewer.today)
    known = _known(session, viewer)
    rows = [
        (outward_name(known[one.citizen_id].name, protected=known[one.citizen_id].protected is not None), one)
        for one in strips(session, viewer, citizens=known, period=days, now=now)
    ]
    return strips_file(f"tid-{days.first_on}-{days.last_on}", rows)


def _known(session: Session, viewer: Viewer) -> dict[CitizenId, Citizen]:
    return {citizen.id: citizen for citizen in citizens.find(session, viewer, Subject.BALANCE)}


def _team(session: Session, viewer: Viewer) -> Team:
    if viewer.team_id is None:
        raise NotFound(what="team")
    return teams.team(session, viewer.team_id)
