"""The work phone itself: taken into use at sign-in, and emptied, near or from afar."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from api.auth import phone_key, sessions
from api.auth.access import CarerViewer, public
from api.carer.schemas import PhoneTold
from api.clock import RealClock
from api.house import HouseDep
from api.live.snapshot import whose
from api.work import SessionDep
from visits.actions.register_phone import register_phone
from visits.actions.wipe_phone import wipe_phone
from visits.store import phones
from visits.terms import PhoneId

router = APIRouter(tags=["carer"])

EMPTY_YOURSELF = {"Clear-Site-Data": '"cache", "storage"'}
"""The browser itself drops what our pages have stored in it, should they fail to."""
_KNOWS_NOTHING = (
    "says only whether a phone, by the id it made up itself, is to be emptied; asked when nobody is signed in"
)


class PhoneSent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID


@router.post("/api/v1/carer/phone")
def take_into_use(
    request: Request, house: HouseDep, session: SessionDep, viewer: CarerViewer, sent: PhoneSent
) -> Response:
    """Note the phone, and give it our half of its key in a cookie; 403 ``phone_wiped`` when it is to empty itself first."""
    signed_in: sessions.SignedIn = request.state.signed_in
    of = whose(signed_in.person_id)
    phone = register_phone(session, viewer, PhoneId(sent.id), session_hash=signed_in.token_hash, now=RealClock().now())
    told = PhoneTold(of=of, until=signed_in.expires_at)
    response = JSONResponse(told.model_dump(mode="json"), headers={"Cache-Control": "no-store"})
    phone_key.give(response, house, signed_in, phone.id, of=of)
    return response


@router.get("/api/v1/phones/{phone_id}", dependencies=[public(reason=_KNOWS_NOTHING)])
def state(house: HouseDep, session: SessionDep, phone_id: UUID) -> Response:
    """204 while the phone may keep what it holds, also when it is unknown; 410 once it was to be emptied."""
    if all(use.wiped_at is None for use in phones.uses_of(session, PhoneId(phone_id))):
        return Response(status_code=204, headers={"Cache-Control": "no-store"})
    response = Response(status_code=410, headers={"Cache-Control": "no-store", **EMPTY_YOURSELF})
    phone_key.take_back(response, house)
    return response


@router.delete("/api/v1/carer/phone/{phone_id}")
def empty(house: HouseDep, session: SessionDep, viewer: CarerViewer, phone_id: UUID) -> Response:
    """Empty a phone of one's own: its key is never given again, and every sign-in on it ends."""
    uses = wipe_phone(session, viewer, PhoneId(phone_id), now=RealClock().now())
    sessions.end_hashed(session, [use.session_hash for use in uses])
    response = Response(status_code=204, headers=EMPTY_YOURSELF)
    phone_key.take_back(response, house)
    return response
