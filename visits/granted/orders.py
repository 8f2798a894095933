"""Orders (beställningar): the authority asks a provider to carry out a decision."""

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
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrder:
    """One provider's task for one citizen; `succeeds` names the order whose end is this one's beginning."""

    id: OrderId
    decision_id: DecisionId
    citizen_id: CitizenId
    kind: ServiceKind
    provider_id: ProviderId
    team_id: TeamId
    state: OrderState
    valid: Period
    succeeds: OrderId | None = None

    def in_force(self, on: date) -> bool:
        return on in self.valid

    def ended_before(self, first_on: date) -> "ServiceOrder":
        """The order with the day before `first_on` as its last. Refused when it would then never have been in force."""
        if first_on <= self.valid.first_on:
            raise Refused(rule="order_would_never_begin", first_on=first_on, began_on=self.valid.first_on)
        return replace(self, valid=Period(self.valid.first_on, first_on - timedelta(days=1)))


def check_against(order: ServiceOrder, decision: Decision) -> None:
    """An order never outlives its decision (domain reference 11, rule 2), nor begins before it."""
    starts_early = order.valid.first_on < decision.valid.first_on
    ends_late = decision.valid.last_on is not None and (
        order.valid.last_on is None or order.valid.last_on > decision.valid.last_on
    )
    if starts_early or ends_late:
        raise Refused(rule="order_outside_decision", order=order.valid, decision=decision.valid)
