"""Small days settled for good: against answers by hand, and against every plan that anything else finds."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import Problem, Steps, breaches, evaluate, solve
from scheduler.solvers.bound.lower_bound import lower_bound
from scheduler.solvers.bound.proof import prove
from tests.towns.answer import answer
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.random_town import random_town
from tests.towns.two_carers_three_visits import two_carers_three_visits


def test_a_plan_that_visits_nobody_becomes_the_best_one() -> None:
    for town, cost in (
        (two_carers_three_visits(), 4200),
        (lunch_on_the_road(), 3600),
        (double_staffed_morning(), 3000),
    ):
        best, proven = prove(town, answer(town, {}), seconds=10)
        assert breaches(town, best) == ()
        assert (evaluate(town, best).total, proven) == (cost, True)


def test_a_plan_at_its_bound_needs_no_search() -> None:
    town = two_carers_three_visits()
    plan = solve(town, limit=Steps(100))
    assert prove(town, plan, seconds=0, at_least=4200) == (plan, True)
    assert prove(town, plan, seconds=0, at_least=4199) == (plan, False)


def test_a_broken_plan_is_not_proven() -> None:
    town = double_staffed_morning()
    half = answer(town, {"C1": ["J1a 09:10"]})
    assert prove(town, half, seconds=10) == (half, False)


def test_whoever_cancels_gets_the_plan_back() -> None:
    town = two_carers_three_visits()
    nobody = answer(town, {})
    best, proven = prove(town, nobody, seconds=10, is_cancelled=lambda: True)
    assert evaluate(town, best).total <= evaluate(town, nobody).total
    assert not proven or evaluate(town, best).total == 4200


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town(), steps=st.sampled_from([0, 300]))
def test_what_is_proven_is_above_the_bound_and_not_above_any_plan(problem: Problem, steps: int) -> None:
    plan = solve(problem, limit=Steps(steps), seed=3)
    best, proven = prove(problem, plan, seconds=20)
    if breaches(problem, plan):
        assert not proven
        return
    assert proven
    assert breaches(problem, best) == ()
    cost = evaluate(problem, best).total
    assert cost <= evaluate(problem, plan).total
    assert lower_bound(problem, start=plan, seconds=5).cost <= cost
    if steps:
        other = evaluate(problem, solve(problem, limit=Steps(300), seed=9)).total
        assert cost <= other
