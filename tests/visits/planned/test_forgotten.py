"""Whom a day leaves out: asked apart from the planner, so that whatever it drops is found."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.world import a_template
from tests.visits.planned.test_demands import MONDAY, NOBODY, a_plan, an_order
from visits.granted.care_plans import CarePlan
from visits.granted.orders import ServiceOrder
from visits.granted.visit_templates import VisitTemplate
from visits.planned.demands import VisitDemand, demands_of_day
from visits.planned.forgotten import Forgotten, ForgottenKind, Planned, forgotten
from visits.planned.schedule import Placement
from visits.planned.visit_ids import visit_id
from visits.terms import CarerId, CitizenId, Period, ServiceCode

WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=ahead) for ahead in (2, 3, 4))
WEEKDAYS = frozenset(range(5))
NOTHING = Planned(placements=())


def placed(demands: Iterable[VisitDemand]) -> tuple[Placement, ...]:
    """Everything that is due, each part by somebody of its own."""
    return tuple(
        Placement(
            visit_id=demand.visit_id,
            citizen_id=demand.citizen_id,
            part=part,
            carer_id=CarerId(uuid4()),
            start_at=demand.earliest_at,
            minutes=demand.minutes,
            travel_seconds=0,
        )
        for demand in demands
        for part in range(1, demand.staff_required + 1)
    )


def missing(
    order: ServiceOrder,
    *plans: CarePlan,
    planned: Planned = NOTHING,
    away: frozenset[CitizenId] = NOBODY,
    on: date = MONDAY,
) -> list[tuple[ForgottenKind, VisitTemplate | None]]:
    found = forgotten([order], plans, planned, away=away, on=on)
    assert all(one.citizen_id == order.citizen_id and one.on == on for one in found)
    return [(one.kind, one.template) for one in found]


def test_an_order_without_a_plan_is_somebody_forgotten() -> None:
    order = an_order()
    assert missing(order) == [(ForgottenKind.NO_PLAN, None)]
    begins_tomorrow = a_plan(order, a_template(), from_on=MONDAY + timedelta(days=1))
    assert missing(order, begins_tomorrow) == [(ForgottenKind.NO_PLAN, None)]


def test_a_plan_that_nobody_has_agreed_to_does_not_hold_where_an_older_one_does() -> None:
    order, kept, proposed = an_order(), a_template(), a_template()
    first, second = a_plan(order, kept), a_plan(order, proposed, version=2)
    open_still = replace(second, activated_on=None)
    assert missing(order, first, open_still) == [(ForgottenKind.NOBODY_COMES, kept)]
    agreed = replace(second, activated_on=MONDAY - timedelta(days=1))
    assert missing(order, first, agreed) == [(ForgottenKind.NOBODY_COMES, proposed)]


def test_a_plan_without_any_visit_is_somebody_forgotten() -> None:
    order = an_order()
    assert missing(order, a_plan(order)) == [(ForgottenKind.NO_VISITS, None)]


def test_cleaning_every_third_week_is_not_forgotten_in_the_weeks_between() -> None:
    order, cleaning = an_order(), a_template(weekdays=frozenset({0}), every_weeks=3)
    plan = a_plan(order, cleaning, from_on=MONDAY)
    assert missing(order, plan) == [(ForgottenKind.NOBODY_COMES, cleaning)]
    assert missing(order, plan, on=MONDAY + timedelta(days=7)) == []
    assert missing(order, plan, on=MONDAY + timedelta(days=21)) == [(ForgottenKind.NOBODY_COMES, cleaning)]


def test_who_is_away_or_has_no_order_any_more_is_not_forgotten() -> None:
    order = an_order()
    plan = a_plan(order, a_template())
    assert missing(order, plan, away=frozenset({order.citizen_id})) == []
    ended = replace(order, valid=Period(order.valid.first_on, MONDAY - timedelta(days=1)))
    assert missing(ended, plan) == []


def test_a_visit_that_the_person_has_cancelled_is_not_forgotten() -> None:
    order, template = an_order(), a_template()
    cancelled = Planned(placements=(), explained=frozenset({visit_id(template.id, MONDAY)}))
    assert missing(order, a_plan(order, template), planned=cancelled) == []


def test_one_carer_of_two_is_too_few_and_so_is_the_same_one_twice() -> None:
    order, template = an_order(), a_template(staff=2)
    plan = a_plan(order, template)
    first, second = placed(demands_of_day([order], [plan], away=NOBODY, on=MONDAY))
    assert missing(order, plan, planned=Planned(placements=(first, second))) == []
    twice = replace(second, carer_id=first.carer_id)
    for parts in ((first,), (second,), (first, twice)):
        assert missing(order, plan, planned=Planned(placements=parts)) == [(ForgottenKind.TOO_FEW_COME, template)]


def test_a_placement_at_somebody_elses_is_no_visit_to_this_person() -> None:
    order, template = an_order(), a_template()
    plan = a_plan(order, template)
    (there,) = placed(demands_of_day([order], [plan], away=NOBODY, on=MONDAY))
    elsewhere = replace(there, citizen_id=CitizenId(uuid4()))
    assert missing(order, plan, planned=Planned(placements=(elsewhere,))) == [(ForgottenKind.NOBODY_COMES, template)]


def test_a_movable_visit_is_due_on_the_day_chosen_for_it() -> None:
    order, shower = an_order(), replace(a_template(weekdays=WEEKDAYS), times=2, min_days_between=2)
    plan = a_plan(order, shower)
    chosen = Planned(placements=(), chosen={(shower.id, MONDAY): frozenset({MONDAY, THURSDAY})})
    assert missing(order, plan, planned=chosen) == [(ForgottenKind.NOBODY_COMES, shower)]
    assert missing(order, plan, planned=chosen, on=WEDNESDAY) == []


def test_a_movable_visit_is_due_at_the_latest_when_the_week_could_not_hold_it_otherwise() -> None:
    """Two showers on weekdays, never on days in a row: without one by Tuesday, Wednesday and Friday are the last that fit."""
    order, shower = an_order(), replace(a_template(weekdays=WEEKDAYS), times=2, min_days_between=2)
    plan = a_plan(order, shower)
    before = frozenset({MONDAY, MONDAY + timedelta(days=1)})
    assert missing(order, plan, planned=Planned(placements=(), published=frozenset({MONDAY})), on=MONDAY) == []
    none_yet = Planned(placements=(), published=before)
    assert missing(order, plan, planned=none_yet, on=WEDNESDAY) == [(ForgottenKind.NOBODY_COMES, shower)]
    one_on_monday = replace(none_yet, came={shower.id: frozenset({MONDAY})})
    assert missing(order, plan, planned=one_on_monday, on=WEDNESDAY) == []
    away_on_tuesday = replace(none_yet, away={order.citizen_id: frozenset({MONDAY + timedelta(days=1)})})
    assert missing(order, plan, planned=away_on_tuesday, on=WEDNESDAY) == [], (
        "one more is enough, on Wednesday or later"
    )
    all_known = replace(one_on_monday, published=before | {WEDNESDAY, THURSDAY})
    assert missing(order, plan, planned=all_known, on=FRIDAY) == [(ForgottenKind.NOBODY_COMES, shower)]


def test_of_a_week_that_is_not_known_from_its_first_day_nothing_is_said() -> None:
    order, shower = an_order(), replace(a_template(weekdays=WEEKDAYS), times=2)
    assert missing(order, a_plan(order, shower), on=FRIDAY) == []
    began_this_week = a_plan(order, shower, from_on=WEDNESDAY)
    all_known = Planned(placements=(), published=frozenset(MONDAY + timedelta(days=ahead) for ahead in range(5)))
    assert missing(order, began_this_week, planned=all_known, on=FRIDAY) == []


def test_cleaning_on_christmas_eve_may_come_on_another_working_day_of_the_week_but_not_be_left_out() -> None:
    """2026: Thursday 24 and Friday 25 December are free, so Wednesday is the last day of that week for Thursday's cleaning."""
    order, cleaning = an_order(), a_template(ServiceCode.CLEANING, weekdays=frozenset({3}))
    plan, monday = a_plan(order, cleaning), date(2026, 12, 21)
    tuesday, wednesday, thursday = (monday + timedelta(days=ahead) for ahead in (1, 2, 3))
    known = Planned(placements=(), published=frozenset({monday, tuesday, wednesday}))
    assert missing(order, plan, planned=known, on=tuesday) == []
    assert missing(order, plan, planned=known, on=wednesday) == [(ForgottenKind.NOBODY_COMES, cleaning)]
    assert missing(order, plan, planned=known, on=thursday) == []
    came = replace(known, came={cleaning.id: frozenset({tuesday})})
    assert missing(order, plan, planned=came, on=wednesday) == []


templates = st.builds(
    a_template,
    window=st.sampled_from([("07:00", "10:30"), ("12:00", "13:00"), ("22:00", "02:00")]),
    staff=st.sampled_from([1, 1, 2]),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    every_weeks=st.integers(1, 3),
)


@settings(deadline=None)
@given(
    homes=st.lists(st.lists(templates, min_size=1, max_size=4), min_size=1, max_size=6),
    ahead=st.integers(0, 60),
    away=st.sets(st.integers(0, 5)),
    data=st.data(),
)
def test_whatever_is_dropped_from_a_plan_is_found_and_nothing_else(
    homes: list[list[VisitTemplate]], ahead: int, away: set[int], data: st.DataObject
) -> None:
    """The planner's own demands, all placed, forget nobody; take one part out, and that visit is named."""
    on = MONDAY + timedelta(days=ahead)
    orders = [an_order() for _ in homes]
    plans = [a_plan(order, *asked, from_on=MONDAY) for order, asked in zip(orders, homes, strict=True)]
    gone = frozenset(order.citizen_id for number, order in enumerate(orders) if number in away)
    whole = placed(demands_of_day(orders, plans, away=gone, on=on))
    assert forgotten(orders, plans, Planned(placements=whole), away=gone, on=on) == ()
    if whole:
        dropped = data.draw(st.sampled_from(whole))
        rest = tuple(one for one in whole if one is not dropped)
        (found,) = forgotten(orders, plans, Planned(placements=rest), away=gone, on=on)
        assert_names(found, dropped)


def assert_names(found: Forgotten, dropped: Placement) -> None:
    assert (found.about, found.citizen_id) == (dropped.visit_id, dropped.citizen_id)
