"""What is said of how far a plan can be from the best."""

from hypothesis import HealthCheck, given, settings

from scheduler import Problem, Steps, breaches, evaluate, solve, with_bound
from tests.towns.answer import answer
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.random_town import random_town


def test_a_small_day_is_settled() -> None:
    town = double_staffed_morning()
    best = with_bound(town, solve(town, limit=Steps(0)), seconds=10)
    assert best.run is not None
    assert (best.run.bound, best.run.optimal, evaluate(town, best).total) == (3000, True, 3000)


def test_without_time_nothing_is_promised() -> None:
    town = double_staffed_morning()
    plan = with_bound(town, solve(town, limit=Steps(50)), seconds=0)
    assert plan.run is not None
    assert (plan.run.bound, plan.run.optimal) == (0, False)


def test_nothing_is_said_of_a_broken_plan() -> None:
    town = double_staffed_morning()
    half = answer(town, {"C1": ["J1a 09:10"]})
    assert with_bound(town, half, seconds=10) is half


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town())
def test_an_optimal_plan_is_sound_priced_and_has_reasons(problem: Problem) -> None:
    plan = solve(problem, limit=Steps(0))
    best = with_bound(problem, plan, seconds=20)
    if breaches(problem, plan):
        assert best is plan
        return
    assert best.run is not None
    assert best.run.optimal
    assert breaches(problem, best) == ()
    assert best.cost == evaluate(problem, best)
    assert best.cost.total == best.run.bound <= evaluate(problem, plan).total
    assert all(unplaced.reasons for unplaced in best.unplaced)
