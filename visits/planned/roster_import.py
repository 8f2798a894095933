"""Rosters and absences brought in from outside: who is meant, what would change, and every row that cannot be taken, at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from visits.people import HealthDelegation
from visits.planned.roster_rows import AbsenceRow, Fault, Read, RowFault, ShiftRow
from visits.planned.staffing import Shift
from visits.planned.working_time import RosterBreach, RosterRule, breaches
from visits.terms import CarerId, Period, ShiftId, local_day

MOST_DAYS_AHEAD = 400
"""A shift or an absence further away is a slip of the pen."""
DAYS_AROUND = 8
"""Shifts known so long before the first and after the last day count too: rest is kept over the edges."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Somebody, carer or citizen, who is away on whole days."""

    row: int
    person_id: UUID
    period: Period
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceChange:
    """What an import would add; `kept` is known already. With any fault nothing of it may be stored."""

    added: tuple[Away, ...] = ()
    kept: tuple[Away, ...] = ()
    faults: tuple[RowFault, ...] = ()

    @property
    def days(self) -> frozenset[date]:
        return frozenset(on for one in self.added for on in one.period)


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
    faults, seen = [*read.faults, *_strangers(read, people)], set()
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


def absence_change(
    read: Read, people: Mapping[date, People], known: Iterable[tuple[UUID, Period]], *, today: date
) -> AbsenceChange:
    """Who is away when by the file. `people` says for each row's first day who can be meant, `known` who is away already."""
    faults, added, kept = list(read.faults), list[Away](), list[Away]()
    away: dict[UUID, list[Period]] = {}
    for person_id, period in known:
        away.setdefault(person_id, []).append(period)
    for row in read.absences:
        wrong, one = _away(row, people, today=today)
        faults += wrong
        if one is None:
            continue
        periods = away.setdefault(one.person_id, [])
        if one.period in periods:
            kept.append(one)
        elif any(one.period.overlaps(period) for period in periods):
            faults.append(RowFault(row=row.row, fault=Fault.AWAY_ALREADY, field="who", value=row.who))
        else:
            periods.append(one.period)
            added.append(one)
    return AbsenceChange(added=tuple(added), kept=tuple(kept), faults=tuple(sorted(faults, key=lambda one: one.row)))


def _away(row: AbsenceRow, people: Mapping[date, People], *, today: date) -> tuple[list[RowFault], Away | None]:
    """The absence of a row, which may have begun already, or what is wrong with it."""
    if row.last_on < row.first_on:
        return [RowFault(row=row.row, fault=Fault.ENDS_BEFORE, field="last_on", value=row.last_on.isoformat())], None
    faults = _faults_of_day(row.row, row.last_on, today=today, field="last_on")
    meant = people[row.first_on].meant(row.who)
    if isinstance(meant, Fault):
        return [*faults, RowFault(row=row.row, fault=meant, field="who", value=row.who)], None
    period = Period(row.first_on, row.last_on)
    if period.days > MOST_DAYS_AHEAD:
        faults.append(
            RowFault(row=row.row, fault=Fault.TOO_FAR_AHEAD, field="first_on", value=row.first_on.isoformat())
        )
    if faults:
        return faults, None
    return [], Away(row=row.row, person_id=meant, period=period, reason=row.reason)


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


def _strangers(read: Read, people: People) -> Iterable[RowFault]:
    """Rows that could not be read may name nobody we know besides."""
    for row, who in read.unread:
        meant = people.meant(who)
        if who and isinstance(meant, Fault):
            yield RowFault(row=row, fault=meant, field="who", value=who)


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
