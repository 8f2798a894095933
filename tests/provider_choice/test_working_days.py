from datetime import date

import pytest

from provider_choice.working_days import easter, is_working_day, working_day_after


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter_is_where_the_almanac_has_it(year: int, sunday: date) -> None:
    assert easter(year) == sunday


@pytest.mark.parametrize(
    "on",
    [
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 4, 3),  # Good Friday
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 1),
        date(2026, 5, 14),  # Ascension Day
        date(2025, 6, 6),  # the national day, a Friday
        date(2026, 6, 19),  # Midsummer Eve
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2026, 11, 21),  # a Saturday
        date(2026, 11, 22),  # a Sunday
    ],
)
def test_nobody_works_in_the_office_on_holidays_and_eves(on: date) -> None:
    assert not is_working_day(on)


@pytest.mark.parametrize("on", [date(2026, 11, 23), date(2026, 6, 18), date(2026, 4, 2), date(2026, 6, 26)])
def test_ordinary_weekdays_are_working_days_also_beside_holidays(on: date) -> None:
    assert is_working_day(on)


def test_five_working_days_over_an_ordinary_weekend_are_a_week() -> None:
    assert working_day_after(date(2026, 11, 23), 5) == date(2026, 11, 30)


def test_five_working_days_over_easter_take_two_days_more() -> None:
    # Wednesday 1 April 2026: Thu 2, (Fri 3 to Mon 6 are free), Tue 7, Wed 8, Thu 9, Fri 10
    assert working_day_after(date(2026, 4, 1), 5) == date(2026, 4, 10)


def test_five_working_days_over_christmas_reach_into_the_new_year() -> None:
    # Tuesday 22 December 2026: Wed 23, (Thu 24 to Sun 27 free), Mon 28, Tue 29, Wed 30, (Thu 31 to Sun 3 free), Mon 4
    assert working_day_after(date(2026, 12, 22), 5) == date(2027, 1, 4)


def test_asked_on_a_saturday_the_first_working_day_is_monday() -> None:
    assert working_day_after(date(2026, 11, 21), 1) == date(2026, 11, 23)
