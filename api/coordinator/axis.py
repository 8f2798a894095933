"""Where on the timeline something stands. Our pages carry no style attributes, so a place in time is said by classes:
``h7 m30 l0 k45`` begins 7 hours and 30 minutes after the day's midnight and lasts 45 minutes (`static/timeline.css`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from visits.terms import midnight

MOST_HOURS = 36
"""A shift that begins late in the evening ends on the next day; further than noon of that day nothing is drawn."""
_WHEN_EMPTY = (7, 16)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Axis:
    """The hours shown, counted from the day's midnight: `first` to `last`. Real hours, also when the clock changes."""

    on: date
    first: int
    last: int

    @classmethod
    def over(cls, on: date, instants: Iterable[datetime]) -> "Axis":
        """The whole hours that hold all these instants; an ordinary working day when there are none."""
        hours = [(at - midnight(on)) / timedelta(hours=1) for at in instants]
        if not hours:
            return cls(on, *_WHEN_EMPTY)
        first = min(max(int(min(hours)), 0), MOST_HOURS - 1)
        return cls(on, first, min(max(-int(-max(hours) // 1), first + 1), MOST_HOURS))

    @property
    def hours(self) -> list[datetime]:
        """When each hour shown begins."""
        return [midnight(self.on) + timedelta(hours=hour) for hour in range(self.first, self.last)]

    @property
    def midnight(self) -> datetime:
        """When the day begins."""
        return midnight(self.on)

    @property
    def classes(self) -> str:
        return f"from-{self.first} span-{self.last - self.first}"

    def at(self, at: datetime) -> str:
        """The classes of an instant, moved to the edge where it lies outside."""
        hours, minutes = divmod(self._minutes(at), 60)
        return f"h{hours} m{minutes}"

    def stretch(self, start_at: datetime, end_at: datetime) -> str:
        """The classes of a stretch of time, cut where it lies outside."""
        hours, minutes = divmod(max(self._minutes(end_at) - self._minutes(start_at), 0), 60)
        return f"{self.at(start_at)} l{hours} k{minutes}"

    def shows(self, at: datetime) -> bool:
        return self.first * 60 <= (at - midnight(self.on)) / _MINUTE < self.last * 60

    def _minutes(self, at: datetime) -> int:
        return min(max((at - midnight(self.on)) // _MINUTE, self.first * 60), self.last * 60)
