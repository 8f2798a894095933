"""Couples: two citizens in one home, who share the cleaning that both have been granted (domain reference 2.2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from api.town.grants import Grant
from visits.granted.decisions import Amount, Decision, GrantedService, Per
from visits.granted.visit_templates import VisitTemplate
from visits.people import Citizen
from visits.terms import CitizenId, ServiceCode

_SHARE = 0.02
"""Couples among a hundred citizens."""


def married(citizens: Sequence[Citizen], grants: Sequence[Grant]) -> tuple[tuple[Citizen, ...], tuple[Grant, ...]]:
    """The same citizens and grants, some of them now in pairs: neighbours in a district, with the same team.

    Their cleaning is one: the first one's minutes and rhythm, in turn in the two plans.
    """
    people = {citizen.id: citizen for citizen in citizens}
    cleaned = {grant.order.citizen_id: grant for grant in grants if _cleaning(grant.decision) is not None}
    alone = [citizen for citizen in citizens if citizen.id in cleaned and citizen.protected is None]
    changed: dict[CitizenId, Grant] = {}
    while alone and len(changed) < 2 * round(len(citizens) * _SHARE):
        first = alone.pop(0)
        second = next((one for one in alone if _fits(first, one, cleaned)), None)
        if second is None:
            continue
        alone.remove(second)
        people[second.id] = _moved_in(second, first)
        ours, theirs = cleaned[first.id], cleaned[second.id]
        changed[first.id] = _shared(ours, like=ours, with_id=second.id, turn=0)
        changed[second.id] = _shared(theirs, like=ours, with_id=first.id, turn=1)
    by_order = {one.order.id: one for one in changed.values()}
    return tuple(people.values()), tuple(by_order.get(one.order.id, one) for one in grants)


def _fits(first: Citizen, second: Citizen, cleaned: dict[CitizenId, Grant]) -> bool:
    same_team = cleaned[first.id].order.team_id == cleaned[second.id].order.team_id
    return same_team and first.district == second.district


def _moved_in(second: Citizen, first: Citizen) -> Citizen:
    return replace(
        second,
        family_name=first.family_name,
        address=first.address,
        place=first.place,
        access_notes=first.access_notes,
    )


def _cleaning(decision: Decision) -> GrantedService | None:
    """The line that grants cleaning and nothing else, every few weeks."""
    found = (one for one in decision.services if one.codes == (ServiceCode.CLEANING,) and one.amount.every > 1)
    return next(found, None)


def _shared(own: Grant, *, like: Grant, with_id: CitizenId, turn: int) -> Grant:
    """A grant whose cleaning is half of what `like` holds: every other time, beginning with the first one's or the second one's."""
    whole = _cleaning(like.decision)
    template = next(one for one in like.plan.templates if one.codes == (ServiceCode.CLEANING,))
    if whole is None:
        return own
    amount = Amount(minutes=whole.amount.minutes, per=Per.WEEK, every=whole.amount.every)
    return replace(
        own,
        decision=replace(
            own.decision,
            services=tuple(
                replace(line, amount=amount, shared_with=with_id) if line is _cleaning(own.decision) else line
                for line in own.decision.services
            ),
        ),
        plan=replace(
            own.plan,
            from_on=like.plan.from_on - timedelta(weeks=turn * template.every_weeks),
            templates=tuple(_in_turn(one, template) for one in own.plan.templates),
        ),
    )


def _in_turn(own: VisitTemplate, like: VisitTemplate) -> VisitTemplate:
    if own.codes != like.codes:
        return own
    return replace(
        own, minutes=like.minutes, every_weeks=2 * like.every_weeks, weekdays=like.weekdays, times=like.times
    )
