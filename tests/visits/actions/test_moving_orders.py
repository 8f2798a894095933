"""Orders on their way: received, begun by the first visit, resting, changed, ended."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.reactions import begin_order_of_visit
from tests.factories.world import MONDAY, Cared, World
from visits.actions.acknowledge_order import acknowledge_order
from visits.actions.change_order import change_order
from visits.actions.end_order import end_order
from visits.actions.make_decision import make_decision
from visits.actions.pause_orders import pause_orders
from visits.actions.record_fact import record_fact
from visits.actions.resume_orders import resume_orders
from visits.errors import Invalid, NotFound, Refused
from visits.events import FactRecorded
from visits.granted.orders import OrderState, ServiceOrder
from visits.performed.checkins import Fact, FactKind, Source
from visits.performed.visit import VisitState
from visits.store import care_plans, citizen_absences, orders, visits
from visits.terms import AbsenceReason, DecisionId, FactId, OrderId, Period, ServiceCode

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def sent(world: World, cared: Cared) -> ServiceOrder:
    order = replace(cared.order, state=OrderState.SENT)
    orders.save(world.session, order)
    return order


def now_of(world: World, order_id: OrderId) -> ServiceOrder:
    return orders.order(world.session, world.system(), order_id)


def test_the_team_receives_an_order_once_and_nobody_elses(world: World) -> None:
    mine, other = world.team(), world.team()
    order = sent(world, world.cared(mine))
    received = acknowledge_order(world.session, world.as_coordinator(mine), order.id)
    assert (received.state, received.acknowledged_on) == (OrderState.ACKNOWLEDGED, MONDAY)
    with pytest.raises(Refused, match="order_state"):
        acknowledge_order(world.session, world.as_coordinator(mine), order.id)
    with pytest.raises(NotFound):
        acknowledge_order(world.session, world.as_coordinator(other), order.id)


def test_the_first_check_in_begins_an_order_that_nobody_had_received(world: World) -> None:
    team = world.team()
    carer, cared = world.carer(team), world.cared(team)
    order = sent(world, cared)
    world.published(team, [(cared, carer, "08:00")])
    visit_id = cared.visit()
    news = FactRecorded(visit_id=visit_id, team_id=team.id, on=MONDAY)
    begin_order_of_visit(world.session, news, world.at("08:01"))
    assert now_of(world, order.id).state is OrderState.SENT  # nobody has been there yet
    fact = Fact(
        id=FactId(uuid4()),
        visit_id=visit_id,
        carer_id=carer.id,
        kind=FactKind.CHECK_IN,
        happened_at=world.at("08:02"),
        received_at=world.at("08:02"),
        source=Source.TAG,
    )
    record_fact(world.session, world.as_carer(carer), fact, now=world.at("08:02"))
    for _ in range(2):
        begin_order_of_visit(world.session, news, world.at("08:03"))
    begun = now_of(world, order.id)
    assert (begun.state, begun.acknowledged_on, begun.commenced_on) == (OrderState.COMMENCED, MONDAY, MONDAY)


def test_orders_rest_while_their_citizen_is_away_and_go_on_when_they_come_back(world: World) -> None:
    team = world.team()
    carer, cared = world.carer(team), world.cared(team)
    for on in (MONDAY, TUESDAY):
        world.published(team, [(cared, carer, "08:00")], on=on)
    coordinator = world.as_coordinator(team)
    pause_orders(world.session, coordinator, citizen_id=cared.id, from_on=MONDAY, reason=AbsenceReason.HOSPITAL)
    assert now_of(world, cared.order.id).state is OrderState.PAUSED
    assert citizen_absences.away_on(world.session, [cared.id], MONDAY + timedelta(days=300)) == {cared.id}
    resume_orders(world.session, coordinator, citizen_id=cared.id, first_on=TUESDAY)
    assert now_of(world, cared.order.id).state is OrderState.COMMENCED
    assert citizen_absences.away_on(world.session, [cared.id], MONDAY) == {cared.id}
    assert citizen_absences.away_on(world.session, [cared.id], TUESDAY) == frozenset()
    known = visits.visits_of_citizens(
        world.session, world.system(), citizens=[cared.id], first_on=MONDAY, last_on=TUESDAY
    )
    assert {visit.on: visit.state for visit in known} == {MONDAY: VisitState.CANCELLED, TUESDAY: VisitState.PLANNED}
    with pytest.raises(Refused, match="no_order_rests"):
        resume_orders(world.session, coordinator, citizen_id=cared.id, first_on=TUESDAY)


def test_an_order_that_ends_early_takes_its_later_visits_with_it(world: World) -> None:
    team = world.team()
    carer, cared = world.carer(team), world.cared(team)
    for on in (MONDAY, TUESDAY):
        world.published(team, [(cared, carer, "08:00")], on=on)
    viewer = world.system()
    with pytest.raises(Invalid, match="2026-11-22"):
        end_order(world.session, viewer, cared.order.id, last_on=date(2026, 11, 1), now=world.at("09:00"))
    ended = end_order(world.session, viewer, cared.order.id, last_on=MONDAY, now=world.at("09:00"))
    assert (ended.valid.last_on, ended.state_on(TUESDAY)) == (MONDAY, OrderState.ENDED)
    known = visits.visits_of_citizens(world.session, viewer, citizens=[cared.id], first_on=MONDAY, last_on=TUESDAY)
    assert {visit.on: visit.state for visit in known} == {MONDAY: VisitState.PLANNED, TUESDAY: VisitState.WITHDRAWN}
    world.session.commit()


def test_a_renewed_decision_changes_the_order_and_help_goes_on_by_the_same_plan(world: World) -> None:
    team, officer = world.team(), world.case_officer()
    cared = world.cared(team, officer=officer)
    viewer = world.as_case_officer(officer)
    first_on = cared.decision.valid.last_on + timedelta(days=1)  # type: ignore[operator]
    renewed = replace(
        cared.decision,
        id=DecisionId(uuid4()),
        valid=Period(first_on, first_on + timedelta(days=364)),
        services=tuple(replace(line, id=uuid4()) for line in cared.decision.services),  # type: ignore[arg-type]
    )
    with pytest.raises(Refused, match="decision_without_end"):
        make_decision(
            world.session, viewer, replace(renewed, valid=Period(first_on)), open_ended={ServiceCode.ALARM_VISIT}
        )
    make_decision(world.session, viewer, renewed, open_ended=())
    new = change_order(
        world.session, viewer, old=cared.order, decision=renewed, first_on=first_on, now=world.at("09:00")
    )
    old = now_of(world, cared.order.id)
    assert (new.version, new.succeeds, new.state, new.valid) == (2, old.id, OrderState.SENT, renewed.valid)
    assert (old.state, old.state_on(first_on)) == (OrderState.CHANGED, OrderState.CHANGED)
    assert old.state_on(MONDAY) is OrderState.COMMENCED or old.commenced_on is None
    (plan,) = care_plans.plans_of_orders(world.session, world.system(), orders=[new.id], on=first_on)
    assert [one.minutes for one in plan.templates] == [one.minutes for one in cared.plan.templates]
    world.session.commit()


def test_the_database_itself_holds_an_order_within_its_decision(world: World) -> None:
    cared = world.cared(world.team())
    world.session.commit()
    longer = replace(cared.order, valid=Period(cared.order.valid.first_on, date(2028, 1, 1)))
    orders.save(world.session, longer)
    with pytest.raises(IntegrityError, match="within the days of its decision"):
        world.session.commit()
    world.session.rollback()
    world.session.execute(text("UPDATE decisions SET valid = daterange('2026-11-01', '2026-11-30', '[]')"))
    with pytest.raises(IntegrityError, match="within the days of its decision"):
        world.session.commit()
