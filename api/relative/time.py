"""`/narstaende/…/tid`: granted, planned and performed time of somebody who shows it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.auth.access import RelativeViewer
from api.house import HouseDep
from api.i18n import _
from api.pages import render
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.performed.strip import Strip
from visits.store import citizens
from visits.store.strips import strips
from visits.terms import CitizenId, Period

router = APIRouter(tags=["relative"])
PATH = "/narstaende/{citizen_id}/tid"
_FORTNIGHT_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOf:
    """One period of somebody's time."""

    heading: str
    strip: Strip


@router.get(PATH)
def time_page(
    request: Request, session: SessionDep, viewer: RelativeViewer, now: NowDep, house: HouseDep, *, citizen_id: UUID
) -> Response:
    """The last fourteen days, and the month so far; not found unless the citizen shows it."""
    whom = CitizenId(citizen_id)
    who = citizens.citizen(session, viewer, Subject.BALANCE, whom)
    fortnight = Period(viewer.today - timedelta(days=_FORTNIGHT_DAYS - 1), viewer.today)
    month = Period(viewer.today.replace(day=1), viewer.today)
    told = []
    for heading, period in ((_("De senaste 14 dagarna"), fortnight), (_("Den här månaden hittills"), month)):
        found = strips(session, viewer, citizens=[whom], period=period, rules=house.settings.time_rules, now=now)
        if not found:
            raise NotFound(what="strip")
        told.append(TimeOf(heading=heading, strip=found[0]))
    return render(request, "relative/time.html", {"name": who.given_name, "citizen_id": citizen_id, "periods": told})
