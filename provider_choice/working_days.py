"""Which days are working days in Sweden."""

from datetime import date, timedelta

_SATURDAY = 5
_FRIDAY = 4
_FIXED = frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)})
"""Month and day of the holidays and eves that fall on the same date each year."""
_AFTER_EASTER = frozenset({-2, 1, 39})
"""Good Friday, Easter Monday and Ascension Day; the other movable holidays are Saturdays and Sundays."""


def is_working_day(on: date) -> bool:
    """Not a Saturday, a Sunday or a public holiday, nor the eves of midsummer, Christmas and the New Year.

    The holidays stand in lagen (1989:253) om allmänna helgdagar; semesterlagen (1977:480) 3 a § counts the three eves as Sundays.
    """
    if on.weekday() >= _SATURDAY or (on.month, on.day) in _FIXED:
        return False
    is_midsummer_eve = on.month == 6 and 19 <= on.day <= 25 and on.weekday() == _FRIDAY
    return not is_midsummer_eve and (on - easter(on.year)).days not in _AFTER_EASTER


def working_day_after(on: date, days: int) -> date:
    """The `days`-th working day after `on`; `days` is at least 1."""
    found = on
    for _ in range(days):
        found += timedelta(days=1)
        while not is_working_day(found):
            found += timedelta(days=1)
    return found


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the "anonymous" computus of 1876)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leap_years, year_rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    shift = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
