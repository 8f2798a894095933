"""`vardag compare` as a person at a terminal meets it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from api.compare import register
from scheduler import Problem, save_problem, save_solution
from tests.towns.answer import answer
from tests.towns.day import carer, day, job


def vardag(*words: object) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, [str(word) for word in words])


def _town() -> Problem:
    jobs = [job(f"J{number}", "L1", ("08:00", "12:00"), unplaced=5000) for number in (1, 2, 3, 4)]
    return day([carer("C1"), carer("C2")], jobs)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The day, and two plans of it: J1 goes to C2 at the same time, J2 twenty minutes later; J3 loses its place to J4."""
    town = _town()
    plans = {
        "old": {"C1": ["J1 09:00", "J2 09:30", "J3 10:30"]},
        "new": {"C1": ["J2 09:50", "J4 10:30"], "C2": ["J1 09:00"]},
    }
    save_problem(town, tmp_path / "day.json")
    for name, routes in plans.items():
        save_solution(answer(town, routes), tmp_path / f"{name}.json")
    return [tmp_path / f"{name}.json" for name in ("day", "old", "new")]


def test_each_change_stands_on_a_line_of_its_own(files: list[Path]) -> None:
    done = vardag(*files)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "P-L1 J1: at 09:00 as before, C2 instead of C1",
        "P-L1 J2: 20 min later, 09:30 to 09:50",
        "P-L1 J3: no longer placed, was 10:30 with C1",
        "P-L1 J4: newly placed, 10:30 with C1",
        "C1: 3 to 2 stops, 20 to 20 min travel, 110 to 80 min work",
        "C2: 0 to 1 stops, 0 to 20 min travel, 0 to 50 min work",
        "travel                 1200          2400         +1200",
        "lateness                  0             0            +0",
        "earliness                 0             0            +0",
        "max_lateness              0             0            +0",
        "continuity                0             0            +0",
        "moved                     0             0            +0",
        "unplaced               5000          5000            +0",
        "total                  6200          7400         +1200",
        "1 citizen to tell",
    ]


def test_a_program_reads_the_same_as_json(files: list[Path]) -> None:
    found = json.loads(vardag(*files, "--json").stdout)
    assert [(change["job"], change["kind"]) for change in found["changes"]] == [
        ("J1", "moved"),
        ("J2", "moved"),
        ("J3", "withdrawn"),
        ("J4", "added"),
    ]
    assert found["citizens_to_tell"] == ["P-L1"]
    assert found["cost_changes"]["travel"] == 1200
    assert found["carers"][1]["new"] == {"stops": 1, "travel_seconds": 1200, "working_seconds": 3000}


def test_what_is_no_solution_is_named(files: list[Path]) -> None:
    problem, old, _ = files
    done = vardag(problem, old, problem)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"vardag: {problem}: ")
