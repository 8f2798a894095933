"""The fortnight against granted hours: what a frame holds, what is planned of it, what it leaves unused, and what goes beyond.

A frame is what a decision grants within its own unit of time: the calendar month where something in it was decided by the month,
else the week, and so many weeks together where something comes every other week or more seldom (counted in the plan's own rhythm).
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import floor, lcm

from visits.granted.decisions import Per
from visits.granted.visit_templates import VisitTemplate
from visits.planned.due_days import Chosen, monday, mondays
from visits.planned.fortnight import Case, ChosenWeek, Fortnight, Shortage
from visits.terms import CitizenId, OrderId, Period, ServiceCode, VisitTemplateId

LONGEST_FRAME_WEEKS = 12


class Unused(StrEnum):
    """Why granted minutes of a frame are not planned."""

    AWAY = "away"
    NO_DAY = "no_day"
    NOT_ASKED = "not_asked"
    """The care plan asks for less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameUse:
    """One frame of one order, in the citizen's minutes (two carers at once count once).

    `asked` is what the care plan asks for, `planned` what is to come. What it asks for above the frame is left out, unless the plan
    has explained why it is needed.
    """

    citizen_id: CitizenId
    order_id: OrderId
    period: Period
    granted_minutes: int
    asked_minutes: int
    planned_minutes: int
    unused: Mapping[Unused, int]
    explained: str = ""

    @property
    def beyond_minutes(self) -> int:
        return max(0, self.asked_minutes - self.granted_minutes)

    @property
    def unused_minutes(self) -> int:
        return sum(self.unused.values())


def frames(case: Case, *, first_on: date, last_on: date) -> Iterator[Period]:
    """The order's frames that hold one of the days from `first_on` to `last_on`, clipped to the days of decision and order."""
    valid = case.decision.valid.within(case.order.valid)
    asked = Period(first_on, last_on)
    for period in _stretches(case, first_on, last_on):
        clipped = valid.within(period) if valid else None
        if clipped is not None and clipped.overlaps(asked):
            yield clipped


def granted_in(case: Case, period: Period) -> int:
    """Whole minutes granted in the frame."""
    return floor(case.decision.granted_minutes(period))


def explained(case: Case, on: date) -> Mapping[ServiceCode, str]:
    """Help for which the plan says why it goes beyond what is granted."""
    plan = case.plan_on(on)
    return {one.code: one.why for one in plan.explanations} if plan else {}


def frame_uses(fortnight: Fortnight, weeks: Iterable[ChosenWeek]) -> list[FrameUse]:
    """Every frame of the fortnight, after days were chosen; those of one citizen together, in order of time."""
    by_week = {(week.template_id, week.week_on): week for week in weeks}
    chosen = {**fortnight.chosen, **{key: week.days for key, week in by_week.items()}}
    found = [
        _use(fortnight, case, period, chosen, by_week)
        for case in fortnight.cases
        for period in frames(case, first_on=fortnight.first_on, last_on=fortnight.last_on)
    ]
    return sorted(found, key=lambda use: (use.citizen_id, use.order_id, use.period.first_on))


def _use(
    fortnight: Fortnight,
    case: Case,
    period: Period,
    chosen: Chosen,
    by_week: Mapping[tuple[VisitTemplateId, date], ChosenWeek],
) -> FrameUse:
    """One frame. What was left out of a week is told in the frame that the week's Monday lies in, or the fortnight's first."""
    citizen_id = case.order.citizen_id
    due = [(on, template) for on in period for template in case.due_on(on, chosen)]
    planned = sum(template.minutes for on, template in due if not fortnight.is_away(citizen_id, on))
    away = sum(template.minutes for on, template in due) - planned
    left: dict[Shortage, int] = dict.fromkeys(Shortage, 0)
    for template, week in _weeks(case, period, by_week):
        for reason, times in week.left_out.items():
            left[reason] += times * template.minutes
    granted = granted_in(case, period)
    asked = planned + away + sum(left.values())
    lost = {Unused.AWAY: away + left[Shortage.AWAY], Unused.NO_DAY: left[Shortage.NO_DAY]}
    return FrameUse(
        citizen_id=citizen_id,
        order_id=case.order.id,
        period=period,
        granted_minutes=granted,
        asked_minutes=asked,
        planned_minutes=planned,
        unused=_shared(granted - planned, lost),
        explained="; ".join(dict.fromkeys(explained(case, period.first_on).values())),
    )


def _weeks(
    case: Case, period: Period, by_week: Mapping[tuple[VisitTemplateId, date], ChosenWeek]
) -> Iterator[tuple[VisitTemplate, ChosenWeek]]:
    """The weeks of the order's templates, each in the frame that holds its Monday, else its first day in force."""
    for plan in case.plans:
        for template in plan.templates:
            for week_on in mondays(period.first_on, period.last_on or period.first_on):
                week = by_week.get((template.id, week_on))
                begins_before = week_on < period.first_on
                is_first = begins_before and not case.order.in_force(period.first_on - timedelta(days=1))
                if week is not None and (not begins_before or is_first):
                    yield template, week


def _shared(unused: int, lost: Mapping[Unused, int]) -> dict[Unused, int]:
    """The unused minutes by reason; what no reason accounts for the plan does not ask for."""
    found: dict[Unused, int] = {}
    for reason, minutes in lost.items():
        part = min(minutes, max(0, unused))
        if part:
            found[reason] = part
            unused -= part
    if unused > 0:
        found[Unused.NOT_ASKED] = unused
    return found


def _stretches(case: Case, first_on: date, last_on: date) -> Iterator[Period]:
    """The frames by the calendar, whether or not anything is granted in them."""
    weeks = _frame_weeks(case)
    if weeks is None:
        on = first_on.replace(day=1)
        while on <= last_on:
            ends_on = on.replace(day=monthrange(on.year, on.month)[1])
            yield Period(on, ends_on)
            on = ends_on + timedelta(days=1)
        return
    plan = case.plan_on(first_on) or case.plan_on(last_on)
    origin = monday(plan.from_on if plan else case.order.valid.first_on)
    turns = (monday(first_on) - origin).days // (7 * weeks)
    on = origin + timedelta(weeks=turns * weeks)
    while on <= last_on:
        yield Period(on, on + timedelta(days=7 * weeks - 1))
        on += timedelta(weeks=weeks)


def _frame_weeks(case: Case) -> int | None:
    """How many weeks a frame is, so that every visit comes equally often in each; None for a calendar month."""
    amounts = [service.amount for service in case.decision.services]
    if any(amount.per in {Per.MONTH, Per.YEAR} for amount in amounts):
        return None
    every = [amount.every for amount in amounts if amount.per is Per.WEEK]
    every += [template.every_weeks for plan in case.plans for template in plan.templates]
    weeks = lcm(*every)
    return weeks if weeks <= LONGEST_FRAME_WEEKS else None
