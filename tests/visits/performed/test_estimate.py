"""Estimates: what one late visit does to the ones after it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from visits.performed.checkins import Fact, FactKind
from visits.performed.estimate import Route, Stop, estimated_starts, moved, told_interval
from visits.performed.folding import Performed, fold
from visits.planned.schedule import PlannedBreak
from visits.terms import CarerId, FactId, VisitId

DAWN = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
AMIRA, JONAS = CarerId(UUID(int=11)), CarerId(UUID(int=12))
A, B, C, D = (VisitId(UUID(int=number)) for number in range(1, 5))
IN, OUT = FactKind.CHECK_IN, FactKind.CHECK_OUT


def after(minutes: float) -> datetime:
    return DAWN + timedelta(minutes=minutes)


def stop(visit: VisitId, start: float, *, carer: CarerId = AMIRA, minutes: int = 30, travel: int = 5) -> Stop:
    return Stop(visit_id=visit, carer_id=carer, start_at=after(start), minutes=minutes, travel_seconds=travel * 60)


def facts(visit: VisitId, *said: tuple[FactKind, float], carer: CarerId = AMIRA) -> dict[VisitId, Performed]:
    made = (
        Fact(
            id=FactId(uuid4()),
            visit_id=visit,
            carer_id=carer,
            kind=kind,
            happened_at=after(at),
            received_at=after(at),
        )
        for kind, at in said
    )
    return {visit: fold(made)}


THREE = Route(stops=(stop(A, 60), stop(B, 95), stop(C, 160)))
"""60-90, 5 minutes of travel, 95-125, then thirty minutes of slack before 160."""


def test_before_the_day_begins_everything_is_as_published() -> None:
    assert estimated_starts(THREE, {}, now=after(0)) == {A: after(60), B: after(95), C: after(160)}


def test_a_visit_not_begun_although_due_pushes_the_following_ones() -> None:
    assert estimated_starts(THREE, {}, now=after(80)) == {A: after(80), B: after(115), C: after(160)}


def test_a_visit_begun_late_pushes_the_following_ones_until_the_slack_has_taken_it_up() -> None:
    found = estimated_starts(THREE, facts(A, (IN, 82)), now=after(85))
    assert found == {B: after(82 + 30 + 5), C: after(160)}


def test_a_visit_that_overruns_pushes_minute_by_minute() -> None:
    assert estimated_starts(THREE, facts(A, (IN, 60)), now=after(110)) == {B: after(115), C: after(160)}


def test_a_visit_done_early_never_makes_the_next_one_early() -> None:
    assert estimated_starts(THREE, facts(A, (IN, 60), (OUT, 70)), now=after(71))[B] == after(95)


def test_a_closed_door_frees_the_carer_at_once() -> None:
    late = estimated_starts(THREE, facts(A, (IN, 90), (FactKind.NOBODY_HOME, 95)), now=after(96))
    assert late[B] == after(100)


def test_a_forgotten_check_out_stops_counting_when_the_carer_is_heard_of_elsewhere() -> None:
    known = facts(A, (IN, 60)) | facts(B, (IN, 95), (OUT, 125))
    assert estimated_starts(THREE, known, now=after(150)) == {C: after(160)}


def test_a_break_is_taken_even_when_the_carer_is_late() -> None:
    pause = PlannedBreak(carer_id=AMIRA, start_at=after(125), end_at=after(155))
    route = Route(stops=THREE.stops, breaks=(pause,))
    found = estimated_starts(route, facts(A, (IN, 90)), now=after(91))
    # 90-120, travel to 125, B 125-155, the break 155-185, travel, C at 190.
    assert found == {B: after(125), C: after(190)}


def test_a_double_staffed_visit_waits_for_the_later_of_the_two() -> None:
    route = Route(
        stops=(
            stop(A, 60),
            stop(B, 100),
            stop(B, 100, carer=JONAS),
            stop(C, 140, carer=JONAS),
            stop(D, 140),
        )
    )
    found = estimated_starts(route, facts(A, (IN, 90)), now=after(95))
    # Amira is free at 120 and there at 125; both go on from 155, five minutes' travel each.
    assert found == {B: after(125), C: after(160), D: after(160)}


def test_only_what_moved_by_five_minutes_is_told() -> None:
    shown = {A: after(60), B: after(95)}
    assert moved({A: after(64), B: after(100)}, shown) == {B: after(100)}


def test_the_citizen_is_told_half_an_hour_in_whole_five_minutes() -> None:
    assert told_interval(after(92)) == (after(75), after(110))
    assert told_interval(after(90)) == (after(75), after(105))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - made aware
def test_what_is_told_holds_the_start_with_its_margin(start_at: datetime) -> None:
    from_at, to_at = told_interval(start_at)
    assert from_at <= start_at - timedelta(minutes=15)
    assert to_at >= start_at + timedelta(minutes=15)
    assert to_at - from_at <= timedelta(minutes=40)
    assert from_at.minute % 5 == to_at.minute % 5 == 0
    assert from_at.second == from_at.microsecond == to_at.second == to_at.microsecond == 0


@st.composite
def routes(draw: st.DrawFn) -> Route:
    """Two carers whose published days can be kept, with visits of their own and some that they make together."""
    free = {AMIRA: 60, JONAS: 60}
    stops: list[Stop] = []
    for number in range(draw(st.integers(1, 8))):
        carers = draw(st.sampled_from([(AMIRA,), (JONAS,), (AMIRA, JONAS)]))
        travel = draw(st.integers(0, 20))
        minutes = draw(st.integers(5, 60))
        start = max(free[carer] for carer in carers) + travel + draw(st.integers(0, 40))
        for carer in carers:
            stops.append(stop(VisitId(UUID(int=number + 1)), start, carer=carer, minutes=minutes, travel=travel))
            free[carer] = start + minutes
    return Route(stops=tuple(stops))


@st.composite
def happenings(draw: st.DrawFn, route: Route) -> dict[VisitId, Performed]:
    """Some visits begun, some of them ended."""
    said: dict[VisitId, Performed] = {}
    for one in route.stops:
        if one.visit_id not in said and draw(st.booleans()):
            begun = (one.start_at - DAWN) / timedelta(minutes=1) + draw(st.integers(-10, 90))
            ended = [(OUT, begun + draw(st.integers(1, 120)))] if draw(st.booleans()) else []
            said |= facts(one.visit_id, (IN, begun), *ended, carer=one.carer_id)
    return said


@given(route=routes())
def test_a_day_that_keeps_its_plan_is_estimated_as_published(route: Route) -> None:
    assert estimated_starts(route, {}, now=DAWN) == {one.visit_id: one.start_at for one in route.stops}


@given(route=routes(), data=st.data(), minutes=st.integers(0, 900))
def test_estimates_keep_the_plan_the_travel_and_the_clock(route: Route, data: st.DataObject, minutes: int) -> None:
    known = data.draw(happenings(route))
    now = after(minutes)
    found = estimated_starts(route, known, now=now)
    assert found.keys() == {one.visit_id for one in route.stops} - {key for key, one in known.items() if one.state}
    for one in route.stops:
        if one.visit_id in found:
            assert found[one.visit_id] >= max(one.start_at, now)
    for carer in (AMIRA, JONAS):
        waiting = [one for one in route.stops if one.carer_id == carer and one.visit_id in found]
        for before, following in pairwise(waiting):
            there = found[before.visit_id] + timedelta(minutes=before.minutes, seconds=following.travel_seconds)
            assert found[following.visit_id] >= there


@given(route=routes(), data=st.data(), minutes=st.integers(0, 900), passed=st.integers(0, 300))
def test_while_nothing_is_heard_estimates_only_move_later(
    route: Route, data: st.DataObject, minutes: int, passed: int
) -> None:
    known = data.draw(happenings(route))
    sooner = estimated_starts(route, known, now=after(minutes))
    later = estimated_starts(route, known, now=after(minutes + passed))
    assert all(later[key] >= start_at for key, start_at in sooner.items())
