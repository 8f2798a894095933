"""The team's work phones, to be emptied when one is lost; and the tags in the homes, to be printed and revoked."""

from typing import Annotated
from urllib.parse import urljoin
from uuid import UUID

import segno
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.auth import sessions
from api.auth.access import CoordinatorViewer
from api.clock import RealClock
from api.house import house_of
from api.pages import render
from api.work import NowDep, SessionDep
from visits.actions.hand_in_refused import settle_refused
from visits.actions.make_tag import make_tag
from visits.actions.revoke_tag import revoke_tag
from visits.actions.wipe_phone import wipe_phone
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import carers, citizens, phones, presence_tags, refused_facts
from visits.terms import CitizenId, PhoneId, TagId

router = APIRouter(tags=["coordinator"])
PATH = "/planering/telefoner"


@router.get(PATH)
def phones_page(request: Request, session: SessionDep, viewer: CoordinatorViewer, vad: str = "") -> Response:
    """Which phones hold a carer's day, and which homes have a tag."""
    if viewer.team_id is None:
        raise NotFound(what="team")
    staff = {carer.id: carer for carer in carers.carers_of(session, viewer.team_id)}
    homes = {citizen.id: citizen for citizen in citizens.find(session, viewer, Subject.DOOR)}
    tags: dict[CitizenId, list[presence_tags.PresenceTag]] = {}
    for tag in presence_tags.tags_in_sight(session, viewer):
        tags.setdefault(tag.citizen_id, []).append(tag)
    values = {
        "phones": phones.phones_of(session, staff),
        "staff": staff,
        "names": {home.id: home.name for home in homes.values()},
        "homes": sorted(homes.values(), key=lambda home: (home.family_name, home.given_name)),
        "tags": tags,
        "refused": refused_facts.refused_in_team(session, viewer),
        "what": vad,
    }
    return render(request, "coordinator/phones.html", values)


@router.post(f"{PATH}/{{phone_id}}/tom")
def empty_phone(session: SessionDep, viewer: CoordinatorViewer, phone_id: UUID) -> Response:
    """Empty a phone of the team's: its key is never given again, and every sign-in on it ends."""
    uses = wipe_phone(session, viewer, PhoneId(phone_id), now=RealClock().now())
    sessions.end_hashed(session, [use.session_hash for use in uses])
    return RedirectResponse(f"{PATH}?vad=tomd", status_code=303)


@router.post(f"{PATH}/ej-mottaget/{{fact_id}}")
def settle(session: SessionDep, viewer: CoordinatorViewer, now: NowDep, fact_id: UUID) -> Response:
    """What a phone handed in has been dealt with."""
    settle_refused(session, viewer, fact_id, now=now)
    return RedirectResponse(PATH, status_code=303)


@router.post("/planering/taggar")
def new_tag(
    request: Request, session: SessionDep, viewer: CoordinatorViewer, now: NowDep, citizen_id: Annotated[UUID, Form()]
) -> Response:
    """Make a tag, and show once what is printed or written on it."""
    secret = make_tag(session, viewer, CitizenId(citizen_id), now=now)
    return _printed(request, session, viewer, CitizenId(citizen_id), secret)


@router.post("/planering/taggar/{tag_id}/aterkalla")
def revoke(session: SessionDep, viewer: CoordinatorViewer, now: NowDep, tag_id: UUID) -> Response:
    """Let a tag prove nothing any more."""
    revoke_tag(session, viewer, TagId(tag_id), now=now)
    return RedirectResponse(f"{PATH}?vad=aterkallad", status_code=303)


def _printed(request: Request, session: Session, viewer: Viewer, citizen_id: CitizenId, secret: str) -> Response:
    address = urljoin(house_of(request).settings.base_url, f"/pass/tagg/{secret}")
    values = {
        "citizen": citizens.citizen(session, viewer, Subject.DOOR, citizen_id),
        "address": address,
        "code": segno.make(address, error="m").svg_inline(scale=6, dark="#000000", light="#ffffff", omitsize=True),
    }
    return render(request, "coordinator/tag.html", values)
