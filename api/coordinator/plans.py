"""The team's orders and care plans as the coordinator sees them: what awaits, and one order whole."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from visits.actions.plan_at_hand import PlanAtHand, plan_at_hand
from visits.errors import NotFound
from visits.granted.care_plans import CarePlan, CarePlanState, drawn_up_by, in_force
from visits.granted.orders import OrderState, ServiceOrder
from visits.granted.plan_lines import NEEDS_WORDS, PlanLine, plan_lines
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import Citizen
from visits.store import care_plans, citizens, decisions, orders, teams
from visits.terms import CitizenId, OrderId, Period

REVIEW_SOON_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """An order at the team with the newest version of its plan. `beyond` counts the lines that go beyond the order."""

    citizen: Citizen
    order: ServiceOrder
    state: OrderState
    newest: CarePlan | None
    is_agreed: bool
    beyond: int

    @property
    def due_on(self) -> date:
        """By when the plan is to be drawn up."""
        return drawn_up_by(self.order.valid.first_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPlans:
    """What awaits first: orders to receive, plans to draw up (soonest due first), plans to look at again; then all, by name."""

    team: Team
    received: tuple[PlanRow, ...]
    to_draw_up: tuple[PlanRow, ...]
    to_review: tuple[PlanRow, ...]
    everybody: tuple[PlanRow, ...]


def team_plans(session: Session, viewer: Viewer) -> TeamPlans:
    """The team's orders in force and to come."""
    if viewer.team_id is None:
        raise NotFound(what="team")
    known = orders.orders_of_team(session, viewer, team_id=viewer.team_id)
    rows = sorted(_rows(session, viewer, known), key=lambda row: (row.citizen.family_name, row.citizen.given_name))
    soon = viewer.today + timedelta(days=REVIEW_SOON_DAYS)
    return TeamPlans(
        team=teams.team(session, viewer.team_id),
        received=tuple(row for row in rows if row.state is OrderState.SENT),
        to_draw_up=tuple(sorted((row for row in rows if not row.is_agreed), key=lambda row: row.due_on)),
        to_review=tuple(
            sorted(
                (row for row in rows if row.newest and row.is_agreed and _review_on(row.newest) <= soon),
                key=lambda row: _review_on(row.newest),
            )
        ),
        everybody=tuple(rows),
    )


def _review_on(plan: CarePlan | None) -> date:
    return date.max if plan is None or plan.review_on is None else plan.review_on


def _rows(session: Session, viewer: Viewer, known: Iterable[ServiceOrder]) -> list[PlanRow]:
    by_day: dict[date, list[ServiceOrder]] = defaultdict(list)
    for order in known:
        by_day[max(order.valid.first_on, viewer.today)].append(order)
    return [row for on, due in by_day.items() for row in _rows_of_day(session, viewer, due, on=on)]


def _rows_of_day(session: Session, viewer: Viewer, due: list[ServiceOrder], *, on: date) -> list[PlanRow]:
    """The rows of orders that are in the viewer's sight on the same day."""
    concerned = {order.citizen_id for order in due}
    people = {one.id: one for one in citizens.find(session, viewer, Subject.CARE, only=concerned, on=on)}
    granted = {
        decision.id: decision
        for decision in decisions.decisions_in(session, viewer, citizens=concerned, period=Period(on, on), on=on)
    }
    versions: dict[OrderId, list[CarePlan]] = defaultdict(list)
    ids = [order.id for order in due]
    for plan in care_plans.plans_of_orders(session, viewer, orders=ids, on=on, versions=True):
        versions[plan.order_id].append(plan)
    rows = []
    for order in due:
        newest = versions[order.id][0] if versions[order.id] else None
        decision = granted.get(order.decision_id)
        lines = plan_lines(newest, decision) if newest and decision else []
        rows.append(
            PlanRow(
                citizen=people[order.citizen_id],
                order=order,
                state=order.state_on(viewer.today),
                newest=newest,
                is_agreed=any(plan.state is CarePlanState.ACTIVE for plan in versions[order.id]),
                beyond=sum(1 for line in lines if line.finding in NEEDS_WORDS),
            )
        )
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePlan:
    """One order whole. `lines` hold the newest version against the decision, `holding` is the version that visits follow."""

    citizen: Citizen
    at_hand: PlanAtHand
    state: OrderState
    newest: CarePlan | None
    holding: CarePlan | None
    lines: tuple[PlanLine, ...]
    sharing: dict[CitizenId, str]

    @property
    def order(self) -> ServiceOrder:
        return self.at_hand.order


def one_plan(session: Session, viewer: Viewer, order_id: OrderId) -> OnePlan:
    """`NotFound` unless the order is at the viewer's team."""
    at_hand = plan_at_hand(session, viewer, order_id)
    on = max(at_hand.order.valid.first_on, viewer.today)
    shared = {line.shared_with for line in at_hand.decision.services if line.shared_with is not None}
    people = citizens.find(session, viewer, Subject.CARE, only={at_hand.order.citizen_id, *shared}, on=on)
    found = {one.id: one for one in people}
    if at_hand.order.citizen_id not in found:
        raise NotFound(what="citizen")
    newest = at_hand.versions[0] if at_hand.versions else None
    return OnePlan(
        citizen=found[at_hand.order.citizen_id],
        at_hand=at_hand,
        state=at_hand.order.state_on(viewer.today),
        newest=newest,
        holding=in_force(at_hand.versions, on=viewer.today).get(order_id),
        lines=tuple(plan_lines(newest, at_hand.decision)) if newest else (),
        sharing={key: found[key].name for key in shared if key in found},
    )
