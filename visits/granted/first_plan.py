"""A new order's preliminary care plan, so that help comes from the first day; the provider completes it with the citizen.

The plan may be preliminary first, and is drawn up within 14 days of the start (domain reference 2.1).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from math import lcm
from uuid import uuid5

from visits.granted.care_plans import CarePlan, CarePlanState
from visits.granted.decisions import Decision, GrantedService, Per
from visits.granted.orders import ServiceOrder
from visits.granted.visit_templates import VisitTemplate
from visits.terms import CarePlanId, ServiceCode, VisitTemplateId

EVERY_DAY = frozenset(range(7))
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
_EVERY_WEEKS = {1: 4, 2: 2, 3: 2}
"""Occasions a month to every how many weeks: never more often than granted. From 4 on it is every week."""


def carried_over(plan: CarePlan, order: ServiceOrder) -> CarePlan:
    """The old plan under the new order: the same visits under new ids. Visits every other week keep their weeks."""
    ids = {template.id: _template_id(order, str(template.id)) for template in plan.templates}
    templates = tuple(
        replace(template, id=ids[template.id], after=None if template.after is None else ids[template.after])
        for template in _predecessors_first(plan.templates)
    )
    cycle = lcm(*(template.every_weeks for template in plan.templates))
    weeks = (_monday(order.valid.first_on) - _monday(plan.from_on)).days // 7
    return _preliminary(order, templates, from_on=order.valid.first_on - timedelta(weeks=weeks % cycle))


def drafted(decision: Decision, order: ServiceOrder) -> CarePlan:
    """A plan from the decision alone, at the usual times: for whoever has had no plan before."""
    templates = tuple(
        _template(order, service, f"{number}/{part}", weekdays, (window, every_weeks))
        for number, service in enumerate(decision.services)
        for part, (weekdays, window, every_weeks) in enumerate(_occasions(service))
    )
    return _preliminary(order, templates, from_on=order.valid.first_on)


def _occasions(service: GrantedService) -> Iterator[tuple[frozenset[int], tuple[time, time], int]]:
    """Weekdays, window and every how many weeks, one for each recurring visit that the amount asks for."""
    occasions = service.amount.occasions
    match service.amount.per:
        case Per.DAY:
            daily, in_week, every_weeks = occasions, 0, 1
        case Per.WEEK:
            daily, in_week = divmod(occasions, len(EVERY_DAY))
            every_weeks = 1
        case Per.MONTH:
            every_weeks = _EVERY_WEEKS.get(occasions, 1)
            daily, in_week = divmod(max(1, occasions // 4), len(EVERY_DAY))
    for window in _windows(service.code, daily):
        yield EVERY_DAY, window, every_weeks
    if in_week:
        days = WORKDAYS if in_week <= WORKDAYS else len(EVERY_DAY)
        yield frozenset(nth * days // in_week for nth in range(in_week)), _windows(service.code, 1)[0], every_weeks


def _windows(code: ServiceCode, times_a_day: int) -> list[tuple[time, time]]:
    """The usual window; for several times a day, equal parts of the hours from 8 to 20."""
    if times_a_day <= 1:
        return [_USUAL_WINDOW.get(code, _DAYTIME)] * times_a_day
    borders = [8 * 60 + part * 12 * 60 // times_a_day for part in range(times_a_day + 1)]
    walls = [time(*divmod(minutes, 60)) for minutes in borders]
    return list(pairwise(walls))


def _template(
    order: ServiceOrder,
    service: GrantedService,
    name: str,
    weekdays: frozenset[int],
    how: tuple[tuple[time, time], int],
) -> VisitTemplate:
    (earliest, latest), every_weeks = how
    return VisitTemplate(
        id=_template_id(order, name),
        codes=(service.code,),
        instructions="",
        weekdays=weekdays,
        earliest=earliest,
        latest=latest,
        wish_earliest=earliest,
        wish_latest=latest,
        minutes=service.amount.minutes,
        staff_required=service.staff_required,
        every_weeks=every_weeks,
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
