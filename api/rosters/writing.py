"""A roster as the table in which it can be brought in again: to begin from, and to keep."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime

from api.rosters.table import COLUMNS
from visits.planned.roster_rows import ImportKind
from visits.planned.staffing import BreakRule, Shift
from visits.terms import STOCKHOLM, CarerId

_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""


def written(shifts: Iterable[Shift], names: Mapping[CarerId, str]) -> str:
    """One line a shift, with ``;`` between the columns; whoever shares a name with another stands with the id."""
    known = list(names.values())
    out = io.StringIO(newline="")
    lines = csv.writer(out, delimiter=";", lineterminator="\r\n")
    lines.writerow(names_of_column[0] for names_of_column in COLUMNS[ImportKind.SHIFTS].values())
    for shift in shifts:
        name = names.get(shift.carer_id, str(shift.carer_id))
        who = name if known.count(name) == 1 else str(shift.carer_id)
        breaks = " ".join(map(_break, shift.breaks))
        lines.writerow([who, shift.on.isoformat(), _clock(shift.start_at), _clock(shift.end_at), breaks, ""])
    return _BYTE_ORDER_MARK + out.getvalue()


def _break(rule: BreakRule) -> str:
    return f"{_clock(rule.earliest_at)}-{_clock(rule.latest_at)}/{rule.minutes}"


def _clock(at: datetime) -> str:
    return at.astimezone(STOCKHOLM).strftime("%H:%M")
