"""Key figures of a team's week, worked by hand, and what of them is open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from visits.performed.continuity import PeopleMet
from visits.performed.folding import Interval
from visits.performed.outcome import Told
from visits.performed.strip import Amounts
from visits.performed.suppression import FEWEST, is_open, opened
from visits.performed.team_figures import Key, TeamFigures, count, figure, of_teams, over_weeks
from visits.performed.visit import VisitState
from visits.store.visits import DueRow
from visits.terms import AbsenceReason, CitizenId, Minutes, VisitId, VisitTemplateId

ELSA, FOLKE = CitizenId(UUID(int=1)), CitizenId(UUID(int=2))
MONDAY = date(2026, 11, 16)
EIGHT = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
AFTERWARDS = EIGHT + timedelta(days=7)


def due(citizen: CitizenId, *, state: VisitState = VisitState.COMPLETED) -> DueRow:
    return DueRow(VisitId(uuid4()), citizen, VisitTemplateId(uuid4()), MONDAY, EIGHT, 30, state)


def stayed(begins: int, minutes: int, *, carers: int = 1, edited: bool = False) -> Told:
    start_at = EIGHT + timedelta(minutes=begins)
    one = Interval(start_at=start_at, end_at=start_at + timedelta(minutes=minutes))
    return Told(state=VisitState.COMPLETED, intervals=(one,) * carers, edited=edited)


def test_a_week_worked_by_hand() -> None:
    on_time, just, late, unknown = (due(ELSA) for _ in range(4))
    missed, away, refused = (due(FOLKE, state=VisitState.PLANNED) for _ in range(3))
    gone_on = {FOLKE: frozenset({MONDAY})}
    told = {
        on_time.id: stayed(0, 30, carers=2, edited=True),
        just.id: stayed(-15, 20),
        late.id: stayed(16, 40),
        unknown.id: Told(state=VisitState.STARTED, is_open=True),
        refused.id: Told(state=VisitState.DECLINED),
    }
    starts = {visit.id: EIGHT for visit in (on_time, just, late, unknown, missed, away, refused)}
    week = {
        "starts": starts,
        "told": told,
        "paid_minutes": 240,
        "travel_minutes": 24,
        "met": PeopleMet({ELSA: 9, FOLKE: 12}),
        "now": AFTERWARDS,
    }
    found = count([on_time, just, late, unknown, refused], away={}, **week)
    # Two carers for half an hour, twenty minutes and forty: 120 of 240. Two of three began within a quarter of an hour.
    assert found == TeamFigures(
        made=4,
        edited=1,
        timed=3,
        on_time=2,
        client_minutes=120,
        paid_minutes=240,
        travel_minutes=24,
        people_met=21,
        met_citizens=2,
        citizens=2,
    )
    assert [figure(found, key) for key in Key] == [0.5, 10.5, 2 / 3, 0.0, 0.25, 0.1]
    worse = count([on_time, missed], away={}, **week)
    assert (worse.made, worse.missed, figure(worse, Key.MISSED)) == (1, 1, 500.0)
    assert count([on_time, away], away=gone_on, **week).missed == 0


def test_a_visit_that_was_moved_is_on_time_by_its_new_time() -> None:
    one = due(ELSA)
    said = replace(stayed(60, 30), moved_to=EIGHT + timedelta(minutes=65))
    found = count(
        [one],
        told={one.id: said},
        starts={one.id: EIGHT},
        away={},
        paid_minutes=0,
        travel_minutes=0,
        met=PeopleMet({}),
        now=AFTERWARDS,
    )
    assert (found.timed, found.on_time) == (1, 1)
    assert figure(found, Key.CLIENT_TIME) is None
    assert figure(found, Key.CONTINUITY) is None


def test_teams_add_up_and_weeks_are_of_the_same_people() -> None:
    first, second = TeamFigures(made=10, citizens=7), TeamFigures(made=5, citizens=8)
    assert of_teams([first, second]) == TeamFigures(made=15, citizens=15)
    assert over_weeks([first, second]) == TeamFigures(made=15, citizens=8)
    assert over_weeks([]) == TeamFigures()


def test_what_is_about_one_to_four_is_not_open() -> None:
    team = TeamFigures(made=100, missed=5, edited=5, timed=100, on_time=90, citizens=5, met_citizens=5)
    assert all(is_open(team, key) for key in Key)
    assert not any(is_open(replace(team, citizens=4, met_citizens=4), key) for key in Key)
    assert not is_open(replace(team, missed=4), Key.MISSED)
    assert is_open(replace(team, missed=0), Key.MISSED)
    assert not is_open(replace(team, on_time=97), Key.ON_TIME)  # all but three
    assert not is_open(replace(team, met_citizens=4), Key.CONTINUITY)


def of(performed: int, *, absent: int = 0, declined: int = 0) -> Amounts:
    reasons = {AbsenceReason.HOSPITAL: Minutes(absent)} if absent else {}
    return Amounts(granted=Minutes(100), performed=Minutes(performed), absent=reasons, declined=Minutes(declined))


def test_sums_hide_what_few_have_a_part_in_and_count_it_as_left_over() -> None:
    found = opened([of(80, absent=10), of(80, absent=10), *[of(80, declined=5)] * 5])
    assert found is not None
    assert found.hidden == {"absent"}
    assert (found.amounts.absent_total, found.amounts.declined, found.citizens) == (0, 25, 7)
    # 700 granted, 560 performed, 25 declined: the hidden 20 are among the 115 that are left.
    assert found.amounts.unused == 115
    assert opened([of(80)] * 4) is None
    assert opened([*[of(0)] * 6, of(80)]) is None  # a sum of one person's help
    assert opened([of(0)] * 6) is not None


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 40), st.integers(0, 40)), max_size=12))
def test_no_part_that_is_shown_is_about_fewer_than_five(rows: list[tuple[int, int, int]]) -> None:
    strips = [of(performed, absent=absent, declined=declined) for performed, absent, declined in rows]
    found = opened(strips)
    if found is None:
        return
    assert len(strips) >= FEWEST
    for shown, had in (
        (found.amounts.absent_total, [one.absent_total for one in strips]),
        (found.amounts.declined, [one.declined for one in strips]),
    ):
        assert shown == 0 or sum(amount > 0 for amount in had) >= FEWEST
    assert all(reason is AbsenceReason.OTHER for reason in found.amounts.absent)
