"""The clock on the wall. Only `api` reads it; everybody else is told what time it is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Protocol, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

SWEDEN = ZoneInfo("Europe/Stockholm")
_PARTS = 3
_FIRST_YEAR, _LAST_YEAR = 2000, 2199


def _within_reach(on: date) -> date:
    if not _FIRST_YEAR <= on.year <= _LAST_YEAR:
        raise ValueError(f"must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return on


Day = Annotated[date, AfterValidator(_within_reach)]
"""A day that somebody may ask about: near enough that the days around it can be counted."""


class Clock(Protocol):
    """Tells the time, and how much faster than the real world it runs."""

    @property
    def speed(self) -> float:
        """Seconds of this clock that pass in one real second."""

    def now(self) -> datetime:
        """What time it is: aware, in UTC."""

    def real_seconds_until(self, at: datetime) -> float:
        """How long to sleep, in real seconds, until this clock shows `at`; 0 when that has passed."""

    def shown_at(self, real_at: datetime) -> datetime:
        """What this clock showed at a real moment, such as that of an audit entry."""


@dataclass(frozen=True, slots=True)
class RealClock:
    """The time as it is."""

    speed: float = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def real_seconds_until(self, at: datetime) -> float:
        return max(0.0, (at - self.now()).total_seconds())

    def shown_at(self, real_at: datetime) -> datetime:
        return real_at


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClock:
    """Showed `starts_at` at the real moment `anchored_at`, and runs `speed` times as fast as the world since.

    Written as one value, ``2026-11-23T09:40+01:00/60/2026-11-21T21:17:05+00:00``, so that the server, its workers
    and the simulator agree: each gets it as ``VARDAG_CLOCK``.
    """

    starts_at: datetime
    speed: float
    anchored_at: datetime

    def __post_init__(self) -> None:
        for name in ("starts_at", "anchored_at"):
            value: datetime = getattr(self, name)
            if value.tzinfo is None:
                raise ValueError(f"{name} needs a time zone, got {value.isoformat()}")
        if not 0 < self.speed <= 3600:
            raise ValueError(f"speed must be above 0 and at most 3600, got {self.speed:g}")

    def now(self) -> datetime:
        return self.shown_at(datetime.now(UTC))

    def shown_at(self, real_at: datetime) -> datetime:
        passed = (real_at - self.anchored_at).total_seconds()
        return self.starts_at.astimezone(UTC) + timedelta(seconds=passed * self.speed)

    def real_seconds_until(self, at: datetime) -> float:
        return max(0.0, (at - self.now()).total_seconds() / self.speed)

    def __str__(self) -> str:
        return f"{self.starts_at.isoformat()}/{self.speed:g}/{self.anchored_at.isoformat()}"

    @classmethod
    def starting_at(cls, local: datetime, *, speed: float = 1.0) -> Self:
        """A clock that shows `local` right now; a naive value is taken as Swedish time."""
        aware = local if local.tzinfo is not None else local.replace(tzinfo=SWEDEN)
        return cls(starts_at=aware, speed=speed, anchored_at=datetime.now(UTC))


def clock_from(value: str | None) -> Clock:
    """The clock that the setting ``VARDAG_CLOCK`` describes; without one, the real time.

    :raises ValueError: if the value is not written as `DemoClock` says.
    """
    if not value:
        return RealClock()
    parts = value.split("/")
    if len(parts) != _PARTS:
        raise ValueError(f"a demo clock is written START/SPEED/ANCHOR, got {value!r}")
    start, speed, anchor = parts
    try:
        return DemoClock(
            starts_at=datetime.fromisoformat(start), speed=float(speed), anchored_at=datetime.fromisoformat(anchor)
        )
    except ValueError as error:
        raise ValueError(f"a demo clock is written START/SPEED/ANCHOR, got {value!r}: {error}") from error
