"""Calls: the recurring visits that a need comes to, before they stand in a plan.

Windows are the reference's, section 3: morning 07–10.30, lunch 11–13.30, afternoon 14–16, evening 16.30–19, bed from 19, night from
22. Minutes follow its template minutes (2.3), stretched so that the plan comes to 0.95 of what is granted.
"""

from dataclasses import dataclass, replace

from api.town.chance import Chance
from api.town.needs import Need, NeedGroup
from visits.granted.visit_templates import Priority
from visits.terms import ServiceCode, Skill

EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))
NOON = 12 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A part of the day, in minutes after midnight: within what visits start, and where wishes may lie."""

    code: ServiceCode
    earliest: int
    latest: int
    first_wish: int
    last_wish: int
    slack: int = 75
    """How far from the wish a visit may start at most."""


def _at(hour: int, minute: int = 0) -> int:
    return hour * 60 + minute


MORNING = Moment(
    code=ServiceCode.MORNING, earliest=_at(7), latest=_at(10, 30), first_wish=_at(7, 30), last_wish=_at(9, 45)
)
LUNCH = Moment(
    code=ServiceCode.LUNCH, earliest=_at(11), latest=_at(13, 30), first_wish=_at(11, 45), last_wish=_at(12, 45)
)
AFTERNOON = Moment(
    code=ServiceCode.CHECK, earliest=_at(14), latest=_at(16), first_wish=_at(14, 30), last_wish=_at(15, 30)
)
EVENING = Moment(
    code=ServiceCode.EVENING, earliest=_at(16, 30), latest=_at(19), first_wish=_at(17), last_wish=_at(18, 15)
)
BEDTIME = Moment(
    code=ServiceCode.BEDTIME, earliest=_at(19), latest=_at(21), first_wish=_at(19, 30), last_wish=_at(20, 30)
)
EARLY_NIGHT = Moment(
    code=ServiceCode.NIGHT, earliest=_at(22), latest=_at(25), first_wish=_at(22, 45), last_wish=_at(24), slack=60
)
LATE_NIGHT = Moment(
    code=ServiceCode.NIGHT,
    earliest=_at(23, 30),
    latest=_at(29, 30),
    first_wish=_at(27),
    last_wish=_at(28, 30),
    slack=300,
)
DAYTIME = Moment(
    code=ServiceCode.CLEANING,
    earliest=_at(9),
    latest=_at(14, 15),
    first_wish=_at(10, 15),
    last_wish=_at(13, 30),
    slack=120,
)
SUPPORT = Moment(
    code=ServiceCode.SUPPORT, earliest=_at(9), latest=_at(17), first_wish=_at(9, 30), last_wish=_at(14, 30), slack=150
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One recurring visit, on each of `weekdays` or `times` on some of them, `days_between` apart at least.

    `after` is the place in the list of the call that must have started `gap` minutes before.
    """

    code: ServiceCode
    minutes: int
    moment: Moment
    weekdays: frozenset[int] = EVERY_DAY
    every_weeks: int = 1
    health_task: bool = False
    together: bool = False
    priority: Priority = Priority.MUST
    after: int | None = None
    gap: int = 0
    times: int | None = None
    days_between: int = 1

    @property
    def weekly_minutes(self) -> float:
        return self.minutes * self.times_a_week / self.every_weeks

    @property
    def times_a_week(self) -> int:
        return len(self.weekdays) if self.times is None else self.times

    @property
    def staff(self) -> int:
        return 2 if self.together else 1

    @property
    def at_night(self) -> bool:
        return self.code is ServiceCode.NIGHT

    @property
    def skills(self) -> frozenset[Skill]:
        found = set()
        if self.health_task:
            found.add(Skill.DELEGATION)
        if self.together:
            found.add(Skill.LIFT)
        if self.code is ServiceCode.SUPPORT:
            found.add(Skill.HOUSING_SUPPORT)
        return frozenset(found)


_SERVICES: dict[ServiceCode, tuple[int, int, Priority]] = {
    ServiceCode.SHOPPING: (45, 1, Priority.SHOULD),
    ServiceCode.CLEANING: (70, 2, Priority.MAY),
    ServiceCode.LAUNDRY: (25, 2, Priority.MAY),
    ServiceCode.WALK: (45, 1, Priority.MAY),
    ServiceCode.SHOWER: (40, 1, Priority.SHOULD),
}
"""Template minutes, every so many weeks, and what may wait."""

_MOVABLE_SHARE = 0.7
"""Of services whose day the plan leaves open, for the fortnight to choose."""
_TWO_SHOWERS_SHARE = 0.4
_THIRD_WEEK_SHARE = 0.25

_CARE: dict[NeedGroup, tuple[tuple[Moment, float], ...]] = {
    NeedGroup.LIGHT: ((MORNING, 1.0),),
    NeedGroup.MODERATE: ((MORNING, 0.45), (LUNCH, 0.22), (EVENING, 0.33)),
    NeedGroup.HIGH: ((MORNING, 0.34), (LUNCH, 0.18), (EVENING, 0.24), (BEDTIME, 0.24)),
    NeedGroup.VERY_HIGH: ((MORNING, 0.29), (LUNCH, 0.18), (AFTERNOON, 0.11), (EVENING, 0.2), (BEDTIME, 0.22)),
    NeedGroup.EXTREME: ((MORNING, 0.28), (LUNCH, 0.19), (AFTERNOON, 0.13), (EVENING, 0.2), (BEDTIME, 0.2)),
}
"""Each group's visits of a day, and how the day's minutes are shared among them."""

_HEAVY = frozenset({ServiceCode.MORNING, ServiceCode.BEDTIME, ServiceCode.SHOWER})
_GAPS = {ServiceCode.LUNCH: 120, ServiceCode.CHECK: 75, ServiceCode.EVENING: 120, ServiceCode.BEDTIME: 90}


def calls(chance: Chance, need: Need) -> list[Call]:
    """The visits that a citizen with this need has, each after the one it waits for."""
    if need.group is NeedGroup.SUPPORT:
        return _support(chance, need)
    weekly = need.planned_minutes_a_day * 7
    if need.group is NeedGroup.SERVICE:
        return _services(chance, weekly)
    nights = _nights(chance, need)
    errands = _errands(chance, need)
    left = weekly - sum(call.weekly_minutes for call in (*nights, *errands))
    return [*_care(chance, need, left), *errands, *nights]


def _care(chance: Chance, need: Need, weekly: float) -> list[Call]:
    """The daily visits, `weekly` minutes in all."""
    moments = list(_CARE[need.group])
    weekdays = EVERY_DAY
    if need.group is NeedGroup.LIGHT:
        moments = [(chance.weighted({MORNING: 0.8, EVENING: 0.2}), 1.0)]
        weekdays = WORKDAYS if chance.happens(0.45) else EVERY_DAY
    if need.group is NeedGroup.MODERATE and chance.happens(0.5):
        del moments[1]
    total = sum(share for _, share in moments)
    found: list[Call] = []
    for moment, share in moments:
        exact = weekly / len(weekdays) * share / total * chance.number(0.88, 1.12)
        call = Call(code=moment.code, minutes=_to_five(exact, least=10, most=65), moment=moment, weekdays=weekdays)
        found.append(_chained(_demanding(chance, need, call), len(found)))
    return found


def _demanding(chance: Chance, need: Need, call: Call) -> Call:
    """With a health task once a day, for half also in the evening; by two where somebody is lifted, and then only that."""
    first = call.code is (ServiceCode.LUNCH if need.double_staffed else ServiceCode.MORNING)
    later = call.code in {ServiceCode.EVENING, ServiceCode.BEDTIME} and chance.happens(0.45)
    together = need.double_staffed and call.code in _HEAVY
    return replace(call, health_task=need.delegated and (first or later) and not together, together=together)


def _chained(call: Call, place: int) -> Call:
    return replace(call, after=place - 1, gap=_GAPS[call.code]) if place else call


def _nights(chance: Chance, need: Need) -> list[Call]:
    """Night visits, which the municipality's night team makes whoever else comes in the day."""
    if need.group is NeedGroup.EXTREME:
        moments = [EARLY_NIGHT, LATE_NIGHT]
    elif need.group is NeedGroup.VERY_HIGH and chance.happens(0.35):
        moments = [LATE_NIGHT]
    else:
        return []
    together = need.double_staffed and need.group is NeedGroup.EXTREME
    return [
        Call(code=ServiceCode.NIGHT, minutes=15, moment=moment, together=together and moment is LATE_NIGHT)
        for moment in moments
    ]


def _errands(chance: Chance, need: Need) -> list[Call]:
    """What comes once or twice a week beside the daily care."""
    wanted = [ServiceCode.SHOWER] if chance.happens(0.7) else []
    wanted += [code for code in (ServiceCode.SHOPPING, ServiceCode.CLEANING) if chance.happens(0.4)]
    if need.group is not NeedGroup.LIGHT and chance.happens(0.3):
        wanted.append(ServiceCode.WALK)
    found = []
    for code in wanted[: 2 if need.group is NeedGroup.LIGHT else None]:
        call = _service(chance, code)
        found.append(replace(call, together=need.double_staffed and code in _HEAVY))
    return found


def _services(chance: Chance, weekly: float) -> list[Call]:
    """Household services only, `weekly` minutes as near as their template minutes allow."""
    found: list[Call] = []
    left = weekly
    for code in chance.shuffled((ServiceCode.SHOPPING, ServiceCode.CLEANING, ServiceCode.LAUNDRY, ServiceCode.WALK)):
        call = _service(chance, code)
        if call.weekly_minutes <= left + 6:
            found.append(call)
            left -= call.weekly_minutes
    if not found:
        found = [replace(_service(chance, ServiceCode.CLEANING), every_weeks=3, minutes=60)]
        left = weekly - found[0].weekly_minutes
    last = found[-1]
    stretched = _to_five(last.minutes + left * last.every_weeks, least=20, most=90)
    return [*found[:-1], replace(last, minutes=stretched)]


def _service(chance: Chance, code: ServiceCode) -> Call:
    """On one day of the week, or, for most, on whichever suits the team; cleaning for some only every third week."""
    minutes, every_weeks, priority = _SERVICES[code]
    if code is ServiceCode.CLEANING and chance.happens(_THIRD_WEEK_SHARE):
        every_weeks = 3
    call = Call(
        code=code,
        minutes=minutes,
        moment=replace(DAYTIME, code=code),
        weekdays=frozenset({chance.whole(0, 4)}),
        every_weeks=every_weeks,
        priority=priority,
    )
    if not chance.happens(_MOVABLE_SHARE):
        return call
    if code is ServiceCode.SHOWER:
        often = chance.happens(_TWO_SHOWERS_SHARE)
        return replace(call, weekdays=EVERY_DAY, times=2 if often else 1, days_between=2 if often else 1)
    return replace(call, weekdays=WORKDAYS, times=1)


def _support(chance: Chance, need: Need) -> list[Call]:
    """Housing support: one to four visits of 45 to 120 minutes on working days."""
    weekly = need.hours * 60 * 0.95
    visits = max(1, min(4, round(weekly / chance.number(70, 110))))
    days = chance.shuffled(range(5))[:visits]
    minutes = _to_five(weekly / visits, least=45, most=120)
    return [Call(code=ServiceCode.SUPPORT, minutes=minutes, moment=SUPPORT, weekdays=frozenset({day})) for day in days]


def _to_five(minutes: float, *, least: int, most: int) -> int:
    return max(least, min(most, 5 * round(minutes / 5)))
