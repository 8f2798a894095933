import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from api.coordinator.axis import MOST_HOURS, Axis
from visits.terms import midnight

MONDAY = date(2026, 11, 23)
SHORT_DAY = date(2027, 3, 28)
LONG_DAY = date(2026, 10, 25)
STYLES = (Path(__file__).parents[3] / "api/coordinator/static/timeline.css").read_text(encoding="utf-8")
STYLED = set(re.findall(r"^\.([a-z]+-?\d+) ", STYLES, flags=re.MULTILINE))


def at(hours: float, on: date = MONDAY) -> datetime:
    return midnight(on) + timedelta(hours=hours)


def test_the_axis_holds_whole_hours_around_all_that_happens() -> None:
    axis = Axis.over(MONDAY, [at(7.25), at(15.5)])
    assert (axis.first, axis.last) == (7, 16)


def test_a_day_where_nothing_happens_still_has_hours() -> None:
    assert len(Axis.over(MONDAY, []).hours) == 9


def test_a_place_is_said_in_hours_and_minutes_from_midnight() -> None:
    axis = Axis(MONDAY, 7, 16)
    assert axis.stretch(at(8.5), at(10.25)) == "h8 m30 l1 k45"


def test_what_sticks_out_is_cut_at_the_edge() -> None:
    axis = Axis(MONDAY, 7, 16)
    assert axis.stretch(at(6.5), at(7.5)) == "h7 m0 l0 k30"
    assert axis.stretch(at(17), at(18)) == "h16 m0 l0 k0"


def test_the_hour_that_comes_twice_is_two_hours_long() -> None:
    """On 25 October 2026 midnight is 22:00 UTC, and 07:00 in Stockholm (06:00 UTC) is the ninth hour begun, not the eighth."""
    axis = Axis(LONG_DAY, 0, 25)
    assert axis.at(datetime(2026, 10, 25, 6, 0, tzinfo=UTC)) == "h8 m0"
    assert len(axis.hours) == 25


def test_the_hour_that_never_comes_is_not_drawn() -> None:
    """On 28 March 2027 midnight is 23:00 UTC, and 07:00 in Stockholm is 05:00 UTC: six real hours later."""
    assert Axis(SHORT_DAY, 0, 23).at(datetime(2027, 3, 28, 5, 0, tzinfo=UTC)) == "h6 m0"


@given(
    hours=st.lists(st.floats(-5, 50), max_size=6),
    span=st.tuples(st.floats(-5, 50), st.floats(0, 12)),
    on=st.sampled_from([MONDAY, SHORT_DAY, LONG_DAY]),
)
def test_every_place_has_a_class_in_the_style_sheet(hours: list[float], span: tuple[float, float], on: date) -> None:
    axis = Axis.over(on, [at(hour, on) for hour in hours])
    said = f"{axis.classes} {axis.stretch(at(span[0], on), at(span[0] + span[1], on))}"
    assert set(said.split()) <= STYLED
    assert 0 <= axis.first < axis.last <= MOST_HOURS
    assert all(later - earlier == timedelta(hours=1) for earlier, later in pairwise(axis.hours))
