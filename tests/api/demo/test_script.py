"""How a played carer's day goes: in order, never in the future, the same however often it is worked out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.demo.script import Chosen, Doings, Route, Stop, doings
from visits.performed.checkins import FactKind

SEVEN = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
QUIET = Chosen()
CARER = UUID(int=1)
"""One who is never late: its number is not divisible by six."""


def stop(number: int, *, at: int, minutes: int = 30, travel: int = 5, part: str = "waiting") -> Stop:
    """A visit `at` minutes after seven. Visits whose numbers' lowest 16 bits are 9 always find somebody at home."""
    return Stop(
        visit_id=UUID(int=number << 64 | 9),
        part=part,
        start_at=SEVEN + timedelta(minutes=at),
        minutes=minutes,
        travel=timedelta(minutes=travel),
        here_since=None,
        told={},
    )


def day(*stops: Stop, breaks: tuple[tuple[int, int], ...] = ()) -> Route:
    spans = [(SEVEN + timedelta(minutes=start), SEVEN + timedelta(minutes=end)) for start, end in breaks]
    return Route(carer_id=CARER, stops=stops, breaks=spans)


def told(done: Doings) -> list[tuple[FactKind, float]]:
    return [(one.kind, (one.happened_at - SEVEN) / timedelta(minutes=1)) for one in done.happened]


def test_before_the_first_visit_nothing_has_happened() -> None:
    done = doings(day(stop(1, at=60)), SEVEN, QUIET)
    assert done.happened == []
    assert done.next_at == SEVEN + timedelta(
        minutes=58
    )  # the bits that vary the start are all nought: two minutes early


def test_a_visit_lasts_085_of_what_is_planned_where_chance_is_nought() -> None:
    done = doings(day(stop(1, at=60, minutes=40)), SEVEN + timedelta(hours=3), QUIET)
    assert told(done) == [(FactKind.CHECK_IN, 58), (FactKind.CHECK_OUT, 92)]
    assert done.next_at is None


def test_a_carer_who_is_there_still_is_there_until_the_visit_is_over() -> None:
    here = replace(stop(1, at=60, minutes=40, part="here"), here_since=SEVEN + timedelta(minutes=70))
    done = doings(day(here), SEVEN + timedelta(minutes=90), QUIET)
    assert done.happened == []
    assert done.next_at == SEVEN + timedelta(minutes=104)


def test_whoever_is_delayed_comes_later_to_the_next_and_takes_the_break_first() -> None:
    """Done at 120, a break of 30 that was planned between, 5 on the way: 155, though 110 was planned."""
    first = replace(stop(1, at=60, part="done"), told={FactKind.CHECK_OUT: SEVEN + timedelta(minutes=120)})
    done = doings(day(first, stop(2, at=110), breaks=((90, 120),)), SEVEN + timedelta(minutes=121), QUIET)
    assert done.next_at == SEVEN + timedelta(minutes=155)


def test_a_closed_door_is_told_with_a_note_and_without_a_check_in() -> None:
    first = stop(1, at=60)
    chosen = Chosen(nobody_home=frozenset({first.visit_id}))
    done = doings(day(first), SEVEN + timedelta(hours=2), chosen)
    assert told(done) == [(FactKind.NOBODY_HOME, 61)]
    assert done.happened[0].note


def test_a_forgotten_check_out_is_never_told_and_the_day_goes_on_as_if_it_had_been() -> None:
    """Come at 58, 34 minutes there: 92; the next at 110, two minutes early."""
    first, second = stop(1, at=60, minutes=40), stop(2, at=110)
    chosen = Chosen(forgotten=frozenset({first.visit_id}))
    done = doings(day(first, second), SEVEN + timedelta(minutes=109), chosen)
    assert told(done) == [(FactKind.CHECK_IN, 58), (FactKind.CHECK_IN, 108)]


def test_a_check_in_that_is_told_twice_is_so_under_two_ids_however_often_it_is_worked_out() -> None:
    first = stop(1, at=60, minutes=40)
    chosen = Chosen(doubled=frozenset({first.visit_id}))
    once = doings(day(first), SEVEN + timedelta(minutes=100), chosen)
    assert told(once) == [(FactKind.CHECK_IN, 58), (FactKind.CHECK_IN, 60), (FactKind.CHECK_OUT, 92)]
    here = replace(first, part="here", here_since=SEVEN + timedelta(minutes=58))
    again = doings(day(here), SEVEN + timedelta(minutes=100), chosen)
    assert again.happened == once.happened[1:]
    assert len({one.id for one in once.happened}) == 3


def test_a_visit_that_is_not_to_be_made_is_passed_by() -> None:
    done = doings(day(stop(1, at=60, part="off")), SEVEN + timedelta(hours=2), QUIET)
    assert (done.happened, done.next_at) == ([], None)


@given(
    numbers=st.lists(st.integers(min_value=1, max_value=2**128 - 1), min_size=1, max_size=12, unique=True),
    carer=st.integers(min_value=1, max_value=2**128 - 1),
    after=st.integers(min_value=0, max_value=900),
)
def test_facts_come_in_order_never_early_and_under_the_same_ids(numbers: list[int], carer: int, after: int) -> None:
    stops = [replace(stop(1, at=40 * place), visit_id=UUID(int=number)) for place, number in enumerate(numbers)]
    route = Route(carer_id=UUID(int=carer), stops=stops)
    now = SEVEN + timedelta(minutes=after)
    done = doings(route, now, QUIET)
    times = [one.happened_at for one in done.happened]
    assert times == sorted(times)
    assert all(at <= now for at in times)
    assert done.next_at is None or done.next_at > now
    later = doings(route, now + timedelta(hours=1), QUIET)
    assert later.happened[: len(done.happened)] == done.happened
