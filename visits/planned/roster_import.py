"""Rosters and absences brought in from outside: who is meant, what would change, and every row that cannot be taken, at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from visits.people import HealthDelegation
from visits.planned.staffing import BreakRule, Shift
from visits.planned.working_time import RosterBreach, RosterRule, breaches
from visits.terms import CarerId, Period, ShiftId, local_day

MOST_ROWS = 5000
MOST_DAYS_AHEAD = 400
"""A shift or an absence further away is a slip of the pen."""
DAYS_AROUND = 8
"""Shifts known so long before the first and after the last day count too: rest is kept over the edges."""


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
    """A file as it was read; `ignored` are columns that say nothing to us."""

    kind: ImportKind
    shifts: tuple[ShiftRow, ...] = ()
    absences: tuple[AbsenceRow, ...] = ()
    faults: tuple[RowFault, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChange:
    """What an import would change. With any fault nothing of it may be stored.

    `added` come new, `removed` no longer are, `kept` are in the file as they are known. `warnings` are rules that do not bind.
    """

    added: tuple[Shift, ...] = ()
    removed: tuple[Shift, ...] = ()
    kept: tuple[Shift, ...] = ()
    warnings: tuple[RosterBreach, ...] = ()
    faults: tuple[RowFault, ...] = ()

    @property
    def days(self) -> frozenset[date]:
        return frozenset(shift.on for shift in (*self.added, *self.removed))


class People:
    """Who can be meant: by id, or by a full name that only one of them has."""

    def __init__(self, names: Iterable[tuple[UUID, str]]) -> None:
        self._ids: dict[str, list[UUID]] = {}
        for key, name in names:
            self._ids.setdefault(_plain(name), []).append(key)
            self._ids.setdefault(str(key), []).append(key)

    def meant(self, who: str) -> UUID | Fault:
        found = self._ids.get(_plain(who), [])
        if len(found) == 1:
            return found[0]
        return Fault.SEVERAL_PERSONS if found else Fault.UNKNOWN_PERSON


def roster_change(
    read: Read,
    carers: Mapping[CarerId, str],
    known: Sequence[Shift],
    delegations: Sequence[HealthDelegation],
    *,
    today: date,
    make_id: Callable[[], UUID] = uuid4,
) -> RosterChange:
    """What the file's rows make of the carers' shifts.

    A row says all that its carer works that day; what was known of the day before is replaced. `known` are the carers' shifts from
    `DAYS_AROUND` days before the first row to as long after the last. A binding rule that was broken before the import too, and
    that no row has to do with, does not stand in its way.
    """
    taken, faults = _taken(read, People(carers.items()), known, make_id=make_id)
    for carer_id, row, _ in taken:
        faults += _faults_of_day(row.row, row.on, today=today, field="on")
        faults += _faults_of_shift(row, carer_id, delegations)
    rows = {shift: row for _, row, shift in taken if shift is not None}
    said = {(carer_id, row.on) for carer_id, row, _ in taken}
    rest = [one for one in known if (one.carer_id, one.on) not in said]
    found = _new(breaches(known), breaches([*rest, *rows]))
    faults += [_fault_of(one, rows) for one in found if one.rule.binds]
    before = set(known)
    return RosterChange(
        added=tuple(one for one in rows if one not in before),
        removed=tuple(one for one in known if (one.carer_id, one.on) in said and one not in rows),
        kept=tuple(one for one in rows if one in before),
        warnings=tuple(one for one in found if not one.rule.binds),
        faults=tuple(sorted(faults, key=lambda one: (one.row, one.fault, one.field, one.value))),
    )


def _taken(
    read: Read, people: People, known: Iterable[Shift], *, make_id: Callable[[], UUID]
) -> tuple[list[tuple[CarerId, ShiftRow, Shift | None]], list[RowFault]]:
    """The rows whose carer is known, each with its shift (None: free), under the id that it has already if it is known."""
    taken: list[tuple[CarerId, ShiftRow, Shift | None]] = []
    faults, seen = list(read.faults), set()
    same = {_content(one): one for one in known}
    for row in read.shifts:
        meant = people.meant(row.who)
        if isinstance(meant, Fault):
            faults.append(RowFault(row=row.row, fault=meant, field="who", value=row.who))
            continue
        carer_id = CarerId(meant)
        shift = _shift(row, carer_id, ShiftId(make_id())) if row.times else None
        content = _content(shift) if shift else (carer_id, row.on)
        if content in seen:
            faults.append(RowFault(row=row.row, fault=Fault.TWICE, field="who", value=row.who))
            continue
        seen.add(content)
        taken.append((carer_id, row, same.get(content, shift)))
    return taken, faults


def faults_of_absence(row: AbsenceRow, *, today: date) -> list[RowFault]:
    """What is wrong with the days of an absence; it may have begun already."""
    if row.last_on < row.first_on:
        return [RowFault(row=row.row, fault=Fault.ENDS_BEFORE, field="last_on", value=row.last_on.isoformat())]
    return _faults_of_day(row.row, row.last_on, today=today, field="last_on")


def span(days: Iterable[date]) -> Period | None:
    """From the first to the last of the days; None of none."""
    known = sorted(days)
    return Period(known[0], known[-1]) if known else None


def _plain(who: str) -> str:
    return " ".join(who.split()).casefold()


def _faults_of_day(row: int, on: date, *, today: date, field: str) -> list[RowFault]:
    if on < today:
        return [RowFault(row=row, fault=Fault.DAY_IS_OVER, field=field, value=on.isoformat())]
    if on > today + timedelta(days=MOST_DAYS_AHEAD):
        return [RowFault(row=row, fault=Fault.TOO_FAR_AHEAD, field=field, value=on.isoformat())]
    return []


def _faults_of_shift(row: ShiftRow, carer_id: CarerId, delegations: Sequence[HealthDelegation]) -> Iterable[RowFault]:
    if row.times is None:
        return
    start_at, end_at = row.times
    for rule in row.breaks:
        if rule.earliest_at < start_at or rule.latest_at + timedelta(minutes=rule.minutes) > end_at:
            yield RowFault(row=row.row, fault=Fault.BREAK_OUTSIDE, field="breaks", value=f"{rule.minutes} min")
    valid = [one.valid for one in delegations if one.carer_id == carer_id]
    is_delegated = all(any(day in period for period in valid) for day in (row.on, local_day(end_at)))
    if row.needs_delegation and not is_delegated:
        shift = _shift(row, carer_id, ShiftId(UUID(int=0)))
        breach = RosterBreach(
            rule=RosterRule.DELEGATION, carer_id=carer_id, shift=shift, found=timedelta(0), limit=timedelta(0)
        )
        yield RowFault(row=row.row, fault=Fault.RULE, field="delegation", value=row.on.isoformat(), breach=breach)


def _shift(row: ShiftRow, carer_id: CarerId, shift_id: ShiftId) -> Shift:
    assert row.times is not None, "only a row with times is a shift"  # noqa: S101 - for the type checker
    start_at, end_at = row.times
    return Shift(id=shift_id, carer_id=carer_id, on=row.on, start_at=start_at, end_at=end_at, breaks=row.breaks)


def _content(shift: Shift) -> tuple[object, ...]:
    return shift.carer_id, shift.on, shift.start_at, shift.end_at, frozenset(shift.breaks)


def _new(before: Iterable[RosterBreach], after: Iterable[RosterBreach]) -> list[RosterBreach]:
    """Those that the import brings, or makes worse."""
    known = {(one.rule, one.shift, one.found) for one in before}
    return [one for one in after if (one.rule, one.shift, one.found) not in known]


def _fault_of(breach: RosterBreach, rows: Mapping[Shift, ShiftRow]) -> RowFault:
    """The row that breaks the rule: that of the shift itself, or the nearest before a shift that was known."""
    row = rows.get(breach.shift)
    if row is None:
        own = [one for one in rows if one.carer_id == breach.carer_id]
        nearest = min(own, key=lambda one: abs(one.start_at - breach.shift.start_at), default=None)
        row = rows[nearest] if nearest else None
    value = breach.shift.on.isoformat()
    return RowFault(row=row.row if row else 0, fault=Fault.RULE, field="times", value=value, breach=breach)
