"""The demo's clock: one value, the same time for everybody who reads it."""

from datetime import UTC, datetime, timedelta

import pytest

from api.clock import DemoClock, RealClock, clock_from


def a_clock(*, speed: float) -> DemoClock:
    """Showed 09.40 in Sweden ten real seconds ago."""
    return DemoClock(
        starts_at=datetime.fromisoformat("2026-11-23T09:40:00+01:00"),
        speed=speed,
        anchored_at=datetime.now(UTC) - timedelta(seconds=10),
    )


def test_without_a_value_the_time_is_the_real_one() -> None:
    clock = clock_from(None)
    assert isinstance(clock, RealClock)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_ten_seconds_at_sixty_times_are_ten_minutes() -> None:
    now = a_clock(speed=60).now()
    assert now.tzinfo is UTC
    assert timedelta(0) <= now - datetime(2026, 11, 23, 8, 50, tzinfo=UTC) < timedelta(minutes=2)


def test_a_clock_survives_being_written_down() -> None:
    clock = a_clock(speed=30)
    assert clock_from(str(clock)) == clock


def test_a_wait_on_a_fast_clock_is_short() -> None:
    clock = a_clock(speed=60)
    waits = clock.real_seconds_until(clock.now() + timedelta(minutes=1))
    assert 0.9 < waits <= 1.0
    assert clock.real_seconds_until(clock.now() - timedelta(hours=1)) == 0


def test_a_local_start_is_swedish_time() -> None:
    clock = DemoClock.starting_at(datetime(2026, 7, 1, 9, 40))  # noqa: DTZ001 - a person types no zone
    assert abs(clock.now() - datetime(2026, 7, 1, 7, 40, tzinfo=UTC)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "value",
    [
        "noon",
        "2026-11-23T09:40/1/2026-11-21T21:17:05+00:00",
        "2026-11-23T09:40+01:00/0/2026-11-21T21:17:05+00:00",
        "2026-11-23T09:40+01:00/4000/2026-11-21T21:17:05+00:00",
        "2026-11-23T09:40+01:00/nan/2026-11-21T21:17:05+00:00",
    ],
)
def test_a_value_that_says_no_time_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="a demo clock is written START/SPEED/ANCHOR"):
        clock_from(value)
