"""Loads: how many shifts of each pattern a team needs on a weekday, so that staffing roughly matches what is planned."""

import math
from collections import Counter
from dataclasses import dataclass, field

from api.town.calls import BEDTIME, EVENING, MORNING, Call
from api.town.patterns import (
    DAY,
    LATE_OFFICE,
    LONG,
    MID,
    NIGHT,
    OFFICE,
    SHORT,
    Pattern,
)
from api.town.patterns import EVENING as EVENING_SHIFT
from visits.terms import ServiceKind

CLIENT_TIME_AT_PEAKS = 0.76
"""Client minutes to working minutes while visits are many; with the calmer hours between it comes to about 0.6 over the day."""
CLIENT_TIME_IN_SUPPORT = 0.7
VISITS_AT_NIGHT_AN_HOUR = 2.0
_MORNING_HOURS = 3.8
_DAY_HOURS = 7.2
_EVENING_HOURS = 5.0
"""How long the morning's, the day's and the evening's visits can be spread over in one shift."""
_LATE = frozenset({EVENING.code, BEDTIME.code})


@dataclass(slots=True)
class Load:
    """Minutes of work on each weekday, for carers: a visit for two counts twice. `day` includes `morning`."""

    morning: list[float] = field(default_factory=lambda: [0.0] * 7)
    day: list[float] = field(default_factory=lambda: [0.0] * 7)
    evening: list[float] = field(default_factory=lambda: [0.0] * 7)
    night_visits: float = 0
    doubles: bool = False

    def add(self, call: Call) -> None:
        self.doubles = self.doubles or call.together
        for weekday in call.weekdays:
            minutes = call.weekly_minutes * call.staff / len(call.weekdays)
            if call.at_night:
                self.night_visits += call.staff / 7
            elif call.code in _LATE:
                self.evening[weekday] += minutes
            else:
                self.day[weekday] += minutes
                self.morning[weekday] += minutes if call.code is MORNING.code else 0


def wanted_shifts(kind: ServiceKind, load: Load) -> list[Counter[Pattern]]:
    """How many of each pattern on each weekday, Monday first."""
    if kind is ServiceKind.NIGHT_CARE:
        carers = max(2, math.ceil(load.night_visits / (VISITS_AT_NIGHT_AN_HOUR * 7)))
        return [Counter({NIGHT: carers}) for _ in range(7)]
    if kind is ServiceKind.HOUSING_SUPPORT:
        return [_support(load, weekday) for weekday in range(7)]
    least = 2 if load.doubles else 1
    return [_home_care(load, weekday, least) for weekday in range(7)]


def _support(load: Load, weekday: int) -> Counter[Pattern]:
    if weekday > 4:
        return Counter()
    carers = max(2, math.ceil(load.day[weekday] / (60 * OFFICE.hours * CLIENT_TIME_IN_SUPPORT)))
    late = 1 if weekday in {1, 3} and carers > 2 else 0
    return Counter({OFFICE: carers - late, LATE_OFFICE: late})


def _home_care(load: Load, weekday: int, least: int) -> Counter[Pattern]:
    """Enough for the morning, which is the peak (some go home at one), for the day and for the evening."""
    evening = _carers(load.evening[weekday], _EVENING_HOURS, least)
    morning = _carers(load.morning[weekday], _MORNING_HOURS, 2)
    day = _carers(load.day[weekday] - evening * 60, _DAY_HOURS, least)
    if weekday > 4:
        return _weekend(max(morning, day), day, evening, least)
    short = max(0, morning - day)
    mid = 1 if day > 5 else 0
    return Counter({DAY: day - mid, SHORT: short, MID: mid, EVENING_SHIFT: evening})


def _weekend(morning: int, day: int, evening: int, least: int) -> Counter[Pattern]:
    """Long shifts, so that fewer carers come at weekends; each is also most of an evening."""
    long = day // 2
    return Counter(
        {
            LONG: long,
            DAY: day - long,
            SHORT: morning - day,
            EVENING_SHIFT: max(least, evening - math.floor(long * 0.45)),
        }
    )


def _carers(minutes: float, hours: float, least: int) -> int:
    return max(least, math.ceil(minutes / (60 * hours * CLIENT_TIME_AT_PEAKS)))
