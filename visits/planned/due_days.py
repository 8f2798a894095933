"""On which days of a week a visit template is due: those that were chosen, else those that it names or an even spread of them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations
from types import MappingProxyType

from visits.granted.care_plans import CarePlan
from visits.granted.visit_templates import VisitTemplate
from visits.planned.holidays import is_holiday, keeps_off_holidays
from visits.terms import VisitTemplateId

Chosen = Mapping[tuple[VisitTemplateId, date], frozenset[date]]
"""The days chosen for a template in the week that begins on that Monday; none at all where the week has no room for it."""
NOTHING_CHOSEN: Chosen = MappingProxyType({})
_FRIDAY = 4


def is_due(plan: CarePlan, template: VisitTemplate, *, on: date, chosen: Chosen = NOTHING_CHOSEN) -> bool:
    """Whether the template is due on the day."""
    return on in days_due(plan, template, week_on=monday(on), chosen=chosen)


def days_due(
    plan: CarePlan, template: VisitTemplate, *, week_on: date, chosen: Chosen = NOTHING_CHOSEN
) -> frozenset[date]:
    """The days of the week that begins on `week_on` on which the template is due, never before the plan's first day."""
    if not is_due_week(plan, template, on=week_on):
        return frozenset()
    days = chosen.get((template.id, week_on))
    if days is None:
        days = usual_days(template, week_on=week_on)
    return frozenset(day for day in days if day >= plan.from_on)


def is_due_week(plan: CarePlan, template: VisitTemplate, *, on: date) -> bool:
    """Whether the day's week is one of the template's rhythm, counted from the week of the plan's first day."""
    weeks = (monday(on) - monday(plan.from_on)).days // 7
    return weeks >= 0 and weeks % template.every_weeks == 0


def usual_days(template: VisitTemplate, *, week_on: date) -> frozenset[date]:
    """The days of a week for which nobody has chosen, the same however often one asks.

    Of a movable visit they lie as far apart as can be, and differ from template to template so that load is spread. What waits for
    a working day is moved off a holiday to the nearest one in the week, and left out where the week has none to spare.
    """
    days = candidates(template, week_on=week_on)
    if template.times is not None:
        return _even_spread(days, template.times, turn=template.id.int)
    named = [week_on + timedelta(days=weekday) for weekday in sorted(template.weekdays)]
    kept = {day for day in named if day in days}
    for day in named:
        if day not in kept:
            free = [(abs((other - day).days), other) for other in days if other not in kept]
            if free:
                kept.add(min(free)[1])
    return frozenset(kept)


def candidates(template: VisitTemplate, *, week_on: date) -> list[date]:
    """The days of the week on which the visit may be made, in order.

    What waits for a working day may come on any other working day of the week when one of its own is a holiday.
    """
    named = [week_on + timedelta(days=weekday) for weekday in sorted(template.weekdays)]
    if not keeps_off_holidays(template) or not any(map(is_holiday, named)):
        return named
    working = (week_on + timedelta(days=weekday) for weekday in range(_FRIDAY + 1))
    return sorted(day for day in {*named, *working} if not is_holiday(day))


def monday(on: date) -> date:
    """The day with which the week begins."""
    return on - timedelta(days=on.weekday())


def mondays(first_on: date, last_on: date) -> Iterator[date]:
    """The weeks that have a day between two days, both included, each by its Monday."""
    week_on = monday(first_on)
    while week_on <= last_on:
        yield week_on
        week_on += timedelta(weeks=1)


def _even_spread(days: Collection[date], times: int, *, turn: int) -> frozenset[date]:
    """So many of the days as far apart as can be, one week like the next; `turn` decides between equals."""
    options = list(combinations(days, min(times, len(days))))
    widest = max(map(_narrowest, options))
    equals = [option for option in options if _narrowest(option) == widest]
    return frozenset(equals[turn % len(equals)])


def _narrowest(days: tuple[date, ...]) -> int:
    """The fewest days from one to the next, from the last to the first of the next week too."""
    if not days:
        return 0
    after = (*days[1:], days[0] + timedelta(weeks=1))
    return min((later - earlier).days for earlier, later in zip(days, after, strict=True))
