"""Nobody forgotten: whom a plan of the day leaves out, asked apart from whatever made the plan.

It reckons anew from orders, care plans, absences and placements, by the calendar alone, and knows nothing of how the planner came
to its demands (a contract on imports sees to that), so that a mistake there shows here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from visits.granted.care_plans import CarePlan
from visits.granted.orders import ServiceOrder
from visits.granted.visit_templates import VisitTemplate
from visits.planned.holidays import is_holiday, keeps_off_holidays
from visits.planned.schedule import Placement
from visits.planned.visit_ids import visit_id
from visits.terms import CarerId, CitizenId, OrderId, VisitId, VisitTemplateId

_WORKING_DAYS = 5
LOOK_AHEAD_DAYS = 14
"""A plan that asks for no visit within so many days, or within its own longest rhythm, has forgotten somebody."""


class ForgottenKind(StrEnum):
    """What is missing: the plan, the visits in it, everybody who should come, or one of the two."""

    NO_PLAN = "no_plan"
    NO_VISITS = "no_visits"
    NOBODY_COMES = "nobody_comes"
    TOO_FEW_COME = "too_few_come"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """One person with an order in force whom the day leaves out, and with what.

    `template` is the visit that is due; None where there is no plan to take visits from. `about` is the id of the visit, or else of
    the order: what an acknowledgement names.
    """

    kind: ForgottenKind
    citizen_id: CitizenId
    order_id: OrderId
    on: date
    about: UUID
    template: VisitTemplate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is planned, and what is known to need no plan.

    `placements` are those of the day's plan. `explained` are visits that the person has cancelled or declined, or that have begun
    or are over. `chosen` says on which days of the week that begins on a Monday a movable visit is to come, `came` on which days of
    this week it is planned or explained, `published` which days of this week the team has published at all, and `away` on which of
    them citizens are away.
    """

    placements: tuple[Placement, ...]
    explained: frozenset[VisitId] = frozenset()
    chosen: Mapping[tuple[VisitTemplateId, date], frozenset[date]] = field(default_factory=dict)
    came: Mapping[VisitTemplateId, frozenset[date]] = field(default_factory=dict)
    published: frozenset[date] = frozenset()
    away: Mapping[CitizenId, frozenset[date]] = field(default_factory=dict)


def forgotten(
    orders: Iterable[ServiceOrder],
    plans: Iterable[CarePlan],
    planned: Planned,
    *,
    away: frozenset[CitizenId],
    on: date,
) -> tuple[Forgotten, ...]:
    """Everybody with an order in force on the day, who is not away, and with whom something is wrong, by person and visit.

    `plans` holds all versions of the orders' plans. A visit without a place is forgotten however good the planner's reason.
    """
    versions = _by_order(plans)
    coming = _coming(planned.placements)
    found: list[Forgotten] = []
    for order in orders:
        if order.in_force(on) and order.citizen_id not in away:
            plan = _holding(versions.get(order.id, ()), on=on)
            found += _of_order(order, plan, planned, coming, on=on)
    return tuple(sorted(found, key=lambda one: (one.citizen_id, one.order_id, one.about)))


def _by_order(plans: Iterable[CarePlan]) -> dict[OrderId, list[CarePlan]]:
    versions: dict[OrderId, list[CarePlan]] = {}
    for plan in plans:
        versions.setdefault(plan.order_id, []).append(plan)
    return versions


def _holding(versions: Iterable[CarePlan], *, on: date) -> CarePlan | None:
    return max((one for one in versions if one.holds_on(on)), key=lambda one: one.version, default=None)


def _coming(placements: Iterable[Placement]) -> dict[tuple[VisitId, CitizenId], set[CarerId]]:
    """Who comes to each visit: one carer in both parts of it is one carer, and a visit to somebody else is none."""
    coming: dict[tuple[VisitId, CitizenId], set[CarerId]] = {}
    for placement in placements:
        coming.setdefault((placement.visit_id, placement.citizen_id), set()).add(placement.carer_id)
    return coming


def _of_order(
    order: ServiceOrder,
    plan: CarePlan | None,
    planned: Planned,
    coming: Mapping[tuple[VisitId, CitizenId], set[CarerId]],
    *,
    on: date,
) -> Iterable[Forgotten]:
    if plan is None:
        yield _without_visits(order, ForgottenKind.NO_PLAN, on=on)
        return
    if not _asks_for_anything(plan, on=on):
        yield _without_visits(order, ForgottenKind.NO_VISITS, on=on)
    for template in plan.templates:
        key = visit_id(template.id, on)
        if key in planned.explained or not _is_due(order, plan, template, planned, on=on):
            continue
        come = len(coming.get((key, order.citizen_id), ()))
        if come < template.staff_required:
            kind = ForgottenKind.TOO_FEW_COME if come else ForgottenKind.NOBODY_COMES
            yield Forgotten(
                kind=kind, citizen_id=order.citizen_id, order_id=order.id, on=on, about=key, template=template
            )


def _without_visits(order: ServiceOrder, kind: ForgottenKind, *, on: date) -> Forgotten:
    return Forgotten(kind=kind, citizen_id=order.citizen_id, order_id=order.id, on=on, about=order.id)


def _asks_for_anything(plan: CarePlan, *, on: date) -> bool:
    rhythm = max((template.every_weeks for template in plan.templates), default=1)
    days = [on + timedelta(days=ahead) for ahead in range(max(LOOK_AHEAD_DAYS, 7 * rhythm))]
    return any(_may_fall_on(plan, template, day) for template in plan.templates for day in days)


def _is_due(order: ServiceOrder, plan: CarePlan, template: VisitTemplate, planned: Planned, *, on: date) -> bool:
    """A visit on fixed days is due on them. A movable one on the day chosen for it, and when this day is its last chance."""
    if not _may_fall_on(plan, template, on):
        return False
    if template.times is None and not _gives_way(template, on):
        return True
    return on in planned.chosen.get((template.id, _monday(on)), ()) or _is_last_chance(
        order, plan, template, planned, on=on
    )


def _may_fall_on(plan: CarePlan, template: VisitTemplate, on: date) -> bool:
    """Whether the day is open to the visit, in a week of its rhythm, counted from the week of the plan's first day."""
    weeks = (_monday(on) - _monday(plan.from_on)).days // 7
    return on >= plan.from_on and weeks % template.every_weeks == 0 and on in _open_days(template, on)


def _open_days(template: VisitTemplate, on: date) -> list[date]:
    """The days of the week on which the visit may come: those it names, or around a holiday any that is none."""
    if _gives_way(template, on):
        working = range(_WORKING_DAYS)
        return [day for day in _week(on) if day.weekday() in {*template.weekdays, *working} and not is_holiday(day)]
    return [day for day in _week(on) if day.weekday() in template.weekdays]


def _gives_way(template: VisitTemplate, on: date) -> bool:
    """Whether a holiday of the week falls on one of the visit's days, and the visit is one that waits for a working day."""
    named = [day for day in _week(on) if day.weekday() in template.weekdays]
    return keeps_off_holidays(template) and any(map(is_holiday, named))


def _is_last_chance(
    order: ServiceOrder, plan: CarePlan, template: VisitTemplate, planned: Planned, *, on: date
) -> bool:
    """Whether the week, which must be known from its first day, can no longer hold its number of visits without this day.

    Each day of the week on which it could have come, had the citizen not been away, explains one that is lacking.
    """
    days, apart = _open_days(template, on), template.min_days_between
    is_whole = plan.from_on <= _monday(on) and all(map(order.in_force, _week(on)))
    if not is_whole or not planned.published.issuperset(day for day in days if day < on):
        return False
    came = {day for day in planned.came.get(template.id, ()) if _monday(day) == _monday(on) and day != on}
    missed = planned.away.get(order.citizen_id, frozenset()) & set(days) - came
    wanted = min(template.times_a_week, _most_days((), days, apart=apart)) - len(missed)
    return wanted - len(came) > _most_days(came, (day for day in days if day > on and day not in missed), apart=apart)


def _most_days(taken: Iterable[date], free: Iterable[date], *, apart: int) -> int:
    """How many of the free days fit beside those taken, each at least so many days from every other."""
    fixed = list(taken)
    added: list[date] = []
    for day in sorted(free):
        if all(abs((day - other).days) >= apart for other in (*fixed, *added)):
            added.append(day)
    return len(added)


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _week(on: date) -> list[date]:
    return [_monday(on) + timedelta(days=ahead) for ahead in range(7)]
