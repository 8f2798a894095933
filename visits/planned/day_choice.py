"""The days of a fortnight: each care plan's visits laid on days, within what is granted, what the team has room for, and who works.

Visits on fixed days come on them; movable ones go where their price is least. Nothing is refused: what has no day, or would go
beyond a frame that nobody has explained, is left out of its week with the reason.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

import scheduler
from scheduler import Ceiling, DayChoiceProblem, DaysChosen, Series
from visits.granted.care_plans import CarePlan
from visits.granted.visit_templates import Priority, VisitTemplate
from visits.planned.day_rooms import can_come, parts_of_load, rooms
from visits.planned.due_days import candidates, days_due, is_due, is_due_week, mondays, usual_days
from visits.planned.fortnight import Case, ChosenWeek, Fortnight, Shortage
from visits.planned.frames import explained, frames, granted_in
from visits.terms import Period, ServiceCode, Skill

LEFT_COST: Mapping[Priority, int] = {Priority.MUST: 10_000_000, Priority.SHOULD: 100_000, Priority.MAY: 10_000}
"""What it costs to leave one visit out of its week: nothing that a day has to offer weighs it up."""
HEALTH_TASK_FACTOR = 10
NOBODY_KNOWN_COST = 60
"""A day on which none of the citizen's usual carers works at that time: as dear as an hour's work too much for the day."""
OTHER_DAY_COST = 5
"""Another day than the usual one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """One template's week: the days that stand, those that are open, and why others are not."""

    case: Case
    plan: CarePlan
    template: VisitTemplate
    week_on: date
    stands: tuple[date, ...]
    at_home: tuple[date, ...]
    also_away: tuple[date, ...]
    wanted: int

    @property
    def id(self) -> str:
        return f"{self.template.id}/{self.week_on}"


def choose_days(fortnight: Fortnight, *, seed: int = 1) -> list[ChosenWeek]:
    """The days of every template that has a choice, or that does not come as its plan says, week by week."""
    weeks = list(_weeks(fortnight))
    ceilings = list(_ceilings(fortnight, weeks))
    limited = {key for ceiling in ceilings for key in ceiling.each}
    asked = [week for week in weeks if week.template.is_movable or week.id in limited]
    settled = [(day, week.template) for week in weeks if week not in asked for day in week.at_home]
    series = tuple(_series(fortnight, week) for week in asked)
    problem = DayChoiceProblem(series=series, rooms=tuple(rooms(fortnight, settled)), ceilings=tuple(ceilings))
    chosen = scheduler.choose_days(problem, seed=seed)
    return [found for week in weeks if (found := _read(week, chosen, limited)) is not None]


def _weeks(fortnight: Fortnight) -> Iterator[_Week]:
    span = fortnight.whole_weeks
    for case in fortnight.cases:
        for plan in case.plans:
            for template in plan.templates:
                for week_on in mondays(span.first_on, fortnight.last_on):
                    if is_due_week(plan, template, on=week_on):
                        yield _week(fortnight, case, plan, template, week_on)


def _week(fortnight: Fortnight, case: Case, plan: CarePlan, template: VisitTemplate, week_on: date) -> _Week:
    days = [on for on in Period(week_on, week_on + timedelta(days=6)) if case.plan_on(on) is plan]
    stands = [on for on in days if fortnight.stands(on) and is_due(plan, template, on=on, chosen=fortnight.chosen)]
    named = candidates(template, week_on=week_on) if template.is_movable else usual_days(template, week_on=week_on)
    also_away = [on for on in days if on in named and not fortnight.stands(on)]
    at_home = [on for on in also_away if not fortnight.is_away(case.order.citizen_id, on)]
    wanted = template.times_a_week if template.is_movable else len(stands) + len(also_away)
    if len(days) < 7:
        wanted = min(wanted, most_days(also_away, stands, apart=template.min_days_between) + len(stands))
    return _Week(
        case=case,
        plan=plan,
        template=template,
        week_on=week_on,
        stands=tuple(stands),
        at_home=tuple(at_home),
        also_away=tuple(also_away),
        wanted=max(0, wanted - len(stands)),
    )


def most_days(free: Iterable[date], taken: Iterable[date], *, apart: int) -> int:
    """How many of the free days fit beside those taken, each at least so many days from every other."""
    fixed, last, count = list(taken), None, 0
    for day in sorted(free):
        far = all(abs((day - one).days) >= apart for one in fixed)
        if far and (last is None or (day - last).days >= apart):
            last, count = day, count + 1
    return count


def _series(fortnight: Fortnight, week: _Week) -> Series:
    template = week.template
    usual = usual_days(template, week_on=week.week_on) if template.is_movable else frozenset(week.at_home)
    factor = HEALTH_TASK_FACTOR if Skill.DELEGATION in template.skills else 1
    return Series(
        id=week.id,
        kind=str(template.id),
        times=week.wanted,
        days=tuple(day.toordinal() for day in week.at_home),
        left_cost=LEFT_COST[template.priority] * factor,
        day_costs={
            day.toordinal(): _day_cost(fortnight, week, day) + (0 if day in usual else OTHER_DAY_COST)
            for day in week.at_home
        },
        apart=template.min_days_between,
        taken=tuple(day.toordinal() for day in (*week.stands, *_neighbours(fortnight, week))),
        load=parts_of_load(template),
    )


def _day_cost(fortnight: Fortnight, week: _Week, day: date) -> int:
    known = fortnight.usual.get(week.case.order.citizen_id)
    working = (one for one in fortnight.staffing.get(day, ()) if known and one.carer.id in known)
    comes = not known or any(can_come(worked, week.template, on=day) for worked in working)
    return 0 if comes else NOBODY_KNOWN_COST


def _neighbours(fortnight: Fortnight, week: _Week) -> Iterator[date]:
    """The template's days in the weeks beside its own, as far as they stand or are not this fortnight's to choose."""
    span = fortnight.whole_weeks
    for week_on in (week.week_on - timedelta(weeks=1), week.week_on + timedelta(weeks=1)):
        for day in days_due(week.plan, week.template, week_on=week_on, chosen=fortnight.chosen):
            if fortnight.stands(day) or day not in span:
                yield day


def _ceilings(fortnight: Fortnight, weeks: Iterable[_Week]) -> Iterator[Ceiling]:
    """The frames that would be overdrawn if every visit came as its plan says."""
    by_order: dict[object, list[_Week]] = {}
    for week in weeks:
        by_order.setdefault(week.case.order.id, []).append(week)
    for own in by_order.values():
        case = own[0].case
        for period in frames(case, first_on=fortnight.first_on, last_on=max(fortnight.whole_weeks)):
            ceiling = _ceiling(fortnight, case, own, period)
            if ceiling is not None:
                yield ceiling


def _ceiling(fortnight: Fortnight, case: Case, weeks: Iterable[_Week], period: Period) -> Ceiling | None:
    """The frame's limit for what may still be chosen in it; None where all of it fits.

    Help that the plan has explained comes whatever the frame says, and takes from it no more than is granted for that help.
    """
    words = explained(case, period.first_on)
    limit = granted_in(case, period)
    if words:
        own = sum(line.over(period.days) for line in case.decision.services if words.keys() & set(line.codes))
        limit -= floor(own)
    each: dict[str, int] = {}
    asked = 0
    for week in weeks:
        open_days = [day for day in week.at_home if day in period]
        if open_days and not _is_explained(week.template, words):
            each[week.id] = week.template.minutes
            asked += week.template.minutes * min(week.wanted, len(open_days))
    limit -= _minutes_that_stand(fortnight, case, period, words)
    if asked <= limit:
        return None
    days = frozenset(on.toordinal() for on in period)
    return Ceiling(f"{case.order.id}/{period.first_on}", max(0, limit), days, each)


def _minutes_that_stand(fortnight: Fortnight, case: Case, period: Period, words: Mapping[ServiceCode, str]) -> int:
    """Minutes of the frame on days that are not to be chosen: over, published, or beyond the fortnight's weeks."""
    return sum(
        template.minutes
        for on in period
        if fortnight.stands(on) or on not in fortnight.whole_weeks
        if not fortnight.is_away(case.order.citizen_id, on)
        for template in case.due_on(on, fortnight.chosen)
        if not _is_explained(template, words)
    )


def _is_explained(template: VisitTemplate, words: Mapping[ServiceCode, str]) -> bool:
    return any(code in words for code in template.codes)


def _read(week: _Week, chosen: DaysChosen, limited: Container[str]) -> ChosenWeek | None:
    """What was chosen for the week; None where it is as the plan says."""
    taken = chosen.days.get(week.id)
    if taken is None:
        return None
    days = frozenset(date.fromordinal(day) for day in taken)
    lacking = week.wanted - len(days)
    if not week.template.is_movable:
        if lacking == len(week.also_away) - len(week.at_home):
            return None
        kept = {*week.stands, *days, *(set(week.also_away) - set(week.at_home))}
        return ChosenWeek(
            template_id=week.template.id,
            week_on=week.week_on,
            days=frozenset(kept),
            left_out={Shortage.FRAME: len(week.at_home) - len(days)},
        )
    return ChosenWeek(
        template_id=week.template.id,
        week_on=week.week_on,
        days=frozenset(week.stands) | days,
        left_out=_reasons(week, lacking, is_limited=week.id in limited),
    )


def _reasons(week: _Week, lacking: int, *, is_limited: bool) -> dict[Shortage, int]:
    """Why a movable visit comes less often than wanted."""
    apart = week.template.min_days_between
    always = most_days(week.also_away, week.stands, apart=apart)
    at_home = most_days(week.at_home, week.stands, apart=apart)
    away = min(lacking, min(week.wanted, always) - min(week.wanted, at_home))
    crowded = min(lacking - away, week.wanted - min(week.wanted, always))
    rest = lacking - away - crowded
    found = {Shortage.AWAY: away, Shortage.NO_DAY: crowded + (0 if is_limited else rest)}
    found[Shortage.FRAME] = rest if is_limited else 0
    return {reason: times for reason, times in found.items() if times}
