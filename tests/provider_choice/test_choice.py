from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from provider_choice.choice import (
    ChoiceRequest,
    DeclineReason,
    RequestId,
    RequestKind,
    RequestState,
    Situation,
    check_ask,
    check_confirm,
    check_decline,
    earliest_first_day,
    reasons_that_hold,
    submitted,
)
from provider_choice.first_day import FirstDays, FixedDays
from provider_choice.providers import Offer
from tests.provider_choice.test_providers import a_provider, some_facts
from visits.errors import Invalid, Refused
from visits.granted.decisions import Amount, Decision, GrantedService, Per
from visits.granted.orders import OrderState, ServiceOrder
from visits.organisation import Provider
from visits.terms import (
    CaseOfficerId,
    CitizenId,
    DecisionId,
    District,
    GrantedServiceId,
    OrderId,
    Period,
    ServiceCode,
    ServiceKind,
    TeamId,
    instant,
)

MONDAY = date(2026, 11, 23)
NOW = datetime.fromisoformat("2026-11-23T09:40:00+01:00")
RULES = FirstDays(switch=FixedDays(14), wish=FixedDays(1))
CITIZEN = CitizenId(uuid4())
OFFICER = CaseOfficerId(uuid4())
OLD, NEW, FULL, FAR = (a_provider(name) for name in ("Gamla", "Nya", "Fulla", "Fjärran"))


def a_decision(first_on: date = date(2026, 10, 1), last_on: date | None = date(2027, 9, 30)) -> Decision:
    amount = Amount(minutes=30, occasions=1, per=Per.DAY)
    return Decision(
        id=DecisionId(uuid4()),
        citizen_id=CITIZEN,
        case_officer_id=OFFICER,
        kind=ServiceKind.HOME_CARE,
        decided_on=first_on,
        valid=Period(first_on, last_on),
        services=(GrantedService(id=GrantedServiceId(uuid4()), code=ServiceCode.MORNING, amount=amount),),
    )


def an_order(decision: Decision, provider: Provider = OLD, *, first_on: date | None = None) -> ServiceOrder:
    return ServiceOrder(
        id=OrderId(uuid4()),
        decision_id=decision.id,
        citizen_id=CITIZEN,
        kind=ServiceKind.HOME_CARE,
        provider_id=provider.id,
        team_id=TeamId(uuid4()),
        state=OrderState.COMMENCED,
        valid=Period(first_on or decision.valid.first_on, decision.valid.last_on),
    )


def an_offer(provider: Provider, *, taken: int = 0) -> Offer:
    return Offer(
        provider=provider,
        facts=some_facts(provider),
        team_id=TeamId(uuid4()),
        districts=frozenset({District.TUMBA}),
        taken=taken,
    )


def a_situation(*decisions: Decision, orders: tuple[ServiceOrder, ...] = (), on: date = MONDAY) -> Situation:
    offers = (an_offer(FULL, taken=10), an_offer(OLD, taken=9), an_offer(NEW, taken=9))
    return Situation(citizen_id=CITIZEN, on=on, decisions=decisions, orders=orders, offers=offers)


def with_care(on: date = MONDAY) -> Situation:
    decision = a_decision()
    return a_situation(decision, orders=(an_order(decision),), on=on)


def a_request(provider: Provider = NEW, kind: RequestKind = RequestKind.SWITCH) -> ChoiceRequest:
    return submitted(kind, citizen_id=CITIZEN, provider_id=provider.id, now=NOW)


def rule_of(refused: pytest.ExceptionInfo[Refused]) -> object:
    return refused.value.params["rule"]


def test_a_request_counts_from_the_swedish_day_on_which_it_was_made() -> None:
    just_after_midnight = instant(date(2026, 11, 24), datetime(2026, 1, 1, 0, 10).time())  # noqa: DTZ001 - a wall time
    asked = submitted(RequestKind.WISH, citizen_id=CITIZEN, provider_id=NEW.id, now=just_after_midnight)
    assert (asked.asked_on, asked.state) == (date(2026, 11, 24), RequestState.SUBMITTED)


@pytest.mark.parametrize("provider", [NEW, FULL])
def test_any_other_provider_that_comes_to_the_home_may_be_asked_for_also_a_full_one(provider: Provider) -> None:
    check_ask(with_care(), RequestKind.SWITCH, provider.id)


@pytest.mark.parametrize(
    ("situation", "kind", "provider", "rule_said"),
    [
        (a_situation(), RequestKind.WISH, NEW, "no_home_care_granted"),
        (a_situation(a_decision()), RequestKind.SWITCH, NEW, "no_provider_to_leave"),
        (with_care(), RequestKind.WISH, NEW, "already_has_provider"),
        (with_care(), RequestKind.SWITCH, OLD, "already_your_provider"),
        (with_care(), RequestKind.SWITCH, FAR, "provider_outside_area"),
    ],
)
def test_what_cannot_be_asked_for(situation: Situation, kind: RequestKind, provider: Provider, rule_said: str) -> None:
    with pytest.raises(Refused) as refused:
        check_ask(situation, kind, provider.id)
    assert rule_of(refused) == rule_said


def test_a_switch_begins_by_the_rule_and_a_wish_sooner() -> None:
    assert earliest_first_day(with_care(), RULES, asked_on=MONDAY) == date(2026, 12, 7)
    assert earliest_first_day(a_situation(a_decision()), RULES, asked_on=MONDAY) == date(2026, 11, 24)


def test_a_request_answered_late_begins_tomorrow_at_the_earliest() -> None:
    assert earliest_first_day(with_care(on=date(2026, 12, 20)), RULES, asked_on=MONDAY) == date(2026, 12, 21)


def test_nobody_comes_before_the_decision_begins() -> None:
    coming = a_situation(a_decision(first_on=date(2027, 1, 15)))
    assert earliest_first_day(coming, RULES, asked_on=MONDAY) == date(2027, 1, 15)


@pytest.mark.parametrize("first_on", [date(2026, 12, 7), date(2026, 12, 31)])
def test_the_officer_may_give_the_first_day_by_the_rule_or_a_later_one(first_on: date) -> None:
    offer = check_confirm(a_request(), with_care(), first_on=first_on, rules=RULES)
    assert offer.provider == NEW


ENDS_SOON = a_decision(last_on=date(2026, 12, 6))
STARTS_LATE = a_decision()


@pytest.mark.parametrize(
    ("situation", "provider", "first_on", "rule_said"),
    [
        (with_care(), NEW, date(2026, 12, 6), "first_day_too_early"),
        (with_care(), FULL, date(2026, 12, 7), "provider_is_full"),
        (with_care(), FAR, date(2026, 12, 7), "provider_outside_area"),
        (with_care(), OLD, date(2026, 12, 7), "already_your_provider"),
        (a_situation(ENDS_SOON, orders=(an_order(ENDS_SOON),)), NEW, date(2026, 12, 7), "decision_has_ended"),
        (
            a_situation(STARTS_LATE, orders=(an_order(STARTS_LATE, first_on=date(2026, 12, 7)),)),
            NEW,
            date(2026, 12, 7),
            "order_would_never_begin",
        ),
        (
            a_situation(STARTS_LATE, orders=(an_order(STARTS_LATE, first_on=date(2026, 12, 20)),)),
            NEW,
            date(2026, 12, 7),
            "order_would_never_begin",
        ),
    ],
)
def test_what_cannot_be_confirmed(situation: Situation, provider: Provider, first_on: date, rule_said: str) -> None:
    with pytest.raises(Refused) as refused:
        check_confirm(a_request(provider), situation, first_on=first_on, rules=RULES)
    assert rule_of(refused) == rule_said


def test_the_last_day_of_the_decision_is_early_enough_for_a_first_day() -> None:
    decision = a_decision(last_on=date(2026, 12, 7))
    situation = a_situation(decision, orders=(an_order(decision),))
    assert check_confirm(a_request(), situation, first_on=date(2026, 12, 7), rules=RULES).provider == NEW


def test_with_a_renewed_decision_the_new_order_rests_on_the_one_that_its_predecessor_rests_on() -> None:
    first, renewed = a_decision(last_on=date(2026, 12, 31)), a_decision(first_on=date(2026, 12, 1))
    order = an_order(renewed, first_on=date(2026, 12, 1))
    assert a_situation(first, renewed, orders=(order,)).decision_on(date(2026, 12, 10)) == renewed
    assert a_situation(first, renewed).decision_on(date(2026, 12, 10)) == first


def test_a_provider_with_room_that_comes_to_the_home_cannot_be_refused_as_full_or_far() -> None:
    allowed = (DeclineReason.CHANGED_MIND, DeclineReason.NOT_ENTITLED)
    assert reasons_that_hold(a_request(NEW), with_care()) == allowed
    for reason in set(DeclineReason) - set(allowed):
        with pytest.raises(Refused) as refused:
            check_decline(a_request(NEW), with_care(), reason)
        assert rule_of(refused) == "reason_does_not_hold"


@pytest.mark.parametrize(
    ("provider", "situation", "reason"),
    [
        (FULL, with_care(), DeclineReason.PROVIDER_FULL),
        (FAR, with_care(), DeclineReason.OUTSIDE_AREA),
        (NEW, a_situation(), DeclineReason.NO_DECISION),
        (NEW, with_care(), DeclineReason.CHANGED_MIND),
        (NEW, with_care(), DeclineReason.NOT_ENTITLED),
    ],
)
def test_each_reason_may_be_given_where_it_is_true(
    provider: Provider, situation: Situation, reason: DeclineReason
) -> None:
    check_decline(a_request(provider), situation, reason)


def test_taking_a_request_back_twice_is_harmless() -> None:
    once = a_request().withdrawn(answered_at=NOW)
    assert once.withdrawn(answered_at=NOW + timedelta(hours=1)) == once


def test_a_request_must_hold_together() -> None:
    asked = a_request()
    for state in (RequestState.CONFIRMED, RequestState.DECLINED, RequestState.TOOK_EFFECT):
        with pytest.raises(Invalid):
            ChoiceRequest(
                id=RequestId(uuid4()),
                citizen_id=CITIZEN,
                provider_id=NEW.id,
                kind=RequestKind.SWITCH,
                state=state,
                asked_at=NOW,
                asked_on=asked.asked_on,
            )


class RequestsOfACitizen(RuleBasedStateMachine):
    """Any order of asking, answering, taking back and waiting, day after day, against the plainest model of it."""

    def __init__(self) -> None:
        super().__init__()
        self.today = MONDAY
        self.request: ChoiceRequest | None = None
        self.history: list[ChoiceRequest] = []
        self.model = "none"

    def now(self) -> datetime:
        return instant(self.today, NOW.timetz().replace(tzinfo=None))

    @precondition(lambda self: self.model in {"none", "took_effect", "declined", "withdrawn"})
    @rule()
    def ask(self) -> None:
        self.request = submitted(RequestKind.SWITCH, citizen_id=CITIZEN, provider_id=NEW.id, now=self.now())
        self.history.append(self.request)
        self.model = "submitted"

    def answer(self, answered: str) -> None:
        assert self.request is not None
        before = self.request
        steps = {
            "confirmed": lambda: before.confirmed(
                first_on=self.today + timedelta(days=3), order_id=OrderId(uuid4()), answered_at=self.now(), by=OFFICER
            ),
            "declined": lambda: before.declined(reason=DeclineReason.CHANGED_MIND, answered_at=self.now(), by=OFFICER),
            "withdrawn": lambda: before.withdrawn(answered_at=self.now()),
        }
        if self.model == "submitted":
            self.request = steps[answered]()
            self.model = answered
        elif self.model == answered == "withdrawn":
            assert steps[answered]() == before
        else:
            with pytest.raises(Refused):
                steps[answered]()
        self.history[-1] = self.request

    @precondition(lambda self: self.request is not None)
    @rule(answered=st.sampled_from(["confirmed", "declined", "withdrawn"]))
    def somebody_answers(self, answered: str) -> None:
        self.answer(answered)

    @rule(days=st.integers(1, 5))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)
        if self.request is not None and self.model == "confirmed" and self.request.first_on <= self.today:  # type: ignore[operator]
            self.model = "took_effect"

    @invariant()
    def the_state_is_what_happened(self) -> None:
        if self.request is not None:
            assert self.request.state_on(self.today).value == self.model

    @invariant()
    def a_request_is_open_on_a_day_exactly_while_it_keeps_others_out(self) -> None:
        for request in self.history:
            days = request.open_days
            assert (days is not None and self.today in days) == request.state_on(self.today).is_open

    @invariant()
    def no_two_requests_were_ever_open_at_once(self) -> None:
        periods = [request.open_days for request in self.history if request.open_days is not None]
        assert not any(a.overlaps(b) for n, a in enumerate(periods) for b in periods[:n])


TestRequestsOfACitizen = RequestsOfACitizen.TestCase
