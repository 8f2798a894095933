from dataclasses import replace
from datetime import date, time
from fractions import Fraction
from uuid import uuid4

import pytest

from tests.visits.granted.test_decisions import OLLE, a_decision, a_line
from visits.granted.care_plans import CarePlan, CarePlanState, Explanation
from visits.granted.decisions import Amount, DecidedAs, Decision, Per
from visits.granted.plan_lines import LineFinding, plan_lines, unexplained
from visits.granted.visit_templates import VisitTemplate
from visits.terms import CarePlanId, OrderId, ServiceCode, ServiceKind, VisitTemplateId

M, SC, S, C, SUP = (
    ServiceCode.MORNING,
    ServiceCode.SELF_CARE,
    ServiceCode.SHOWER,
    ServiceCode.CLEANING,
    ServiceCode.SUPPORT,
)


def visit(*codes: ServiceCode, minutes: int, days: int = 7, every: int = 1, staff: int = 1) -> VisitTemplate:
    return VisitTemplate(
        id=VisitTemplateId(uuid4()),
        codes=codes,
        instructions="",
        weekdays=frozenset(range(days)),
        earliest=time(8),
        latest=time(12),
        wish_earliest=time(8),
        wish_latest=time(12),
        minutes=minutes,
        every_weeks=every,
        staff_required=staff,
    )


def a_plan(*templates: VisitTemplate, explained: tuple[Explanation, ...] = ()) -> CarePlan:
    return CarePlan(
        id=CarePlanId(uuid4()),
        order_id=OrderId(uuid4()),
        citizen_id=OLLE,
        version=1,
        state=CarePlanState.PRELIMINARY,
        from_on=date(2026, 11, 2),
        templates=templates,
        explanations=explained,
    )


def found(decision: Decision, *templates: VisitTemplate) -> list[tuple[ServiceCode, int, int, LineFinding]]:
    lines = plan_lines(a_plan(*templates), decision)
    return [(line.code, round(line.granted_weekly), round(line.planned_weekly), line.finding) for line in lines]


def test_each_line_is_within_its_frame_unused_or_beyond_it() -> None:
    decision = a_decision(
        a_line(M, Amount(minutes=15, per=Per.DAY)),
        a_line(S, Amount(minutes=40, occasions=2, per=Per.WEEK)),
        a_line(C, Amount(minutes=70, per=Per.WEEK, every=2)),
    )
    assert found(decision, visit(M, minutes=15), visit(S, minutes=45, days=2)) == [
        (M, 105, 105, LineFinding.WITHIN),
        (S, 80, 90, LineFinding.BEYOND),
        (C, 35, 0, LineFinding.UNUSED),
    ]


def test_help_that_is_not_granted_and_a_second_carer_that_is_not_are_found() -> None:
    decision = a_decision(a_line(M, Amount(minutes=20, per=Per.DAY)))
    assert found(decision, visit(M, minutes=20, staff=2), visit(S, minutes=40, days=1)) == [
        (M, 140, 140, LineFinding.STAFF_NOT_GRANTED),
        (S, 0, 40, LineFinding.NOT_GRANTED),
    ]
    doubled = a_decision(a_line(M, Amount(minutes=20, per=Per.DAY), staff=2))
    assert found(doubled, visit(M, minutes=20, staff=2)) == [(M, 140, 140, LineFinding.WITHIN)]


def test_a_visit_with_two_kinds_of_help_fills_its_first_line_and_then_the_next() -> None:
    decision = a_decision(a_line(M, Amount(minutes=20, per=Per.DAY)), a_line(SC, Amount(minutes=10, per=Per.DAY)))
    assert found(decision, visit(M, SC, minutes=28)) == [
        (M, 140, 140, LineFinding.WITHIN),
        (SC, 70, 56, LineFinding.WITHIN),
    ]
    assert found(decision, visit(M, SC, minutes=32)) == [
        (M, 140, 154, LineFinding.BEYOND),
        (SC, 70, 70, LineFinding.WITHIN),
    ]


def test_frame_time_is_for_all_the_help_it_names() -> None:
    frame = Amount(minutes=1520, per=Per.MONTH, decided_as=DecidedAs.FRAME)  # 350 a week
    decision = a_decision(replace(a_line(M, frame), also=(S, C)))
    assert found(decision, visit(M, minutes=40), visit(S, minutes=35, days=2)) == [(M, 350, 350, LineFinding.WITHIN)]
    assert found(decision, visit(M, minutes=40), visit(C, minutes=71, days=1)) == [(M, 350, 351, LineFinding.BEYOND)]


@pytest.mark.parametrize(("per", "every_weeks"), [(Per.MONTH, 4), (Per.YEAR, 52)])
def test_what_is_granted_once_a_month_or_year_may_come_every_fourth_or_fifty_second_week(
    per: Per, every_weeks: int
) -> None:
    decision = a_decision(a_line(C, Amount(minutes=180, per=per)))
    ((_, _, _, finding),) = found(decision, visit(C, minutes=180, days=1, every=every_weeks))
    assert finding is LineFinding.WITHIN
    ((_, _, _, finding),) = found(decision, visit(C, minutes=180, days=1, every=every_weeks - 1))
    assert finding is LineFinding.BEYOND


def test_what_a_week_of_housing_support_leaves_unused_gives_another_week_nothing() -> None:
    weekly = Amount(minutes=120, per=Per.WEEK, decided_as=DecidedAs.MINUTES)
    every_other_week = visit(SUP, minutes=240, days=1, every=2)
    support = a_decision(a_line(SUP, weekly), kind=ServiceKind.HOUSING_SUPPORT)
    assert found(support, every_other_week) == [(SUP, 120, 240, LineFinding.BEYOND)]
    assert found(a_decision(a_line(SUP, weekly)), every_other_week) == [(SUP, 120, 120, LineFinding.WITHIN)]


def test_half_of_a_shared_cleaning_is_room_for_every_other_one() -> None:
    cleaning = Amount(minutes=70, per=Per.WEEK, every=2)
    decision = a_decision(a_line(C, cleaning, shared_with=OLLE))
    ((_, _, _, finding),) = found(decision, visit(C, minutes=70, days=1, every=4))
    assert finding is LineFinding.WITHIN
    ((_, _, _, finding),) = found(decision, visit(C, minutes=70, days=1, every=2))
    assert finding is LineFinding.BEYOND


def test_an_explanation_is_kept_on_its_line_and_only_silence_is_left() -> None:
    decision = a_decision(a_line(M, Amount(minutes=15, per=Per.DAY)), a_line(S, Amount(minutes=40, per=Per.WEEK)))
    templates = (visit(M, minutes=20), visit(S, minutes=50, days=1))
    explained = (Explanation(code=M, why="Astrid behöver längre tid sedan fallet; nyprövning är begärd."),)
    lines = plan_lines(a_plan(*templates, explained=explained), decision)
    assert [line.why for line in lines] == [explained[0].why, ""]
    assert [line.code for line in unexplained(lines)] == [S]
    assert lines[1].planned_weekly - lines[1].granted_weekly == Fraction(10)
