"""Months, and when their figures are settled: what is told later counts too, and is seen to have come later."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from visits.errors import Invalid
from visits.performed.time_rules import TimeRules
from visits.terms import Period, instant, local_day

SETTLES = timedelta(minutes=1)
"""How long after the hour a month is closed in fact, so that what was received before it has been stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedMonth:
    """`month_on` is the month's first day. What was received after `closed_at` is no part of the closed figures."""

    month_on: date
    closed_at: datetime

    def __post_init__(self) -> None:
        if self.month_on.day != 1:
            raise Invalid(field="month_on", value=self.month_on, why="must be the first day of a month")


def month_of(on: date) -> date:
    """The first day of the month in which `on` lies."""
    return on.replace(day=1)


def next_month(month_on: date) -> date:
    return month_of(month_on.replace(day=28) + timedelta(days=4))


def days_of(month_on: date) -> Period:
    return Period(month_on, next_month(month_on) - timedelta(days=1))


def closes_at(month_on: date, rules: TimeRules) -> datetime:
    """When the month's figures are settled."""
    return instant(next_month(month_on).replace(day=rules.month_closes_day), rules.month_closes_at)


def months_due(first_on: date, *, closed: Collection[date], rules: TimeRules, now: datetime) -> list[ClosedMonth]:
    """The months, from the one in which `first_on` lies, that are to be closed at `now` and are not; oldest first.

    Each is closed at its own hour, however late the house comes to it.
    """
    due: list[ClosedMonth] = []
    month_on = month_of(first_on)
    while month_on <= local_day(now) and closes_at(month_on, rules) + SETTLES <= now:
        if month_on not in closed:
            due.append(ClosedMonth(month_on=month_on, closed_at=closes_at(month_on, rules)))
        month_on = next_month(month_on)
    return due
