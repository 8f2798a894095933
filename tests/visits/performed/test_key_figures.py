from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from visits.performed.key_figures import KeyFigures, key_figures
from visits.planned.schedule import Placement, Schedule, ScheduleState, UnplacedVisit
from visits.planned.staffing import BreakRule, Shift
from visits.terms import CarerId, CitizenId, ScheduleId, ShiftId, TeamId, VisitId

SEVEN = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
AMIRA, JONAS = CarerId(UUID(int=1)), CarerId(UUID(int=2))
ASTRID, BERTIL = CitizenId(UUID(int=11)), CitizenId(UUID(int=12))


def shift(carer: CarerId, hours: int, *, rest: int = 0) -> Shift:
    rule = BreakRule(earliest_at=SEVEN, latest_at=SEVEN + timedelta(hours=1), minutes=rest) if rest else None
    return Shift(
        id=ShiftId(UUID(int=carer.int + 20)),
        carer_id=carer,
        on=date(2026, 11, 23),
        start_at=SEVEN,
        end_at=SEVEN + timedelta(hours=hours),
        breaks=(rule,) if rule else (),
    )


def part(
    visit: int, citizen: CitizenId, carer: CarerId, *, minutes: int, travel_seconds: int, nth: int = 1
) -> Placement:
    return Placement(
        visit_id=VisitId(UUID(int=visit)),
        citizen_id=citizen,
        part=nth,
        carer_id=carer,
        start_at=SEVEN,
        minutes=minutes,
        travel_seconds=travel_seconds,
    )


def schedule(*placements: Placement, unplaced: tuple[UnplacedVisit, ...] = (), home: dict[CarerId, int]) -> Schedule:
    return Schedule(
        id=ScheduleId(UUID(int=99)),
        team_id=TeamId(UUID(int=98)),
        on=date(2026, 11, 23),
        state=ScheduleState.PUBLISHED,
        made_at=SEVEN,
        placements=placements,
        unplaced=unplaced,
        home_travel_seconds=home,
    )


def figures(day: Schedule, *shifts: Shift, met: dict[CitizenId, frozenset[CarerId]] | None = None) -> KeyFigures:
    return key_figures(day, shifts=shifts, met_before=met or {}, late_now=0)


def test_shares_are_of_working_time_without_breaks() -> None:
    """Four hours less half an hour of break are 210 minutes; 105 of them at the citizen's, 10 + 11 on the road."""
    day = schedule(part(1, ASTRID, AMIRA, minutes=105, travel_seconds=600), home={AMIRA: 660})
    found = figures(day, shift(AMIRA, 4, rest=30))
    assert found.paid_minutes == 210
    assert found.client_share == pytest.approx(0.5)
    assert found.travel_share == pytest.approx(0.1)


def test_double_staffing_is_one_visit_and_twice_the_time() -> None:
    day = schedule(
        part(1, ASTRID, AMIRA, minutes=30, travel_seconds=0),
        part(1, ASTRID, JONAS, minutes=30, travel_seconds=0, nth=2),
        home={},
    )
    found = figures(day, shift(AMIRA, 1), shift(JONAS, 1))
    assert (found.due, found.placed) == (1, 1)
    assert found.client_minutes == 60


def test_a_visit_that_lacks_one_of_two_carers_has_no_place() -> None:
    lacking = UnplacedVisit(visit_id=VisitId(UUID(int=1)), citizen_id=ASTRID, part=2, reasons=())
    day = schedule(part(1, ASTRID, AMIRA, minutes=30, travel_seconds=0), unplaced=(lacking,), home={})
    found = figures(day, shift(AMIRA, 1))
    assert (found.due, found.placed) == (1, 0)
    assert found.placed_share == 0


def test_continuity_counts_each_face_once_over_the_fortnight() -> None:
    """Astrid has met Amira and Jonas before and meets Amira again: 2. Bertil meets Jonas for the first time: 1. On average 1.5."""
    day = schedule(
        part(1, ASTRID, AMIRA, minutes=30, travel_seconds=0),
        part(2, BERTIL, JONAS, minutes=30, travel_seconds=0),
        home={},
    )
    assert figures(day, met={ASTRID: frozenset({AMIRA, JONAS})}).carers_met == pytest.approx(1.5)


def test_an_empty_day_has_no_shares_rather_than_a_division_by_zero() -> None:
    found = figures(schedule(home={}))
    assert (found.placed_share, found.travel_share, found.client_share, found.carers_met) == (None, None, None, None)
