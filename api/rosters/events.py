"""Rosters and absences as a calendar: iCalendar (RFC 5545), also with events that recur."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Event

from api.rosters import cells
from api.rosters.cells import Unreadable
from visits.planned.roster_rows import MOST_ROWS, AbsenceRow, Fault, ImportKind, Read, RowFault, ShiftRow
from visits.terms import STOCKHOLM, local_day

RECURS_DAYS_AHEAD = 182
"""An event that recurs is brought in for half a year; later the calendar is brought in again."""
_ROW = "X-VARDAG-ROW"
_RECURRING = ("RRULE", "RDATE", "RECURRENCE-ID")
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_BREAKS = ("raster:", "rast:", "breaks:")
_DELEGATION = "delegering"


def read_events(text: str, kind: ImportKind, *, today: date) -> Read:
    """The events of a calendar as rows, numbered as they stand in it.

    Who is meant stands as attendee (``CN``, or ``urn:uuid:`` with the id), or else as the summary. Cancelled events are left out.
    """
    try:
        parts = [part for one in Calendar.from_ical(text, multiple=True) for part in one.walk("VEVENT")]
    except (ValueError, IndexError, KeyError) as error:
        return Read(kind=kind, faults=(RowFault(row=0, fault=Fault.UNREADABLE, value=str(error)[:200]),))
    events = [part for part in parts if isinstance(part, Event)]
    for number, event in enumerate(events, start=1):
        event[_ROW] = str(number)
    wanted = [event for event in events if str(event.get("STATUS", "")).upper() != "CANCELLED"]
    often = [event for event in wanted if _recurs_too_often(event)]
    faults = [_fault(event, Fault.TOO_OFTEN, "RRULE", "") for event in often]
    single = [event for event in wanted if not any(name in event for name in _RECURRING)]
    recurring = [event for event in wanted if event not in often and event not in single]
    found = list(islice((*single, *_expanded(recurring, today=today)), MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        return Read(kind=kind, faults=(RowFault(row=0, fault=Fault.TOO_MANY_ROWS, value=f">{MOST_ROWS}"),))
    if not found and not faults:
        return Read(kind=kind, faults=(RowFault(row=0, fault=Fault.EMPTY),))
    return _rows(found, kind, faults)


def _expanded(events: Iterable[Event], *, today: date) -> Iterator[Event]:
    calendar = Calendar()
    for event in events:
        calendar.add_component(event)
    until = today + timedelta(days=RECURS_DAYS_AHEAD)
    yield from recurring_ical_events.of(calendar).between(today, until)


def _recurs_too_often(event: Event) -> bool:
    """More than once a day: no roster does, and a file could ask for a shift each second."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        named = {str(key).upper() for key in rule}
        frequency = {str(one).upper() for one in rule.get("FREQ", [])}
        if frequency & _TOO_OFTEN or named & {"BYHOUR", "BYMINUTE", "BYSECOND"}:
            return True
    return False


def _rows(found: Iterable[Event], kind: ImportKind, faults: list[RowFault]) -> Read:
    shifts: list[ShiftRow] = []
    absences: list[AbsenceRow] = []
    for event in found:
        try:
            if kind is ImportKind.SHIFTS:
                shifts.append(_shift(event))
            else:
                absences.append(_absence(event, kind))
        except _EventFault as error:
            faults.append(error.fault)
    return Read(kind=kind, shifts=tuple(shifts), absences=tuple(absences), faults=tuple(dict.fromkeys(faults)))


class _EventFault(Exception):
    def __init__(self, fault: RowFault) -> None:
        self.fault = fault
        super().__init__(fault.fault.value)


def _fault(event: Event, fault: Fault, field: str, value: str) -> RowFault:
    return RowFault(row=int(str(event.get(_ROW, 0))), fault=fault, field=field, value=value)


def _shift(event: Event) -> ShiftRow:
    start, end = _times(event)
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise _EventFault(_fault(event, Fault.NO_TIMES, "DTSTART", str(start)))
    if end <= start:
        raise _EventFault(_fault(event, Fault.ENDS_BEFORE, "DTEND", end.isoformat()))
    local = start.astimezone(STOCKHOLM)
    said = _breaks_said(event)
    try:
        breaks = cells.breaks_of(said, on=local.date(), begins=local.time())
    except Unreadable as error:
        raise _EventFault(_fault(event, error.fault, "DESCRIPTION", said)) from None
    needs = _DELEGATION in {word.casefold() for word in _categories(event)}
    return ShiftRow(
        row=int(str(event[_ROW])),
        who=_who(event),
        on=local.date(),
        times=(start, end),
        breaks=breaks,
        needs_delegation=needs,
    )


def _absence(event: Event, kind: ImportKind) -> AbsenceRow:
    """Every day that the event touches; of whole days the last is the one before the end (RFC 5545, 3.6.1)."""
    start, end = _times(event)
    first_on = local_day(start) if isinstance(start, datetime) else start
    before_end = end - (timedelta(microseconds=1) if isinstance(end, datetime) else timedelta(days=1))
    last_on = local_day(before_end) if isinstance(before_end, datetime) else before_end
    said = next(iter(_categories(event)), "")
    try:
        reason = cells.a_reason(kind)(said)
    except Unreadable as error:
        raise _EventFault(_fault(event, error.fault, "CATEGORIES", said)) from None
    return AbsenceRow(
        row=int(str(event[_ROW])), who=_who(event), first_on=first_on, last_on=max(last_on, first_on), reason=reason
    )


def _times(event: Event) -> tuple[date, date]:
    """Beginning and end, as instants in UTC or as days; times without a zone are Sweden's."""
    try:
        start, end = event.start, event.end
    except (ValueError, AttributeError) as error:
        raise _EventFault(_fault(event, Fault.NO_TIMES, "DTSTART", str(error)[:100])) from None
    return _aware(start), _aware(end)


def _aware(at: date) -> date:
    if not isinstance(at, datetime):
        return at
    # In UTC, for between two times of one zone Python counts by the clock on the wall, also over the night when it changes.
    return (at if at.tzinfo else at.replace(tzinfo=STOCKHOLM)).astimezone(UTC)


def _who(event: Event) -> str:
    for attendee in _listed(event.get("ATTENDEE")):
        named = str(attendee.params.get("CN", "")).strip('"')
        if str(attendee).casefold().startswith("urn:uuid:"):
            return str(attendee)[len("urn:uuid:") :]
        if named:
            return named
    who = str(event.get("SUMMARY", "")).strip()
    if not who:
        raise _EventFault(_fault(event, Fault.MISSING_VALUE, "SUMMARY", ""))
    return who


def _breaks_said(event: Event) -> str:
    for line in str(event.get("DESCRIPTION", "")).splitlines():
        for label in _BREAKS:
            if line.strip().casefold().startswith(label):
                return line.strip()[len(label) :].strip()
    return ""


def _categories(event: Event) -> list[str]:
    return [str(word).strip() for entry in _listed(event.get("CATEGORIES")) for word in getattr(entry, "cats", [entry])]


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - icalendar gives one, or a list of several
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
