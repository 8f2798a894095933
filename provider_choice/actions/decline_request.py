"""Decline a request, for one of the reasons that there are."""

from datetime import datetime

from sqlalchemy.orm import Session

from provider_choice.choice import ChoiceRequest, DeclineReason, RequestId, check_decline
from provider_choice.first_day import FirstDays
from provider_choice.store import choice
from provider_choice.store.situation import situation_at_start
from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.terms import CaseOfficerId


def decline_request(
    session: Session, viewer: Viewer, request_id: RequestId, *, reason: DeclineReason, rules: FirstDays, now: datetime
) -> ChoiceRequest:
    """The declined request. `Refused` when it has been answered, or when the reason does not hold."""
    if viewer.role is not Role.CASE_OFFICER or viewer.person_id is None:
        raise NotFound(what="choice_request")
    asked = choice.request(session, viewer, request_id, lock=True)
    now_is = situation_at_start(session, viewer, asked.citizen_id, rules=rules, asked_on=asked.asked_on)
    check_decline(asked, now_is, reason)
    declined = asked.declined(reason=reason, answered_at=now, by=CaseOfficerId(viewer.person_id))
    choice.save(session, declined)
    return declined
