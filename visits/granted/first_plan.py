"""A new order's preliminary care plan, so that help comes from the first day; the provider completes it with the citizen.

The plan may be preliminary first, and is drawn up within 14 days of the start (domain reference 2.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise
from math import lcm
from uuid import uuid5

from visits.granted.care_plans import CarePlan, CarePlanState
from visits.granted.catalogue import template_minutes
from visits.granted.decisions import DecidedAs, Decision, GrantedService, Per
from visits.granted.orders import ServiceOrder
from visits.granted.visit_templates import VisitTemplate
from visits.terms import CarePlanId, ServiceCode, VisitTemplateId

DAYS = 7
EVERY_DAY = frozenset(range(DAYS))
WORKDAYS = 5
_DAYTIME = (time(9), time(15))
_USUAL_WINDOW: dict[ServiceCode, tuple[time, time]] = {
    ServiceCode.MORNING: (time(7), time(9, 30)),
    ServiceCode.SELF_CARE: (time(8), time(10)),
    ServiceCode.LUNCH: (time(11, 30), time(13)),
    ServiceCode.EVENING: (time(17), time(19)),
    ServiceCode.BEDTIME: (time(20), time(22)),
    ServiceCode.NIGHT: (time(23), time(5)),
}
"""When each help usually begins; what is not here happens in the daytime."""
_USUAL_MINUTES = 60
"""How long a visit is where the catalogue has no usual length."""
_MOST_WEEKS_BETWEEN = 4


def carried_over(plan: CarePlan, order: ServiceOrder) -> CarePlan:
    """The old plan under the new order: the same visits under new ids. Visits every other week keep their weeks."""
    ids = {template.id: _template_id(order, str(template.id)) for template in plan.templates}
    templates = tuple(
        replace(template, id=ids[template.id], after=None if template.after is None else ids[template.after])
        for template in _predecessors_first(plan.templates)
    )
    cycle = lcm(*(template.every_weeks for template in plan.templates))
    weeks = (_monday(order.valid.first_on) - _monday(plan.from_on)).days // 7
    made = _preliminary(order, templates, from_on=order.valid.first_on - timedelta(weeks=weeks % cycle))
    return replace(made, goal=plan.goal, explanations=plan.explanations)


def drafted(decision: Decision, order: ServiceOrder) -> CarePlan:
    """A plan from the decision alone, at the usual times: for whoever has had no plan before."""
    templates = tuple(
        _template(order, occasions, f"{number}/{part}/{nth}", recurring)
        for number, service in enumerate(decision.services)
        for part, occasions in enumerate(_laid_out(service, carried_over=decision.is_carried_over))
        for nth, recurring in enumerate(_recurring(occasions))
    )
    return _preliminary(order, templates, from_on=order.valid.first_on - _turn(decision))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Occasions:
    """`times` visits of so many minutes within `weeks` weeks, for the citizen alone."""

    codes: tuple[ServiceCode, ...]
    minutes: int
    times: int
    weeks: int
    staff_required: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recurring:
    """On all of `weekdays`, or `times` of them, every so many weeks."""

    weekdays: frozenset[int]
    times: int | None
    window: tuple[time, time]
    every_weeks: int


def _laid_out(service: GrantedService, *, carried_over: bool) -> list[_Occasions]:
    """The visits that a line amounts to; where it was decided as a whole, of the catalogue's lengths."""
    amount = service.amount
    if amount.decided_as is not DecidedAs.OCCASIONS:
        return [_part_of_whole(service, code, carried_over=carried_over) for code in service.codes]
    times, weeks = {
        Per.DAY: (7 * amount.occasions, amount.every),
        Per.WEEK: (amount.occasions, amount.every),
        Per.MONTH: (amount.occasions, 4 * amount.every),
        Per.YEAR: (amount.occasions, 52 * amount.every),
    }[amount.per]
    return [
        _Occasions(
            codes=service.codes,
            minutes=amount.minutes,
            times=times,
            weeks=weeks * service.share.denominator,
            staff_required=service.staff_required,
        )
    ]


def _part_of_whole(service: GrantedService, code: ServiceCode, *, carried_over: bool) -> _Occasions:
    """An equal part of the whole for one kind of help: as many visits of the usual length as it holds, in a few weeks at most."""
    weekly = service.over(7) / len(service.codes)
    usual = template_minutes(code) or _USUAL_MINUTES
    weeks = 1
    while carried_over and weekly * weeks < usual and weeks < _MOST_WEEKS_BETWEEN:
        weeks += 1
    times = max(1, int(weekly * weeks) // usual)
    if times > DAYS:
        times -= times % DAYS
    minutes = max(1, int(weekly * weeks) // times)
    return _Occasions(codes=(code,), minutes=minutes, times=times, weeks=weeks, staff_required=service.staff_required)


def _turn(decision: Decision) -> timedelta:
    """What two share is done in turn: in the plan of the one whose id comes later the weeks begin half a round earlier."""
    rounds = [
        recurring.every_weeks
        for service in decision.services
        if service.shared_with is not None and decision.citizen_id > service.shared_with
        for occasions in _laid_out(service, carried_over=decision.is_carried_over)
        for recurring in _recurring(occasions)
    ]
    return timedelta(weeks=rounds[0] // 2) if rounds else timedelta(0)


def _recurring(occasions: _Occasions) -> Iterator[_Recurring]:
    """One for each recurring visit: never more often than granted. Whose day nobody has decided may be moved within the week."""
    every_weeks = max(1, -(-occasions.weeks // occasions.times))
    daily, in_week = divmod(max(1, occasions.times // occasions.weeks), DAYS)
    code = occasions.codes[0]
    for window in _windows(code, daily):
        yield _Recurring(weekdays=EVERY_DAY, times=None, window=window, every_weeks=every_weeks)
    if in_week:
        days = WORKDAYS if in_week <= WORKDAYS else DAYS
        times = in_week if in_week < days else None
        window = _windows(code, 1)[0]
        yield _Recurring(weekdays=frozenset(range(days)), times=times, window=window, every_weeks=every_weeks)


def _windows(code: ServiceCode, times_a_day: int) -> list[tuple[time, time]]:
    """The usual window; for several times a day, equal parts of the hours from 8 to 20."""
    if times_a_day <= 1:
        return [_USUAL_WINDOW.get(code, _DAYTIME)] * times_a_day
    borders = [8 * 60 + part * 12 * 60 // times_a_day for part in range(times_a_day + 1)]
    walls = [time(*divmod(minutes, 60)) for minutes in borders]
    return list(pairwise(walls))


def _template(order: ServiceOrder, occasions: _Occasions, name: str, recurring: _Recurring) -> VisitTemplate:
    earliest, latest = recurring.window
    times = recurring.times
    return VisitTemplate(
        id=_template_id(order, name),
        codes=occasions.codes,
        instructions="",
        weekdays=recurring.weekdays,
        earliest=earliest,
        latest=latest,
        wish_earliest=earliest,
        wish_latest=latest,
        minutes=occasions.minutes,
        staff_required=occasions.staff_required,
        every_weeks=recurring.every_weeks,
        times=times,
        min_days_between=2 if times is not None and 2 * times <= len(recurring.weekdays) else 1,
    )


def _preliminary(order: ServiceOrder, templates: tuple[VisitTemplate, ...], *, from_on: date) -> CarePlan:
    return CarePlan(
        id=CarePlanId(uuid5(order.id, "plan")),
        order_id=order.id,
        citizen_id=order.citizen_id,
        version=1,
        state=CarePlanState.PRELIMINARY,
        from_on=from_on,
        templates=templates,
    )


def _predecessors_first(templates: tuple[VisitTemplate, ...]) -> list[VisitTemplate]:
    """In an order in which each template stands after the one that it names in `after`."""
    by_id = {template.id: template for template in templates}

    def depth(template: VisitTemplate) -> int:
        return 0 if template.after is None else 1 + depth(by_id[template.after])

    return sorted(templates, key=depth)


def _template_id(order: ServiceOrder, name: str) -> VisitTemplateId:
    """The same order asks for the same visits however often this is worked out."""
    return VisitTemplateId(uuid5(order.id, name))


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())
