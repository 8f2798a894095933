"""The rows of a roster or of absences as they were read from a file, and what can be wrong with them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from visits.planned.staffing import BreakRule
from visits.planned.working_time import RosterBreach

MOST_ROWS = 5000


class ImportKind(StrEnum):
    SHIFTS = "shifts"
    CARER_ABSENCES = "carer_absences"
    CITIZEN_ABSENCES = "citizen_absences"


class Fault(StrEnum):
    """Why a row cannot be taken."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_MANY_ROWS = "too_many_rows"
    MISSING_COLUMN = "missing_column"
    MISSING_VALUE = "missing_value"
    UNKNOWN_PERSON = "unknown_person"
    SEVERAL_PERSONS = "several_persons"
    NOT_A_DAY = "not_a_day"
    NOT_A_TIME = "not_a_time"
    NOT_A_BREAK = "not_a_break"
    NOT_YES_OR_NO = "not_yes_or_no"
    UNKNOWN_REASON = "unknown_reason"
    NO_TIMES = "no_times"
    TOO_OFTEN = "too_often"
    ENDS_BEFORE = "ends_before"
    BREAK_OUTSIDE = "break_outside"
    DAY_IS_OVER = "day_is_over"
    TOO_FAR_AHEAD = "too_far_ahead"
    TWICE = "twice"
    AWAY_ALREADY = "away_already"
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """What is wrong with one row (a line, or the event of that number; 0 is the file itself): which field, and its value.

    A rule of working time that the row breaks stands in `breach`.
    """

    row: int
    fault: Fault
    field: str = ""
    value: str = ""
    breach: RosterBreach | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """A shift as it was read. Without times the carer is free that day."""

    row: int
    who: str
    on: date
    times: tuple[datetime, datetime] | None
    breaks: tuple[BreakRule, ...] = ()
    needs_delegation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRow:
    """Whole days away, both ends included; `reason` is a word that the record knows."""

    row: int
    who: str
    first_on: date
    last_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file as it was read.

    `unread` are rows that something is wrong with, and whom they name; `ignored` are columns that say nothing to us.
    """

    kind: ImportKind
    shifts: tuple[ShiftRow, ...] = ()
    absences: tuple[AbsenceRow, ...] = ()
    faults: tuple[RowFault, ...] = ()
    unread: tuple[tuple[int, str], ...] = ()
    ignored: tuple[str, ...] = ()
