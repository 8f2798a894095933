"""What no plan can undercut: by hand where routes alone decide, and on any small day against plans that were found."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import JobId, Link, LinkCarers, Problem, Steps, Target, Weights, breaches, evaluate, solve
from scheduler.solvers.bound.lower_bound import Bound, lower_bound
from tests.towns.day import at, carer, day, job
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.nobody_has_the_skill import nobody_has_the_skill
from tests.towns.random_town import random_town
from tests.towns.two_carers_three_visits import two_carers_three_visits
from tests.watched import Watched

CROSS = ((0, 10, 10), (10, 0, 20), (10, 20, 0))


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Watched]:
    process = Watched(seconds=60)
    yield process
    process.end()


def _doorstep() -> Problem:
    """Two dozen visits of no length at one door, wished for at 10:00, possible from 10:10: any set of them, in any order."""
    wish = Target(at("10:00"), at("10:00"), late_cost=1)
    jobs = [job(f"J{i}", "L1", ("10:10", "12:00"), minutes=0, target=wish) for i in range(24)]
    return day([carer("C1"), carer("C2")], jobs)


def _cancelled_soon(problem: Problem) -> Bound:
    """By the tenth time that it asks."""
    asked = iter([False] * 9)
    return lower_bound(problem, start=None, seconds=3600, is_cancelled=lambda: next(asked, True))


def _bound(problem: Problem) -> int:
    return lower_bound(problem, start=None, seconds=20).cost


def test_where_the_best_routes_are_clear_the_bound_is_their_cost() -> None:
    assert _bound(two_carers_three_visits()) == 4200
    assert _bound(lunch_on_the_road()) == 3600


def test_a_visit_that_nobody_may_make_costs_its_price() -> None:
    town = nobody_has_the_skill()
    assert _bound(town) == evaluate(town, solve(town, limit=Steps(0))).total


def test_a_break_that_leaves_no_time_is_counted() -> None:
    """The shift is an hour and a half: ten minutes there, half an hour's visit, ten minutes back, forty for a break of fifty."""
    alone = carer("C1", shift=("08:00", "09:30"))
    rested = carer("C1", shift=("08:00", "09:30"), breaks=[("08:00", "09:00", 50)])
    jobs = [job("J1", "L1", ("08:00", "09:30"), unplaced=50_000)]
    assert _bound(day([alone], jobs)) == 1200
    assert _bound(day([rested], jobs)) == 50_000


def test_the_two_of_a_pair_are_two_carers_and_both_or_neither() -> None:
    """One carer there and back costs 20 minutes; with one carer on duty both stay out, at 30 minutes each."""
    link = Link(JobId("A"), JobId("B"), 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
    jobs = [job(name, "L1", ("08:00", "15:00"), unplaced=1800) for name in ("A", "B")]
    assert _bound(day([carer("C1"), carer("C2")], jobs, links=[link])) == 2400
    assert _bound(day([carer("C1")], jobs, links=[link])) == 3600


def test_two_who_are_never_at_work_together_cannot_visit_together() -> None:
    """Either of them could make both visits, and each one of them: the hour is what they do not share."""
    link = Link(JobId("A"), JobId("B"), 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
    jobs = [job(name, "L1", ("08:00", "15:00"), unplaced=1800) for name in ("A", "B")]
    early, late = carer("C1", shift=("08:00", "11:00")), carer("C2", shift=("12:00", "15:00"))
    assert _bound(day([early, late], jobs, links=[link])) == 3600


def test_a_pair_meets_at_one_time_and_not_half_at_each_of_two() -> None:
    """C1, who has J1 at 08:10, is free for the pair at 10:10 only, and C2, who has J2 at 10:10, at 08:10 only. So J1 or J2 stays
    out, at 9000: one of the carers makes two visits, at 40 minutes of way, the other one, at 20.
    """
    link = Link(JobId("A"), JobId("B"), 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
    pair = [job(name, "L1", ("08:10", "10:10"), minutes=100, unplaced=9000) for name in ("A", "B")]
    busy = [
        job("J1", "L2", ("08:10", "08:10"), skills=["x"], minutes=100, unplaced=9000),
        job("J2", "L2", ("10:10", "10:10"), skills=["y"], minutes=100, unplaced=9000),
    ]
    shift = ("08:00", "12:00")
    town = day(
        [carer("C1", skills="x", shift=shift), carer("C2", skills="y", shift=shift)],
        [*pair, *busy],
        minutes_between=CROSS,
        links=[link],
    )
    assert _bound(town) == 9000 + 3600


def test_a_chain_of_links_that_cannot_hold_leaves_one_of_them_out() -> None:
    """B three hours after A and C three after B, but C must begin within five hours of A's earliest start."""
    links = [Link(JobId("A"), JobId("B"), 10_800, None), Link(JobId("B"), JobId("C"), 10_800, None)]
    windows = {"A": ("08:00", "10:00"), "B": ("09:30", "13:00"), "C": ("12:00", "13:00")}
    jobs = [job(name, "L0", window, unplaced=5000) for name, window in windows.items()]
    assert _bound(day([carer("C1")], jobs, links=links)) == 5000


def test_lateness_that_every_plan_has_is_counted_once_for_all_and_once_for_the_worst() -> None:
    """From 08:00 it is ten minutes to L1, and both should have begun at 08:00: A, which cannot wait, is 10 minutes late, B 40."""
    wish = Target(at("08:00"), at("08:00"), late_cost=1)
    jobs = [job(name, "L1", ("08:00", last), target=wish) for name, last in (("A", "08:10"), ("B", "12:00"))]
    town = day([carer("C1")], jobs, weights=Weights(travel=1, max_lateness=2))
    assert _bound(town) == 1200 + 600 + 2400 + 2 * 2400


def test_half_a_visit_left_out_is_a_whole_one() -> None:
    """Three visits at the same half hour, two carers, one of them able to do any: prices between can leave half visits out."""
    jobs = [job(f"J{i}", f"L{i % 3}", ("09:00", "09:20"), unplaced=40_000) for i in range(3)]
    town = day([carer("C1"), carer("C2")], jobs, minutes_between=CROSS)
    assert _bound(town) == evaluate(town, solve(town, limit=Steps(100))).total


def test_no_time_proves_nothing_and_that_is_true_as_well() -> None:
    bound = lower_bound(two_carers_three_visits(), start=None, seconds=0)
    assert (bound.cost, bound.converged) == (0, False)


def test_more_ways_to_make_a_route_than_can_be_looked_at_still_have_a_bound(elsewhere: Watched) -> None:
    """Each visit is ten minutes late at least, and one carer's way there and back, 20 minutes, is all else that it takes."""
    bound = elsewhere.ask(lower_bound, _doorstep(), start=None, seconds=1)
    assert 24 * 600 <= bound.cost <= 24 * 600 + 1200


def test_it_ends_when_it_is_cancelled_however_long_one_route_takes(elsewhere: Watched) -> None:
    bound = elsewhere.ask(_cancelled_soon, _doorstep())
    assert 24 * 600 <= bound.cost <= 24 * 600 + 1200
    assert not bound.converged


def test_a_pair_that_is_dearer_to_visit_than_to_leave_out_costs_what_leaving_it_does() -> None:
    """Known without any time: A alone would be had for 100, and costs 1000 with B; C is visited, for 300."""
    link = Link(JobId("A"), JobId("B"), 0, 0, all_or_none=True)
    prices = {"A": (100, 500), "B": (900, 400), "C": (300, 5000)}
    jobs = [
        job(name, "L0", ("08:00", "15:00"), costs={"C1": visit}, unplaced=out) for name, (visit, out) in prices.items()
    ]
    assert lower_bound(day([carer("C1")], jobs, links=[link]), start=None, seconds=0).cost == 900 + 300


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town(), steps=st.sampled_from([0, 300]), rounds=st.sampled_from([0.0, 0.02, 5.0]))
def test_no_plan_costs_less_than_the_bound_whenever_it_was_stopped(problem: Problem, steps: int, rounds: float) -> None:
    """Begun from a plan of another quality than the one it is held against."""
    begun = solve(problem, limit=Steps(steps), seed=7)
    bound = lower_bound(problem, start=begun, seconds=rounds).cost
    for plan in (begun, solve(problem, limit=Steps(300), seed=3)):
        if not breaches(problem, plan):
            assert bound <= evaluate(problem, plan).total
