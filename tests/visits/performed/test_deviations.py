"""How a visit deviates: Astrid's, published for 08:00, 30 minutes, which may begin from 07:00 to 09:00."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visits.errors import Invalid
from visits.granted.visit_templates import Priority
from visits.performed.checkins import Fact, FactKind
from visits.performed.deviations import Deviation, DeviationKind, deviations, in_two_places, next_deviation_at
from visits.performed.folding import Performed, fold, state_after
from visits.performed.months import ClosedMonth, closes_at, days_of, months_due
from visits.performed.time_rules import TimeRules
from visits.performed.visit import Visit, VisitState
from visits.terms import (
    CarerId,
    CitizenId,
    CoordinatorId,
    FactId,
    OrderId,
    Period,
    ServiceCode,
    TeamId,
    VisitId,
)

AMIRA, JONAS = CarerId(UUID(int=11)), CarerId(UUID(int=12))
EIGHT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
IN, OUT = FactKind.CHECK_IN, FactKind.CHECK_OUT
RULES = TimeRules()
UNATTENDED, MISSED = DeviationKind.UNATTENDED, DeviationKind.MISSED


def after(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def said(kind: FactKind, minutes: float, *, carer: CarerId = AMIRA, visit: int = 1, **more: Any) -> Fact:
    return Fact(
        id=FactId(uuid4()),
        visit_id=VisitId(UUID(int=visit)),
        carer_id=carer,
        kind=kind,
        happened_at=after(minutes),
        received_at=after(minutes),
        **more,
    )


def astrids(*, latest: float = 60, told: Performed | None = None) -> Visit:
    return Visit(
        id=VisitId(UUID(int=1)),
        template_id=None,
        citizen_id=CitizenId(UUID(int=2)),
        order_id=OrderId(UUID(int=3)),
        team_id=TeamId(UUID(int=4)),
        on=date(2026, 11, 23),
        codes=(ServiceCode.MORNING,),
        instructions="",
        earliest_at=after(-60),
        latest_at=after(latest),
        minutes=30,
        staff_required=1,
        skills=frozenset(),
        priority=Priority.MUST,
        state=state_after(VisitState.PLANNED, told or Performed()),
    )


def found(*facts: Fact, now: float, latest: float = 60) -> list[tuple[DeviationKind, int]]:
    told = fold(facts)
    visit = astrids(latest=latest, told=told)
    return [(one.kind, one.minutes) for one in deviations(visit, told, start_at=EIGHT, rules=RULES, now=after(now))]


def test_a_visit_that_goes_as_published_does_not_deviate() -> None:
    assert found(now=-5) == []
    assert found(now=15) == []
    assert found(said(IN, 15), said(OUT, 44), now=50) == []


def test_nobody_has_come_late_by_a_quarter_then_unattended_then_missed() -> None:
    """Told 07:45-08:15; 15 minutes after that it is unattended, and past 09:00 and its 30 minutes it is too late."""
    assert found(now=16) == [(DeviationKind.LATE_15, 16)]
    assert found(now=29) == [(DeviationKind.LATE_15, 29)]
    assert found(now=30) == [(UNATTENDED, 15)]
    assert found(now=89) == [(UNATTENDED, 74)]
    assert found(now=90) == [(MISSED, 90)]


def test_a_narrow_window_makes_a_visit_unattended_sooner() -> None:
    """Insulin that must be given by 08:05: unattended from 08:20, missed from 08:35."""
    assert found(now=20, latest=5) == [(UNATTENDED, 15)]
    assert found(now=35, latest=5) == [(MISSED, 35)]


def test_one_that_began_late_is_late_by_a_quarter_or_by_half_an_hour() -> None:
    assert found(said(IN, 16), now=17) == [(DeviationKind.LATE_15, 16)]
    assert found(said(IN, 31), now=32) == [(DeviationKind.LATE_30, 31)]


@pytest.mark.parametrize(
    ("stayed", "expected"),
    [
        (25, []),
        (24, [(DeviationKind.SHORT, 6)]),
        (23.5, [(DeviationKind.SHORT, 6)]),
        (35, []),
        (36, [(DeviationKind.LONG, 6)]),
    ],
)
def test_short_and_long_are_by_a_fifth_of_what_was_planned_in_whole_minutes(
    stayed: float, expected: list[tuple[DeviationKind, int]]
) -> None:
    assert found(said(IN, 0), said(OUT, stayed), now=60) == expected


def test_whoever_never_checks_out_has_forgotten_it_an_hour_after_the_planned_end() -> None:
    assert found(said(IN, 0), now=89) == []
    assert found(said(IN, 0), now=90) == [(DeviationKind.NOT_CHECKED_OUT, 90)]


def test_an_answer_at_the_door_or_a_cancellation_is_no_deviation() -> None:
    for kind in (FactKind.NOBODY_HOME, FactKind.DECLINED, FactKind.CANCELLED_LATE):
        assert found(said(kind, 5), now=600) == []


def test_a_visit_that_was_moved_is_held_against_its_new_time() -> None:
    moved = said(
        FactKind.MOVED, -30, moved_to=after(240), coordinator_id=CoordinatorId(UUID(int=21)), reason="läkarbesök"
    )
    assert found(moved, now=120) == []
    assert found(moved, now=256) == [(DeviationKind.LATE_15, 16)]
    assert found(moved, said(IN, 241), said(OUT, 270), now=300) == []


@settings(max_examples=60, deadline=None)
@given(now=st.integers(-60, 200), latest=st.integers(0, 60))
def test_between_two_announced_moments_nothing_changes(now: int, latest: int) -> None:
    """An open page looks again only at `next_deviation_at`: what it shows until then must hold."""
    visit, told = astrids(latest=latest), Performed()
    at = next_deviation_at(visit, told, start_at=EIGHT, rules=RULES, now=after(now))
    last = after(600) if at is None else at - timedelta(seconds=1)
    kinds = [
        [one.kind for one in deviations(visit, told, start_at=EIGHT, rules=RULES, now=then)]
        for then in (after(now) + timedelta(seconds=1), max(last, after(now) + timedelta(seconds=1)))
    ]
    assert kinds[0] == kinds[1]


def test_a_carer_at_two_visits_at_once_is_named_with_both() -> None:
    first, second = VisitId(UUID(int=1)), VisitId(UUID(int=2))
    told = {
        first: fold([said(IN, 0)]),
        second: fold([said(IN, 35, visit=2), said(OUT, 60, visit=2), said(IN, 0, visit=2, carer=JONAS)]),
    }
    assert in_two_places(told) == [(first, second, AMIRA)]
    told[first] = fold([said(IN, 0), said(OUT, 35)])
    assert in_two_places(told) == []


def test_only_what_goes_on_can_be_mended() -> None:
    late = Deviation(kind=DeviationKind.LATE_30, visit_id=VisitId(UUID(int=1)), minutes=31)
    assert not late.can_be_mended
    assert Deviation(kind=UNATTENDED, visit_id=late.visit_id, minutes=5, is_open=True).can_be_mended
    assert not Deviation(
        kind=DeviationKind.NOT_CHECKED_OUT, visit_id=late.visit_id, minutes=90, is_open=True
    ).can_be_mended


def test_a_month_is_closed_on_the_sixth_at_six_swedish_time_whatever_the_clock_does() -> None:
    assert closes_at(date(2026, 11, 1), RULES) == datetime(2026, 12, 6, 17, 0, tzinfo=UTC)
    assert closes_at(date(2026, 12, 1), RULES) == datetime(2027, 1, 6, 17, 0, tzinfo=UTC)
    assert closes_at(date(2026, 6, 1), RULES) == datetime(2026, 7, 6, 16, 0, tzinfo=UTC)
    assert days_of(date(2028, 2, 1)) == Period(date(2028, 2, 1), date(2028, 2, 29))
    with pytest.raises(Invalid):
        ClosedMonth(month_on=date(2026, 11, 2), closed_at=EIGHT)


def test_every_month_that_is_due_is_closed_at_its_own_hour_however_late_the_house_comes_to_it() -> None:
    now = datetime(2027, 1, 6, 17, 1, tzinfo=UTC)
    due = months_due(date(2026, 10, 14), closed=[date(2026, 11, 1)], rules=RULES, now=now)
    assert [one.month_on for one in due] == [date(2026, 10, 1), date(2026, 12, 1)]
    assert [one.closed_at for one in due] == [closes_at(one.month_on, RULES) for one in due]
    a_second_before = now - timedelta(seconds=1)
    assert len(months_due(date(2026, 10, 14), closed=[date(2026, 11, 1)], rules=RULES, now=a_second_before)) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"cap_percent": 99}, {"month_closes_day": 29}, {"correction_alone": timedelta(-1)}, {"month_closes_day": 0}],
)
def test_rules_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        TimeRules(**wrong)
