"""Visit demands: care plans times days. The only place where a local wish becomes an instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from visits.errors import Refused
from visits.granted.care_plans import CarePlan
from visits.granted.orders import ServiceOrder
from visits.granted.visit_templates import Priority, VisitTemplate
from visits.planned.due_days import NOTHING_CHOSEN, Chosen, is_due
from visits.planned.visit_ids import visit_id
from visits.terms import CitizenId, OrderId, ServiceCode, Skill, TeamId, VisitId, VisitTemplateId, instant


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDemand:
    """A visit that is due on a day, before anybody has been chosen to make it.

    It must start within `[earliest_at, latest_at]` and should within `[wish_earliest_at, wish_latest_at]`.
    """

    visit_id: VisitId
    template_id: VisitTemplateId
    citizen_id: CitizenId
    order_id: OrderId
    team_id: TeamId
    on: date
    codes: tuple[ServiceCode, ...]
    instructions: str
    earliest_at: datetime
    latest_at: datetime
    wish_earliest_at: datetime
    wish_latest_at: datetime
    minutes: int
    staff_required: int
    skills: frozenset[Skill]
    priority: Priority
    after: VisitId | None = None
    min_gap_minutes: int = 0

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)


def demands_of_day(
    orders: Iterable[ServiceOrder],
    plans: Iterable[CarePlan],
    *,
    away: frozenset[CitizenId],
    on: date,
    chosen: Chosen = NOTHING_CHOSEN,
) -> tuple[VisitDemand, ...]:
    """What is due on the day, in order of time: for each order in force the newest plan begun by then.

    Citizens who are away are left out, and plans whose order is not in force are without effect. `chosen` are the days that a
    fortnight's plan has chosen; where it says nothing, the usual days of a template hold.
    """
    in_force = {order.id: order for order in orders if order.in_force(on) and order.citizen_id not in away}
    found = [
        demand_of(in_force[plan.order_id], plan, template, on=on, chosen=chosen)
        for plan in _newest(plans, on=on)
        if plan.order_id in in_force
        for template in plan.templates
        if is_due(plan, template, on=on, chosen=chosen)
    ]
    return tuple(sorted(found, key=lambda demand: (demand.earliest_at, demand.visit_id)))


def demand_of(
    order: ServiceOrder, plan: CarePlan, template: VisitTemplate, *, on: date, chosen: Chosen = NOTHING_CHOSEN
) -> VisitDemand:
    """The visit that `template` asks for on the day. Refused without an order in force (domain reference 11, rule 1)."""
    if not order.in_force(on) or plan.order_id != order.id:
        raise Refused(rule="no_order_in_force", order_id=order.id, on=on)
    earliest_at, wish_earliest_at, wish_latest_at, latest_at = _instants(template, on=on)
    after = _earlier_visit(plan, template, on=on, chosen=chosen)
    return VisitDemand(
        visit_id=visit_id(template.id, on),
        template_id=template.id,
        citizen_id=order.citizen_id,
        order_id=order.id,
        team_id=order.team_id,
        on=on,
        codes=template.codes,
        instructions=template.instructions,
        earliest_at=earliest_at,
        latest_at=latest_at,
        wish_earliest_at=wish_earliest_at,
        wish_latest_at=wish_latest_at,
        minutes=template.minutes,
        staff_required=template.staff_required,
        skills=template.skills,
        priority=template.priority,
        after=after,
        min_gap_minutes=template.min_gap_minutes if after else 0,
    )


def _newest(plans: Iterable[CarePlan], *, on: date) -> list[CarePlan]:
    newest: dict[OrderId, CarePlan] = {}
    for plan in plans:
        known = newest.get(plan.order_id)
        if plan.holds_on(on) and (known is None or plan.version > known.version):
            newest[plan.order_id] = plan
    return list(newest.values())


def _earlier_visit(plan: CarePlan, template: VisitTemplate, *, on: date, chosen: Chosen) -> VisitId | None:
    """The visit that must come before, if it too is due on the day."""
    named = (earlier for earlier in plan.templates if earlier.id == template.after)
    due = (earlier for earlier in named if is_due(plan, earlier, on=on, chosen=chosen))
    return next((visit_id(earlier.id, on) for earlier in due), None)


def _instants(template: VisitTemplate, *, on: date) -> tuple[datetime, datetime, datetime, datetime]:
    """When the window opens, when the wish begins and ends, when the window closes: never one before the one it follows.

    Only where the clock jumps forward could an end come to lie before its beginning (02:30 becomes 03:30, 03:00 stays): there the
    end keeps its distance on the wall clock.
    """
    width = _minutes_after(template.earliest, template.latest)
    begins, ends = (
        _nearest_within(width, _minutes_after(template.earliest, wall))
        for wall in (template.wish_earliest, template.wish_latest)
    )
    earliest_at = _at(template.earliest, 0, on=on)
    latest_at = _at(template.earliest, width, on=on)
    if latest_at < earliest_at:
        latest_at = earliest_at + timedelta(minutes=width)
    wish_earliest_at = min(max(_at(template.earliest, begins, on=on), earliest_at), latest_at)
    wish_latest_at = min(max(_at(template.earliest, ends, on=on), wish_earliest_at), latest_at)
    return earliest_at, wish_earliest_at, wish_latest_at, latest_at


def _minutes_after(start: time, wall: time) -> int:
    """Minutes on the wall clock from `start` to the next time it shows `wall`; less than a day."""
    return ((wall.hour * 60 + wall.minute) - (start.hour * 60 + start.minute)) % (24 * 60)


def _nearest_within(width: int, minutes: int) -> int:
    """A wish outside the window is taken as the nearer end of it."""
    if minutes <= width:
        return minutes
    return width if minutes - width <= 24 * 60 - minutes else 0


def _at(start: time, minutes: int, *, on: date) -> datetime:
    """The instant at which the wall clock shows `minutes` after `start` on the day, which may be past midnight."""
    days, minute = divmod(start.hour * 60 + start.minute + minutes, 24 * 60)
    return instant(on + timedelta(days=days), time(minute // 60, minute % 60))
