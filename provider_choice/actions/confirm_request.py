"""Confirm a request: from its first day on the chosen provider comes, and nobody else."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from provider_choice.choice import ChoiceRequest, RequestId, check_confirm
from provider_choice.first_day import FirstDays
from provider_choice.store import choice, providers
from provider_choice.store.situation import situation
from visits.actions.begin_order import begin_order
from visits.actions.replace_order import replace_order
from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.store import teams
from visits.terms import CaseOfficerId


def confirm_request(
    session: Session, viewer: Viewer, request_id: RequestId, *, first_on: date, rules: FirstDays, now: datetime
) -> ChoiceRequest:
    """The confirmed request, with its order. `Refused` where the rules of the choice say no (`check_confirm` names them).

    One at a time answers a request, and one at a time gives away a provider's places.
    """
    if viewer.role is not Role.CASE_OFFICER or viewer.person_id is None:
        raise NotFound(what="choice_request")
    asked = choice.request(session, viewer, request_id, lock=True)
    asked.check_waiting()
    providers.facts(session, asked.provider_id, lock=True)
    now_is = situation(session, viewer, asked.citizen_id, taken_from_on=first_on)
    offer = check_confirm(asked, now_is, first_on=first_on, rules=rules)
    team = teams.team(session, offer.team_id)
    decision = now_is.decision_on(first_on)
    old = now_is.order_on(first_on)
    if old is None:
        order = begin_order(session, viewer, decision=decision, team=team, first_on=first_on)
    else:
        order = replace_order(session, viewer, old=old, decision=decision, team=team, first_on=first_on, now=now)
    confirmed = asked.confirmed(
        first_on=first_on, order_id=order.id, answered_at=now, by=CaseOfficerId(viewer.person_id)
    )
    choice.save(session, confirmed)
    return confirmed
