"""Take back a request that has not been answered."""

from datetime import datetime

from sqlalchemy.orm import Session

from provider_choice.choice import ChoiceRequest, RequestId
from provider_choice.store import choice
from visits.guard.viewer import Viewer


def withdraw_request(session: Session, viewer: Viewer, request_id: RequestId, *, now: datetime) -> ChoiceRequest:
    """The request as it is now; harmless to repeat. `Refused` when it has been answered."""
    withdrawn = choice.request(session, viewer, request_id, lock=True).withdrawn(answered_at=now)
    choice.save(session, withdrawn)
    return withdrawn
