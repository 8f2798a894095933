"""Shift patterns (reference, section 10), and whether a carer may lawfully work one more (`visits.planned.working_time`).

Breaks are laid so that nobody works more than five hours in a row (arbetstidslagen 15 §), also on the two nights when the clock
changes and a night shift lasts an hour more or less: they are counted from the shift's beginning, not by the clock on the wall.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from visits.planned.staffing import BreakRule, Shift
from visits.planned.working_time import DAILY_REST, MOST_DAYS_IN_A_ROW, WEEKLY_REST
from visits.terms import CarerId, ShiftId, instant

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A kind of shift. `breaks` are (earliest, latest) minutes after its beginning, each for half an hour."""

    begins: time
    ends: time
    breaks: tuple[tuple[int, int], ...]
    evening: bool = False

    def on(self, day: date) -> tuple[datetime, datetime]:
        """When such a shift begins and ends; one that ends before it begins ends on the next day."""
        last_on = day if self.ends > self.begins else day + timedelta(days=1)
        return instant(day, self.begins), instant(last_on, self.ends)

    def shift(self, shift_id: ShiftId, carer_id: CarerId, day: date) -> Shift:
        start_at, end_at = self.on(day)
        return Shift(
            id=shift_id,
            carer_id=carer_id,
            on=day,
            start_at=start_at,
            end_at=end_at,
            breaks=tuple(
                BreakRule(
                    earliest_at=start_at + timedelta(minutes=earliest),
                    latest_at=start_at + timedelta(minutes=latest),
                    minutes=BREAK_MINUTES,
                )
                for earliest, latest in self.breaks
            ),
        )

    @property
    def hours(self) -> float:
        """Working hours without breaks, on an ordinary day."""
        start_at, end_at = self.on(_ORDINARY)
        return (end_at - start_at).total_seconds() / 3600 - len(self.breaks) * BREAK_MINUTES / 60


BREAK_MINUTES = 30
_ORDINARY = date(2026, 6, 15)

DAY = Pattern(begins=time(7), ends=time(15, 30), breaks=((210, 300),))
SHORT = Pattern(begins=time(7), ends=time(13), breaks=((120, 240),))
MID = Pattern(begins=time(9), ends=time(18), breaks=((210, 300),))
EVENING = Pattern(begins=time(14, 30), ends=time(22), breaks=((120, 270),), evening=True)
LONG = Pattern(begins=time(7), ends=time(20), breaks=((210, 270), (480, 540)))
NIGHT = Pattern(begins=time(21, 30), ends=time(7, 15), breaks=((170, 240), (390, 450)), evening=True)
OFFICE = Pattern(begins=time(8), ends=time(17), breaks=((210, 300),))
LATE_OFFICE = Pattern(begins=time(11), ends=time(20), breaks=((210, 300),), evening=True)

Spell = tuple[datetime, datetime]


def may_work(worked: list[Spell], spell: Spell) -> bool:
    """Whether somebody who has worked these spells, in order of time, may work this one after them."""
    start_at, end_at = spell
    if worked and start_at - worked[-1][1] < DAILY_REST:
        return False
    return _has_weekly_rest([*worked, spell], from_at=end_at - _WEEK, to_at=end_at) and not _too_many_days(
        worked, start_at
    )


def _has_weekly_rest(worked: list[Spell], *, from_at: datetime, to_at: datetime) -> bool:
    """Whether there is a rest of 36 hours between these two instants."""
    free_from = from_at
    for start_at, end_at in worked:
        if end_at <= from_at:
            continue
        if start_at - free_from >= WEEKLY_REST:
            return True
        free_from = max(free_from, end_at)
    return to_at - free_from >= WEEKLY_REST


def _too_many_days(worked: list[Spell], start_at: datetime) -> bool:
    """Whether this would be the sixth day in a row, with no free day between."""
    row = 1
    for begun_at, _ in reversed(worked):
        if start_at - begun_at > timedelta(hours=24 * row + 12):
            break
        row += 1
    return row > MOST_DAYS_IN_A_ROW
