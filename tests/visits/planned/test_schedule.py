"""What publishing a draft changes for the people concerned."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from visits.planned.schedule import ChangeKind, Placement, Schedule, ScheduleState, difference
from visits.terms import CarerId, CitizenId, ScheduleId, TeamId, VisitId

MONDAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 7, tzinfo=UTC)
AMIRA, JONAS, VERA = (CarerId(uuid4()) for _ in range(3))
TEAM = TeamId(uuid4())
VISIT, CITIZEN = VisitId(uuid4()), CitizenId(uuid4())


def placed(carer: CarerId, *, late: int = 0, part: int = 1, visit: VisitId = VISIT) -> Placement:
    return Placement(
        visit_id=visit,
        citizen_id=CITIZEN,
        part=part,
        carer_id=carer,
        start_at=EIGHT + timedelta(minutes=late),
        minutes=30,
        travel_seconds=0,
    )


def a_schedule(*placements: Placement, state: ScheduleState = ScheduleState.DRAFT) -> Schedule:
    return Schedule(id=ScheduleId(uuid4()), team_id=TEAM, on=MONDAY, state=state, made_at=EIGHT, placements=placements)


def test_a_start_that_moves_by_four_minutes_is_nothing_to_tell() -> None:
    found = difference(a_schedule(placed(AMIRA)), a_schedule(placed(AMIRA, late=4)))
    assert found.changes == ()


def test_a_start_that_moves_by_five_minutes_is_told() -> None:
    found = difference(a_schedule(placed(AMIRA)), a_schedule(placed(AMIRA, late=-5)))
    (change,) = found.changes
    assert (change.kind, change.other_carer) == (ChangeKind.MOVED, False)
    assert change.new_start_at == EIGHT - timedelta(minutes=5)
    assert found.citizens_to_tell == {CITIZEN}


def test_another_carer_is_told_even_at_the_same_time() -> None:
    (change,) = difference(a_schedule(placed(AMIRA)), a_schedule(placed(JONAS))).changes
    assert change.other_carer
    assert (change.old_carers, change.new_carers) == ({AMIRA}, {JONAS})


def test_two_who_swap_their_parts_in_a_visit_change_nothing_for_the_citizen() -> None:
    before = a_schedule(placed(AMIRA, part=1), placed(JONAS, part=2))
    after = a_schedule(placed(JONAS, part=1), placed(AMIRA, part=2))
    assert difference(before, after).changes == ()


def test_a_visit_that_is_no_longer_made_is_withdrawn_and_a_new_one_added() -> None:
    other = VisitId(uuid4())
    found = difference(a_schedule(placed(AMIRA)), a_schedule(placed(VERA, visit=other, late=60)))
    assert [(change.visit_id, change.kind) for change in found.changes] == [
        (VISIT, ChangeKind.WITHDRAWN),
        (other, ChangeKind.ADDED),
    ]


def test_a_visit_that_was_cancelled_with_the_citizen_is_no_news_to_them() -> None:
    found = difference(a_schedule(placed(AMIRA)), a_schedule(), known_cancelled=frozenset({VISIT}))
    assert found.changes == ()


def test_against_nothing_published_every_visit_is_new() -> None:
    assert [change.kind for change in difference(None, a_schedule(placed(AMIRA))).changes] == [ChangeKind.ADDED]
