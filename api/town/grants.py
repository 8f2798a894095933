"""What is granted: decisions, orders and care plans that agree with each other."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, time, timedelta

from api.town.calls import Call, Moment
from api.town.chance import Chance, Ids
from api.town.instructions import instructions
from api.town.needs import PLANNED_OF_GRANTED, WEEKS_A_MONTH
from visits.granted.care_plans import CarePlan, CarePlanState
from visits.granted.decisions import Amount, Decision, GrantedService, Per
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
    VisitTemplateId,
)

_VALID_DAYS = 365
_AGO_DAYS = (30, 220)
_ENDING_SOON_DAYS = (290, 320)
_ENDING_SOON_SHARE = 0.04
"""When decisions began; a few end within 90 days, and are to be tried anew."""
_PLAN_DUE_DAYS = 14


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
    """A decision of some months ago, valid for a year; its order, and the plan that the visits make."""
    ago = chance.whole(*(_ENDING_SOON_DAYS if chance.happens(_ENDING_SOON_SHARE) else _AGO_DAYS))
    begins_on = case.first_on - timedelta(days=ago)
    decision = Decision(
        id=DecisionId(ids.next("decision")),
        citizen_id=case.citizen_id,
        case_officer_id=case.case_officer_id,
        kind=team.kind,
        decided_on=begins_on - timedelta(days=chance.whole(2, 20)),
        valid=Period(begins_on, begins_on + timedelta(days=_VALID_DAYS - 1)),
        services=_granted(ids, visits),
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
    )
    plan = CarePlan(
        id=CarePlanId(ids.next("plan")),
        order_id=order.id,
        citizen_id=case.citizen_id,
        version=1,
        state=CarePlanState.PRELIMINARY if chance.happens(0.1) else CarePlanState.ACTIVE,
        from_on=begins_on + timedelta(days=chance.whole(0, _PLAN_DUE_DAYS)),
        templates=_templates(chance, ids, visits),
    )
    return Grant(decision=decision, order=order, plan=plan)


def _granted(ids: Ids, visits: list[Call]) -> tuple[GrantedService, ...]:
    """The lines of a decision to which these visits come, so that what is planned is 0.95 of it."""
    lines = Counter(line for call in visits for line in _lines(call))
    return tuple(
        GrantedService(
            id=GrantedServiceId(ids.next("granted")),
            code=code,
            amount=Amount(minutes=minutes, occasions=occasions * times, per=per),
            staff_required=staff,
        )
        for (code, minutes, occasions, per, staff), times in lines.items()
    )


_HEALTH_TASK_MINUTES = 10


def _lines(call: Call) -> list[tuple[ServiceCode, int, int, Per, int]]:
    """Code, minutes, occasions, unit and staff; a health task is granted on a line of its own, as self-care."""
    if call.every_weeks > 1:
        a_month = call.weekly_minutes * WEEKS_A_MONTH / PLANNED_OF_GRANTED
        return [(call.code, round(a_month), 1, Per.MONTH, call.staff)]
    occasions, per = (1, Per.DAY) if len(call.weekdays) == 7 else (len(call.weekdays), Per.WEEK)
    task = _HEALTH_TASK_MINUTES if call.health_task and call.minutes > _HEALTH_TASK_MINUTES else 0
    main = round((call.minutes - task) / PLANNED_OF_GRANTED)
    found = [(call.code, main, occasions, per, call.staff)]
    if task:
        found.append((ServiceCode.SELF_CARE, round(task / PLANNED_OF_GRANTED), occasions, per, call.staff))
    return found


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
    )


def _around(wish: int, slack: int, moment: Moment) -> tuple[int, int]:
    return max(moment.earliest, wish - slack), min(moment.latest, wish + slack)


def _clock(minutes: int) -> time:
    """Local time; minutes beyond midnight are the next day's."""
    return time(minutes // 60 % 24, minutes % 60)
