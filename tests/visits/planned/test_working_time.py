"""The rules of working time, each where it is silent and where it bites, with hours worked by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from visits.planned.staffing import BreakRule, Shift
from visits.planned.working_time import RosterRule, breaches, longest_stretch
from visits.terms import CarerId, ShiftId, instant

MONDAY = date(2026, 11, 23)
CARER = CarerId(UUID(int=1))


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def shift(
    day: int, begins: str, ends: str, *breaks: tuple[str, str, int], carer: CarerId = CARER, first_on: date = MONDAY
) -> Shift:
    """A shift so many days after Monday; without breaks named it has half an hour in the middle."""
    on = first_on + timedelta(days=day)
    first, last = time.fromisoformat(begins), time.fromisoformat(ends)
    start_at, end_at = instant(on, first), instant(on + timedelta(days=int(last <= first)), last)
    rules = [
        BreakRule(earliest_at=_at(on, earliest, first), latest_at=_at(on, latest, first), minutes=minutes)
        for earliest, latest, minutes in breaks
    ]
    if not rules:
        middle = start_at + (end_at - start_at) / 2
        rules = [BreakRule(earliest_at=middle, latest_at=middle, minutes=30)]
    return Shift(id=ShiftId(uuid4()), carer_id=carer, on=on, start_at=start_at, end_at=end_at, breaks=tuple(rules))


def _at(on: date, wall: str, begins: time) -> datetime:
    at = time.fromisoformat(wall)
    return instant(on + timedelta(days=int(at < begins)), at)


def found(*shifts: Shift) -> list[tuple[RosterRule, int, float]]:
    """Each breach: the rule, the day on which it shows, and the hours (or days) there are."""
    return [(one.rule, (one.on - MONDAY).days, one.found / hours(1)) for one in breaches(shifts)]


def test_five_days_from_seven_to_half_past_three_break_nothing() -> None:
    assert found(*(shift(day, "07:00", "15:30") for day in range(5))) == []


def test_nobody_works_more_than_five_hours_without_a_break_wherever_in_its_window_it_begins() -> None:
    """07.00 to a break that may begin as late as 12.00 is 5 h; as late as 12.15 it is 5 h 15 min."""
    assert found(shift(0, "07:00", "15:30", ("10:30", "12:00", 30))) == []
    assert found(shift(0, "07:00", "15:30", ("10:30", "12:15", 30))) == [(RosterRule.BREAK, 0, 5.25)]
    early = shift(0, "07:00", "15:30", ("09:30", "10:00", 30))
    assert found(early) == [(RosterRule.BREAK, 0, 5.5)], "from 10.00, when the break has ended, to 15.30"
    assert longest_stretch(shift(0, "07:00", "20:00", ("10:30", "11:30", 30), ("15:00", "16:00", 30))) == hours(5)


def test_a_shift_is_thirteen_hours_at_most_also_on_the_night_when_the_clock_goes_back() -> None:
    lawful = ("22:30", "23:30", 30), ("02:30", "03:30", 30)
    assert found(shift(0, "19:00", "08:00", *lawful)) == []
    long = shift(0, "19:00", "08:00", *lawful, first_on=date(2026, 10, 24))
    assert (long.end_at - long.start_at) == hours(14)
    assert next((one.rule, one.found) for one in breaches([long])) == (RosterRule.SHIFT_LENGTH, hours(14))


def test_an_evening_and_the_morning_after_leave_nine_hours_of_rest() -> None:
    assert found(shift(0, "14:30", "22:00"), shift(1, "07:00", "15:30")) == [(RosterRule.DAILY_REST, 1, 9)]
    assert found(shift(0, "14:30", "20:00"), shift(1, "07:00", "15:30")) == [(RosterRule.BACK_TO_BACK, 1, 11)]
    assert found(shift(0, "14:30", "19:00"), shift(1, "07:00", "15:30")) == []


def test_rest_over_the_night_when_the_clock_goes_forward_is_an_hour_shorter() -> None:
    """20.00 to 07.00 is eleven hours, but ten on the night to 28 March 2027."""
    saturday = date(2027, 3, 27)
    evening, morning = shift(0, "14:30", "20:00", first_on=saturday), shift(1, "07:00", "15:30", first_on=saturday)
    assert [(one.rule, one.found) for one in breaches([evening, morning])] == [(RosterRule.DAILY_REST, hours(10))]


def test_a_split_shift_may_fill_thirteen_hours_and_no_more() -> None:
    """07-12 and 16.30-20 leave eleven hours until seven the next morning; 16.30-21 leaves ten."""
    assert found(shift(0, "07:00", "12:00"), shift(0, "16:30", "20:00")) == [(RosterRule.SPLIT_SHIFT, 0, 4.5)]
    assert found(shift(0, "07:00", "12:00"), shift(0, "16:30", "21:00")) == [(RosterRule.DAILY_REST, 0, 10)]


def test_two_shifts_at_once_are_told_with_how_long() -> None:
    assert found(shift(0, "07:00", "15:00"), shift(0, "14:00", "17:00"))[0] == (RosterRule.ONE_SHIFT_AT_A_TIME, 0, 1)


def test_within_seven_days_there_is_a_rest_of_36_hours() -> None:
    """Seven days from 07.00 to 15.30: before the first everybody is rested, in the week up to the seventh's end nobody is."""
    week = [shift(day, "07:00", "15:30") for day in range(7)]
    assert found(*week[:6]) == [(RosterRule.DAYS_IN_A_ROW, 5, 6 * 24)]
    assert (RosterRule.WEEKLY_REST, 6, 15.5) in found(*week)
    with_two_days_off = [*week[:5], shift(7, "07:00", "15:30"), shift(8, "07:00", "15:30")]
    assert found(*with_two_days_off) == []


def test_one_day_off_is_a_weekly_rest_that_counts_the_daily_one_too() -> None:
    """Wednesday off: from Tuesday 15.30 to Thursday 07.00 is 39 h 30 min, enough for 36 but not for 36 + 11."""
    days = [shift(day, "07:00", "15:30") for day in (0, 1, 3, 4, 5, 6)]
    assert found(*days) == [(RosterRule.REST_OVERLAPS, 6, 39.5)]
    evenings = [shift(day, "14:30", "22:00") for day in (3, 4, 5, 6)]
    with_an_evening = [shift(0, "07:00", "15:30"), shift(1, "07:00", "15:30"), *evenings]
    assert found(*with_an_evening) == [], "Tuesday 15.30 to Thursday 14.30 is 47 h"


def test_more_than_five_days_in_a_row_are_told_once() -> None:
    days = [shift(day, "07:00", "12:00") for day in range(-2, 5)]
    assert [one for one in found(*days) if one[0] is RosterRule.DAYS_IN_A_ROW] == [
        (RosterRule.DAYS_IN_A_ROW, 3, 6 * 24)
    ]


def test_each_carer_is_judged_alone() -> None:
    other = CarerId(UUID(int=2))
    assert found(shift(0, "14:30", "22:00"), shift(1, "07:00", "15:30", carer=other)) == []


rosters = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 47), st.integers(2, 28)), min_size=1, max_size=10).map(
    lambda spells: [
        Shift(
            id=ShiftId(uuid4()),
            carer_id=CARER,
            on=MONDAY + timedelta(days=day),
            start_at=datetime.combine(MONDAY, time(0), tzinfo=UTC) + timedelta(days=day, minutes=30 * start),
            end_at=datetime.combine(MONDAY, time(0), tzinfo=UTC) + timedelta(days=day, minutes=30 * (start + length)),
        )
        for day, start, length in spells
    ]
)


@settings(deadline=None)
@given(shifts=rosters)
def test_what_breaks_no_binding_rule_keeps_them_all_counted_half_hour_by_half_hour(shifts: Sequence[Shift]) -> None:
    """Against a plain count over a line of half hours: at work or not."""
    if any(one.rule.binds and one.rule is not RosterRule.BREAK for one in breaches(shifts)):
        return
    own = sorted(shifts, key=lambda one: one.start_at)
    assert all(earlier.end_at <= later.start_at for earlier, later in pairwise(own))
    first = own[0].start_at
    line = [any(one.start_at <= first + timedelta(minutes=30 * n) < one.end_at for one in own) for n in range(17 * 48)]
    begins = [n for n, works in enumerate(line) if works and not any(line[max(0, n - 22) : n])]
    for n in begins:
        assert _longest_free(line[n : n + 48]) >= 22, "eleven hours in the day that begins with work after a daily rest"
    for n, works in enumerate(line):
        if works and not line[n + 1] and n >= 335:
            assert _longest_free(line[n - 335 : n + 1]) >= 72, "36 hours in the week up to the end of a shift"


def _longest_free(line: Sequence[bool]) -> int:
    longest = run = 0
    for works in line:
        run = 0 if works else run + 1
        longest = max(longest, run)
    return longest


@settings(deadline=None)
@given(shifts=rosters)
def test_the_order_in_which_shifts_are_told_does_not_matter(shifts: list[Shift]) -> None:
    assert breaches(shifts) == breaches(list(reversed(shifts)))
