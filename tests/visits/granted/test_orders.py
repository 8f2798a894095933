from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.errors import Refused
from visits.granted.orders import FINAL, STEPS, UNDER_WAY, OrderState, OrderStep, ServiceOrder, commenced, stepped
from visits.terms import CitizenId, DecisionId, OrderId, Period, ProviderId, ServiceKind, TeamId

DAY = date(2026, 11, 23)


def an_order(state: OrderState = OrderState.SENT) -> ServiceOrder:
    return ServiceOrder(
        id=OrderId(uuid4()),
        decision_id=DecisionId(uuid4()),
        citizen_id=CitizenId(uuid4()),
        kind=ServiceKind.HOME_CARE,
        provider_id=ProviderId(uuid4()),
        team_id=TeamId(uuid4()),
        state=state,
        valid=Period(DAY, DAY + timedelta(days=99)),
    )


def test_an_order_is_sent_received_begun_rests_goes_on_and_ends() -> None:
    order = an_order()
    steps = [OrderStep.ACKNOWLEDGE, OrderStep.COMMENCE, OrderStep.PAUSE, OrderStep.RESUME, OrderStep.END]
    seen = []
    for nth, step in enumerate(steps):
        order = stepped(order, step, on=DAY + timedelta(days=nth))
        seen.append(order.state)
    assert seen == [
        OrderState.ACKNOWLEDGED,
        OrderState.COMMENCED,
        OrderState.PAUSED,
        OrderState.COMMENCED,
        OrderState.ENDED,
    ]
    assert (order.acknowledged_on, order.commenced_on) == (DAY, DAY + timedelta(days=1))


@given(steps=st.lists(st.sampled_from(OrderStep), max_size=12))
def test_no_way_of_steps_leads_an_order_out_of_its_states(steps: list[OrderStep]) -> None:
    order = an_order()
    for nth, step in enumerate(steps):
        before = order
        on = DAY + timedelta(days=nth)
        if (before.state, step) in STEPS:
            order = stepped(before, step, on=on)
        else:
            with pytest.raises(Refused, match="order_state"):
                stepped(before, step, on=on)
        # Whoever is under way has been received first; nobody comes back from the end; nobody begins twice.
        assert order.state not in UNDER_WAY or (order.acknowledged_on is not None and order.commenced_on is not None)
        assert before.state not in FINAL or order == before
        assert before.commenced_on is None or order.commenced_on == before.commenced_on
        if order.acknowledged_on and order.commenced_on:
            assert order.acknowledged_on <= order.commenced_on


@given(state=st.sampled_from(OrderState))
def test_help_that_comes_begins_whatever_was_sent_and_changes_nothing_else(state: OrderState) -> None:
    order = an_order(state)
    begun = commenced(order, on=DAY)
    assert begun == commenced(begun, on=DAY + timedelta(days=3))
    if state in {OrderState.SENT, OrderState.ACKNOWLEDGED}:
        assert (begun.state, begun.commenced_on, begun.has_begun) == (OrderState.COMMENCED, DAY, True)
    else:
        assert begun == order


def test_an_order_reads_as_ended_after_its_last_day_whoever_forgot_to_say_so() -> None:
    order = replace(an_order(OrderState.COMMENCED), valid=Period(DAY, DAY))
    assert order.state_on(DAY) is OrderState.COMMENCED
    assert order.state_on(DAY + timedelta(days=1)) is OrderState.ENDED


def test_an_order_that_is_to_be_changed_goes_on_as_it_was_until_then() -> None:
    begun = commenced(an_order(), on=DAY)
    changed = replace(stepped(begun, OrderStep.CHANGE, on=DAY), valid=Period(DAY, DAY + timedelta(days=6)))
    assert changed.state_on(DAY + timedelta(days=6)) is OrderState.COMMENCED
    assert changed.state_on(DAY + timedelta(days=7)) is OrderState.CHANGED
    with pytest.raises(Refused, match="order_state"):
        stepped(changed, OrderStep.PAUSE, on=DAY)
