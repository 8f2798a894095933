from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.visits.granted.test_decisions import a_decision
from tests.visits.granted.test_orders import an_order
from visits.granted.commencement import Delay, unexecuted
from visits.granted.orders import OrderState
from visits.terms import Period

DECIDED = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("days", "warned", "reported"), [(59, False, False), (60, True, False), (89, True, False), (90, True, True)]
)
def test_a_decision_not_begun_warns_after_sixty_days_and_is_reported_after_ninety(
    *, days: int, warned: bool, reported: bool
) -> None:
    found = unexecuted([a_decision()], [], today=DECIDED + timedelta(days=days))
    assert [one.days for one in found] == ([days] if warned else [])
    assert [one.is_reported for one in found] == ([reported] if warned else [])


def test_it_says_as_far_as_orders_tell_why_help_has_not_begun() -> None:
    today = DECIDED + timedelta(days=75)
    decision = a_decision()
    sent = replace(an_order(OrderState.SENT), decision_id=decision.id)
    received = replace(sent, state=OrderState.ACKNOWLEDGED, acknowledged_on=DECIDED)

    def delay(*orders: object) -> Delay:
        (found,) = unexecuted([decision], list(orders), today=today)  # type: ignore[arg-type]
        return found.delay

    assert (delay(), delay(sent), delay(received)) == (
        Delay.NOT_ORDERED,
        Delay.NOT_ACKNOWLEDGED,
        Delay.NOT_COMMENCED,
    )
    begun = replace(received, state=OrderState.COMMENCED, commenced_on=DECIDED)
    gone_over = replace(sent, valid=Period(DECIDED + timedelta(days=70)))
    assert unexecuted([decision], [begun, gone_over], today=today) == []


def test_the_oldest_comes_first_and_what_has_run_out_is_left_out() -> None:
    today = date(2027, 2, 1)
    older, newer = replace(a_decision(), decided_on=date(2026, 9, 1)), a_decision()
    over = replace(a_decision(), valid=Period(DECIDED, date(2027, 1, 31)))
    assert [one.decision.id for one in unexecuted([newer, over, older], [], today=today)] == [older.id, newer.id]
