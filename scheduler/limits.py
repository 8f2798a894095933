"""When to stop. A limit is asked after each step and may keep nothing but what it was given."""

import threading
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SearchState:
    """What a limit may look at: how long, how many steps, and when the answer last became better."""

    seconds: float
    steps: int
    seconds_since_better: float
    steps_since_better: int


class Limit(Protocol):
    def reached(self, state: SearchState) -> bool: ...

    def share_used(self, state: SearchState) -> float | None:
        """How much of the time is gone, 0 to 1; None where only the future knows.

        Steps say None on purpose: a search that paced itself by its end would walk another way when given more
        steps, and more could then be worse.
        """
        ...


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock time."""

    seconds: float

    def __post_init__(self) -> None:
        if not self.seconds >= 0:
            raise ValueError(f"seconds: {self.seconds} is less than 0")

    def reached(self, state: SearchState) -> bool:
        return state.seconds >= self.seconds

    def share_used(self, state: SearchState) -> float | None:
        return min(1.0, state.seconds / self.seconds) if self.seconds > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Steps:
    """A number of steps of the search: the same answer on every machine."""

    steps: int

    def __post_init__(self) -> None:
        if self.steps < 0:
            raise ValueError(f"steps: {self.steps} is less than 0")

    def reached(self, state: SearchState) -> bool:
        return state.steps >= self.steps

    def share_used(self, state: SearchState) -> float | None:  # noqa: ARG002 - the protocol's shape
        return None


@dataclass(frozen=True, slots=True)
class NoImprovement:
    """So many steps, or seconds, without a better answer."""

    steps: int | None = None
    seconds: float | None = None

    def reached(self, state: SearchState) -> bool:
        by_steps = self.steps is not None and state.steps_since_better >= self.steps
        return by_steps or (self.seconds is not None and state.seconds_since_better >= self.seconds)

    def share_used(self, state: SearchState) -> float | None:  # noqa: ARG002 - the protocol's shape
        return None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody outside has set the event."""

    event: threading.Event

    def reached(self, state: SearchState) -> bool:  # noqa: ARG002 - the protocol's shape
        return self.event.is_set()

    def share_used(self, state: SearchState) -> float | None:  # noqa: ARG002 - the protocol's shape
        return None


class AnyOf:
    """The first of several limits."""

    __slots__ = ("limits",)

    def __init__(self, *limits: Limit) -> None:
        self.limits = limits

    def reached(self, state: SearchState) -> bool:
        return any(limit.reached(state) for limit in self.limits)

    def share_used(self, state: SearchState) -> float | None:
        known = [share for limit in self.limits if (share := limit.share_used(state)) is not None]
        return max(known, default=None)
