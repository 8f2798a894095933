"""What stands in one cell: a day, a time of day, breaks, yes or no, a reason."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import NoReturn, TypeVar

from visits.errors import Invalid
from visits.planned.roster_rows import Fault, ImportKind, RowFault
from visits.planned.staffing import BreakRule
from visits.terms import AbsenceReason, instant

T = TypeVar("T")

_CLOCK = r"(\d{1,2})[:.](\d{2})(?::00)?"
_TIME = re.compile(_CLOCK)
_BREAK = re.compile(rf"{_CLOCK}\s*[-–]\s*{_CLOCK}(?:\s*/\s*(\d{{1,3}})(?:\s*min)?)?")
_BETWEEN_BREAKS = re.compile(r"[\s,;+&|]*(?:och)?[\s,;+&|]*")
_DAYS = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d")
_YES, _NO = frozenset({"ja", "j", "x", "1", "yes", "true"}), frozenset({"", "nej", "n", "0", "no", "false"})

CARER_REASONS: Mapping[str, str] = {
    "sjuk": "ill",
    "vård av barn": "child_ill",
    "vab": "child_ill",
    "ledig": "leave",
    "semester": "leave",
    "annat": "other",
    "": "other",
}
CITIZEN_REASONS: Mapping[str, str] = {
    "sjukhus": AbsenceReason.HOSPITAL,
    "på sjukhus": AbsenceReason.HOSPITAL,
    "resa": AbsenceReason.TRAVEL,
    "bortrest": AbsenceReason.TRAVEL,
    "korttidsboende": AbsenceReason.RESPITE,
    "avlösning": AbsenceReason.RESPITE,
    "annat": AbsenceReason.OTHER,
    "": AbsenceReason.OTHER,
}
"""The words in which a file gives a reason; stored reasons are taken too."""


class Unreadable(Exception):
    """A cell says nothing that is understood."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


class Cells:
    """The cells of one row; what cannot be read is gathered in `faults` and read as None."""

    def __init__(self, row: int, values: Mapping[str, str]) -> None:
        self.row = row
        self.faults: list[RowFault] = []
        self._values = values

    def text(self, field: str) -> str:
        return " ".join(self._values.get(field, "").split())

    def read(self, field: str, reading: Callable[[str], T], *, needed: bool = True) -> T | None:
        value = self.text(field)
        if not value and needed:
            self.fault(Fault.MISSING_VALUE, field)
            return None
        try:
            return reading(value)
        except Unreadable as error:
            self.fault(error.fault, field)
            return None

    def fault(self, fault: Fault, field: str) -> None:
        self.faults.append(RowFault(row=self.row, fault=fault, field=field, value=self.text(field)))


def a_day(value: str) -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(value.removesuffix(" 00:00:00"), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Unreadable(Fault.NOT_A_DAY)


def a_time(value: str) -> time:
    found = _TIME.fullmatch(value)
    try:
        return time(int(found[1]), int(found[2])) if found else _not_a_time()
    except ValueError:
        return _not_a_time()


def an_end(value: str) -> time:
    """A time of day, where 24:00 is the midnight with which the day ends."""
    return time(0, 0) if value in {"24:00", "24.00"} else a_time(value)


def _not_a_time() -> NoReturn:
    raise Unreadable(Fault.NOT_A_TIME)


def times_of(on: date, begins: time, ends: time) -> tuple[datetime, datetime]:
    """When a shift begins and ends: one that does not end after it begins ends on the next day."""
    last_on = on if ends > begins else on + timedelta(days=1)
    return instant(on, begins), instant(last_on, ends)


def breaks_of(value: str, *, on: date, begins: time) -> tuple[BreakRule, ...]:
    """``12:00-12:30`` is a break at that time, ``10:30-12:00/30`` one of 30 minutes that begins between the two."""
    rules, place = [], 0
    for found in _BREAK.finditer(value):
        if not _BETWEEN_BREAKS.fullmatch(value, place, found.start()):
            raise Unreadable(Fault.NOT_A_BREAK)
        rules.append(_break(found, on=on, begins=begins))
        place = found.end()
    if not _BETWEEN_BREAKS.fullmatch(value, place):
        raise Unreadable(Fault.NOT_A_BREAK)
    return tuple(sorted(rules, key=lambda rule: rule.earliest_at))


def _break(found: "re.Match[str]", *, on: date, begins: time) -> BreakRule:
    try:
        walls = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    except ValueError:
        raise Unreadable(Fault.NOT_A_BREAK) from None
    first_at, last_at = (instant(on if wall >= begins else on + timedelta(days=1), wall) for wall in walls)
    minutes = int(found[5]) if found[5] else round((last_at - first_at).total_seconds() / 60)
    try:
        return BreakRule(earliest_at=first_at, latest_at=last_at if found[5] else first_at, minutes=minutes)
    except Invalid:
        raise Unreadable(Fault.NOT_A_BREAK) from None


def yes_or_no(value: str) -> bool:
    if value.casefold() not in _YES | _NO:
        raise Unreadable(Fault.NOT_YES_OR_NO)
    return value.casefold() in _YES


def a_reason(kind: ImportKind) -> Callable[[str], str]:
    known = CARER_REASONS if kind is ImportKind.CARER_ABSENCES else CITIZEN_REASONS

    def read(value: str) -> str:
        word = value.casefold()
        if word in known:
            return str(known[word])
        if word in set(known.values()):
            return word
        raise Unreadable(Fault.UNKNOWN_REASON)

    return read
