"""Rosters as files: what is understood, and what is told of what is not."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.rosters.reading import read_roster, text_of
from api.rosters.writing import written
from visits.planned.roster_rows import Fault, ImportKind, Read
from visits.planned.staffing import BreakRule, Shift
from visits.terms import AbsenceReason, CarerId, ShiftId, instant

TODAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 23)


def read(text: str, kind: ImportKind = ImportKind.SHIFTS) -> Read:
    return read_roster(text, kind, today=TODAY)


def faults(found: Read) -> list[tuple[int, Fault, str, str]]:
    return [(one.row, one.fault, one.field, one.value) for one in found.faults]


def at(wall: str) -> datetime:
    return datetime.fromisoformat(f"{wall}+01:00")


HEAD = "medarbetare;datum;börjar;slutar;raster;delegering\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_table_is_read_however_excel_wrote_it(encoding: str, delimiter: str) -> None:
    text = f"{HEAD}Åsa Öberg;2026-11-23;07:00;15:30;10:30-12:00/30;ja\r\n;;;;;\r\n".replace(";", delimiter)
    (row,) = read(text_of(text.encode(encoding))).shifts
    assert (row.row, row.who, row.on, row.needs_delegation) == (2, "Åsa Öberg", MONDAY, True)
    assert row.times == (at("2026-11-23T07:00"), at("2026-11-23T15:30"))
    assert row.breaks == (BreakRule(earliest_at=at("2026-11-23T10:30"), latest_at=at("2026-11-23T12:00"), minutes=30),)


def test_a_night_ends_on_the_next_day_and_so_do_its_breaks() -> None:
    (row,) = read(f"{HEAD}Åsa Öberg;2026-11-23;21.30;07.15;00:30-01:00 och 04:00-04:30;").shifts
    assert row.times == (at("2026-11-23T21:30"), at("2026-11-24T07:15"))
    assert [one.earliest_at for one in row.breaks] == [at("2026-11-24T00:30"), at("2026-11-24T04:00")]
    assert {(one.latest_at - one.earliest_at, one.minutes) for one in row.breaks} == {(timedelta(0), 30)}


def test_a_row_without_times_is_a_day_off() -> None:
    (row,) = read(f"{HEAD}Åsa Öberg;2026-11-23;;;;").shifts
    assert row.times is None


def test_everything_that_is_wrong_is_told_at_once_with_row_field_and_value() -> None:
    found = read(f"{HEAD};2026-11-23;07:00;15:30;;\r\nÅsa;2026-13-01;7;25:00;lunch;kanske\r\nBo;igår;07:00;;;")
    assert faults(found) == [
        (2, Fault.MISSING_VALUE, "who", ""),
        (3, Fault.NOT_A_DAY, "on", "2026-13-01"),
        (3, Fault.NOT_YES_OR_NO, "delegation", "kanske"),
        (3, Fault.NOT_A_TIME, "begins", "7"),
        (3, Fault.NOT_A_TIME, "ends", "25:00"),
        (3, Fault.NOT_A_BREAK, "breaks", "lunch"),
        (4, Fault.NOT_A_DAY, "on", "igår"),
        (4, Fault.MISSING_VALUE, "ends", ""),
    ]
    assert found.shifts == ()


def test_a_table_without_its_columns_says_which_are_missing() -> None:
    assert faults(read("namn;dag\r\nÅsa;2026-11-23")) == [
        (1, Fault.MISSING_COLUMN, name, "") for name in ("medarbetare", "datum", "börjar", "slutar")
    ]


def test_absences_are_whole_days_with_a_reason_that_the_record_knows() -> None:
    text = "brukare,från,till,orsak\nAstrid Ek,2026-11-23,2026-11-27,På sjukhus\nBo Ek,2026-11-23,,\nCilla Ek,2026-11-23,,utflykt"
    found = read(text, ImportKind.CITIZEN_ABSENCES)
    assert [(one.who, one.first_on.day, one.last_on.day, one.reason) for one in found.absences] == [
        ("Astrid Ek", 23, 27, AbsenceReason.HOSPITAL),
        ("Bo Ek", 23, 23, AbsenceReason.OTHER),
    ]
    assert faults(found) == [(4, Fault.UNKNOWN_REASON, "reason", "utflykt")]


def calendar(*events: str) -> str:
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20261101T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n{body}END:VCALENDAR\r\n"


def test_an_event_that_recurs_is_a_shift_each_time_at_the_same_hour_by_the_clock_on_the_wall() -> None:
    """Every other Saturday night over the night to 28 March 2027: nine hours and three quarters, then an hour less."""
    nightly = (
        "DTSTART;TZID=Europe/Stockholm:20270313T213000\r\nDTEND;TZID=Europe/Stockholm:20270314T071500\r\n"
        "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3\r\nEXDATE;TZID=Europe/Stockholm:20270410T213000\r\n"
        "SUMMARY:Natt\r\nATTENDEE;CN=Åsa Öberg:mailto:asa@example.se\r\nDESCRIPTION:Tag nycklar\\nRaster: 01:00-01:30"
    )
    found = read(calendar(nightly))
    assert [(one.row, one.who, one.on) for one in found.shifts] == [
        (1, "Åsa Öberg", date(2027, 3, 13)),
        (1, "Åsa Öberg", date(2027, 3, 27)),
    ]
    assert [one.times[1] - one.times[0] for one in found.shifts if one.times] == [
        timedelta(hours=9, minutes=45),
        timedelta(hours=8, minutes=45),
    ]
    assert [len(one.breaks) for one in found.shifts] == [1, 1]


def test_events_that_no_roster_has_are_refused_by_number() -> None:
    found = read(
        calendar(
            "DTSTART;VALUE=DATE:20261123\r\nSUMMARY:Åsa",
            "DTSTART:20261123T070000\r\nDTEND:20261123T120000\r\nRRULE:FREQ=SECONDLY\r\nSUMMARY:Åsa",
            "DTSTART:20261123T070000\r\nDTEND:20261123T120000",
            "DTSTART:20261123T070000\r\nDTEND:20261123T060000\r\nSUMMARY:Åsa",
            "DTSTART:20261123T070000\r\nDTEND:20261123T120000\r\nSUMMARY:Åsa\r\nSTATUS:CANCELLED",
        )
    )
    told = [(row, fault, field) for row, fault, field, _ in faults(found)]
    assert sorted(told) == [
        (1, Fault.NO_TIMES, "DTSTART"),
        (2, Fault.TOO_OFTEN, "RRULE"),
        (3, Fault.MISSING_VALUE, "SUMMARY"),
        (4, Fault.ENDS_BEFORE, "DTEND"),
    ]
    assert found.shifts == ()


def test_a_calendar_of_absences_ends_its_days_before_the_end_it_gives() -> None:
    person = uuid4()
    found = read(
        calendar(
            "DTSTART;VALUE=DATE:20261123\r\nDTEND;VALUE=DATE:20261128\r\nSUMMARY:Åsa Öberg\r\nCATEGORIES:Semester",
            f"DTSTART:20261123T080000Z\r\nDTEND:20261123T230000Z\r\nATTENDEE:urn:uuid:{person}\r\nSUMMARY:x",
        ),
        ImportKind.CARER_ABSENCES,
    )
    assert [(one.who, one.first_on.day, one.last_on.day, one.reason) for one in found.absences] == [
        ("Åsa Öberg", 23, 27, "leave"),
        (str(person), 23, 23, "other"),
    ]


@pytest.mark.parametrize(
    "text", ["", "   \n", "\0", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR", 'a;"b\r\n', "BEGIN:VCALENDAR"]
)
def test_what_is_no_file_of_ours_is_told_and_never_breaks_us(text: str) -> None:
    assert read(text).faults


@settings(deadline=None)
@given(text=st.text(max_size=200), kind=st.sampled_from(ImportKind), as_calendar=st.booleans())
def test_nothing_that_is_sent_breaks_the_reading(text: str, kind: ImportKind, as_calendar: bool) -> None:  # noqa: FBT001
    read(f"BEGIN:VCALENDAR\r\n{text}" if as_calendar else text, kind)
    read(calendar(text.replace("\r", " ").replace("\n", " ")), kind)
    read(HEAD + text, kind)


def test_what_is_written_is_read_again_as_it_was() -> None:
    carer, namesake = CarerId(uuid4()), CarerId(uuid4())
    shift = Shift(
        id=ShiftId(uuid4()),
        carer_id=carer,
        on=MONDAY,
        start_at=instant(MONDAY, at("2026-11-23T21:30").time()),
        end_at=instant(MONDAY + timedelta(days=1), at("2026-11-23T07:15").time()),
        breaks=(BreakRule(earliest_at=at("2026-11-24T00:20"), latest_at=at("2026-11-24T01:30"), minutes=30),),
    )
    (alone,) = read(text_of(written([shift], {carer: "Åsa Öberg"}).encode())).shifts
    assert (alone.who, alone.on, alone.times, alone.breaks) == (
        "Åsa Öberg",
        MONDAY,
        (shift.start_at, shift.end_at),
        shift.breaks,
    )
    (one,) = read(text_of(written([shift], {carer: "Åsa Öberg", namesake: "Åsa Öberg"}).encode())).shifts
    assert one.who == str(carer)
