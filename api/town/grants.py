"""What is granted: decisions, orders and care plans that agree with each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from api.town.amounts import granted
from api.town.calls import Call, Moment
from api.town.chance import Chance, Ids
from api.town.instructions import goal, instructions
from visits.granted.care_plans import REVIEW_WITHIN_DAYS, CarePlan, CarePlanState, Participation
from visits.granted.decisions import Amount, DecidedAs, Decision, GrantedService, Per
from visits.granted.orders import OrderState, ServiceOrder
from visits.granted.visit_templates import VisitTemplate
from visits.organisation import Team
from visits.terms import (
    CarePlanId,
    CaseOfficerId,
    CitizenId,
    DecisionId,
    GrantedServiceId,
    OrderId,
    Period,
    ServiceCode,
    ServiceKind,
    VisitTemplateId,
)

_VALID_DAYS = 365
_AGO_DAYS = (30, 220)
_ENDING_SOON_DAYS = (290, 320)
_ENDING_SOON_SHARE = 0.04
"""When decisions began; a few end within 90 days, and are to be tried anew."""
_PLAN_DUE_DAYS = 14
_NEW_SHARE = 0.03
_NOT_BEGUN_SHARE = 0.005
_REVIEW_LATE_SHARE = 0.06
_TOOK_PART = {Participation.FULL: 0.72, Participation.PARTLY: 0.22, Participation.DECLINED: 0.06}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One service of one citizen, from decision to plan."""

    decision: Decision
    order: ServiceOrder
    plan: CarePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """For whom, by whom decided, and from when the town is to work."""

    citizen_id: CitizenId
    case_officer_id: CaseOfficerId
    first_on: date


def grant(chance: Chance, ids: Ids, case: Case, team: Team, visits: list[Call]) -> Grant:
    """A decision of some months ago, valid for a year; its order, and the plan that the visits make.

    A few begin on the town's first day: their orders await the team's answer, their plans are to be made.
    """
    ago = chance.whole(*(_ENDING_SOON_DAYS if chance.happens(_ENDING_SOON_SHARE) else _AGO_DAYS))
    own = ids.chance(f"standing/{case.citizen_id}/{team.kind}")
    is_new = own.happens(_NEW_SHARE)
    begins_on = case.first_on if is_new else case.first_on - timedelta(days=ago)
    decision = Decision(
        id=DecisionId(ids.next("decision")),
        citizen_id=case.citizen_id,
        case_officer_id=case.case_officer_id,
        kind=team.kind,
        decided_on=begins_on - timedelta(days=chance.whole(2, 20)),
        valid=Period(begins_on, begins_on + timedelta(days=_VALID_DAYS - 1)),
        services=granted(own, ids, team.kind, visits),
    )
    order = ServiceOrder(
        id=OrderId(ids.next("order")),
        decision_id=decision.id,
        citizen_id=case.citizen_id,
        kind=team.kind,
        provider_id=team.provider_id,
        team_id=team.id,
        state=OrderState.COMMENCED,
        valid=decision.valid,
        sent_on=decision.decided_on,
        acknowledged_on=min(begins_on, decision.decided_on + timedelta(days=2)),
        commenced_on=begins_on,
    )
    plan = CarePlan(
        id=CarePlanId(ids.next("plan")),
        order_id=order.id,
        citizen_id=case.citizen_id,
        version=1,
        state=CarePlanState.PRELIMINARY if chance.happens(0.1) else CarePlanState.ACTIVE,
        from_on=begins_on + timedelta(days=0 if is_new else chance.whole(0, _PLAN_DUE_DAYS)),
        templates=_templates(chance, ids, visits),
        goal=goal(own, decision),
    )
    if is_new:
        return Grant(decision=decision, order=_awaiting(own, order), plan=replace(plan, state=_PRELIMINARY, goal=""))
    return Grant(decision=decision, order=order, plan=_agreed(own, plan, case))


_PRELIMINARY = CarePlanState.PRELIMINARY
_RELATIVES = ("dottern", "sonen", "maken", "hustrun", "systern", "god man")


def _awaiting(own: Chance, order: ServiceOrder) -> ServiceOrder:
    """Sent, and perhaps received, but not begun."""
    if own.happens(0.5):
        return replace(order, state=OrderState.ACKNOWLEDGED, commenced_on=None)
    return replace(order, state=OrderState.SENT, acknowledged_on=None, commenced_on=None)


def _agreed(own: Chance, plan: CarePlan, case: Case) -> CarePlan:
    """An active plan with whoever took part, to be looked at again; a preliminary one is sometimes put to the citizen already."""
    if plan.state is not CarePlanState.ACTIVE:
        return replace(plan, state=CarePlanState.PROPOSED if own.happens(0.3) else plan.state)
    took_part = own.weighted(_TOOK_PART)
    is_late = own.happens(_REVIEW_LATE_SHARE)
    days = -own.whole(1, 30) if is_late else own.whole(1, REVIEW_WITHIN_DAYS - 1)
    return replace(
        plan,
        took_part=took_part,
        participants=own.pick(_RELATIVES) if own.happens(0.4) else "",
        activated_on=plan.from_on,
        review_on=case.first_on + timedelta(days=days),
    )


def _templates(chance: Chance, ids: Ids, visits: list[Call]) -> tuple[VisitTemplate, ...]:
    keys = [VisitTemplateId(ids.next("template")) for _ in visits]
    return tuple(
        _template(chance, key, call, None if call.after is None else keys[call.after])
        for key, call in zip(keys, visits, strict=True)
    )


def _template(chance: Chance, key: VisitTemplateId, call: Call, after: VisitTemplateId | None) -> VisitTemplate:
    moment = call.moment
    wish = moment.first_wish + 15 * chance.whole(0, (moment.last_wish - moment.first_wish) // 15)
    earliest, latest = _around(wish, 45 if call.health_task else moment.slack, moment)
    wish_earliest, wish_latest = _around(wish, 30, moment)
    codes = (call.code, ServiceCode.SELF_CARE) if call.health_task else (call.code,)
    return VisitTemplate(
        id=key,
        codes=codes,
        instructions=instructions(chance, call.code, health_task=call.health_task, together=call.together),
        weekdays=call.weekdays,
        earliest=_clock(earliest),
        latest=_clock(latest),
        wish_earliest=_clock(wish_earliest),
        wish_latest=_clock(wish_latest),
        minutes=call.minutes,
        staff_required=call.staff,
        skills=call.skills,
        priority=call.priority,
        every_weeks=call.every_weeks,
        after=after,
        min_gap_minutes=call.gap,
        times=call.times,
        min_days_between=call.days_between,
    )


def _around(wish: int, slack: int, moment: Moment) -> tuple[int, int]:
    return max(moment.earliest, wish - slack), min(moment.latest, wish + slack)


def _clock(minutes: int) -> time:
    """Local time; minutes beyond midnight are the next day's."""
    return time(minutes // 60 % 24, minutes % 60)


def not_begun(ids: Ids, decided: Sequence[Decision], first_on: date) -> list[Decision]:
    """Housing support that some have been granted besides and that nobody has begun: two months ago, and three."""
    own = ids.chance("not begun")
    home_care = [decision for decision in decided if decision.kind is ServiceKind.HOME_CARE]
    found = []
    for place, decision in enumerate(own.shuffled(home_care)[: max(2, round(len(home_care) * _NOT_BEGUN_SHARE))]):
        decided_on = first_on - timedelta(days=own.whole(92, 110) if place % 2 else own.whole(62, 85))
        weekly = Amount(minutes=60 * own.whole(2, 4), per=Per.WEEK, decided_as=DecidedAs.HOURS)
        line = GrantedService(id=GrantedServiceId(ids.next("granted")), code=ServiceCode.SUPPORT, amount=weekly)
        found.append(
            Decision(
                id=DecisionId(ids.next("decision")),
                citizen_id=decision.citizen_id,
                case_officer_id=decision.case_officer_id,
                kind=ServiceKind.HOUSING_SUPPORT,
                decided_on=decided_on,
                valid=Period(decided_on + timedelta(days=14), decided_on + timedelta(days=_VALID_DAYS)),
                services=(line,),
            )
        )
    return found
