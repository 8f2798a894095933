from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.world import a_template
from visits.granted.care_plans import CarePlan, CarePlanState
from visits.granted.decisions import Amount, DecidedAs, Decision, GrantedService, Per
from visits.granted.first_plan import carried_over, drafted
from visits.granted.orders import OrderState, ServiceOrder
from visits.granted.plan_lines import LineFinding, plan_lines
from visits.terms import (
    CarePlanId,
    CaseOfficerId,
    CitizenId,
    DecisionId,
    GrantedServiceId,
    OrderId,
    Period,
    ProviderId,
    ServiceCode,
    ServiceKind,
    TeamId,
)

FIRST = date(2026, 12, 7)


def an_order(first_on: date = FIRST) -> ServiceOrder:
    return ServiceOrder(
        id=OrderId(uuid4()),
        decision_id=DecisionId(uuid4()),
        citizen_id=CitizenId(uuid4()),
        kind=ServiceKind.HOME_CARE,
        provider_id=ProviderId(uuid4()),
        team_id=TeamId(uuid4()),
        state=OrderState.SENT,
        valid=Period(first_on),
    )


def a_decision(code: ServiceCode, minutes: int, occasions: int, per: Per) -> Decision:
    amount = Amount(minutes=minutes, occasions=occasions, per=per)
    return Decision(
        id=DecisionId(uuid4()),
        citizen_id=CitizenId(uuid4()),
        case_officer_id=CaseOfficerId(uuid4()),
        kind=ServiceKind.HOME_CARE,
        decided_on=FIRST,
        valid=Period(FIRST, FIRST + timedelta(days=364)),
        services=(GrantedService(id=GrantedServiceId(uuid4()), code=code, amount=amount, staff_required=2),),
    )


def weekly_minutes(plan: CarePlan) -> float:
    return sum(each.minutes * each.times_a_week / each.every_weeks for each in plan.templates)


@pytest.mark.parametrize(
    ("code", "occasions", "per", "windows", "weekdays", "times", "every_weeks"),
    [
        (ServiceCode.MORNING, 1, Per.DAY, [(time(7), time(9, 30))], range(7), None, 1),
        (ServiceCode.CHECK, 2, Per.DAY, [(time(8), time(14)), (time(14), time(20))], range(7), None, 1),
        (ServiceCode.SHOWER, 2, Per.WEEK, [(time(9), time(15))], range(5), 2, 1),
        (ServiceCode.LUNCH, 5, Per.WEEK, [(time(11, 30), time(13))], range(5), None, 1),
        (ServiceCode.LUNCH, 6, Per.WEEK, [(time(11, 30), time(13))], range(7), 6, 1),
        (ServiceCode.CLEANING, 1, Per.MONTH, [(time(9), time(15))], range(5), 1, 4),
        (ServiceCode.CLEANING, 2, Per.MONTH, [(time(9), time(15))], range(5), 1, 2),
        (ServiceCode.LAUNDRY, 4, Per.MONTH, [(time(9), time(15))], range(5), 1, 1),
    ],
)
def test_a_plan_from_the_decision_alone_puts_each_help_at_its_usual_time(
    *,
    code: ServiceCode,
    occasions: int,
    per: Per,
    windows: list[tuple[time, time]],
    weekdays: range,
    times: int | None,
    every_weeks: int,
) -> None:
    plan = drafted(a_decision(code, 30, occasions, per), an_order())
    assert (plan.state, plan.version, plan.from_on) == (CarePlanState.PRELIMINARY, 1, FIRST)
    assert [(each.earliest, each.latest) for each in plan.templates] == windows
    for each in plan.templates:
        assert (each.codes, each.minutes, each.staff_required) == ((code,), 30, 2)
        assert (each.weekdays, each.times, each.every_weeks) == (frozenset(weekdays), times, every_weeks)
        assert each.min_days_between == (2 if times in {1, 2} else 1)


@given(
    code=st.sampled_from([code for code in ServiceCode if code is not ServiceCode.NIGHT]),
    minutes=st.integers(5, 120),
    occasions=st.integers(1, 12),
    per=st.sampled_from(Per),
)
def test_a_preliminary_plan_never_plans_more_than_was_granted_by_more_than_a_months_rounding(
    code: ServiceCode, minutes: int, occasions: int, per: Per
) -> None:
    decision = a_decision(code, minutes, occasions, per)
    planned = weekly_minutes(drafted(decision, an_order()))
    granted = float(decision.services[0].amount.over(7))
    # Four weeks are counted as a month, which has 30.4 days: at most 30.4 / 28 of what was granted.
    assert 0 < planned <= granted * 30.4 / 28 + 1e-9


def test_the_same_order_always_gets_the_same_plan() -> None:
    decision, order = a_decision(ServiceCode.SHOWER, 25, 2, Per.WEEK), an_order()
    assert drafted(decision, order) == drafted(decision, order)


@given(weeks=st.integers(0, 60), day=st.integers(0, 6), every=st.sampled_from([1, 2, 3, 4]))
def test_a_plan_that_is_carried_over_keeps_the_weeks_of_its_visits(weeks: int, day: int, every: int) -> None:
    begun = date(2026, 1, 5)  # a Monday
    order = an_order(begun + timedelta(weeks=weeks, days=day))
    old = CarePlan(
        id=CarePlanId(uuid4()),
        order_id=OrderId(uuid4()),
        citizen_id=order.citizen_id,
        version=3,
        state=CarePlanState.ACTIVE,
        from_on=begun,
        templates=(a_template(every_weeks=every),),
    )
    plan = carried_over(old, order)
    monday = plan.from_on - timedelta(days=plan.from_on.weekday())
    assert (monday - begun).days // 7 % every == 0
    assert plan.from_on <= order.valid.first_on
    assert (order.valid.first_on - plan.from_on).days < 7 * every


@given(
    hours=st.integers(2, 120),
    codes=st.lists(
        st.sampled_from([code for code in ServiceCode if code is not ServiceCode.NIGHT]),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    kind=st.sampled_from([ServiceKind.HOME_CARE, ServiceKind.HOUSING_SUPPORT]),
)
def test_whatever_hours_are_granted_for_the_first_plan_stays_within_them_on_every_line(
    hours: int, codes: list[ServiceCode], kind: ServiceKind
) -> None:
    amount = Amount(minutes=hours * 60, per=Per.MONTH, decided_as=DecidedAs.HOURS)
    line = GrantedService(id=GrantedServiceId(uuid4()), code=codes[0], amount=amount, also=tuple(codes[1:]))
    decision = replace(a_decision(codes[0], 30, 1, Per.DAY), services=(line,), kind=kind)
    plan = drafted(decision, an_order())
    assert {code for each in plan.templates for code in each.codes} == set(codes)
    assert [each.finding for each in plan_lines(plan, decision)] == [LineFinding.WITHIN]


def test_a_couples_shared_cleaning_is_laid_in_turn_in_the_two_plans() -> None:
    her, his = sorted([CitizenId(uuid4()), CitizenId(uuid4())])
    amount = Amount(minutes=70, per=Per.WEEK, every=2)
    starts = []
    for citizen, other in ((her, his), (his, her)):
        line = GrantedService(id=GrantedServiceId(uuid4()), code=ServiceCode.CLEANING, amount=amount, shared_with=other)
        decision = replace(a_decision(ServiceCode.CLEANING, 70, 1, Per.WEEK), citizen_id=citizen, services=(line,))
        plan = drafted(decision, an_order())
        (template,) = plan.templates
        assert (template.minutes, template.every_weeks) == (70, 4)
        starts.append(plan.from_on)
    assert starts[0] - starts[1] == timedelta(weeks=2)
