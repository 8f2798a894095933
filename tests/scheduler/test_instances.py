"""care-day files: what is written is read back, and what is wrong is named by path and value, in one line."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from scheduler import (
    InvalidInput,
    InvalidProblem,
    InvalidSolution,
    Problem,
    Steps,
    load_problem,
    load_solution,
    save_problem,
    save_solution,
    solve,
)
from scheduler.care_day import problem_from_json, problem_to_json
from scheduler.care_day_solution import solution_from_json, solution_to_json
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.nobody_has_the_skill import nobody_has_the_skill
from tests.towns.random_town import random_town

Json = dict[str, Any]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town())
def test_a_problem_comes_back_as_it_was_written(problem: Problem) -> None:
    assert problem_from_json(json.loads(json.dumps(problem_to_json(problem)))) == problem


@pytest.mark.parametrize("name", ["town.care-day.json", "town.care-day.json.gz"])
def test_a_file_comes_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    save_problem(double_staffed_morning(), tmp_path / name)
    assert load_problem(tmp_path / name) == double_staffed_morning()
    assert (tmp_path / name).read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_solution_comes_back_but_for_its_sentences(tmp_path: Path) -> None:
    town, file = lunch_on_the_road(), tmp_path / "x.care-day-solution.json"
    solution = solve(town, limit=Steps(5))
    save_solution(solution, file)
    again = load_solution(file, town)
    assert (again.routes, again.unplaced, again.cost) == (solution.routes, solution.unplaced, solution.cost)
    assert solution.cost is not None
    assert again.stated_total == solution.cost.total


def test_what_was_proven_of_a_solution_comes_back(tmp_path: Path) -> None:
    town, file = lunch_on_the_road(), tmp_path / "x.care-day-solution.json"
    solution = solve(town, limit=Steps(5))
    assert solution.run is not None
    for run in (
        replace(solution.run, seconds=1.0, bound=3600, optimal=True),
        replace(solution.run, seconds=1.0, bound=12),
    ):
        save_solution(replace(solution, run=run), file)
        assert load_solution(file, town).run == run
        assert ("optimal" in file.read_text()) == run.optimal


def test_a_reason_carries_code_text_and_share() -> None:
    town = nobody_has_the_skill()
    raw = solution_to_json(solve(town, limit=Steps(0)))
    told = "nobody skilled on shift (C1, C2: lacks lift)"
    reason = {"code": "NO_SKILLED_CARER_ON_SHIFT", "text": told, "share": 1.0}
    assert raw["unplaced"] == [{"job": "J1", "reasons": [reason]}]


def test_what_has_nothing_to_say_may_be_left_out() -> None:
    raw = problem_to_json(lunch_on_the_road())
    for job in raw["jobs"]:  # type: ignore[attr-defined]
        assert not {"target", "skills", "forbidden_carers", "carer_costs"} & set(job)
    for name in ("links", "pinned", "published"):
        del raw[name]
    assert problem_from_json(raw) == lunch_on_the_road()


def _set(*path: Any, value: object) -> Callable[[Json], None]:
    def change(raw: Json) -> None:
        at: Any = raw
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


WRONG: list[tuple[Callable[[Json], None], str, object]] = [
    (_set("jobs", 2, "latest", value=100), "jobs[2].latest", 100),
    (_set("jobs", 1, "duration", value=-1), "jobs[1].duration", -1),
    (_set("jobs", 1, "duration", value=True), "jobs[1].duration", True),
    (_set("jobs", 1, "duration", value=60.0), "jobs[1].duration", 60.0),
    (_set("jobs", 0, "earliest", value="08:00"), "jobs[0].earliest", "08:00"),
    (_set("jobs", 0, "unplaced_cost", value=-5), "jobs[0].unplaced_cost", -5),
    (_set("jobs", 0, "colour", value="red"), "jobs[0].colour", "red"),
    (_set("jobs", 0, "location", value="L9"), "jobs[0].location", "L9"),
    (_set("jobs", 1, "id", value="J1a"), "jobs[1].id", "J1a"),
    (_set("jobs", 0, "id", value=""), "jobs[0].id", ""),
    (_set("jobs", 0, "skills", value=["x", "x"]), "jobs[0].skills[1]", "x"),
    (_set("jobs", 0, "forbidden_carers", value=["C9"]), "jobs[0].forbidden_carers", "C9"),
    (_set("jobs", 0, "carer_costs", value={"C9": 1}), "jobs[0].carer_costs.C9", "C9"),
    (_set("jobs", 0, "carer_costs", value={"C1": -1}), "jobs[0].carer_costs.C1", -1),
    (
        _set("jobs", 0, "target", value={"earliest": 9, "latest": 8, "early_cost": 0, "late_cost": 0}),
        "jobs[0].target.latest",
        8,
    ),
    (_set("carers", 1, "id", value="C1"), "carers[1].id", "C1"),
    (_set("carers", 0, "mode", value="helicopter"), "carers[0].mode", "helicopter"),
    (_set("carers", 0, "shift", "end", value=5), "carers[0].shift.end", 5),
    (_set("carers", 0, "end_location", value="L9"), "carers[0].end_location", "L9"),
    (
        _set("carers", 0, "breaks", value=[{"earliest": 0, "latest": 1, "duration": -2}]),
        "carers[0].breaks[0].duration",
        -2,
    ),
    (_set("carers", 0, "breaks", value=[{"earliest": 2, "latest": 1, "duration": 2}]), "carers[0].breaks[0].latest", 1),
    (_set("locations", 1, "id", value="L0"), "locations[1].id", "L0"),
    (_set("locations", 1, "lat", value=91), "locations[1].lat", 91),
    (_set("travel", "car", 1, value=[0, 0]), "travel.car[1]", 2),
    (_set("travel", "car", value=[[0]]), "travel.car", 1),
    (_set("travel", "car", 0, 1, value=-1), "travel.car[0][1]", -1),
    (_set("travel", "car", 0, 1, value=10**13), "travel.car[0][1]", 10**13),
    (_set("jobs", 0, "latest", value=10**30), "jobs[0].latest", 10**30),
    (_set("travel", "car", 0, 1, value=1.5), "travel.car[0][1]", 1.5),
    (_set("travel", "car", 0, 1, value=False), "travel.car[0][1]", False),
    (_set("travel", "car", 0, 0, value=1), "travel.car[0][0]", 1),
    (_set("links", 0, "second", value="J9"), "links[0].second", "J9"),
    (_set("links", 0, "second", value="J1a"), "links[0].second", "J1a"),
    (_set("links", 0, "max_gap", value=-1), "links[0].max_gap", -1),
    (_set("links", 0, "carers", value="both"), "links[0].carers", "both"),
    (_set("links", 0, "all_or_none", value=1), "links[0].all_or_none", 1),
    (_set("pinned", value=[{"job": "J9", "carer": "C1", "start": 0}]), "pinned[0].job", "J9"),
    (_set("pinned", value=[{"job": "J2", "carer": "C1", "start": 0}] * 2), "pinned[1].job", "J2"),
    (_set("published", value=[{"job": "J2", "carer": "C9", "start": 0}]), "published[0].carer", "C9"),
    (_set("weights", "travel", value=-1), "weights.travel", -1),
    (_set("weights", "speed", value=1), "weights.speed", 1),
    (_set("horizon", "start", value="2026-11-23"), "horizon.start", "2026-11-23"),
    (_set("format", value="care-day/2"), "format", "care-day/2"),
    (_set("name", value=None), "name", None),
    (_set("jobs", value={}), "jobs", {}),
    (_set("extra", value=0), "extra", 0),
]


@pytest.mark.parametrize(("change", "path", "value"), WRONG, ids=[path for _, path, _ in WRONG])
def test_what_is_wrong_is_named_by_path_and_value(change: Callable[[Json], None], path: str, value: object) -> None:
    raw: Json = json.loads(json.dumps(problem_to_json(double_staffed_morning())))
    change(raw)
    with pytest.raises(InvalidProblem) as wrong:
        problem_from_json(raw)
    assert (wrong.value.path, wrong.value.value) == (path, value)
    assert "\n" not in str(wrong.value)
    assert path in str(wrong.value)


def test_a_missing_field_is_named() -> None:
    raw: Json = json.loads(json.dumps(problem_to_json(double_staffed_morning())))
    del raw["jobs"][1]["duration"]
    with pytest.raises(InvalidProblem, match=r"^jobs\[1\]\.duration: nothing stands here; the field is missing$"):
        problem_from_json(raw)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"a": NaN}', '{"format": "care-day/1", "format": "care-day/1"}', "\x80"]
)
def test_a_file_that_is_no_json_object_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.care-day.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidInput) as wrong:
        load_problem(file)
    assert "\n" not in str(wrong.value)


def test_a_gzipped_file_that_is_torn_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.care-day.json.gz"
    save_problem(double_staffed_morning(), file)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(InvalidProblem, match="is not a JSON file"):
        load_problem(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidProblem, match="cannot be read"):
        load_problem(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (_set("routes", 0, "carer", value="C9"), "routes[0].carer"),
        (_set("routes", 0, "stops", 0, "job", value="J9"), "routes[0].stops[0].job"),
        (_set("routes", 0, "stops", 0, "start", value=1.5), "routes[0].stops[0].start"),
        (_set("unplaced", value=[{"job": "J9"}]), "unplaced[0].job"),
        (_set("problem", value="another"), "problem"),
        (_set("cost", "total", value=None), "cost.total"),
        (_set("cost", "tax", value=1), "cost.tax"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_solution_of_something_else_is_refused(tmp_path: Path, change: Callable[[Json], None], path: str) -> None:
    town, file = lunch_on_the_road(), tmp_path / "x.json"
    raw: Json = json.loads(json.dumps(solution_to_json(solve(town, limit=Steps(0)))))
    change(raw)
    file.write_text(json.dumps(raw))
    with pytest.raises(InvalidSolution) as wrong:
        load_solution(file, town)
    assert wrong.value.path == path


def test_a_wrong_total_is_read_as_it_stands() -> None:
    raw: Json = solution_to_json(solve(lunch_on_the_road(), limit=Steps(0)))
    raw["cost"]["total"] += 1
    again = solution_from_json(raw)
    assert again.cost is not None
    assert again.stated_total == again.cost.total + 1
