from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from visits.performed.standing import Standing, minutes_late, standing
from visits.performed.visit import VisitState

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def standing_at(minutes: int, *, estimated: int | None = None, state: VisitState = VisitState.PLANNED) -> Standing:
    expected = None if estimated is None else after(estimated)
    return standing(state, start_at=START, estimated_at=expected, now=after(minutes))


def test_a_visit_is_late_only_when_the_told_quarter_of_an_hour_has_passed() -> None:
    assert standing_at(15) is Standing.PLANNED
    assert standing_at(16) is Standing.LATE


def test_a_visit_expected_later_than_told_is_delayed_before_it_is_late() -> None:
    assert standing_at(-60, estimated=15) is Standing.PLANNED
    assert standing_at(-60, estimated=16) is Standing.DELAYED
    assert standing_at(16, estimated=30) is Standing.LATE


def test_a_visit_that_has_begun_or_ended_is_never_late() -> None:
    for state in VisitState:
        if state is not VisitState.PLANNED:
            assert standing_at(300, estimated=200, state=state) == state.value


def test_every_state_has_its_standing() -> None:
    assert {state.value for state in VisitState} <= {one.value for one in Standing}


@given(now=st.integers(-600, 600), estimated=st.none() | st.integers(0, 600))
def test_a_late_visit_is_behind_by_more_than_fifteen_minutes(now: int, estimated: int | None) -> None:
    expected = None if estimated is None else after(estimated)
    late = minutes_late(start_at=START, estimated_at=expected, now=after(now))
    assert late >= 0
    assert (standing_at(now, estimated=estimated) in {Standing.LATE, Standing.DELAYED}) == (late > 15)
