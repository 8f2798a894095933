from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_choice.first_day import FirstDayRule, FixedDays, MonthCutoff, WorkingDays, first_day_rule
from provider_choice.working_days import is_working_day
from visits.errors import Invalid


@pytest.mark.parametrize(
    ("asked_on", "first_on"),
    [
        (date(2026, 11, 23), date(2026, 12, 7)),
        (date(2026, 12, 20), date(2027, 1, 3)),
        (date(2028, 2, 15), date(2028, 2, 29)),  # a leap year
        (date(2027, 2, 15), date(2027, 3, 1)),
    ],
)
def test_fourteen_days_after_the_request(asked_on: date, first_on: date) -> None:
    assert FixedDays(14).first_on(asked_on) == first_on


@pytest.mark.parametrize(
    ("asked_on", "first_on"),
    [
        (date(2026, 6, 20), date(2026, 8, 1)),  # Norrköping's own example
        (date(2026, 6, 21), date(2026, 9, 1)),
        (date(2026, 10, 20), date(2026, 12, 1)),
        (date(2026, 10, 21), date(2027, 1, 1)),
        (date(2026, 12, 1), date(2027, 2, 1)),
        (date(2026, 12, 31), date(2027, 3, 1)),
        (date(2027, 1, 31), date(2027, 4, 1)),
    ],
)
def test_asked_by_the_twentieth_the_first_of_the_month_after_next(asked_on: date, first_on: date) -> None:
    assert MonthCutoff(20).first_on(asked_on) == first_on


def test_five_working_days_after_the_request() -> None:
    assert WorkingDays(5).first_on(date(2026, 11, 27)) == date(2026, 12, 4)


RULES = st.one_of(
    st.integers(1, 60).map(FixedDays), st.integers(1, 28).map(MonthCutoff), st.integers(1, 20).map(WorkingDays)
)


@given(rule=RULES, asked_on=st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_the_first_day_always_comes_after_the_request(rule: FirstDayRule, asked_on: date) -> None:
    assert rule.first_on(asked_on) > asked_on


@given(rule=RULES, days=st.lists(st.dates(date(2020, 1, 1), date(2060, 12, 31)), min_size=2, max_size=2).map(sorted))
def test_whoever_asks_earlier_never_begins_later(rule: FirstDayRule, days: list[date]) -> None:
    assert rule.first_on(days[0]) <= rule.first_on(days[1])


@given(days=st.integers(1, 20), asked_on=st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_a_rule_of_working_days_ends_on_a_working_day(days: int, asked_on: date) -> None:
    assert is_working_day(WorkingDays(days).first_on(asked_on))


@pytest.mark.parametrize(
    ("written", "rule"),
    [("fixed_days:14", FixedDays(14)), ("month_cutoff:20", MonthCutoff(20)), ("working_days:5", WorkingDays(5))],
)
def test_the_settings_write_a_rule_as_name_and_number(written: str, rule: FirstDayRule) -> None:
    assert first_day_rule(written) == rule


@pytest.mark.parametrize(
    "written", ["", "fixed_days", "fixed_days:", "fixed_days:-1", "days:3", "fixed_days:0", "month_cutoff:31"]
)
def test_a_rule_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        first_day_rule(written)
