"""`vardag plan` and `vardag check` on hard days and bad files: always an exit code and a line, never a traceback."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from api.plan import register
from scheduler import Problem, save_problem
from tests.towns.day import carer, day, job
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.pressed_town import pressed_town
from tests.towns.spoiled import full_day, spoiled

some = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def vardag(*words: object) -> Result:
    """The command's outcome; what it fails on is raised here."""
    app = typer.Typer()
    register(app)
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pressure")


@some
@given(problem=pressed_town())
def test_what_plan_writes_for_a_hard_day_check_finds_right_but_for_the_pins(folder: Path, problem: Problem) -> None:
    file, out = folder / "day.json", folder / "plan.json"
    save_problem(problem, file)
    planned = vardag("plan", file, "--out", out, "--steps", 20)
    checked = vardag("check", file, out, "--json")
    found = json.loads(checked.stdout)
    assert planned.exit_code == 0
    assert found["cost_is_right"]
    assert checked.exit_code == (1 if found["breaches"] else 0)
    told = [line for line in planned.stderr.splitlines() if "the pins allow no sound plan" in line]
    assert len(told) == len(found["breaches"])


def test_pins_that_cannot_be_are_told_by_plan_and_found_by_check(tmp_path: Path) -> None:
    file, out = tmp_path / "day.json", tmp_path / "plan.json"
    visit = job("J1", "L1", ("08:00", "12:00"), skills=["lift"])
    save_problem(day([carer("C1")], [visit], pinned=[("J1", "C1", "09:00")]), file)
    planned = vardag("plan", file, "--out", out, "--steps", 5)
    line = "skills: carer C1 lacks lift for job J1"
    assert (planned.exit_code, planned.stderr) == (0, f"vardag: the pins allow no sound plan: {line}\n")
    checked = vardag("check", file, out)
    assert checked.exit_code == 1
    assert f"broken: {line}" in checked.stdout


@some
@given(raw=spoiled(full_day()))
def test_a_spoiled_file_is_planned_or_refused_in_one_line(folder: Path, raw: Any) -> None:
    file, out = folder / "spoiled.json", folder / "spoiled-plan.json"
    out.unlink(missing_ok=True)
    file.write_text(json.dumps(raw), encoding="utf-8")
    done = vardag("plan", file, "--out", out, "--steps", 5)
    if done.exit_code == 0:
        assert vardag("check", file, out).exit_code in {0, 1}
        return
    assert done.exit_code == 2
    assert done.stderr.startswith(f"vardag: {file}: ")
    assert done.stderr.count("\n") == 1
    assert not out.exists()


@some
@given(data=st.data())
def test_a_spoiled_solution_is_judged_or_refused_in_one_line(folder: Path, data: st.DataObject) -> None:
    file, out = folder / "whole.json", folder / "whole-plan.json"
    save_problem(double_staffed_morning(), file)
    vardag("plan", file, "--out", out, "--steps", 5)
    out.write_text(json.dumps(data.draw(spoiled(json.loads(out.read_text(encoding="utf-8"))))), encoding="utf-8")
    done = vardag("check", file, out)
    assert done.exit_code in {0, 1, 2}
    if done.exit_code == 2:
        assert done.stderr.startswith(f"vardag: {out}: ")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--seconds", "nan"),
        ("--seconds", "-1"),
        ("--steps", "-1"),
        ("--steps", "x"),
        ("--threads", "0"),
        ("--threads", "1000"),
        ("--seed", "1.5"),
    ],
)
def test_a_number_that_cannot_be_is_refused(tmp_path: Path, words: tuple[str, str]) -> None:
    file = tmp_path / "day.json"
    save_problem(double_staffed_morning(), file)
    done = vardag("plan", file, *words)
    assert done.exit_code == 2
    assert words[0] in done.stderr


@pytest.mark.parametrize("seed", [0, -1, 2**31, 2**32, -(2**63), 2**64, 10**30])
def test_any_whole_number_is_a_seed(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "day.json"
    save_problem(double_staffed_morning(), file)
    done = vardag("plan", file, "--steps", 5, "--seed", seed)
    assert json.loads(done.stdout)["run"]["seed"] == seed
    assert done.exit_code == 0


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: path.write_bytes(b"\xff\xfe\x00")])
def test_what_is_no_problem_file_is_refused_by_its_name(tmp_path: Path, make: Callable[[Path], object]) -> None:
    file = tmp_path / "thing"
    make(file)
    for words in (("plan", file), ("check", file, file)):
        done = vardag(*words)
        assert done.exit_code == 2
        assert done.stderr.startswith(f"vardag: {file}: ")
        assert done.stderr.count("\n") == 1
