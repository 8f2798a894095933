"""Orders (beställningar): the authority asks a provider to carry out a decision."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from visits.errors import Refused
from visits.granted.decisions import Decision
from visits.terms import CitizenId, DecisionId, OrderId, Period, ProviderId, ServiceKind, TeamId


class OrderState(StrEnum):
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    COMMENCED = "commenced"
    PAUSED = "paused"
    """The citizen is away, nobody knows for how long; the order rests meanwhile."""
    CHANGED = "changed"
    """A newer version of the order has taken over."""
    ENDED = "ended"


class OrderStep(StrEnum):
    """What can happen to an order."""

    ACKNOWLEDGE = "acknowledge"
    COMMENCE = "commence"
    PAUSE = "pause"
    RESUME = "resume"
    CHANGE = "change"
    END = "end"


STEPS: Mapping[tuple[OrderState, OrderStep], OrderState] = {
    (OrderState.SENT, OrderStep.ACKNOWLEDGE): OrderState.ACKNOWLEDGED,
    (OrderState.ACKNOWLEDGED, OrderStep.COMMENCE): OrderState.COMMENCED,
    (OrderState.COMMENCED, OrderStep.PAUSE): OrderState.PAUSED,
    (OrderState.PAUSED, OrderStep.RESUME): OrderState.COMMENCED,
    **{
        (state, step): after
        for state in (OrderState.SENT, OrderState.ACKNOWLEDGED, OrderState.COMMENCED, OrderState.PAUSED)
        for step, after in ((OrderStep.CHANGE, OrderState.CHANGED), (OrderStep.END, OrderState.ENDED))
    },
}
"""All that may happen (domain reference 2.1). What is not here is refused; nothing follows `CHANGED` and `ENDED`."""

UNDER_WAY = frozenset({OrderState.COMMENCED, OrderState.PAUSED})
FINAL = frozenset({OrderState.CHANGED, OrderState.ENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrder:
    """One provider's task for one citizen; `succeeds` names the order whose end is this one's beginning.

    `version` counts from 1 for each provider: the order that changes another is the next. `sent_on`, `acknowledged_on` and
    `commenced_on` are when it happened, None where it has not or is not known.
    """

    id: OrderId
    decision_id: DecisionId
    citizen_id: CitizenId
    kind: ServiceKind
    provider_id: ProviderId
    team_id: TeamId
    state: OrderState
    valid: Period
    succeeds: OrderId | None = None
    version: int = 1
    sent_on: date | None = None
    acknowledged_on: date | None = None
    commenced_on: date | None = None

    def in_force(self, on: date) -> bool:
        return on in self.valid

    @property
    def has_begun(self) -> bool:
        """Whether help has been given under it."""
        return self.commenced_on is not None or self.state in UNDER_WAY

    def state_on(self, today: date) -> OrderState:
        """The state as it reads on a day: after its last day an order has ended, and until then a change is still to come."""
        is_over = self.valid.last_on is not None and self.valid.last_on < today
        if is_over:
            return self.state if self.state in FINAL else OrderState.ENDED
        if self.state is not OrderState.CHANGED:
            return self.state
        if self.commenced_on is not None:
            return OrderState.COMMENCED
        return OrderState.SENT if self.acknowledged_on is None else OrderState.ACKNOWLEDGED

    def ended_before(self, first_on: date) -> "ServiceOrder":
        """The order with the day before `first_on` as its last. Refused when it would then never have been in force."""
        if first_on <= self.valid.first_on:
            raise Refused(rule="order_would_never_begin", first_on=first_on, began_on=self.valid.first_on)
        return replace(self, valid=Period(self.valid.first_on, first_on - timedelta(days=1)))


def stepped(order: ServiceOrder, step: OrderStep, *, on: date) -> ServiceOrder:
    """The order after a step on a day. Refused where `STEPS` does not hold the step."""
    after = STEPS.get((order.state, step))
    if after is None:
        raise Refused(rule="order_state", order_id=order.id, step=step.value, state=order.state.value)
    match step:
        case OrderStep.ACKNOWLEDGE:
            return replace(order, state=after, acknowledged_on=on)
        case OrderStep.COMMENCE:
            return replace(order, state=after, commenced_on=on)
        case _:
            return replace(order, state=after)


def commenced(order: ServiceOrder, *, on: date) -> ServiceOrder:
    """The order once help has come: whoever has begun has also received it. As it was where it had begun already."""
    if order.state is OrderState.SENT:
        order = stepped(order, OrderStep.ACKNOWLEDGE, on=on)
    return stepped(order, OrderStep.COMMENCE, on=on) if order.state is OrderState.ACKNOWLEDGED else order


def check_against(order: ServiceOrder, decision: Decision) -> None:
    """An order never outlives its decision (domain reference 11, rule 2), nor begins before it."""
    starts_early = order.valid.first_on < decision.valid.first_on
    ends_late = decision.valid.last_on is not None and (
        order.valid.last_on is None or order.valid.last_on > decision.valid.last_on
    )
    if starts_early or ends_late:
        raise Refused(rule="order_outside_decision", order=order.valid, decision=decision.valid)
