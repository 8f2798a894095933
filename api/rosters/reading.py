"""Reading a file, whichever of the two formats it is in."""

from datetime import date

from api.rosters.events import read_events
from api.rosters.table import read_table
from visits.planned.roster_rows import Fault, ImportKind, Read, RowFault

LONGEST_FILE = 500_000
"""Bytes: thousands of shifts."""


def text_of(content: bytes) -> str:
    """UTF-8 with or without a mark at its beginning; else as Excel writes Swedish where it does not know better."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def read_roster(text: str, kind: ImportKind, *, today: date) -> Read:
    """The rows of a calendar or a table, and what could not be read of them."""
    if len(text.encode()) > LONGEST_FILE:
        return Read(kind=kind, faults=(RowFault(row=0, fault=Fault.TOO_MANY_ROWS, value=f"{len(text)} tecken"),))
    if not text.strip() or "\0" in text:
        fault = Fault.UNREADABLE if text.strip() else Fault.EMPTY
        return Read(kind=kind, faults=(RowFault(row=0, fault=fault),))
    if text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        return read_events(text, kind, today=today)
    return read_table(text, kind)
