"""The house's half of the key that opens what a work phone keeps.

The phone has the other half, which no script can read out. Ours lies in a cookie that the browser itself forgets when the sign-in
runs out; any reply may take it back. It is the same each time this carer signs in on this phone, so that what could not be sent
before is readable again then, and to nobody else (decision 0016).
"""

import hashlib
import hmac

from fastapi import Response

from api.auth.sessions import SignedIn
from api.clock import RealClock
from api.house import House
from visits.terms import PhoneId

COOKIE = "vardag_phone"
PATH = "/pass"
"""Read by the page below this address; the house itself never needs it back."""


def give(response: Response, house: House, signed_in: SignedIn, phone_id: PhoneId, *, of: str) -> None:
    """Hand over our half for as long as the sign-in lasts; `of` is the name under which the phone files this carer's things."""
    response.set_cookie(
        COOKIE,
        f"{of}.{_half(house, signed_in, phone_id)}",
        max_age=max(0, int((signed_in.expires_at - RealClock().now()).total_seconds())),
        path=PATH,
        secure=not house.settings.demo,
        samesite="strict",
        httponly=False,
    )


def take_back(response: Response, house: House) -> None:
    response.delete_cookie(COOKIE, path=PATH, secure=not house.settings.demo, samesite="strict")


def _half(house: House, signed_in: SignedIn, phone_id: PhoneId) -> str:
    said = b"phone\0" + phone_id.bytes + signed_in.person_id.bytes
    return hmac.new(house.settings.signing_key, said, hashlib.sha256).hexdigest()
