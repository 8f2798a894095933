"""Entries as iCalendar (RFC 5545, with REFRESH-INTERVAL of RFC 7986)."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import icalendar

from visits.store.calendar_feeds import ToldEntry
from visits.terms import STOCKHOLM

REFRESH = timedelta(minutes=15)
"""How often we ask calendars to look again; many look less often."""
UID_HOST = "vardag"


def as_calendar(entries: Sequence[ToldEntry], *, name: str) -> bytes:
    """The entries as one VCALENDAR. The same entries give the same bytes, so that an ETag means what it says."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//vardag//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    for told in entries:
        calendar.add_component(_event(told))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def entity_tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _event(told: ToldEntry) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{told.entry.id}@{UID_HOST}")
    event.add("summary", told.entry.title)
    event.add("dtstart", _local(told.entry.start_at))
    event.add("dtend", _local(told.entry.end_at))
    event.add("sequence", told.sequence)
    event.add("dtstamp", told.changed_at.astimezone(UTC))
    event.add("last-modified", told.changed_at.astimezone(UTC))
    event.add("status", "CANCELLED" if told.entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if told.entry.cancelled else "OPAQUE")
    return event


def _local(at: datetime) -> datetime:
    return at.astimezone(STOCKHOLM)
