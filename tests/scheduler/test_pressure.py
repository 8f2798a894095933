"""Days that are as hard as the format allows: the right answer, worked out by hand, and never a hang or a broken rule."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from scheduler import (
    AnyOf,
    Cancelled,
    Carer,
    Cost,
    InvalidProblem,
    JobId,
    Limit,
    Link,
    LinkCarers,
    Placement,
    Problem,
    Seconds,
    Shift,
    Solution,
    Steps,
    Target,
    Weights,
    breaches,
    solve,
)
from scheduler.checks import MOST, MOST_OF_ALL
from tests.promises import broken_promises
from tests.towns.day import at, carer, day, job
from tests.towns.pressed_town import later, pressed_town
from tests.watched import Watched

MORNING, ALL_DAY = ("08:00", "12:00"), ("00:00", "23:59")


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Watched]:
    """Where days are planned that could make a plan hang: no answer within a minute is a failure."""
    process = Watched(seconds=60)
    yield process
    process.end()


def planned(elsewhere: Watched, problem: Problem, limit: Limit | None = None) -> Solution:
    plan = elsewhere.ask(solve, problem, limit=limit or Steps(200))
    assert broken_promises(problem, plan) == []
    return plan


def left(plan: Solution) -> set[str]:
    return {unplaced.job for unplaced in plan.unplaced}


def starts(plan: Solution) -> dict[str, int]:
    return {job: start for job, (_, start) in plan.placed.items()}


# -- any day, as hard as it may be -------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=pressed_town())
def test_whatever_is_hard_about_a_day_its_plan_keeps_every_promise(elsewhere: Watched, problem: Problem) -> None:
    planned(elsewhere, problem, Steps(60))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=pressed_town())
def test_the_same_day_a_week_later_has_the_same_plan(elsewhere: Watched, problem: Problem) -> None:
    week = 7 * 24 * 3600
    now, then = planned(elsewhere, problem, Steps(60)), planned(elsewhere, later(problem, week), Steps(60))
    moved = [
        replace(
            route,
            stops=tuple(Placement(stop.job, stop.start + week) for stop in route.stops),
            breaks=tuple(start + week for start in route.breaks),
        )
        for route in now.routes
    ]
    assert list(then.routes) == moved


# -- pins --------------------------------------------------------------------------------------------------------------

PAIR = Link(JobId("J1"), JobId("J2"), 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
PINS: list[tuple[str, Problem, list[tuple[str, int]]]] = [
    (
        "two at once",
        day(
            [carer("C1"), carer("C2")],
            [job("J1", "L1", MORNING), job("J2", "L1", MORNING), job("J3", "L1", MORNING)],
            pinned=[("J1", "C1", "09:00"), ("J2", "C1", "09:20")],
        ),
        [("NO_TIME_FOR_TRAVEL", 600)],
    ),
    (
        "outside its window",
        day([carer("C1")], [job("J1", "L1", MORNING)], pinned=[("J1", "C1", "12:10")]),
        [("STARTS_TOO_LATE", 600)],
    ),
    (
        "by a carer who lacks the skill",
        day([carer("C1")], [job("J1", "L1", MORNING, skills=["lift"])], pinned=[("J1", "C1", "09:00")]),
        [("SKILL_MISSING", 1)],
    ),
    (
        "by a carer who is not wanted",
        day([carer("C1")], [job("J1", "L1", MORNING, forbidden=["C1"])], pinned=[("J1", "C1", "09:00")]),
        [("CARER_FORBIDDEN", 1)],
    ),
    (
        "sooner than anybody can be there",
        day([carer("C1")], [job("J1", "L1", MORNING)], pinned=[("J1", "C1", "08:05")]),
        [("STARTS_BEFORE_SHIFT", 300)],
    ),
    (
        "after the shift",
        day([carer("C1")], [job("J1", "L1", ALL_DAY)], pinned=[("J1", "C1", "16:00")]),
        [("ENDS_AFTER_SHIFT", 2400)],
    ),
    (
        "during the break",
        day([carer("C1", breaks=[("09:00", "09:00", 30)])], [job("J1", "L1", MORNING)], pinned=[("J1", "C1", "09:10")]),
        [("BREAK_DURING_WORK", 1200)],
    ),
    (
        "at other times than the pair may",
        day(
            [carer("C1"), carer("C2")],
            [job("J1", "L1", MORNING), job("J2", "L1", MORNING)],
            links=[PAIR],
            pinned=[("J1", "C1", "09:00"), ("J2", "C2", "09:15")],
        ),
        [("GAP_TOO_LARGE", 900)],
    ),
    (
        "with a partner whom nobody can visit",
        day(
            [carer("C1"), carer("C2")],
            [job("J1", "L1", MORNING), job("J2", "L1", MORNING, skills=["lift"])],
            links=[PAIR],
            pinned=[("J1", "C1", "09:00")],
        ),
        [("PARTNER_MISSING", 1)],
    ),
]


@pytest.mark.parametrize(("problem", "broken"), [pin[1:] for pin in PINS], ids=[pin[0] for pin in PINS])
def test_a_pin_that_cannot_be_is_kept_and_what_it_breaks_is_told(
    elsewhere: Watched, problem: Problem, broken: list[tuple[str, int]]
) -> None:
    plan = planned(elsewhere, problem)
    assert [(breach.code, breach.amount) for breach in breaches(problem, plan)] == broken
    for pin in problem.pinned:
        assert plan.placed[pin.job] == (pin.carer, pin.start)


# -- links -------------------------------------------------------------------------------------------------------------


def circle(*names: str, gap: int) -> list[Link]:
    """Each so long after the one before, and the first after the last."""
    following = zip(names, [*names[1:], names[0]], strict=True)
    return [Link(JobId(a), JobId(b), gap, None) for a, b in following]


def test_of_visits_each_after_the_other_in_a_circle_the_cheapest_is_left(elsewhere: Watched) -> None:
    jobs = [job(name, "L0", MORNING, unplaced=price) for name, price in (("J1", 3000), ("J2", 1000), ("J3", 2000))]
    plan = planned(elsewhere, day([carer("C1"), carer("C2")], jobs, links=circle("J1", "J2", "J3", gap=600)))
    assert plan.cost == Cost(unplaced=1000)


def test_a_circle_without_any_distance_is_three_visits_at_once(elsewhere: Watched) -> None:
    jobs = [job(name, "L0", MORNING) for name in ("J1", "J2", "J3")]
    trio = [carer(name) for name in ("C1", "C2", "C3")]
    plan = planned(elsewhere, day(trio, jobs, links=circle("J1", "J2", "J3", gap=0)))
    assert plan.cost == Cost()
    assert len(set(starts(plan).values())) == 1


def chained(carers: Sequence[Carer]) -> Problem:
    """Five visits at one second, by five different carers, all or none; each costs 1000 to leave."""
    jobs = [job(f"J{i}", "L0", MORNING, skills=["lift"], unplaced=1000) for i in range(5)]
    pairs = [(a, b) for a in range(5) for b in range(a + 1, 5)]
    links = [Link(JobId(f"J{a}"), JobId(f"J{b}"), 0, 0, LinkCarers.DIFFERENT, b == a + 1) for a, b in pairs]
    return day(carers, jobs, links=links)


def test_five_who_go_together_are_visited_by_five(elsewhere: Watched) -> None:
    assert planned(elsewhere, chained([carer(f"C{i}", skills=["lift"]) for i in range(5)])).cost == Cost()


def test_where_the_fifth_lacks_the_skill_all_five_are_left(elsewhere: Watched) -> None:
    four = [carer(f"C{i}", skills=["lift"]) for i in range(4)]
    assert planned(elsewhere, chained([*four, carer("C4")])).cost == Cost(unplaced=5000)


def test_a_negative_distance_lets_the_second_come_before_the_first(elsewhere: Watched) -> None:
    """J2 begins 30 to 60 minutes before J1, which begins at 10:00 sharp."""
    jobs = [job("J1", "L0", ("10:00", "10:00")), job("J2", "L0", MORNING, minutes=10)]
    plan = planned(elsewhere, day([carer("C1")], jobs, links=[Link(JobId("J1"), JobId("J2"), -3600, -1800)]))
    assert at("09:00") <= starts(plan)["J2"] <= at("09:30")


def test_of_two_that_cannot_be_so_far_apart_the_cheaper_is_left(elsewhere: Watched) -> None:
    """From 08:00 to 12:00 there are four hours, and the second comes ten hours after the first."""
    jobs = [job("J1", "L0", MORNING, unplaced=2000), job("J2", "L0", MORNING, unplaced=1000)]
    apart = Link(JobId("J1"), JobId("J2"), 36_000, None)
    assert left(planned(elsewhere, day([carer("C1")], jobs, links=[apart]))) == {"J2"}
    both = replace(apart, all_or_none=True)
    assert left(planned(elsewhere, day([carer("C1")], jobs, links=[both]))) == {"J1", "J2"}


# -- carers and time ---------------------------------------------------------------------------------------------------


def test_without_carers_everybody_is_left_and_told_why(elsewhere: Watched) -> None:
    jobs = [job("J1", "L0", MORNING, unplaced=3), job("J2", "L1", MORNING, unplaced=4)]
    plan = planned(elsewhere, day([], jobs, links=[PAIR]))
    assert plan.cost == Cost(unplaced=7)


def test_one_carer_visits_a_whole_house_without_a_step(elsewhere: Watched) -> None:
    """Sixteen half hours fill 08:00 to 16:00; a seventeenth has no place."""
    house = [job(f"J{i}", "L0", ALL_DAY, unplaced=1000 + i) for i in range(17)]
    plan = planned(elsewhere, day([carer("C1")], house), Steps(500))
    assert plan.cost == Cost(unplaced=1000)
    assert left(plan) == {"J0"}


def test_windows_of_a_second_are_met_to_the_second(elsewhere: Watched) -> None:
    """On the hour at L1 and L0 in turn; at 10:00 there are two, and one carer."""
    sharp = [job(f"J{i}", f"L{i % 2}", (f"{8 + i:02}:30", f"{8 + i:02}:30")) for i in range(5)]
    rival = job("J9", "L0", ("10:30", "10:30"), unplaced=10)
    plan = planned(elsewhere, day([carer("C1")], [*sharp, rival]))
    assert starts(plan) == {f"J{i}": at(f"{8 + i:02}:30") for i in range(5)}
    assert left(plan) == {"J9"}


def test_five_hundred_visits_for_five_carers_fill_their_shifts(elsewhere: Watched) -> None:
    """Each shift holds sixteen half hours at one place: eighty of all."""
    crowd = day([carer(f"C{i}") for i in range(5)], [job(f"J{i}", "L0", ALL_DAY, unplaced=1000) for i in range(500)])
    plan = planned(elsewhere, crowd, Seconds(2))
    assert plan.cost == Cost(unplaced=420_000)


def test_a_way_round_that_is_shorter_is_taken(elsewhere: Watched) -> None:
    """L0 to L2 takes an hour, by L1 twenty minutes: who visits L1 on the way out and back is 40 minutes on the road."""
    crooked = ((0, 10, 60), (10, 0, 10), (60, 10, 0))
    jobs = [job("J1", "L1", ALL_DAY), job("J2", "L2", ALL_DAY), job("J3", "L1", ALL_DAY)]
    assert planned(elsewhere, day([carer("C1")], jobs, minutes_between=crooked)).cost == Cost(travel=2400)


def test_who_can_be_reached_in_time_only_by_a_way_round_is_visited_on_it(elsewhere: Watched) -> None:
    """J2 begins by 08:55; straight there takes until 09:00, by J1 (08:10 to 08:40) until 08:50."""
    crooked = ((0, 10, 60), (10, 0, 10), (60, 10, 0))
    jobs = [job("J1", "L1", MORNING), job("J2", "L2", ("08:30", "08:55")), job("J3", "L1", MORNING)]
    plan = planned(elsewhere, day([carer("C1")], jobs, minutes_between=crooked))
    assert plan.cost == Cost(travel=2400)


def test_a_day_may_begin_before_its_horizon_and_end_after_it(elsewhere: Watched) -> None:
    """From 22:00 the evening before to 02:00 the night after: 28 hours, with a visit at either end."""
    night = replace(carer("C1"), shift=Shift(-7200, 93_600))
    ends = [
        replace(job("J1", "L1", ALL_DAY), earliest=-6600, latest=-6600),
        replace(job("J2", "L1", ALL_DAY), earliest=91_200, latest=91_200),
    ]
    plan = planned(elsewhere, day([night], ends))
    assert plan.cost == Cost(travel=1200)
    assert starts(plan) == {"J1": -6600, "J2": 91_200}


def test_visits_that_take_no_time_can_all_begin_at_one_second(elsewhere: Watched) -> None:
    jobs = [job(f"J{i}", "L1", ("09:00", "09:00"), minutes=0) for i in range(5)]
    plan = planned(elsewhere, day([carer("C1", breaks=[("09:00", "09:00", 0)])], jobs))
    assert plan.cost == Cost(travel=1200)


@pytest.mark.parametrize(
    "rest", [("08:00", "16:00", 481), ("06:00", "07:00", 30), ("15:31", "18:00", 30), ("23:00", "23:00", 0)]
)
def test_who_cannot_take_the_break_has_no_visits(elsewhere: Watched, rest: tuple[str, str, int]) -> None:
    jobs = [job("J1", "L1", MORNING)]
    assert left(planned(elsewhere, day([carer("C1", breaks=[rest])], jobs))) == {"J1"}
    assert not left(planned(elsewhere, day([carer("C1", breaks=[rest]), carer("C2")], jobs)))


def test_a_break_that_must_come_first_comes_first_though_its_window_closes_last(elsewhere: Watched) -> None:
    """After the one at 12:00 sharp it is 12:30, too late for the other, which begins between 08:00 and 12:10."""
    breaks = [("12:00", "12:00", 30), ("08:00", "12:10", 30)]
    plan = planned(elsewhere, day([carer("C1", breaks=breaks)], [job("J1", "L1", MORNING)]))
    assert plan.cost == Cost(travel=1200)


def test_a_shift_without_length_holds_what_takes_no_time(elsewhere: Watched) -> None:
    moment = carer("C1", shift=("09:00", "09:00"))
    jobs = [job("J1", "L0", MORNING, minutes=0), job("J2", "L0", MORNING), job("J3", "L1", MORNING, minutes=0)]
    plan = planned(elsewhere, day([moment], jobs))
    assert starts(plan) == {"J1": at("09:00")}


# -- people and prices -------------------------------------------------------------------------------------------------


def test_two_at_once_for_one_citizen_are_two_carers(elsewhere: Watched) -> None:
    jobs = [replace(job(name, "L1", ("09:00", "09:00")), citizen="P1") for name in ("J1", "J2")]
    plan = planned(elsewhere, day([carer("C1"), carer("C2")], jobs))
    assert plan.cost == Cost(travel=2400)


def test_who_no_longer_has_the_skill_is_followed_by_somebody_who_has_it(elsewhere: Watched) -> None:
    weights = Weights(moved_carer=900, moved_second=1)
    town = day(
        [carer("C1"), carer("C2", skills=["lift"])],
        [job("J1", "L0", MORNING, skills=["lift"])],
        published=[("J1", "C1", "09:00")],
        weights=weights,
    )
    plan = planned(elsewhere, town)
    assert plan.placed[JobId("J1")] == ("C2", at("09:00"))
    assert plan.cost == Cost(moved=900)


def test_prices_as_large_as_they_may_be_are_still_weighed_against_each_other(elsewhere: Watched) -> None:
    """One place, two half hours, and time for one: the dearer one is visited, though it costs as much but one."""
    jobs = [
        job("J1", "L0", ("09:00", "09:00"), unplaced=MOST, costs={"other": MOST - 1}),
        job("J2", "L0", ("09:00", "09:00"), unplaced=MOST - 1, costs={"other": MOST - 1}),
    ]
    plan = planned(elsewhere, day([carer("C1")], jobs))
    assert plan.cost == Cost(continuity=MOST - 1, unplaced=MOST - 1)


def test_a_price_that_could_not_be_counted_is_refused_by_name() -> None:
    """Two weeks late are 1,209,600 seconds: at most so many times the price, together with what leaving costs, may be paid."""
    weeks = 14 * 24 * 3600
    wish = Target(0, 0, late_cost=(MOST_OF_ALL - 1) // weeks)
    visit = replace(job("J1", "L0", ALL_DAY, target=wish, unplaced=1), latest=weeks)
    day([], [visit])
    with pytest.raises(InvalidProblem, match=r"^jobs\[0\]\.target\.late_cost: 826719576720 is so large"):
        day([], [replace(visit, target=replace(wish, late_cost=wish.late_cost + 1))])


# -- stopping ----------------------------------------------------------------------------------------------------------


def busy_day() -> Problem:
    """Early costs too, so that every part of a search has work."""
    wish = Target(at("09:00"), at("10:00"), early_cost=1, late_cost=2)
    jobs = [job(f"J{i}", f"L{i % 2}", ALL_DAY, minutes=15, target=wish, unplaced=50_000) for i in range(120)]
    pairs = [Link(JobId(f"J{i}"), JobId(f"J{i + 1}"), 0, 0, LinkCarers.DIFFERENT, True) for i in range(0, 20, 2)]
    return day([carer(f"C{i}", breaks=[("11:00", "13:00", 30)]) for i in range(6)], jobs, links=pairs)


@pytest.mark.parametrize("threads", [1, 2])
def test_who_has_cancelled_before_the_search_still_gets_a_plan(threads: int) -> None:
    event = threading.Event()
    event.set()
    plan = solve(busy_day(), limit=AnyOf(Cancelled(event), Seconds(600)), threads=threads)
    assert broken_promises(busy_day(), plan) == []
    assert len(plan.placed) > 20


@pytest.mark.parametrize("threads", [1, 2])
def test_a_cancel_in_the_middle_ends_a_search_that_would_go_on_for_ever(threads: int) -> None:
    event = threading.Event()
    bell = threading.Timer(1.5, event.set)
    bell.start()
    plan = solve(busy_day(), limit=Cancelled(event), threads=threads)
    bell.join()
    assert broken_promises(busy_day(), plan) == []
