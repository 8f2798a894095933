"""Choosing days: the choice costs what it says, breaks nothing, and on small problems none is cheaper."""

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Ceiling, DayChoiceProblem, Room, Series, choose_days, cost_of, faults_of

WEEK = tuple(range(7))


def test_two_showers_never_on_days_in_a_row_fall_on_the_cheapest_days_that_are_apart() -> None:
    shower = Series("shower", "shower", 2, WEEK, 1000, day_costs={0: 9, 1: 0, 2: 1, 3: 5, 4: 9, 5: 9, 6: 9}, apart=2)
    chosen = choose_days(DayChoiceProblem((shower,)))
    assert chosen.days == {"shower": (1, 3)}
    assert (chosen.cost, chosen.optimal) == (5, True)


def test_the_distance_holds_across_the_border_to_what_came_before() -> None:
    shower = Series("w1", "shower", 2, (0, 1, 2, 3), 1000, apart=2, taken=(-1,))
    assert choose_days(DayChoiceProblem((shower,))).days == {"w1": (1, 3)}


def test_the_distance_holds_from_one_week_to_the_next() -> None:
    weeks = (Series("w1", "shower", 1, (5, 6), 1000, {5: 3}, apart=3), Series("w2", "shower", 1, (7, 8), 1000, apart=3))
    chosen = choose_days(DayChoiceProblem(weeks))
    assert chosen.days == {"w1": (5,), "w2": (8,)}


def test_what_a_ceiling_has_no_room_for_is_left_out_at_the_lowest_price() -> None:
    series = (Series("shower", "shower", 2, WEEK, 1000), Series("walk", "walk", 1, WEEK, 10))
    ceiling = Ceiling("week", 90, frozenset(WEEK), {"shower": 40, "walk": 45})
    chosen = choose_days(DayChoiceProblem(series, ceilings=(ceiling,)))
    assert (len(chosen.days["shower"]), chosen.days["walk"]) == (2, ())
    assert chosen.cost == 10


def test_work_goes_where_there_is_room_for_it() -> None:
    cleanings = tuple(Series(f"c{n}", f"c{n}", 1, (0, 1), 1000, load={"day": 60}) for n in range(4))
    rooms = (Room(0, "day", 60, 60, 5), Room(1, "day", 180, 180, 5))
    chosen = choose_days(DayChoiceProblem(cleanings, rooms))
    assert sorted(day for days in chosen.days.values() for day in days) == [0, 1, 1, 1]
    assert chosen.cost == 0


@st.composite
def problems(draw: st.DrawFn) -> DayChoiceProblem:
    days = st.integers(0, 4)
    series = tuple(
        Series(
            f"s{n}",
            draw(st.sampled_from(["a", "b"])),
            draw(st.integers(0, 2)),
            tuple(sorted(draw(st.sets(days, max_size=4)))),
            draw(st.integers(0, 50)),
            day_costs=draw(st.dictionaries(days, st.integers(0, 9))),
            apart=draw(st.integers(1, 3)),
            taken=tuple(draw(st.sets(st.integers(-2, 0), max_size=1))),
            load={"hand": draw(st.integers(0, 9))},
        )
        for n in range(draw(st.integers(1, 3)))
    )
    easy = draw(st.integers(-2, 9))
    rooms = tuple(Room(day, "hand", easy, easy + draw(st.integers(0, 5)), draw(st.integers(1, 9))) for day in range(5))
    each = {one.id: draw(st.integers(0, 9)) for one in series}
    ceiling = Ceiling("c", draw(st.integers(-3, 20)), frozenset(draw(st.sets(days))), each)
    return DayChoiceProblem(series, rooms, (ceiling,))


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_no_choice_that_breaks_nothing_is_cheaper(problem: DayChoiceProblem) -> None:
    chosen = choose_days(problem)
    assert not faults_of(problem, chosen.days)
    assert chosen.cost == cost_of(problem, chosen.days)
    options = [
        [some for times in range(one.times + 1) for some in combinations(one.open_days, times)]
        for one in problem.series
    ]
    every = (dict(zip((one.id for one in problem.series), picked, strict=True)) for picked in product(*options))
    assert chosen.optimal
    assert chosen.cost == min(cost_of(problem, days) for days in every if not faults_of(problem, days))
    assert choose_days(problem) == chosen
