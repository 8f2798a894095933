"""State a wish for a provider: for a citizen with granted home care that nobody gives yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from provider_choice.choice import ChoiceRequest, RequestKind, check_ask, submitted
from provider_choice.store import choice
from provider_choice.store.situation import situation
from visits.guard.viewer import Viewer
from visits.terms import CitizenId, ProviderId


def state_wish(
    session: Session, viewer: Viewer, *, citizen_id: CitizenId, provider_id: ProviderId, now: datetime
) -> ChoiceRequest:
    """The stored wish. `Conflict` when a request is open already, `Refused` where the rules of the choice say no."""
    now_is = situation(session, viewer, citizen_id)
    check_ask(now_is, RequestKind.WISH, provider_id)
    asked = submitted(RequestKind.WISH, citizen_id=citizen_id, provider_id=provider_id, now=now)
    choice.add(session, asked)
    return asked
