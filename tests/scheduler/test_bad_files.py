"""Whatever stands where in a file, it is read, or refused in one line that says where; what is read can be planned and judged."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import InvalidInput, Problem, Solution, Steps, breaches, evaluate, solution_text, solve
from scheduler.care_day import problem_from_json
from scheduler.care_day_solution import solution_from_json, solution_to_json
from scheduler.solvers.greedy import Greedy
from tests.promises import broken_promises
from tests.towns.random_town import random_town
from tests.towns.spoiled import ANYTHING, Json, full_day, spoiled

T = TypeVar("T")
many = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def read(how: Callable[[Json], T], raw: Json) -> T | None:
    """What stands there, or None where it is refused, in one line."""
    try:
        return how(raw)
    except InvalidInput as wrong:
        refusal = str(wrong)
    assert refusal
    assert "\n" not in refusal
    return None


@many
@given(raw=spoiled(full_day()))
def test_a_spoiled_problem_is_refused_by_name_or_planned(raw: Json) -> None:
    problem = read(problem_from_json, raw)
    if problem is not None:
        plan = solve(problem, limit=Steps(5))
        assert broken_promises(problem, plan) == []
        assert solution_text(plan).encode()


@given(raw=ANYTHING)
def test_what_is_no_document_at_all_is_refused(raw: Json) -> None:
    assert read(problem_from_json, raw) is None
    assert read(solution_from_json, raw) is None


@many
@given(data=st.data())
def test_a_spoiled_solution_is_refused_by_name_or_judged(data: st.DataObject) -> None:
    problem = problem_from_json(full_day())
    raw = data.draw(spoiled(solution_to_json(solve(problem, limit=Steps(5)))))
    solution = read(solution_from_json, raw)
    if solution is not None and read(partial(judged, problem), solution) is not None:
        assert evaluate(problem, solution).total >= 0


def judged(problem: Problem, solution: Solution) -> tuple[str, ...]:
    return tuple(str(breach) for breach in breaches(problem, solution))


@many
@given(problem=random_town(), data=st.data())
def test_a_search_may_start_from_any_solution_that_can_be_read(problem: Problem, data: st.DataObject) -> None:
    plan = solve(problem, limit=Steps(0), solver=Greedy())
    changed = read(solution_from_json, data.draw(spoiled(solution_to_json(plan))))
    if changed is not None and read(partial(judged, problem), changed) is not None:
        assert broken_promises(problem, solve(problem, limit=Steps(5), start=changed)) == []
