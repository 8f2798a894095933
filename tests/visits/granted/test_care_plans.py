from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from visits.errors import Invalid, Refused
from visits.granted.care_plans import (
    CarePlan,
    CarePlanState,
    Participation,
    Signature,
    activated,
    drawn_up_by,
    in_force,
    proposed,
    reviewed,
    revised,
    superseded,
)
from visits.granted.visit_templates import VisitTemplate
from visits.terms import CarePlanId, CitizenId, OrderId, ServiceCode, VisitTemplateId

MONDAY = date(2026, 11, 23)
SHOWER = VisitTemplate(
    id=VisitTemplateId(uuid4()),
    codes=(ServiceCode.SHOWER,),
    instructions="",
    weekdays=frozenset({1}),
    earliest=time(9),
    latest=time(12),
    wish_earliest=time(9),
    wish_latest=time(12),
    minutes=40,
)


def a_plan(**changed: object) -> CarePlan:
    plan = CarePlan(
        id=CarePlanId(uuid4()),
        order_id=OrderId(uuid4()),
        citizen_id=CitizenId(uuid4()),
        version=1,
        state=CarePlanState.PRELIMINARY,
        from_on=date(2026, 11, 2),
        templates=(SHOWER,),
        goal="Astrid känner sig fräsch och trygg.",
    )
    return replace(plan, **changed)  # type: ignore[arg-type]


def agreed(plan: CarePlan, today: date = MONDAY) -> CarePlan:
    return activated(proposed(plan), took_part=Participation.FULL, participants="dottern", signature=None, today=today)


def test_a_plan_goes_from_preliminary_to_proposed_to_active_and_is_due_for_review_within_six_months() -> None:
    plan = agreed(a_plan())
    assert (plan.state, plan.activated_on, plan.review_on) == (CarePlanState.ACTIVE, MONDAY, date(2027, 5, 24))
    assert (plan.took_part, plan.participants) == (Participation.FULL, "dottern")
    assert plan.state_on(date(2027, 5, 23)) is CarePlanState.ACTIVE
    assert plan.state_on(date(2027, 5, 24)) is CarePlanState.DUE_FOR_REVIEW


def test_a_plan_is_made_also_with_whoever_declines_to_take_part() -> None:
    plan = activated(
        proposed(a_plan()), took_part=Participation.DECLINED, participants="", signature=None, today=MONDAY
    )
    assert (plan.state, plan.took_part) == (CarePlanState.ACTIVE, Participation.DECLINED)


def test_no_step_is_skipped_and_no_plan_is_proposed_without_a_goal() -> None:
    with pytest.raises(Refused, match="plan_without_goal"):
        proposed(a_plan(goal="  "))
    with pytest.raises(Refused, match="plan_state"):
        activated(a_plan(), took_part=Participation.FULL, participants="", signature=None, today=MONDAY)
    with pytest.raises(Refused, match="plan_state"):
        proposed(agreed(a_plan()))
    with pytest.raises(Refused, match="plan_state"):
        superseded(superseded(a_plan()))


def test_a_review_lies_at_most_six_months_ahead() -> None:
    plan = agreed(a_plan())
    later = date(2027, 5, 24)
    assert reviewed(plan, today=later, review_on=date(2027, 11, 22)).review_on == date(2027, 11, 22)
    for wrong in (later, date(2027, 11, 23)):
        with pytest.raises(Invalid, match="2027-11-22 at the latest"):
            reviewed(plan, today=later, review_on=wrong)


def test_a_new_version_asks_again_who_took_part_and_holds_from_the_day_after_it_was_agreed() -> None:
    first = agreed(a_plan(), today=date(2026, 11, 2))
    second = revised(first, plan_id=CarePlanId(uuid4()), version=2, from_on=date(2026, 11, 16), templates=(SHOWER,))
    assert (second.state, second.took_part, second.activated_on, second.goal) == (
        CarePlanState.PRELIMINARY,
        None,
        None,
        first.goal,
    )
    assert in_force([first, second], on=MONDAY) == {first.order_id: first}
    held, new = superseded(first), agreed(second)
    assert in_force([held, new], on=MONDAY) == {first.order_id: held}
    assert in_force([held, new], on=MONDAY + timedelta(days=1)) == {first.order_id: new}


def test_a_first_plan_holds_at_once_and_is_drawn_up_within_fourteen_days() -> None:
    plan = a_plan()
    assert plan.holds_on(date(2026, 11, 2))
    assert not plan.holds_on(date(2026, 11, 1))
    assert drawn_up_by(date(2026, 11, 2)) == date(2026, 11, 16)


def test_a_signature_is_somebodys() -> None:
    with pytest.raises(Invalid, match="a signature is somebody's"):
        Signature(by=" ", on=MONDAY)
