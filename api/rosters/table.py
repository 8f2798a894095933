"""Rosters and absences as a table: CSV as Excel and other programs write it."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time

from api.rosters import cells
from api.rosters.cells import Cells
from visits.planned.roster_rows import MOST_ROWS, AbsenceRow, Fault, ImportKind, Read, RowFault, ShiftRow

COLUMNS: Mapping[ImportKind, Mapping[str, tuple[str, ...]]] = {
    ImportKind.SHIFTS: {
        "who": ("medarbetare", "carer"),
        "on": ("datum", "date"),
        "begins": ("börjar", "begins"),
        "ends": ("slutar", "ends"),
        "breaks": ("raster", "breaks"),
        "delegation": ("delegering", "delegation"),
    },
    ImportKind.CARER_ABSENCES: {
        "who": ("medarbetare", "carer"),
        "first_on": ("från", "from"),
        "last_on": ("till", "to"),
        "reason": ("orsak", "reason"),
    },
    ImportKind.CITIZEN_ABSENCES: {
        "who": ("brukare", "citizen"),
        "first_on": ("från", "from"),
        "last_on": ("till", "to"),
        "reason": ("orsak", "reason"),
    },
}
"""Each field with its names at the head of a column: the Swedish one first, which is also what we write ourselves."""
_ANY_DAY = date(2000, 1, 1)
_MAY_BE_MISSING = frozenset({"breaks", "delegation", "reason", "last_on"})


def read_table(text: str, kind: ImportKind) -> Read:
    """The rows of a table whose first line names the columns, with ``;``, ``,`` or tabs between them."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        head = [name.strip().casefold() for name in next(lines, [])]
        fields = {field: _place(head, names) for field, names in COLUMNS[kind].items()}
        missing = [
            COLUMNS[kind][field][0] for field, at in fields.items() if at is None and field not in _MAY_BE_MISSING
        ]
        if missing:
            faults = (RowFault(row=1, fault=Fault.MISSING_COLUMN, field=name, value="") for name in missing)
            return Read(kind=kind, faults=tuple(faults))
        read = _rows(list(_cells(lines, fields)), kind)
    except csv.Error as error:
        return Read(kind=kind, faults=(RowFault(row=lines.line_num, fault=Fault.UNREADABLE, value=str(error)),))
    known = {name for names in COLUMNS[kind].values() for name in names}
    ignored = tuple(name for name in head if name and name not in known)
    return replace(read, ignored=ignored)


def _delimiter(text: str) -> str:
    head = text.lstrip().partition("\n")[0]
    return max(";,\t", key=head.count)


def _place(head: list[str], names: tuple[str, ...]) -> int | None:
    return next((head.index(name) for name in names if name in head), None)


def _cells(lines: "Iterator[list[str]]", fields: Mapping[str, int | None]) -> Iterator[Cells]:
    """One row for each line that says anything, numbered as in the file."""
    for line in lines:
        if any(cell.strip() for cell in line):
            values = {field: line[at] for field, at in fields.items() if at is not None and at < len(line)}
            yield Cells(lines.line_num, values)  # type: ignore[attr-defined]


def _rows(found: list[Cells], kind: ImportKind) -> Read:
    if len(found) > MOST_ROWS:
        return Read(kind=kind, faults=(RowFault(row=0, fault=Fault.TOO_MANY_ROWS, value=str(len(found))),))
    if not found:
        return Read(kind=kind, faults=(RowFault(row=0, fault=Fault.EMPTY),))
    if kind is ImportKind.SHIFTS:
        shifts = [row for row in map(_shift, found) if row]
        unread = tuple((one.row, one.text("who")) for one in found if one.faults)
        return Read(kind=kind, shifts=tuple(shifts), faults=_faults(found), unread=unread)
    absences = [row for row in (_absence(one, kind) for one in found) if row]
    return Read(kind=kind, absences=tuple(absences), faults=_faults(found))


def _faults(found: list[Cells]) -> tuple[RowFault, ...]:
    return tuple(fault for one in found for fault in one.faults)


def _shift(row: Cells) -> ShiftRow | None:
    who = row.read("who", str)
    on = row.read("on", cells.a_day)
    needs = row.read("delegation", cells.yes_or_no, needed=False)
    if not row.text("begins") and not row.text("ends"):
        return ShiftRow(row=row.row, who=who, on=on, times=None) if who and on and not row.faults else None
    begins = row.read("begins", cells.a_time)
    ends = row.read("ends", cells.an_end)
    day, start = on or _ANY_DAY, begins or time(0, 0)  # where they are unknown, the breaks are still read for faults
    breaks = row.read("breaks", lambda value: cells.breaks_of(value, on=day, begins=start), needed=False)
    if who is None or on is None or begins is None or ends is None or breaks is None or row.faults:
        return None
    times = cells.times_of(on, begins, ends)
    return ShiftRow(row=row.row, who=who, on=on, times=times, breaks=breaks, needs_delegation=bool(needs))


def _absence(row: Cells, kind: ImportKind) -> AbsenceRow | None:
    who = row.read("who", str)
    first_on = row.read("first_on", cells.a_day)
    last_on = row.read("last_on", cells.a_day) if row.text("last_on") else first_on
    reason = row.read("reason", cells.a_reason(kind), needed=False)
    if who is None or first_on is None or last_on is None or reason is None:
        return None
    return AbsenceRow(row=row.row, who=who, first_on=first_on, last_on=last_on, reason=reason)
