"""Care plans times days: what is due, and when a local wish is, in instants."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.world import EVERY_DAY, a_template
from visits.errors import Refused
from visits.granted.care_plans import CarePlan, CarePlanState
from visits.granted.orders import OrderState, ServiceOrder
from visits.granted.visit_templates import VisitTemplate
from visits.planned.demands import VisitDemand, demand_of, demands_of_day
from visits.planned.visit_ids import visit_id
from visits.terms import (
    STOCKHOLM,
    CarePlanId,
    CitizenId,
    DecisionId,
    OrderId,
    Period,
    ProviderId,
    ServiceKind,
    TeamId,
)

MONDAY = date(2026, 11, 23)
CLOCK_BACK = date(2026, 10, 25)
"""At 03:00 summer time the clock goes back to 02:00."""
CLOCK_FORWARD = date(2027, 3, 28)
"""At 02:00 the clock goes forward to 03:00."""
NOBODY: frozenset[CitizenId] = frozenset()


def an_order(first_on: date = date(2026, 1, 1), last_on: date | None = None) -> ServiceOrder:
    return ServiceOrder(
        id=OrderId(uuid4()),
        decision_id=DecisionId(uuid4()),
        citizen_id=CitizenId(uuid4()),
        kind=ServiceKind.HOME_CARE,
        provider_id=ProviderId(uuid4()),
        team_id=TeamId(uuid4()),
        state=OrderState.COMMENCED,
        valid=Period(first_on, last_on),
    )


def a_plan(
    order: ServiceOrder, *templates: VisitTemplate, version: int = 1, from_on: date = date(2026, 1, 1)
) -> CarePlan:
    return CarePlan(
        id=CarePlanId(uuid4()),
        order_id=order.id,
        citizen_id=order.citizen_id,
        version=version,
        state=CarePlanState.ACTIVE,
        from_on=from_on,
        templates=templates,
        activated_on=from_on - timedelta(days=1),
    )


def due(template: VisitTemplate, on: date) -> VisitDemand:
    order = an_order()
    (found,) = demands_of_day([order], [a_plan(order, template)], away=NOBODY, on=on)
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_in_winter_a_wish_at_half_past_eight_is_half_past_seven_universal_time() -> None:
    found = due(a_template(window=("07:00", "10:30"), wish=("08:30", "09:00")), MONDAY)
    assert (found.earliest_at, found.latest_at) == (utc("2026-11-23T06:00"), utc("2026-11-23T09:30"))
    assert (found.wish_earliest_at, found.wish_latest_at) == (utc("2026-11-23T07:30"), utc("2026-11-23T08:00"))


def test_a_window_past_midnight_ends_on_the_next_day() -> None:
    found = due(a_template(window=("22:00", "02:00"), wish=("23:30", "00:30")), MONDAY)
    assert (found.earliest_at, found.latest_at) == (utc("2026-11-23T21:00"), utc("2026-11-24T01:00"))
    assert (found.wish_earliest_at, found.wish_latest_at) == (utc("2026-11-23T22:30"), utc("2026-11-23T23:30"))


def test_on_the_night_when_the_clock_goes_back_the_window_is_an_hour_longer() -> None:
    """22:00 summer time is 20:00 universal; 04:00 winter time is 03:00 universal: seven hours for six on the wall."""
    found = due(a_template(window=("22:00", "04:00"), wish=("02:30", "03:00")), CLOCK_BACK - timedelta(days=1))
    assert (found.earliest_at, found.latest_at) == (utc("2026-10-24T20:00"), utc("2026-10-25T03:00"))
    assert found.wish_earliest_at == utc("2026-10-25T00:30"), "02:30 comes twice; the first is taken"
    assert found.wish_latest_at == utc("2026-10-25T02:00")


def test_on_the_night_when_the_clock_goes_forward_the_window_is_an_hour_shorter() -> None:
    """22:00 winter time is 21:00 universal; 04:00 summer time is 02:00 universal: five hours for six on the wall."""
    found = due(a_template(window=("22:00", "04:00"), wish=("02:30", "03:30")), CLOCK_FORWARD - timedelta(days=1))
    assert (found.earliest_at, found.latest_at) == (utc("2027-03-27T21:00"), utc("2027-03-28T02:00"))
    assert found.wish_earliest_at == utc("2027-03-28T01:30"), "02:30 never comes; half an hour after the jump does"
    assert found.wish_latest_at == utc("2027-03-28T01:30")


def test_a_window_in_the_hour_that_never_comes_keeps_its_width() -> None:
    found = due(a_template(window=("02:30", "03:00"), wish=("02:30", "03:00")), CLOCK_FORWARD)
    assert (found.earliest_at, found.latest_at) == (utc("2027-03-28T01:30"), utc("2027-03-28T02:00"))


def test_the_morning_after_the_clock_change_is_as_people_mean_it() -> None:
    template = a_template(window=("07:00", "10:00"), wish=("08:00", "09:00"))
    assert due(template, CLOCK_BACK).wish_earliest_at == utc("2026-10-25T07:00")
    assert due(template, CLOCK_FORWARD).wish_earliest_at == utc("2027-03-28T06:00")


WALL = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
DAYS = st.one_of(
    st.dates(date(2026, 1, 2), date(2030, 12, 31)),
    st.sampled_from([CLOCK_BACK, CLOCK_FORWARD, CLOCK_BACK - timedelta(days=1), CLOCK_FORWARD - timedelta(days=1)]),
)


@given(earliest=WALL, latest=WALL, wish_earliest=WALL, wish_latest=WALL, on=DAYS)
def test_the_window_opens_before_the_wish_and_closes_after_it(
    earliest: time, latest: time, wish_earliest: time, wish_latest: time, on: date
) -> None:
    found = due(
        a_template(
            window=(earliest.isoformat(), latest.isoformat()), wish=(wish_earliest.isoformat(), wish_latest.isoformat())
        ),
        on,
    )
    assert found.earliest_at <= found.wish_earliest_at <= found.wish_latest_at <= found.latest_at
    assert found.latest_at - found.earliest_at <= timedelta(hours=25)


@given(earliest=WALL, minutes=st.integers(0, 23 * 60), share=st.floats(0, 1), on=DAYS)
def test_at_the_wish_the_clock_on_the_wall_shows_the_wish(earliest: time, minutes: int, share: float, on: date) -> None:
    """For each wish inside the window that the clocks show at all that night."""
    start = datetime.combine(on, earliest)
    wish = start + timedelta(minutes=int(minutes * share))
    end = start + timedelta(minutes=minutes)
    found = due(
        a_template(
            window=(f"{start:%H:%M}", f"{end:%H:%M}"), wish=(f"{wish:%H:%M}", f"{wish:%H:%M}"), weekdays=EVERY_DAY
        ),
        on,
    )
    never_comes = any(
        one.date() == CLOCK_FORWARD_OF[one.year] and one.hour == 2
        for one in (start, wish, end)
        if one.year in CLOCK_FORWARD_OF
    )
    if not never_comes:
        assert found.wish_earliest_at.astimezone(STOCKHOLM).replace(tzinfo=None) == wish


CLOCK_FORWARD_OF = {
    2026: date(2026, 3, 29),
    2027: CLOCK_FORWARD,
    2028: date(2028, 3, 26),
    2029: date(2029, 3, 25),
    2030: date(2030, 3, 31),
}


def test_a_template_is_due_on_its_weekdays_only() -> None:
    order = an_order()
    plan = a_plan(order, a_template(weekdays=frozenset({0, 3})))
    days = [MONDAY + timedelta(days=number) for number in range(7)]
    found = [on for on in days if demands_of_day([order], [plan], away=NOBODY, on=on)]
    assert found == [MONDAY, MONDAY + timedelta(days=3)]


def test_every_other_week_is_counted_from_the_week_of_the_plans_first_day() -> None:
    order = an_order()
    plan = a_plan(order, a_template(weekdays=frozenset({0}), every_weeks=2), from_on=date(2026, 11, 12))
    mondays = [date(2026, 11, 9) + timedelta(weeks=number) for number in range(4)]
    found = [on for on in mondays if demands_of_day([order], [plan], away=NOBODY, on=on)]
    assert found == [date(2026, 11, 23)], "9 November lies before the plan's first day, in its first week"


def test_an_order_that_is_not_in_force_gives_no_visits() -> None:
    order = an_order(last_on=MONDAY - timedelta(days=1))
    assert demands_of_day([order], [a_plan(order, a_template())], away=NOBODY, on=MONDAY) == ()


def test_a_visit_asked_for_directly_without_an_order_in_force_is_refused() -> None:
    order = an_order(last_on=MONDAY - timedelta(days=1))
    template = a_template()
    with pytest.raises(Refused) as refusal:
        demand_of(order, a_plan(order, template), template, on=MONDAY)
    assert refusal.value.params["rule"] == "no_order_in_force"
    assert refusal.value.params["on"] == MONDAY


def test_a_citizen_who_is_away_has_no_visits() -> None:
    order = an_order()
    assert demands_of_day([order], [a_plan(order, a_template())], away=frozenset({order.citizen_id}), on=MONDAY) == ()


def test_the_newest_plan_begun_by_the_day_holds() -> None:
    order = an_order()
    old, new, future = a_template(minutes=20), a_template(minutes=25), a_template(minutes=60)
    plans = [
        a_plan(order, old, version=1),
        a_plan(order, new, version=2, from_on=MONDAY),
        a_plan(order, future, version=3, from_on=MONDAY + timedelta(days=1)),
    ]
    assert [one.minutes for one in demands_of_day([order], plans, away=NOBODY, on=MONDAY)] == [25]
    assert [one.minutes for one in demands_of_day([order], plans, away=NOBODY, on=MONDAY - timedelta(days=1))] == [20]


def test_a_visit_waits_for_an_earlier_one_only_where_both_are_due() -> None:
    order = an_order()
    morning = a_template(weekdays=frozenset({0}))
    lunch = a_template(window=("11:00", "13:00"), after=morning.id, min_gap_minutes=150)
    plan = a_plan(order, morning, lunch)
    _, monday = demands_of_day([order], [plan], away=NOBODY, on=MONDAY)
    assert (monday.after, monday.min_gap_minutes) == (visit_id(morning.id, MONDAY), 150)
    (tuesday,) = demands_of_day([order], [plan], away=NOBODY, on=MONDAY + timedelta(days=1))
    assert (tuesday.after, tuesday.min_gap_minutes) == (None, 0)
