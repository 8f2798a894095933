"""The days of a fortnight and what is granted: small plans, worked by hand. The first day is a Monday."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

from tests.factories.world import a_template
from visits.granted.care_plans import CarePlan, CarePlanState, Explanation
from visits.granted.decisions import Amount, Decision, GrantedService, Per
from visits.granted.orders import OrderState, ServiceOrder
from visits.granted.visit_templates import Priority, VisitTemplate
from visits.people import Carer
from visits.planned.day_choice import choose_days
from visits.planned.fortnight import Case, ChosenWeek, Fortnight, Shortage, as_chosen
from visits.planned.frames import Unused, frame_uses
from visits.planned.staffing import Shift, StaffedShift
from visits.terms import (
    CarePlanId,
    CarerId,
    CaseOfficerId,
    CitizenId,
    DecisionId,
    GrantedServiceId,
    OrderId,
    Period,
    ProviderId,
    ServiceCode,
    ServiceKind,
    ShiftId,
    TeamId,
    Title,
    TravelMode,
    VisitTemplateId,
    instant,
)

MONDAY = date(2026, 11, 23)
WORKDAYS = frozenset(range(5))
TEAM = TeamId(UUID(int=1))
ANNA = CitizenId(UUID(int=2))
VERA = CarerId(UUID(int=3))
SHOWER, CLEANING, MORNING = ServiceCode.SHOWER, ServiceCode.CLEANING, ServiceCode.MORNING


def day(number: int) -> date:
    """The days of the fortnight, 0 to 13."""
    return MONDAY + timedelta(days=number)


def visit(code: ServiceCode, minutes: int, **more: object) -> VisitTemplate:
    made = a_template(code, window=("09:00", "14:00"), minutes=minutes)
    return replace(made, id=VisitTemplateId(UUID(int=1000 + hash_of(code))), **more)  # type: ignore[arg-type]


def hash_of(code: ServiceCode) -> int:
    return list(ServiceCode).index(code)


def line(code: ServiceCode, minutes: int, occasions: int, per: Per = Per.WEEK, every: int = 1) -> GrantedService:
    amount = Amount(minutes=minutes, occasions=occasions, per=per, every=every)
    return GrantedService(id=GrantedServiceId(UUID(int=50 + hash_of(code))), code=code, amount=amount)


def case(services: list[GrantedService], templates: list[VisitTemplate], **plan: object) -> Case:
    valid = Period(date(2026, 9, 7), date(2027, 9, 5))
    decision = Decision(
        id=DecisionId(UUID(int=4)),
        citizen_id=ANNA,
        case_officer_id=CaseOfficerId(UUID(int=5)),
        kind=ServiceKind.HOME_CARE,
        decided_on=valid.first_on,
        valid=valid,
        services=tuple(services),
    )
    order = ServiceOrder(
        id=OrderId(UUID(int=6)),
        decision_id=decision.id,
        citizen_id=ANNA,
        kind=decision.kind,
        provider_id=ProviderId(UUID(int=7)),
        team_id=TEAM,
        state=OrderState.COMMENCED,
        valid=valid,
    )
    made = CarePlan(
        id=CarePlanId(UUID(int=8)),
        order_id=order.id,
        citizen_id=ANNA,
        version=1,
        state=CarePlanState.ACTIVE,
        from_on=valid.first_on,
        templates=tuple(templates),
        **plan,  # type: ignore[arg-type]
    )
    return Case(order=order, decision=decision, plans=(made,))


def fortnight(one: Case, *, first_on: date = MONDAY, works: range = range(14), **more: object) -> Fortnight:
    return Fortnight(
        team_id=TEAM,
        first_on=first_on,
        cases=(one,),
        staffing={first_on + timedelta(days=n): (at_work(first_on + timedelta(days=n)),) for n in works},
        **more,  # type: ignore[arg-type]
    )


def at_work(on: date) -> StaffedShift:
    carer = Carer(
        id=VERA,
        team_id=TEAM,
        given_name="Vera",
        family_name="Test",
        title=Title.CARE_ASSISTANT,
        mode=TravelMode.WALK,
    )
    shift = Shift(
        id=ShiftId(UUID(int=on.toordinal())),
        carer_id=VERA,
        on=on,
        start_at=instant(on, time(7)),
        end_at=instant(on, time(16)),
    )
    return StaffedShift(shift=shift, carer=carer, skills=frozenset())


def days_of(weeks: list[ChosenWeek]) -> list[list[int]]:
    """The chosen days week by week, counted from the fortnight's Monday."""
    return [sorted((on - MONDAY).days for on in week.days) for week in weeks]


def test_the_usual_carers_working_days_decide_and_the_days_keep_apart() -> None:
    shower = visit(SHOWER, 40, times=2, min_days_between=2)
    asked = fortnight(case([line(SHOWER, 40, 2)], [shower]), works=range(14))
    only_vera_knows = replace(
        asked,
        usual={ANNA: frozenset({VERA})},
        staffing={on: staff for on, staff in asked.staffing.items() if (on - MONDAY).days in {1, 2, 5, 8, 9, 12}},
    )
    (one, five), (eight, twelve) = days_of(choose_days(only_vera_knows))
    assert (one in {1, 2}, five, eight in {8, 9}, twelve) == (True, 5, True, 12)


def test_a_day_before_the_fortnight_keeps_the_first_day_at_a_distance() -> None:
    """It came on the Sunday before, which nobody can change any more: Monday is too near for two days between."""
    shower = visit(SHOWER, 40, times=1, min_days_between=3)
    sunday = {(shower.id, MONDAY - timedelta(weeks=1)): frozenset({MONDAY - timedelta(days=1)})}
    asked = fortnight(case([line(SHOWER, 40, 1)], [shower]), chosen=sunday)
    first, second = days_of(choose_days(asked))
    assert first[0] >= 2
    assert second[0] - first[0] >= 3


def test_whoever_is_away_gets_the_other_days_of_the_week_and_what_does_not_fit_is_told() -> None:
    """Home on Monday and Tuesday of the first week only: of two showers not in a row one comes."""
    shower = visit(SHOWER, 40, times=2, min_days_between=2)
    away = {ANNA: (Period(day(2), day(6)),)}
    weeks = choose_days(fortnight(case([line(SHOWER, 40, 2)], [shower]), away=away))
    assert len(weeks[0].days) == 1
    assert weeks[0].left_out == {Shortage.AWAY: 1}
    assert (len(weeks[1].days), weeks[1].left_out) == (2, {})


def test_cleaning_every_third_week_comes_once_and_not_on_a_holiday() -> None:
    """Weeks count from 7 September: that of 21 December is the fifteenth after it. Christmas eve is its Thursday."""
    christmas = date(2026, 12, 21)
    cleaning = visit(CLEANING, 70, times=1, every_weeks=3, weekdays=frozenset({3, 4}))
    weeks = choose_days(fortnight(case([line(CLEANING, 70, 1, every=3)], [cleaning]), first_on=christmas))
    assert [week.week_on for week in weeks] == [christmas]
    assert {on.day for on in weeks[0].days} <= {21, 22, 23}
    assert len(weeks[0].days) == 1


def test_no_week_goes_beyond_what_is_granted_and_what_may_wait_is_left_out_first() -> None:
    """Granted 105 minutes a week; asked 3 x 25 in the mornings and a cleaning of 70: 145. The cleaning (may) goes."""
    morning = visit(MORNING, 25, weekdays=frozenset({0, 2, 4}))
    cleaning = visit(CLEANING, 70, times=1, weekdays=WORKDAYS, priority=Priority.MAY)
    asked = fortnight(case([line(MORNING, 25, 3), line(CLEANING, 30, 1)], [morning, cleaning]))
    weeks = choose_days(asked)
    assert [(week.template_id, week.days, week.left_out) for week in weeks if week.left_out] == [
        (cleaning.id, frozenset(), {Shortage.FRAME: 1}),
        (cleaning.id, frozenset(), {Shortage.FRAME: 1}),
    ]
    first, second = frame_uses(asked, weeks)
    assert (first.granted_minutes, first.asked_minutes, first.planned_minutes) == (105, 145, 75)
    assert (first.beyond_minutes, first.unused, second.period.first_on) == (40, {Unused.NOT_ASKED: 30}, day(7))


def test_visits_on_fixed_days_are_left_out_too_where_the_frame_is_full() -> None:
    """Granted 60 a week, asked 25 on three mornings: two fit."""
    morning = visit(MORNING, 25, weekdays=frozenset({0, 2, 4}))
    asked = fortnight(case([line(MORNING, 20, 3)], [morning]))
    weeks = choose_days(asked)
    assert [(len(week.days), week.left_out) for week in weeks] == [(2, {Shortage.FRAME: 1})] * 2
    assert [use.planned_minutes for use in frame_uses(asked, weeks)] == [50, 50]


def test_what_the_plan_has_explained_comes_beyond_the_frame() -> None:
    morning = visit(MORNING, 25, weekdays=frozenset({0, 2, 4}))
    words = (Explanation(code=MORNING, why="Tiden räcker inte efter operationen."),)
    asked = fortnight(case([line(MORNING, 20, 3)], [morning], explanations=words))
    assert choose_days(asked) == []
    first, _ = frame_uses(asked, [])
    assert (first.planned_minutes, first.beyond_minutes, first.explained) == (75, 15, words[0].why)


def test_a_frame_by_the_month_counts_what_has_come_before_the_fortnight() -> None:
    """November has 30 of a month's 30.4 days: of 5 h a month 296 min. Until the 22nd three Mondays took 180, the 23rd and 30th ask
    for 60 each: one is left out.
    """
    support = visit(ServiceCode.WALK, 60, weekdays=frozenset({0}))
    asked = fortnight(case([line(ServiceCode.WALK, 300, 1, per=Per.MONTH)], [support]))
    weeks = choose_days(asked)
    assert sum(week.left_out.get(Shortage.FRAME, 0) for week in weeks) == 1
    november, december = frame_uses(asked, weeks)
    assert (november.granted_minutes, november.planned_minutes) == (296, 240)
    assert (december.period.first_on, december.planned_minutes) == (date(2026, 12, 1), 180 + 60)


def test_time_away_is_told_as_unused_for_that_reason() -> None:
    """Away Monday to Wednesday: two of three mornings of the first week (Monday, Wednesday) are not made."""
    morning = visit(MORNING, 25, weekdays=frozenset({0, 2, 4}))
    asked = fortnight(case([line(MORNING, 30, 3)], [morning]), away={ANNA: (Period(day(0), day(2)),)})
    first, second = frame_uses(asked, choose_days(asked))
    assert (first.planned_minutes, first.unused) == (25, {Unused.AWAY: 50, Unused.NOT_ASKED: 15})
    assert (second.planned_minutes, second.unused) == (75, {Unused.NOT_ASKED: 15})


def test_what_stands_is_not_chosen_anew_and_the_same_question_has_the_same_answer() -> None:
    """The first week is published with the shower on Wednesday: it stays there, and the second week is chosen beside it."""
    shower = visit(SHOWER, 40, times=1, min_days_between=5)
    told = {(shower.id, MONDAY): frozenset({day(2)})}
    asked = fortnight(case([line(SHOWER, 40, 1)], [shower]), chosen=told, settled=frozenset(map(day, range(7))))
    weeks = choose_days(asked)
    first, second = days_of(weeks)
    assert first == [2]
    assert second[0] >= 7
    assert choose_days(asked) == weeks
    assert as_chosen(weeks)[shower.id, MONDAY] == {day(2)}
