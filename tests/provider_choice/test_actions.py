from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from provider_choice.actions.ask_to_switch import ask_to_switch
from provider_choice.actions.confirm_request import confirm_request
from provider_choice.actions.decline_request import decline_request
from provider_choice.actions.state_wish import state_wish
from provider_choice.actions.withdraw_request import withdraw_request
from provider_choice.choice import ChoiceRequest, DeclineReason, RequestKind, RequestState
from provider_choice.first_day import FirstDays, FixedDays
from provider_choice.store import choice, providers
from provider_choice.store.situation import situation
from tests.factories.choice import chosen_team, the_event
from tests.factories.world import MONDAY, Cared, World, a_template
from visits.errors import CareError, Conflict, NotFound, Refused
from visits.events import OrderBegun, OrderReplaced
from visits.granted.care_plans import CarePlanState
from visits.granted.decisions import Amount, Decision, GrantedService, Per
from visits.granted.orders import OrderState, ServiceOrder
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import CaseOfficer
from visits.performed.visit import VisitState
from visits.planned.schedule import ChangeKind
from visits.store import care_plans, changes, decisions, orders, schedules, visits
from visits.store.audit import audit_entries
from visits.store.database import session_factory
from visits.terms import DecisionId, District, GrantedServiceId, OrderId, Period, ServiceCode

NOW = datetime.fromisoformat("2026-11-23T09:40:00+01:00")
RULES = FirstDays(switch=FixedDays(14), wish=FixedDays(1))
FIRST = date(2026, 12, 7)


@dataclass
class Town:
    """One citizen with home care from the old team, and another provider to go to."""

    world: World
    old: Team
    new: Team
    officer: CaseOfficer
    cared: Cared

    @property
    def session(self) -> Session:
        return self.world.session

    @property
    def citizen(self) -> Viewer:
        return self.world.as_citizen(self.cared)

    @property
    def case_officer(self) -> Viewer:
        return self.world.as_case_officer(self.officer)

    def ask(self, now: datetime = NOW) -> ChoiceRequest:
        return ask_to_switch(
            self.session, self.citizen, citizen_id=self.cared.id, provider_id=self.new.provider_id, now=now
        )

    def confirm(self, asked: ChoiceRequest, first_on: date = FIRST) -> ChoiceRequest:
        return confirm_request(self.session, self.case_officer, asked.id, first_on=first_on, rules=RULES, now=NOW)

    def orders(self) -> list[ServiceOrder]:
        return orders.orders_of(self.session, self.world.system(), citizens=[self.cared.id])


@pytest.fixture
def town(session: Session) -> Town:
    world = World(session)
    old, new = chosen_team(world, "Gamla"), chosen_team(world, "Nya", capacity=1)
    officer = world.case_officer()
    return Town(world, old, new, officer, world.cared(old, officer=officer))


def rule_of(refused: pytest.ExceptionInfo[Refused]) -> object:
    return refused.value.params["rule"]


def only_decided(world: World, officer: CaseOfficer, services: tuple[GrantedService, ...]) -> Decision:
    """Somebody to whom help has been granted, from nobody yet."""
    citizen = world.citizen()
    decision = Decision(
        id=DecisionId(uuid4()),
        citizen_id=citizen.id,
        case_officer_id=officer.id,
        kind=world.team().kind,
        decided_on=MONDAY,
        valid=Period(MONDAY, MONDAY + timedelta(days=364)),
        services=services,
    )
    decisions.add(world.session, [decision])
    return decision


def a_service(code: ServiceCode, minutes: int, occasions: int, per: Per) -> GrantedService:
    return GrantedService(
        id=GrantedServiceId(uuid4()), code=code, amount=Amount(minutes=minutes, occasions=occasions, per=per)
    )


def test_the_old_order_ends_the_day_before_the_new_one_begins(town: Town) -> None:
    confirmed = town.confirm(town.ask())
    old, new = town.orders()
    assert confirmed.state is RequestState.CONFIRMED
    assert (confirmed.first_on, confirmed.order_id, confirmed.answered_by) == (FIRST, new.id, town.officer.id)
    assert (old.id, old.valid) == (town.cared.order.id, Period(town.cared.order.valid.first_on, date(2026, 12, 6)))
    assert (new.provider_id, new.team_id, new.succeeds) == (town.new.provider_id, town.new.id, old.id)
    assert (new.valid, new.state) == (Period(FIRST, town.cared.order.valid.last_on), OrderState.SENT)
    town.session.commit()


def test_the_new_team_knows_the_plan_from_the_first_day(town: Town) -> None:
    confirmed = town.confirm(town.ask())
    assert confirmed.order_id is not None
    (plan,) = care_plans.plans_of_orders(town.session, town.world.system(), orders=[confirmed.order_id], on=FIRST)
    (was,), (template,) = town.cared.plan.templates, plan.templates
    assert (plan.state, plan.version, plan.from_on) == (CarePlanState.PRELIMINARY, 1, FIRST)
    assert (template.codes, template.earliest, template.minutes) == (was.codes, was.earliest, was.minutes)
    assert template.id != was.id


def test_visits_of_the_old_team_are_withdrawn_from_the_first_day_and_the_citizen_is_told(town: Town) -> None:
    world, carer = town.world, town.world.carer(town.old)
    neighbour = world.cared(town.old)
    before, after = FIRST - timedelta(days=1), FIRST
    for on in (before, after):
        world.published(town.old, [(town.cared, carer, "08:00"), (neighbour, carer, "09:00")], on=on)
    town.confirm(town.ask())
    found = visits.visits_by_id(
        town.session, world.system(), [town.cared.visit(before), town.cared.visit(after), neighbour.visit(after)]
    )
    assert {visit.on: visit.state for visit in found.values() if visit.citizen_id == town.cared.id} == {
        before: VisitState.PLANNED,
        after: VisitState.WITHDRAWN,
    }
    assert found[neighbour.visit(after)].state is VisitState.PLANNED
    still = schedules.published(town.session, world.system(), team_id=town.old.id, on=after)
    assert still is not None
    assert [placement.citizen_id for placement in still.placements] == [neighbour.id]
    ((told_at, change),) = changes.changes_of(town.session, [town.cared.id], on=after)[town.cared.id]
    assert (told_at, change.kind, change.old_start_at) == (NOW, ChangeKind.WITHDRAWN, world.at("08:00", on=after))
    assert change.old_carers == {carer.id}
    assert changes.changes_of(town.session, [town.cared.id], on=before) == {}


def test_the_event_says_whose_days_are_touched(town: Town) -> None:
    world, carer = town.world, town.world.carer(town.old)
    world.published(town.old, [(town.cared, carer, "08:00")], on=FIRST)
    world.published(town.new, [], on=FIRST + timedelta(days=1))
    town.confirm(town.ask())
    town.session.commit()
    event = the_event(town.session)
    assert isinstance(event, OrderReplaced)
    assert (event.old_team_id, event.new_team_id, event.first_on) == (town.old.id, town.new.id, FIRST)
    assert [(days.on, days.citizens, days.carers, days.teams) for days in event.touched] == [
        (FIRST, (town.cared.id,), (carer.id,), (town.old.id,)),
        (FIRST + timedelta(days=1), (), (), (town.new.id,)),
    ]


def test_an_order_for_the_renewed_decision_goes_over_too(town: Town) -> None:
    last = town.cared.order.valid.last_on
    assert last is not None
    renewed = Decision(
        id=DecisionId(uuid4()),
        citizen_id=town.cared.id,
        case_officer_id=town.officer.id,
        kind=town.old.kind,
        decided_on=MONDAY,
        valid=Period(last + timedelta(days=1), last + timedelta(days=365)),
        services=(a_service(ServiceCode.MORNING, 30, 1, Per.DAY),),
    )
    decisions.add(town.session, [renewed])
    following = ServiceOrder(
        id=OrderId(uuid4()),
        decision_id=renewed.id,
        citizen_id=town.cared.id,
        kind=town.old.kind,
        provider_id=town.old.provider_id,
        team_id=town.old.id,
        state=OrderState.SENT,
        valid=renewed.valid,
        succeeds=town.cared.order.id,
    )
    orders.add(town.session, [following])
    town.confirm(town.ask())
    town.session.commit()
    old, new, later = town.orders()
    assert (old.team_id, new.team_id, later.team_id) == (town.old.id, town.new.id, town.new.id)
    assert (new.succeeds, later.succeeds) == (old.id, new.id)
    assert (later.id, later.valid) == (following.id, following.valid)


def test_help_every_other_week_keeps_its_weeks(session: Session) -> None:
    world = World(session)
    old, new, officer = chosen_team(world, "Gamla"), chosen_team(world, "Nya"), world.case_officer()
    begins = date(2026, 9, 28)  # a Monday; ten weeks before 7 December, so that week is an even one
    cleaning = a_template(ServiceCode.CLEANING, every_weeks=2, weekdays=frozenset({3}))
    cared = world.cared(old, officer=officer, templates=[cleaning], valid=Period(begins, date(2027, 6, 30)))
    town = Town(world, old, new, officer, cared)
    confirmed = town.confirm(town.ask(), first_on=date(2026, 12, 14))  # the odd week
    assert confirmed.order_id is not None
    (plan,) = care_plans.plans_of_orders(session, world.system(), orders=[confirmed.order_id], on=date(2026, 12, 14))
    assert plan.from_on == date(2026, 12, 7)


def test_a_visit_that_follows_another_still_follows_it(session: Session) -> None:
    world = World(session)
    old, new, officer = chosen_team(world, "Gamla"), chosen_team(world, "Nya"), world.case_officer()
    first = a_template(ServiceCode.LUNCH, window=("11:00", "13:00"))
    second = a_template(ServiceCode.EVENING, window=("10:00", "19:00"), after=first.id, min_gap_minutes=120)
    cared = world.cared(old, officer=officer, templates=[first, second])
    town = Town(world, old, new, officer, cared)
    confirmed = town.confirm(town.ask())
    assert confirmed.order_id is not None
    (plan,) = care_plans.plans_of_orders(session, world.system(), orders=[confirmed.order_id], on=FIRST)
    by_code = {template.codes[0]: template for template in plan.templates}
    assert by_code[ServiceCode.EVENING].after == by_code[ServiceCode.LUNCH].id


def test_a_wish_begins_the_first_order_with_a_preliminary_plan(session: Session) -> None:
    world = World(session)
    team, officer = chosen_team(world, "Nya"), world.case_officer()
    decision = only_decided(
        world,
        officer,
        (a_service(ServiceCode.MORNING, 30, 1, Per.DAY), a_service(ServiceCode.SHOWER, 25, 2, Per.WEEK)),
    )
    citizen = decision.citizen_id
    world.published(team, [], on=date(2026, 11, 24))
    viewer = Viewer(role=world.as_citizen(world.citizen()).role, person_id=citizen, today=MONDAY)
    asked = state_wish(session, viewer, citizen_id=citizen, provider_id=team.provider_id, now=NOW)
    tomorrow = date(2026, 11, 24)
    confirmed = confirm_request(
        session, world.as_case_officer(officer), asked.id, first_on=tomorrow, rules=RULES, now=NOW
    )
    session.commit()
    (order,) = orders.orders_of(session, world.system(), citizens=[citizen])
    assert (order.id, order.team_id, order.valid) == (
        confirmed.order_id,
        team.id,
        Period(tomorrow, decision.valid.last_on),
    )
    (plan,) = care_plans.plans_of_orders(session, world.system(), orders=[order.id], on=tomorrow)
    assert sorted((t.codes[0], t.minutes, t.times_a_week) for t in plan.templates) == [
        (ServiceCode.MORNING, 30, 7),
        (ServiceCode.SHOWER, 25, 2),
    ]
    event = the_event(session)
    assert isinstance(event, OrderBegun)
    assert [(days.on, days.teams) for days in event.touched] == [(tomorrow, (team.id,))]


def test_no_request_besides_an_open_one_but_again_when_it_is_closed(town: Town) -> None:
    first = town.ask()
    with pytest.raises(Conflict):
        town.ask()
    withdraw_request(town.session, town.citizen, first.id, now=NOW)
    second = town.ask(NOW + timedelta(minutes=1))
    town.session.commit()
    assert [request.state for request in choice.requests_of(town.session, town.citizen, town.cared.id)] == [
        second.state,
        RequestState.WITHDRAWN,
    ]


def test_after_the_first_day_another_switch_may_be_asked_for(town: Town) -> None:
    town.confirm(town.ask())
    later = Viewer(role=town.citizen.role, person_id=town.cared.id, today=FIRST)
    asked = ask_to_switch(
        town.session,
        later,
        citizen_id=town.cared.id,
        provider_id=town.old.provider_id,
        now=town.world.at("10:00", on=FIRST),
    )
    assert asked.kind is RequestKind.SWITCH


def test_a_full_provider_may_be_asked_for_and_gives_no_place_away_that_it_does_not_have(town: Town) -> None:
    town.world.cared(town.new)
    asked = town.ask()
    with pytest.raises(Refused) as refused:
        town.confirm(asked)
    assert rule_of(refused) == "provider_is_full"
    declined = decline_request(
        town.session, town.case_officer, asked.id, reason=DeclineReason.PROVIDER_FULL, rules=RULES, now=NOW
    )
    assert (declined.state, declined.reason) == (RequestState.DECLINED, DeclineReason.PROVIDER_FULL)


def test_a_place_is_free_again_from_the_day_on_which_its_holder_has_left(town: Town) -> None:
    town.world.cared(town.new, valid=Period(date(2026, 10, 1), date(2026, 12, 6)))
    assert providers.places_taken(town.session, from_on=MONDAY)[town.new.provider_id] == 1
    assert town.new.provider_id not in providers.places_taken(town.session, from_on=FIRST)
    asked = town.ask()
    with pytest.raises(Refused) as refused:
        decline_request(
            town.session, town.case_officer, asked.id, reason=DeclineReason.PROVIDER_FULL, rules=RULES, now=NOW
        )
    assert rule_of(refused) == "reason_does_not_hold"
    assert town.confirm(asked).state is RequestState.CONFIRMED


def test_strangers_find_neither_the_citizen_nor_the_request(town: Town) -> None:
    asked = town.ask()
    stranger = town.world.as_case_officer(town.world.case_officer())
    other = town.world.as_citizen(town.world.citizen())
    carer = town.world.as_carer(town.world.carer(town.old))
    for viewer in (stranger, other, carer, town.world.as_coordinator(town.old)):
        with pytest.raises(NotFound):
            choice.request(town.session, viewer, asked.id)
        with pytest.raises(NotFound):
            situation(town.session, viewer, town.cared.id)
    with pytest.raises(NotFound):
        confirm_request(town.session, stranger, asked.id, first_on=FIRST, rules=RULES, now=NOW)
    with pytest.raises(NotFound):
        withdraw_request(town.session, other, asked.id, now=NOW)
    with pytest.raises(NotFound):
        confirm_request(town.session, town.citizen, asked.id, first_on=FIRST, rules=RULES, now=NOW)


def test_looking_at_a_choice_leaves_a_trace(town: Town) -> None:
    town.ask()
    before = town.session.scalar(select(func.count()).select_from(audit_entries)) or 0
    choice.requests_waiting(town.session, town.case_officer)
    after = town.session.execute(select(audit_entries).order_by(audit_entries.c.id.desc()).limit(1)).one()
    assert (town.session.scalar(select(func.count()).select_from(audit_entries)) or 0) == before + 1
    assert (after.subject, after.what, after.viewer_id, after.citizen_ids) == (
        Subject.CHOICE,
        "choice_requests_waiting",
        town.officer.id,
        [town.cared.id],
    )


def test_raw_sql_cannot_make_two_orders_of_one_day(town: Town) -> None:
    town.confirm(town.ask())
    town.session.commit()
    with pytest.raises(IntegrityError, match="ex_service_orders_one_at_a_time"):
        town.session.execute(
            text("UPDATE service_orders SET valid = daterange(lower(valid), '2026-12-08') WHERE id = :id"),
            {"id": town.cared.order.id},
        )
    town.session.rollback()
    with pytest.raises(IntegrityError, match="ex_service_orders_one_at_a_time"):
        town.session.execute(
            text(
                "INSERT INTO service_orders SELECT gen_random_uuid(), decision_id, citizen_id, kind, provider_id, team_id,"
                " state, valid, NULL FROM service_orders WHERE id = :id"
            ),
            {"id": town.cared.order.id},
        )


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE service_orders SET valid = daterange('2026-12-09', upper(valid)) WHERE succeeds IS NOT NULL",
        "UPDATE service_orders SET valid = daterange(lower(valid), '2026-12-05') WHERE succeeds IS NULL",
    ],
)
def test_raw_sql_cannot_leave_a_day_without_an_order_between_two(town: Town, broken: str) -> None:
    town.confirm(town.ask())
    town.session.commit()
    town.session.execute(text(broken))
    with pytest.raises(IntegrityError, match="must begin the day after"):
        town.session.commit()


def test_raw_sql_cannot_make_two_open_requests(town: Town) -> None:
    town.ask()
    town.session.commit()
    with pytest.raises(IntegrityError, match="ex_choice_requests_one_open"):
        town.session.execute(
            text(
                "INSERT INTO choice_requests (id, citizen_id, provider_id, kind, state, asked_at, asked_on, open_days)"
                " SELECT gen_random_uuid(), citizen_id, provider_id, kind, state, asked_at, asked_on, open_days"
                " FROM choice_requests"
            )
        )


def test_what_fails_at_the_end_leaves_nothing_half_done(town: Town) -> None:
    asked = town.ask()
    town.session.commit()
    town.confirm(asked)
    town.session.rollback()
    assert [order.valid for order in town.orders()] == [town.cared.order.valid]
    assert choice.request(town.session, town.citizen, asked.id).state is RequestState.SUBMITTED


def at_once(engine: Engine, *requests: tuple[Viewer, ChoiceRequest]) -> list[str]:
    """Confirm from as many connections at the same moment; the outcomes, sorted."""
    together = Barrier(len(requests))

    def confirm(viewer: Viewer, asked: ChoiceRequest) -> str:
        with session_factory(engine)() as own, own.begin():
            together.wait(timeout=10)
            try:
                return confirm_request(own, viewer, asked.id, first_on=FIRST, rules=RULES, now=NOW).state.value
            except CareError as error:
                own.rollback()
                return str(error.params["rule"])

    with ThreadPoolExecutor(len(requests)) as pool:
        return sorted(pool.map(lambda pair: confirm(*pair), requests))


def test_of_two_officers_who_confirm_at_once_one_is_told_that_it_is_done(town: Town, engine: Engine) -> None:
    asked = town.ask()
    town.session.commit()
    pair = (town.case_officer, asked)
    assert at_once(engine, pair, pair) == ["choice_already_answered", "confirmed"]
    assert len(town.orders()) == 2


def test_the_last_place_is_given_to_one_of_two_who_are_confirmed_at_once(town: Town, engine: Engine) -> None:
    neighbour = town.world.cared(town.old, officer=town.officer)
    asked = town.ask()
    other = ask_to_switch(
        town.session,
        town.world.as_citizen(neighbour),
        citizen_id=neighbour.id,
        provider_id=town.new.provider_id,
        now=NOW,
    )
    town.session.commit()
    viewer = town.case_officer
    assert at_once(engine, (viewer, asked), (viewer, other)) == ["confirmed", "provider_is_full"]
    assert providers.places_taken(town.session, from_on=FIRST)[town.new.provider_id] == 1


def test_providers_beyond_the_district_are_not_offered(town: Town) -> None:
    far = chosen_team(town.world, "Fjärran", districts=frozenset({District.FITTJA}))
    assert {offer.provider.id for offer in situation(town.session, town.citizen, town.cared.id).offers} == {
        town.old.provider_id,
        town.new.provider_id,
    }
    with pytest.raises(Refused) as refused:
        ask_to_switch(town.session, town.citizen, citizen_id=town.cared.id, provider_id=far.provider_id, now=NOW)
    assert rule_of(refused) == "provider_outside_area"
