"""The municipality's rule for the first day with a provider: data, not code, since each municipality has its own.

Three rules in use (domain reference 5.2): a number of days after the request (Håbo), the first of a month by a cut-off day
(Norrköping), a number of working days (a proposal in Göteborg).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from provider_choice.working_days import working_day_after
from visits.errors import Invalid

_LATEST_CUTOFF = 28


@dataclass(frozen=True, slots=True)
class FixedDays:
    """The first day comes so many days after the request."""

    days: int

    def __post_init__(self) -> None:
        if self.days < 1:
            raise Invalid(field="days", value=self.days, why="the first day comes at least one day after the request")

    def first_on(self, asked_on: date) -> date:
        return asked_on + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class MonthCutoff:
    """Asked by this day of the month: the first of the month after next; later: the first of the month after that."""

    day: int

    def __post_init__(self) -> None:
        if not 1 <= self.day <= _LATEST_CUTOFF:
            raise Invalid(field="day", value=self.day, why=f"every month has days 1 to {_LATEST_CUTOFF}")

    def first_on(self, asked_on: date) -> date:
        months = asked_on.month - 1 + (2 if asked_on.day <= self.day else 3)
        return date(asked_on.year + months // 12, months % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The first day is the so-manieth working day after the request."""

    days: int

    def __post_init__(self) -> None:
        if self.days < 1:
            raise Invalid(field="days", value=self.days, why="the first day comes at least one day after the request")

    def first_on(self, asked_on: date) -> date:
        return working_day_after(asked_on, self.days)


FirstDayRule = FixedDays | MonthCutoff | WorkingDays

_RULES: dict[str, type[FixedDays] | type[MonthCutoff] | type[WorkingDays]] = {
    "fixed_days": FixedDays,
    "month_cutoff": MonthCutoff,
    "working_days": WorkingDays,
}


def first_day_rule(written: str) -> FirstDayRule:
    """A rule as the settings write it: ``fixed_days:14``, ``month_cutoff:20`` or ``working_days:5``; else `Invalid`."""
    kind, _, amount = written.partition(":")
    if kind not in _RULES or not amount.isdecimal():
        raise Invalid(field="rule", value=written, why=f"must be one of {', '.join(_RULES)}, a colon, and a number")
    return _RULES[kind](int(amount))


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDays:
    """One municipality's rules: for a switch, and for whoever has no home care yet and should not have to wait as long."""

    switch: FirstDayRule
    wish: FirstDayRule
