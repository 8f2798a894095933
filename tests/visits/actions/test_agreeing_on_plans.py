"""A care plan on its way: written anew, put to the citizen, agreed, looked at again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories.world import MONDAY, World, a_template
from visits.actions.activate_plan import activate_plan
from visits.actions.propose_plan import propose_plan
from visits.actions.review_plan import review_plan
from visits.actions.revise_plan import revise_plan
from visits.errors import Invalid, NotFound, Refused
from visits.granted.care_plans import CarePlan, CarePlanState, Explanation, Participation, Signature
from visits.store import care_plans
from visits.terms import OrderId, ServiceCode

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
GOAL = "Astrid kommer upp och får frukost i lugn och ro."


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def versions(world: World, order_id: OrderId) -> dict[int, CarePlan]:
    found = care_plans.plans_of_orders(world.session, world.system(), orders=[order_id])
    return {plan.version: plan for plan in found}


def minutes_on(world: World, order_id: OrderId, on: object) -> list[int]:
    (plan,) = care_plans.plans_of_orders(world.session, world.system(), orders=[order_id], on=on)  # type: ignore[arg-type]
    return [template.minutes for template in plan.templates]


def test_a_new_version_is_agreed_and_the_old_one_holds_until_the_day_after(world: World) -> None:
    team = world.team()
    cared, viewer = world.cared(team), world.as_coordinator(team)
    order_id = cared.order.id
    written = revise_plan(world.session, viewer, order_id, from_on=MONDAY, templates=(a_template(minutes=25),))
    again = revise_plan(world.session, viewer, order_id, from_on=MONDAY, templates=(a_template(minutes=28),))
    assert {version: plan.state for version, plan in versions(world, order_id).items()} == {
        1: CarePlanState.ACTIVE,
        2: CarePlanState.SUPERSEDED,
        3: CarePlanState.PRELIMINARY,
    }
    with pytest.raises(Refused, match="plan_state"):
        propose_plan(world.session, viewer, order_id, written.id, goal=GOAL)
    propose_plan(world.session, viewer, order_id, again.id, goal=GOAL)
    agreed = activate_plan(
        world.session,
        viewer,
        order_id,
        again.id,
        took_part=Participation.PARTLY,
        participants="dottern Karin",
        signature=Signature(by="Astrid Boende1", on=MONDAY),
    )
    kept = versions(world, order_id)[3]
    assert kept == agreed
    assert (kept.goal, kept.participants, kept.review_on) == (GOAL, "dottern Karin", MONDAY + timedelta(days=182))
    assert versions(world, order_id)[1].state is CarePlanState.SUPERSEDED
    assert (minutes_on(world, order_id, MONDAY), minutes_on(world, order_id, TUESDAY)) == ([30], [28])


def test_what_goes_beyond_the_order_is_put_to_nobody_without_an_explanation_which_is_kept(world: World) -> None:
    team = world.team()
    cared, viewer = world.cared(team), world.as_coordinator(team)  # granted: 30 minutes a day
    plan = revise_plan(world.session, viewer, cared.order.id, from_on=WEDNESDAY, templates=(a_template(minutes=40),))
    with pytest.raises(Refused) as refused:
        propose_plan(world.session, viewer, cared.order.id, plan.id, goal=GOAL)
    assert (refused.value.params["rule"], refused.value.params["services"]) == ("plan_beyond_order", "morning")
    explained = Explanation(code=ServiceCode.MORNING, why="Fler moment sedan fallet; nyprövning är begärd.")
    propose_plan(world.session, viewer, cared.order.id, plan.id, goal=GOAL, explanations=[explained])
    assert versions(world, cared.order.id)[2].explanations == (explained,)


def test_a_plan_that_holds_is_looked_at_again_and_a_strangers_is_not_there(world: World) -> None:
    team, other = world.team(), world.team()
    cared, viewer = world.cared(team), world.as_coordinator(team)
    later = MONDAY + timedelta(days=100)
    assert review_plan(world.session, viewer, cared.order.id, cared.plan.id, review_on=later).review_on == later
    with pytest.raises(NotFound):
        review_plan(world.session, world.as_coordinator(other), cared.order.id, cared.plan.id, review_on=later)
    with pytest.raises(Invalid, match="at least one visit"):
        revise_plan(world.session, viewer, cared.order.id, from_on=MONDAY, templates=())
    last_on = cared.order.valid.last_on
    assert last_on is not None
    with pytest.raises(Invalid, match="must be a day of the order"):
        revise_plan(
            world.session,
            viewer,
            cared.order.id,
            from_on=last_on + timedelta(days=1),
            templates=(replace(a_template(), minutes=10),),
        )
