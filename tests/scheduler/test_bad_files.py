"""Whatever stands where in a file, it is read, or refused in one line that says where; what is read can be planned and judged."""

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import InvalidInput, Problem, Solution, Steps, breaches, evaluate, solution_text, solve
from scheduler.care_day import problem_from_json, problem_to_json
from scheduler.care_day_solution import solution_from_json, solution_to_json
from scheduler.solvers.greedy import Greedy
from tests.promises import broken_promises
from tests.towns.day import carer, day, job
from tests.towns.random_town import random_town

Json = Any
T = TypeVar("T")
many = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

ANYTHING: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 60, 28_800, 10**9, 10**12, 10**13, -(10**12), 2**63, 10**40]),
    st.sampled_from([0.5, -0.0, 1e308]),
    st.sampled_from(
        ["", "C1", "J1", "L1", "other", "any", "different", "\n", "å", "\ud800", "2026-11-23T00:00:00+01:00"]
    ),
    st.sampled_from([[], [[]], {}, {"job": "J1"}, ["C1", "C1"], [0]]),
)


def places(raw: Json) -> Iterator[tuple[str | int, ...]]:
    """The way to each value of a document."""
    inside = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for step, below in inside:
        yield (step,)
        yield from ((step, *rest) for rest in places(below))


@st.composite
def spoiled(draw: st.DrawFn, raw: Json) -> Json:
    """The document with one to three values replaced, left out or doubled."""
    raw = copy.deepcopy(raw)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(list(places(raw))))
        at = raw
        for step in way:
            at = at[step]
        match draw(st.sampled_from(["replace", "leave out", "double"])):
            case "leave out":
                del at[last]
            case "double" if isinstance(at, list):
                at.append(copy.deepcopy(at[last]))
            case _:
                at[last] = draw(ANYTHING)
        if not raw:
            break
    return raw


def full_day() -> Json:
    """A document with every field of the format."""
    town = day(
        [carer("C1", skills=["lift"], breaks=[("11:00", "13:00", 30)]), carer("C2")],
        [
            job("J1", "L1", ("08:00", "10:00"), skills=["lift"], costs={"other": 5, "C1": 0}),
            job("J2", "L1", ("08:00", "12:00"), forbidden=["C1"]),
            job("J3", "L0", ("08:00", "12:00")),
        ],
        pinned=[("J3", "C1", "08:30")],
        published=[("J1", "C1", "09:00")],
    )
    raw = problem_to_json(town)
    raw["jobs"][0]["target"] = {"earliest": 30_000, "latest": 31_000, "early_cost": 1, "late_cost": 2}  # type: ignore[index]
    raw["links"] = [
        {"first": "J1", "second": "J2", "min_gap": 0, "max_gap": 600, "carers": "different", "all_or_none": True}
    ]
    return raw


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
