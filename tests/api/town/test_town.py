"""A made-up town is the same for the same seed, breaks no rule that real ones must keep, and looks like the reference says."""

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.town.comparison import provider_facts
from api.town.homes import dry
from api.town.providers import EXTENTS, Size
from api.town.town import generate
from visits.granted.commencement import unexecuted
from visits.granted.decisions import DecidedAs
from visits.granted.orders import check_against
from visits.granted.plan_lines import NEEDS_WORDS, plan_lines
from visits.people import Personnummer
from visits.planned.demands import demands_of_day
from visits.planned.register import Register
from visits.planned.working_time import RosterRule, breaches
from visits.terms import Period, ServiceCode, ServiceKind, Skill, Title

MONDAY = date(2026, 11, 23)


@cache
def small(seed: int = 1, first_on: date = MONDAY) -> Register:
    return generate(Size.SMALL, seed, first_on, 14)


@cache
def large() -> Register:
    return generate(Size.LARGE, 1, MONDAY, 14)


seeds = st.integers(min_value=0, max_value=2**32)
first_days = st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 12, 31))


def test_the_same_seed_gives_the_same_town() -> None:
    again = generate(Size.SMALL, 1, MONDAY, 14)
    assert again == small()
    assert repr(again.shifts) == repr(small().shifts)


def test_another_seed_gives_other_people() -> None:
    assert {citizen.id for citizen in small().citizens}.isdisjoint(citizen.id for citizen in small(2).citizens)


@pytest.mark.parametrize(
    ("size", "citizens", "carers"), [(Size.SMALL, 120, 45), (Size.MEDIUM, 400, 150), (Size.LARGE, 1230, 460)]
)
def test_a_size_has_about_the_citizens_and_carers_of_the_reference(size: Size, citizens: int, carers: int) -> None:
    town = large() if size is Size.LARGE else generate(size, 1, MONDAY, 14)
    assert len(town.citizens) == EXTENTS[size].citizens == citizens
    assert len(town.carers) == pytest.approx(carers, rel=0.2)  # a small town pays for its small teams


@settings(max_examples=15, deadline=None)
@given(seed=seeds, first_on=first_days)
def test_every_roster_is_lawful_also_when_the_clock_changes(seed: int, first_on: date) -> None:
    shifts = generate(Size.SMALL, seed, first_on, 14).shifts
    assert [one for one in breaches(shifts) if one.rule.binds] == []
    assert RosterRule.DAYS_IN_A_ROW not in {one.rule for one in breaches(shifts)}


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_no_citizen_has_two_orders_of_one_service_and_no_order_outlives_its_decision(seed: int) -> None:
    town = generate(Size.SMALL, seed, MONDAY, 1)
    decisions = {decision.id: decision for decision in town.decisions}
    for order in town.orders:
        check_against(order, decisions[order.decision_id])
        assert all(on in order.valid for on in (MONDAY, MONDAY + timedelta(days=40)))
    held = Counter((order.citizen_id, order.kind) for order in town.orders)
    assert set(held.values()) == {1}


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_every_window_holds_its_wish_and_every_visit_waits_for_one_before_it_in_the_plan(seed: int) -> None:
    town = generate(Size.SMALL, seed, MONDAY, 1)
    for plan in town.plans:
        known = set()
        for template in plan.templates:
            assert template.after is None or template.after in known
            known.add(template.id)
    for demand in demands_of_day(town.orders, town.plans, away=frozenset(), on=MONDAY):
        assert demand.earliest_at <= demand.wish_earliest_at <= demand.wish_latest_at <= demand.latest_at
        assert demand.latest_at - demand.earliest_at >= timedelta(minutes=30)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_identity_numbers_are_of_the_test_series_and_given_once(seed: int) -> None:
    numbers = [citizen.personnummer for citizen in generate(Size.SMALL, seed, MONDAY, 1).citizens]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        digits = number.reveal()
        assert Personnummer(digits) == number
        series = {"238", "239"} if int(digits[:4]) >= 1990 else {str(nnn) for nnn in range(980, 1000)}
        assert digits[8:11] in series


def test_telephone_numbers_are_of_the_fiction_series() -> None:
    phones = {citizen.phone for citizen in large().citizens} | {facts.phone for facts in provider_facts(large(), 1)}
    for phone in phones:
        digits = int(re.sub(r"\D", "", phone))
        assert 701740605 <= digits <= 701740699 or 846500400 <= digits <= 846500499, phone


def test_nobody_lives_in_a_lake() -> None:
    assert all(dry(citizen.place) for citizen in large().citizens)
    assert all(59.03 < citizen.place.lat < 59.28 and 17.6 < citizen.place.lon < 18 for citizen in large().citizens)


def test_grants_come_to_the_hours_of_the_reference_and_plans_to_most_of_them() -> None:
    """Elders' and others' home care: mean about 35 hours a month, one in eight above 80; plans 0.95 of it (reference, 10)."""
    town = large()
    month = Fraction(304, 10)
    granted: dict[object, float] = defaultdict(float)
    for decision in town.decisions:
        if decision.kind is not ServiceKind.HOUSING_SUPPORT:
            granted[decision.citizen_id] += float(sum(line.amount.over(1) for line in decision.services) * month / 60)
    assert sum(granted.values()) / len(granted) == pytest.approx(35, rel=0.1)
    assert sum(hours > 80 for hours in granted.values()) / len(granted) == pytest.approx(0.12, abs=0.03)
    a_day = sum(
        template.minutes * template.times_a_week / 7 / template.every_weeks
        for plan in town.plans
        for template in plan.templates
    )
    granted_a_day = float(sum(line.amount.over(1) for decision in town.decisions for line in decision.services))
    assert a_day / granted_a_day == pytest.approx(0.95, abs=0.02)


def test_a_weekday_has_the_visits_of_the_reference() -> None:
    """About two visits a citizen and day of about half an hour, 6 to 8 % for two carers, 30 % with a health task."""
    town = large()
    days = [
        demands_of_day(town.orders, town.plans, away=frozenset(), on=on)
        for on in Period(MONDAY, MONDAY + timedelta(days=6))
    ]
    demands = [demand for day in days for demand in day]
    assert len(demands) / 7 / len(town.citizens) == pytest.approx(2.1, rel=0.15)
    assert sum(demand.minutes for demand in demands) / len(demands) == pytest.approx(30, rel=0.15)
    assert sum(demand.staff_required == 2 for demand in demands) / len(demands) == pytest.approx(0.06, abs=0.025)
    delegated = sum(Skill.DELEGATION in demand.skills for demand in demands) / len(demands)
    assert delegated == pytest.approx(0.3, abs=0.06)
    weekend = sum(len(day) for day in days[5:]) / 2 / (sum(len(day) for day in days[:5]) / 5)
    assert weekend == pytest.approx(0.75, abs=0.1)


def test_four_of_five_with_home_care_have_the_municipality() -> None:
    town = large()
    municipal = town.providers[0].id
    orders = [order for order in town.orders if order.kind is ServiceKind.HOME_CARE]
    assert sum(order.provider_id == municipal for order in orders) / len(orders) == pytest.approx(0.8, abs=0.02)


def test_nights_are_the_municipalitys_whoever_is_chosen_for_the_day() -> None:
    town = large()
    nights = [order for order in town.orders if order.kind is ServiceKind.NIGHT_CARE]
    assert {order.provider_id for order in nights} == {town.providers[0].id}
    codes = {plan.order_id: {code for one in plan.templates for code in one.codes} for plan in town.plans}
    assert all(codes[order.id] == {ServiceCode.NIGHT} for order in nights)


def test_a_fixed_care_contact_is_an_assistant_nurse_of_the_team() -> None:
    """Only who holds the title may be appointed (domain reference 6.2)."""
    town = large()
    carers = {carer.id: carer for carer in town.carers}
    teams = {(order.citizen_id, order.team_id) for order in town.orders}
    named = [citizen for citizen in town.citizens if citizen.fixed_care_contact]
    for citizen in named:
        contact = carers[citizen.fixed_care_contact]
        assert contact.title is Title.ASSISTANT_NURSE
        assert (citizen.id, contact.team_id) in teams
    assert len(named) / len(town.citizens) == pytest.approx(0.7, abs=0.08)


def test_delegations_last_at_most_a_year_and_some_run_out_within_the_fortnight() -> None:
    town = large()
    assert all(one.valid.days <= 365 and MONDAY in one.valid for one in town.delegations)
    assert any(one.valid.last_on <= town.period.last_on for one in town.delegations)


def test_some_are_away_on_the_first_day_and_somebody_has_a_protected_identity() -> None:
    for town in (small(), small(7), large()):
        assert any(MONDAY in absence.period for absence in town.absences)
        protected = [citizen for citizen in town.citizens if citizen.protected]
        assert len(protected) == max(1, round(0.003 * len(town.citizens)))


def test_every_citizen_can_compare_at_least_two_providers_and_one_of_them_is_full() -> None:
    town = small()
    facts = provider_facts(town, 1)
    assert {one.provider_id for one in facts} == {provider.id for provider in town.providers}
    for district in {citizen.district for citizen in town.citizens}:
        serving = {t.provider_id for t in town.teams if district in t.districts and t.kind is ServiceKind.HOME_CARE}
        assert len(serving) >= 2
    taken = Counter(order.provider_id for order in town.orders if order.kind is ServiceKind.HOME_CARE)
    assert [one.provider_id for one in facts if one.capacity == taken[one.provider_id]] == [town.providers[-1].id]


@settings(max_examples=5, deadline=None)
@given(seed=seeds)
def test_decisions_are_written_in_all_units_and_no_plan_goes_beyond_its_order(seed: int) -> None:
    town = generate(Size.SMALL, seed, MONDAY, 1)
    lines = [line for decision in town.decisions for line in decision.services]
    assert {line.amount.decided_as for line in lines} == set(DecidedAs)
    decided = {decision.id: decision for decision in town.decisions}
    behind = {order.id: decided[order.decision_id] for order in town.orders}
    for plan in town.plans:
        assert [line for line in plan_lines(plan, behind[plan.order_id]) if line.finding in NEEDS_WORDS] == []


def test_couples_live_together_and_have_one_cleaning_between_them_in_turn() -> None:
    town = large()
    people = {citizen.id: citizen for citizen in town.citizens}
    shared = {
        (decision.citizen_id, line.shared_with): line
        for decision in town.decisions
        for line in decision.services
        if line.shared_with is not None
    }
    assert len(shared) >= 20
    for (one, other), line in shared.items():
        assert other is not None
        assert shared[other, one].amount == line.amount
        assert people[one].address == people[other].address


def test_some_help_awaits_its_beginning_after_two_months_and_some_after_three() -> None:
    town = small()
    late = unexecuted(town.decisions, town.orders, today=MONDAY)
    assert {one.is_reported for one in late} == {True, False}
