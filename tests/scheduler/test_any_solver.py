"""What every solver owes on every day: random small towns."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from scheduler import Problem, Seconds, Solver, Steps, Tuning, breaches, evaluate, solve
from scheduler.indexed import Indexed
from scheduler.solvers.greedy import Greedy, first_timeline
from scheduler.solvers.standard import Standard
from scheduler.timeline import solution_of
from tests.towns.random_town import random_town

few = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    "solver", [Greedy(), Standard(), Standard(Tuning.QUICK, threads=2)], ids=lambda solver: solver.name
)
@few
@given(problem=random_town())
def test_an_answer_places_nobody_twice_and_breaks_no_hard_rule(solver: Solver, problem: Problem) -> None:
    answer = solver.solve(problem, limit=Steps(150), seed=3)
    assert breaches(problem, answer) == ()


@settings(few, max_examples=12)
@given(problem=random_town())
def test_what_two_searches_find_by_the_clock_breaks_no_hard_rule(problem: Problem) -> None:
    answer = Standard(threads=2).solve(problem, limit=Seconds(0.2), seed=3)
    assert breaches(problem, answer) == ()


@few
@given(problem=random_town())
def test_the_cost_that_a_search_believes_in_is_the_cost_of_its_answer(problem: Problem) -> None:
    believed = []
    answer = Standard().solve(problem, limit=Steps(150), seed=3, progress=lambda told: believed.append(told.best_cost))
    assert believed[-1] == evaluate(problem, answer).total


@few
@given(problem=random_town())
def test_the_timeline_counts_what_evaluate_counts(problem: Problem) -> None:
    timeline = first_timeline(Indexed(problem), seed=1)
    assert timeline.cost() == evaluate(problem, solution_of(timeline)).total


@few
@given(problem=random_town())
def test_the_stated_cost_is_the_evaluated_one(problem: Problem) -> None:
    answer = solve(problem, limit=Steps(5))
    assert answer.cost == evaluate(problem, answer)


@few
@given(problem=random_town())
def test_the_same_seed_and_steps_give_the_same_answer(problem: Problem) -> None:
    first, second = (solve(problem, limit=Steps(20), seed=5) for _ in range(2))
    assert replace(first, run=None) == replace(second, run=None)


@few
@given(problem=random_town())
def test_more_steps_are_never_worse(problem: Problem) -> None:
    costs = [evaluate(problem, solve(problem, limit=Steps(n), seed=5)).total for n in (0, 5, 10, 25)]
    assert costs == sorted(costs, reverse=True)


@few
@given(problem=random_town())
def test_every_unplaced_job_has_a_reason(problem: Problem) -> None:
    answer = solve(problem, limit=Steps(5))
    for unplaced in answer.unplaced:
        assert unplaced.reasons
        assert all(0 < reason.share <= 1 for reason in unplaced.reasons)
        if problem.carers:
            assert sum(reason.share for reason in unplaced.reasons) == pytest.approx(1)
