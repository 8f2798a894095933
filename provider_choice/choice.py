"""A citizen's request for a provider, from the asking to the first day.

    submitted ──► confirmed(first_on) ──► took effect      (on the first day, by itself)
        ├───────► declined(reason)
        └───────► withdrawn

A provider cannot be refused within its cap and area, the officer may give a later first day than the rule's but no earlier, and
informs but never ranks (domain reference 5.1, and 11 rule 8).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID, uuid4

from provider_choice.first_day import FirstDays
from provider_choice.providers import Offer
from visits.errors import Invalid, Refused
from visits.granted.decisions import Decision
from visits.granted.orders import ServiceOrder
from visits.terms import CaseOfficerId, CitizenId, OrderId, Period, ProviderId, local_day

RequestId = NewType("RequestId", UUID)


class RequestKind(StrEnum):
    WISH = "wish"
    """Granted home care, but nobody gives it yet."""
    SWITCH = "switch"


class RequestState(StrEnum):
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    TOOK_EFFECT = "took_effect"
    """Never stored: a confirmed request whose first day has come."""
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        return self in {RequestState.SUBMITTED, RequestState.CONFIRMED}


class DeclineReason(StrEnum):
    """Why a request may be declined: nothing else is a reason."""

    PROVIDER_FULL = "provider_full"
    OUTSIDE_AREA = "outside_area"
    NO_DECISION = "no_decision"
    CHANGED_MIND = "changed_mind"
    """The citizen has told the officer so."""
    NOT_ENTITLED = "not_entitled"
    """Whoever asked may not decide this for the citizen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where a citizen is in the choice of home care on the day `on`.

    `decisions` and `orders` are those in force or coming, oldest first; `offers` are the providers that serve where the citizen
    lives.
    """

    citizen_id: CitizenId
    on: date
    decisions: tuple[Decision, ...]
    orders: tuple[ServiceOrder, ...]
    offers: tuple[Offer, ...]

    @property
    def kind(self) -> RequestKind:
        """What the citizen would ask for now."""
        return RequestKind.SWITCH if self.orders else RequestKind.WISH

    @property
    def present(self) -> ServiceOrder | None:
        """The order in force, or else the one that is coming."""
        return self.orders[0] if self.orders else None

    def decision_on(self, on: date) -> Decision:
        """The decision that an order in force on the day carries out, else one valid then; `Refused` where there is none."""
        ordered = self.order_on(on)
        valid = [decision for decision in self.decisions if on in decision.valid]
        behind = [decision for decision in valid if ordered is not None and decision.id == ordered.decision_id]
        for decision in [*behind, *valid]:
            return decision
        raise Refused(rule="decision_has_ended", first_on=on)

    def order_on(self, on: date) -> ServiceOrder | None:
        return next((order for order in self.orders if order.in_force(on)), None)

    def find(self, provider_id: ProviderId) -> Offer | None:
        return next((offer for offer in self.offers if offer.provider.id == provider_id), None)

    def offer(self, provider_id: ProviderId) -> Offer:
        """The provider as it is open to the citizen; `Refused` where it does not come to the citizen's home."""
        found = self.find(provider_id)
        if found is None:
            raise Refused(rule="provider_outside_area", provider_id=provider_id)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRequest:
    """One request of one citizen. `asked_on` is the day from which the municipality's rule counts."""

    id: RequestId
    citizen_id: CitizenId
    provider_id: ProviderId
    kind: RequestKind
    state: RequestState
    asked_at: datetime
    asked_on: date
    answered_at: datetime | None = None
    answered_by: CaseOfficerId | None = None
    first_on: date | None = None
    order_id: OrderId | None = None
    reason: DeclineReason | None = None

    def __post_init__(self) -> None:
        if (self.state is RequestState.CONFIRMED) != (self.first_on is not None and self.order_id is not None):
            raise Invalid(field="first_on", value=self.first_on, why=f"does not belong to a request {self.state.value}")
        if (self.state is RequestState.DECLINED) != (self.reason is not None):
            raise Invalid(field="reason", value=self.reason, why=f"does not belong to a request {self.state.value}")
        if self.state is RequestState.TOOK_EFFECT:
            raise Invalid(field="state", value=self.state, why="comes by itself on the first day")
        if self.first_on is not None and self.first_on <= self.asked_on:
            raise Invalid(field="first_on", value=self.first_on, why=f"lies not after the request of {self.asked_on}")

    def state_on(self, today: date) -> RequestState:
        """The state as seen on a day: a confirmed request has taken effect from its first day on."""
        if self.state is RequestState.CONFIRMED and self.first_on is not None and today >= self.first_on:
            return RequestState.TOOK_EFFECT
        return self.state

    @property
    def open_days(self) -> Period | None:
        """The days on which the citizen can have no other request; None when it was declined or withdrawn."""
        match self.state:
            case RequestState.SUBMITTED:
                return Period(self.asked_on)
            case RequestState.CONFIRMED if self.first_on is not None:
                return Period(self.asked_on, self.first_on - timedelta(days=1))
            case _:
                return None

    def confirmed(
        self, *, first_on: date, order_id: OrderId, answered_at: datetime, by: CaseOfficerId
    ) -> "ChoiceRequest":
        self.check_waiting()
        return replace(
            self,
            state=RequestState.CONFIRMED,
            first_on=first_on,
            order_id=order_id,
            answered_at=answered_at,
            answered_by=by,
        )

    def declined(self, *, reason: DeclineReason, answered_at: datetime, by: CaseOfficerId) -> "ChoiceRequest":
        self.check_waiting()
        return replace(self, state=RequestState.DECLINED, reason=reason, answered_at=answered_at, answered_by=by)

    def withdrawn(self, *, answered_at: datetime) -> "ChoiceRequest":
        """Taken back by the citizen; harmless to repeat. A confirmed one is `Refused`: somebody is already preparing to come."""
        if self.state is RequestState.WITHDRAWN:
            return self
        self.check_waiting()
        return replace(self, state=RequestState.WITHDRAWN, answered_at=answered_at)

    def check_waiting(self) -> None:
        if self.state is not RequestState.SUBMITTED:
            raise Refused(rule="choice_already_answered", state=self.state.value)


def submitted(kind: RequestKind, *, citizen_id: CitizenId, provider_id: ProviderId, now: datetime) -> ChoiceRequest:
    """A new request, asked at the instant `now`."""
    return ChoiceRequest(
        id=RequestId(uuid4()),
        citizen_id=citizen_id,
        provider_id=provider_id,
        kind=kind,
        state=RequestState.SUBMITTED,
        asked_at=now,
        asked_on=local_day(now),
    )


def check_ask(situation: Situation, kind: RequestKind, provider_id: ProviderId) -> None:
    """A citizen with granted home care may ask for any provider that comes to the home, full or not, but the present one."""
    if not situation.decisions:
        raise Refused(rule="no_home_care_granted")
    if kind is not situation.kind:
        raise Refused(rule="already_has_provider" if kind is RequestKind.WISH else "no_provider_to_leave")
    situation.offer(provider_id)
    if situation.present is not None and situation.present.provider_id == provider_id:
        raise Refused(rule="already_your_provider")


def earliest_first_day(situation: Situation, rules: FirstDays, *, asked_on: date) -> date:
    """The first day by the municipality's rule: never today, nor before the decision begins.

    A request answered late begins tomorrow at the earliest: today's visits are the present provider's.
    """
    rule = rules.switch if situation.kind is RequestKind.SWITCH else rules.wish
    earliest = max(rule.first_on(asked_on), situation.on + timedelta(days=1))
    return max([earliest, *(decision.valid.first_on for decision in situation.decisions[:1])])


def check_confirm(request: ChoiceRequest, situation: Situation, *, first_on: date, rules: FirstDays) -> Offer:
    """Who would come. `Refused` when answered already, too early, when no decision holds that day, or when the provider is full."""
    request.check_waiting()
    situation.decision_on(first_on)
    earliest = earliest_first_day(situation, rules, asked_on=request.asked_on)
    if first_on < earliest:
        raise Refused(rule="first_day_too_early", first_on=first_on, earliest_on=earliest)
    replaced = situation.order_on(first_on)
    if replaced is not None and replaced.provider_id == request.provider_id:
        raise Refused(rule="already_your_provider")
    coming = replaced or next((order for order in situation.orders if order.valid.first_on > first_on), None)
    if coming is not None and coming.valid.first_on >= first_on:
        raise Refused(rule="order_would_never_begin", first_on=first_on, began_on=coming.valid.first_on)
    offer = situation.offer(request.provider_id)
    if offer.is_full:
        raise Refused(rule="provider_is_full", capacity=offer.facts.capacity)
    return offer


def reasons_that_hold(request: ChoiceRequest, situation: Situation) -> tuple[DeclineReason, ...]:
    """A provider with room that comes to the citizen's home cannot be refused by saying that it has none, or does not."""
    offer = situation.find(request.provider_id)
    holds = {
        DeclineReason.PROVIDER_FULL: offer is not None and offer.is_full,
        DeclineReason.OUTSIDE_AREA: offer is None,
        DeclineReason.NO_DECISION: not situation.decisions,
        DeclineReason.CHANGED_MIND: True,
        DeclineReason.NOT_ENTITLED: True,
    }
    return tuple(reason for reason in DeclineReason if holds[reason])


def check_decline(request: ChoiceRequest, situation: Situation, reason: DeclineReason) -> None:
    request.check_waiting()
    if reason not in reasons_that_hold(request, situation):
        raise Refused(rule="reason_does_not_hold", reason=reason.value)
