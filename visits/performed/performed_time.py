"""Performed time: what the citizen received, and what it took of the staff (domain reference 2.4).

The citizen received the *union* of the intervals: two carers at once are counted once. Staff time is their *sum*. A visit from
which nobody has checked out counts nothing until that is mended: no end is guessed.
"""

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction

from visits.performed.attendance import Interval
from visits.performed.time_rules import TimeRules
from visits.terms import Minutes

_MINUTE = timedelta(minutes=1)


def whole_minutes(amount: Fraction | timedelta) -> Minutes:
    """The one place where time is rounded: to the nearest whole minute, half a minute up. Round sums, never their parts."""
    exact = amount if isinstance(amount, Fraction) else Fraction(amount // timedelta(microseconds=1), 60_000_000)
    return Minutes((2 * exact + 1) // 2)


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time without overlaps, in order; intervals that touch become one."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.start_at <= joined[-1].end_at:
            end_at = max(joined[-1].end_at, interval.end_at)
            joined[-1] = Interval(start_at=joined[-1].start_at, end_at=end_at)
        else:
            joined.append(interval)
    return tuple(joined)


def received_minutes(intervals: Iterable[Interval]) -> Minutes:
    """What the citizen received: the union."""
    return whole_minutes(_total(union(intervals)))


def staff_minutes(intervals: Iterable[Interval]) -> Minutes:
    """What it took of the staff: the sum, so that double staffing counts twice."""
    return whole_minutes(_total(intervals))


def counted(intervals: Iterable[Interval], *, planned_minutes: int, rules: TimeRules) -> tuple[Interval, ...]:
    """What counts of one visit for the citizen: its union, the earliest part of it where the municipality has a cap.

    A visit that nobody had planned (`planned_minutes` 0) is not capped: there is nothing to hold it against.
    """
    whole = union(intervals)
    if rules.cap_percent is None or planned_minutes == 0:
        return whole
    left = timedelta(minutes=planned_minutes) * rules.cap_percent / 100
    kept: list[Interval] = []
    for interval in whole:
        end_at = min(interval.end_at, interval.start_at + left)
        if end_at > interval.start_at:
            kept.append(Interval(start_at=interval.start_at, end_at=end_at))
            left -= end_at - interval.start_at
    return tuple(kept)


def _total(intervals: Iterable[Interval]) -> timedelta:
    return sum((interval.end_at - interval.start_at for interval in intervals), start=timedelta())
