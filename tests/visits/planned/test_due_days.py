"""On which days of a week a visit is due: those chosen, else those it names, never on a holiday what can wait."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.world import a_template
from tests.visits.planned.test_demands import a_plan, an_order
from visits.errors import Invalid
from visits.granted.visit_templates import VisitTemplate
from visits.planned.due_days import days_due, monday, usual_days
from visits.planned.holidays import is_holiday
from visits.terms import ServiceCode, VisitTemplateId

MONDAY = date(2026, 11, 23)
CHRISTMAS = date(2026, 12, 21)
"""The week of Christmas eve (Thursday), Christmas Day (Friday) and the second day of Christmas (Saturday)."""
WORKDAYS = frozenset(range(5))


def movable(times: int, *, apart: int = 1, number: int = 0, weekdays: frozenset[int] = WORKDAYS) -> VisitTemplate:
    made = a_template(ServiceCode.SHOWER, weekdays=weekdays)
    return replace(made, id=VisitTemplateId(UUID(int=number)), times=times, min_days_between=apart)


def test_holidays_and_the_three_eves_but_no_plain_sunday() -> None:
    """2026: Good Friday 3 April, midsummer eve 19 June, All Saints 31 October, Christmas eve."""
    assert all(map(is_holiday, (date(2026, 4, 3), date(2026, 6, 19), date(2026, 10, 31), date(2026, 12, 24))))
    assert not any(map(is_holiday, (date(2026, 4, 2), date(2026, 11, 29), date(2026, 12, 23))))


def test_cleaning_on_christmas_eve_is_moved_to_the_day_before_and_care_comes_as_ever() -> None:
    thursdays = frozenset({3})
    cleaning = a_template(ServiceCode.CLEANING, weekdays=thursdays)
    assert usual_days(cleaning, week_on=CHRISTMAS) == {date(2026, 12, 23)}
    assert usual_days(a_template(weekdays=thursdays), week_on=CHRISTMAS) == {date(2026, 12, 24)}


def test_a_visit_that_gives_care_too_stays_on_the_holiday() -> None:
    both = a_template(ServiceCode.CLEANING, ServiceCode.MORNING, weekdays=frozenset({3}))
    assert usual_days(both, week_on=CHRISTMAS) == {date(2026, 12, 24)}


def test_what_was_chosen_holds_and_a_week_without_room_has_none() -> None:
    plan = a_plan(an_order(), movable(2))
    (template,) = plan.templates
    friday = MONDAY + timedelta(days=4)
    assert days_due(plan, template, week_on=MONDAY, chosen={(template.id, MONDAY): frozenset({friday})}) == {friday}
    assert days_due(plan, template, week_on=MONDAY, chosen={(template.id, MONDAY): frozenset()}) == frozenset()
    assert len(days_due(plan, template, week_on=MONDAY)) == 2


def test_more_often_than_the_distance_allows_is_refused() -> None:
    assert movable(3, apart=2).times_a_week == 3
    with pytest.raises(Invalid, match="times"):
        movable(4, apart=2, weekdays=frozenset(range(7)))


@given(
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    times=st.integers(1, 4),
    apart=st.integers(1, 3),
    number=st.integers(0, 50),
)
def test_without_a_choice_a_movable_visit_comes_as_often_as_it_should_and_as_far_apart(
    weekdays: frozenset[int], times: int, apart: int, number: int
) -> None:
    try:
        template = movable(times, apart=apart, number=number, weekdays=weekdays)
    except Invalid:
        return
    first = sorted(usual_days(template, week_on=MONDAY))
    second = sorted(usual_days(template, week_on=MONDAY + timedelta(weeks=1)))
    assert len(first) == times
    assert all(
        (later - earlier).days >= apart
        for earlier, later in zip([*first, *second], [*first[1:], *second], strict=False)
    )
    assert {on.weekday() for on in first} <= weekdays
    assert {monday(on) for on in first} == {MONDAY}
