"""The cheapest times of a sequence that stays as it is."""

from hypothesis import HealthCheck, given, settings

from scheduler import Problem, Target, breaches, evaluate
from scheduler.indexed import Indexed
from scheduler.solvers.greedy import first_timeline
from scheduler.solvers.timing import polish
from scheduler.timeline import Timeline, solution_of
from tests.towns.day import at, carer, day, job
from tests.towns.random_town import random_town


def test_the_first_of_two_starts_early_where_that_is_the_lesser_evil() -> None:
    """J1 then J2, both wished for 09:00, half an hour each: early costs J1 1 a second, late costs J2 4."""
    first = Target(at("09:00"), at("09:00"), early_cost=1, late_cost=9)
    second = Target(at("09:00"), at("09:00"), early_cost=9, late_cost=4)
    jobs = [job("J1", "L0", ("08:00", "11:00"), target=first), job("J2", "L0", ("08:00", "11:00"), target=second)]
    timeline = Timeline(Indexed(day([carer("C1")], jobs)))
    timeline.insert(0, 0, 0)
    timeline.insert(1, 0, 1)
    assert timeline.cost() == 4 * 1800
    assert polish(timeline)
    assert timeline.start == [at("08:30"), at("09:00")]
    assert timeline.cost() == 1800


def test_times_that_are_cheapest_already_stay() -> None:
    timeline = Timeline(Indexed(day([carer("C1")], [job("J1", "L0", ("08:00", "11:00"))])))
    timeline.insert(0, 0, 0)
    assert not polish(timeline)
    assert timeline.start == [at("08:00")]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town())
def test_polishing_keeps_the_sequence_and_never_costs(problem: Problem) -> None:
    timeline = first_timeline(Indexed(problem), seed=1)
    routes, cost = [list(route) for route in timeline.routes], timeline.cost()
    better = polish(timeline)
    assert timeline.routes == routes
    assert timeline.cost() < cost if better else timeline.cost() == cost
    answer = solution_of(timeline)
    assert breaches(problem, answer) == ()
    assert evaluate(problem, answer).total == timeline.cost()
