import threading

import pytest

from scheduler import AnyOf, Cancelled, Limit, NoImprovement, SearchState, Seconds, Steps


def state(*, seconds: float = 0, steps: int = 0, quiet_seconds: float = 0, quiet_steps: int = 0) -> SearchState:
    return SearchState(seconds, steps, quiet_seconds, quiet_steps)


@pytest.mark.parametrize(
    ("limit", "before", "after"),
    [
        (Seconds(2), state(seconds=1.9), state(seconds=2)),
        (Steps(2), state(steps=1), state(steps=2)),
        (NoImprovement(steps=3), state(steps=9, quiet_steps=2), state(steps=9, quiet_steps=3)),
        (NoImprovement(seconds=3), state(seconds=9, quiet_seconds=2), state(seconds=9, quiet_seconds=3)),
        (AnyOf(Steps(2), Seconds(5)), state(steps=1, seconds=4), state(steps=1, seconds=5)),
    ],
)
def test_a_limit_is_reached_when_it_says(limit: Limit, before: SearchState, after: SearchState) -> None:
    assert not limit.reached(before)
    assert limit.reached(after)


def test_a_cancel_is_heard_at_once() -> None:
    event = threading.Event()
    assert not Cancelled(event).reached(state())
    event.set()
    assert Cancelled(event).reached(state())


def test_only_time_knows_how_much_of_it_is_used() -> None:
    assert Seconds(4).share_used(state(seconds=1)) == 0.25
    assert Seconds(0).share_used(state()) == 1.0
    assert Steps(4).share_used(state(steps=1)) is None
    assert AnyOf(Steps(4), Seconds(4)).share_used(state(seconds=3)) == 0.75


@pytest.mark.parametrize("make", [lambda: Seconds(-1), lambda: Steps(-1), lambda: Seconds(float("nan"))])
def test_a_limit_before_the_start_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match="is less than 0"):
        make()  # type: ignore[operator]
