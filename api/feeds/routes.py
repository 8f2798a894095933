"""The feed at its secret address, and the page where it is opened and revoked."""

from typing import Annotated
from urllib.parse import urljoin

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import RedirectResponse

from api.auth.access import make_viewer, policy, public
from api.feeds.calendar import as_calendar, entity_tag
from api.feeds.entries import entries_for
from api.house import HouseDep
from api.i18n import SOURCE_LANGUAGE, _, speaking
from api.pages import render
from api.work import NowDep, SessionDep
from visits.actions.open_calendar_feed import open_calendar_feed
from visits.actions.revoke_calendar_feed import revoke_calendar_feed
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.store import calendar_feeds, citizens
from visits.terms import CitizenId

router = APIRouter()
FeedViewer = Annotated[Viewer, Depends(policy(Role.CITIZEN, Role.CARER))]


@router.get(
    "/kalender/{secret}.ics", dependencies=[public(reason="calendars cannot sign in: the address is the secret")]
)
def feed(
    secret: str, house: HouseDep, session: SessionDep, now: NowDep, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """The feed as iCalendar; 304 when nothing has changed; 404 when it is unknown, revoked, or not allowed any more."""
    found = calendar_feeds.by_secret(session, secret)
    if found is None:
        raise NotFound(what="feed")
    viewer = make_viewer(house, session, found.role, found.person_id)
    # A calendar has no language of its own, and a title must not change with whoever fetches it.
    with speaking(SOURCE_LANGUAGE):
        entries = entries_for(session, viewer)
    told = calendar_feeds.tell(session, found, entries, since=viewer.today, now=now)
    body = as_calendar(told, name="vardag")
    tag = entity_tag(body)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


@router.get("/kalender")
def calendar_page(request: Request, session: SessionDep, viewer: FeedViewer) -> Response:
    """Whether the person has a feed, and the buttons to open and revoke it."""
    return _page(request, session, viewer)


@router.post("/kalender")
def open_feed(request: Request, session: SessionDep, viewer: FeedViewer, house: HouseDep, now: NowDep) -> Response:
    """Open a feed (an older one stops working) and show its address, this once."""
    secret = open_calendar_feed(session, viewer, now=now)
    return _page(request, session, viewer, address=urljoin(house.settings.base_url, f"/kalender/{secret}.ics"))


@router.post("/kalender/aterkalla")
def revoke_feed(session: SessionDep, viewer: FeedViewer, now: NowDep) -> Response:
    """Revoke the feed and go back to the page."""
    revoke_calendar_feed(session, viewer, now=now)
    return RedirectResponse("/kalender", status_code=303)


def _page(request: Request, session: SessionDep, viewer: Viewer, *, address: str = "") -> Response:
    values = {
        "feed": calendar_feeds.open_feed(session, viewer),
        "allowed": _allowed(session, viewer),
        "address": address,
        "subscribe": "webcal" + address.removeprefix("https").removeprefix("http") if address else "",
        "what": _("dina besök") if viewer.role is Role.CITIZEN else _("dina pass och besök"),
    }
    return render(request, "feeds/calendar.html", values)


def _allowed(session: SessionDep, viewer: Viewer) -> bool:
    if viewer.role is not Role.CITIZEN or viewer.person_id is None:
        return True
    return citizens.citizen(session, viewer, Subject.DAY, CitizenId(viewer.person_id)).protected is None
