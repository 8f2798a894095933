"""`vardag plan` and `vardag check` as a person at a terminal meets them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from api.plan import register
from scheduler import Problem, breaches, load_solution, save_problem
from tests.towns.day import carer, day, job
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.nobody_has_the_skill import nobody_has_the_skill

ROOT = Path(__file__).parent.parent.parent
PROGRAM = "import typer\nfrom api.plan import register\napp = typer.Typer()\nregister(app)\napp()\n"


def vardag(*words: object) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    file = tmp_path / "day.care-day.json"
    save_problem(double_staffed_morning(), file)
    return file


@pytest.mark.parametrize("name", ["out.care-day-solution.json", "out.care-day-solution.json.gz"])
def test_what_plan_writes_check_finds_right(problem_file: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert vardag("plan", problem_file, "--out", out, "--steps", 50).exit_code == 0
    checked = vardag("check", problem_file, out)
    assert checked.exit_code == 0
    assert checked.stdout.splitlines()[0].split() == ["total", "3000"]
    assert "no hard rule is broken" in checked.stdout


def test_the_solution_goes_to_stdout_without_a_file(problem_file: Path) -> None:
    done = vardag("plan", problem_file, "--steps", 5, "--seed", 7)
    raw = json.loads(done.stdout)
    assert raw["format"] == "care-day-solution/1"
    assert raw["run"]["seed"] == 7
    assert done.exit_code == 0


def test_progress_goes_to_stderr(problem_file: Path) -> None:
    done = vardag("plan", problem_file, "--steps", 5, "--progress")
    assert "placed 3" in done.stderr
    json.loads(done.stdout)


def test_a_bound_is_told_for_what_it_is_and_written(problem_file: Path) -> None:
    """So small a day is settled: its 3000 are the least."""
    done = vardag("plan", problem_file, "--steps", 50, "--bound")
    raw = json.loads(done.stdout)
    assert (raw["run"]["bound"], raw["run"]["optimal"], raw["cost"]["total"]) == (3000, True, 3000)
    assert "no plan costs less than this one, 3000" in done.stderr


def test_a_reason_is_told_in_plain_words(tmp_path: Path) -> None:
    file = tmp_path / "x.care-day.json"
    save_problem(nobody_has_the_skill(), file)
    (left,) = json.loads(vardag("plan", file, "--steps", 0).stdout)["unplaced"]
    assert left["reasons"] == [
        {
            "code": "NO_SKILLED_CARER_ON_SHIFT",
            "text": "nobody skilled on shift (C1, C2: lacks lift)",
            "share": 1.0,
        }
    ]


def test_bad_input_is_one_line_with_path_and_value_and_nothing_is_written(problem_file: Path, tmp_path: Path) -> None:
    raw = json.loads(problem_file.read_text())
    raw["jobs"][2]["latest"] = 17
    problem_file.write_text(json.dumps(raw))
    out = tmp_path / "out.json"
    done = vardag("plan", problem_file, "--out", out)
    assert done.exit_code == 2
    assert done.stderr == f"vardag: {problem_file}: jobs[2].latest: 17 lies before earliest 30600\n"
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--seconds", "1", "--steps", "1"),
        ("--out", "/nowhere/at/all.json"),
        ("--out", "/"),
        ("--seconds", "-1"),
        ("--colour",),
    ],
)
def test_what_cannot_be_done_is_said_before_the_search(problem_file: Path, words: tuple[str, ...]) -> None:
    assert vardag("plan", problem_file, *words).exit_code == 2


def test_check_names_what_is_broken_and_by_how_much(problem_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    vardag("plan", problem_file, "--out", out, "--steps", 50)
    raw = json.loads(out.read_text())
    for route in raw["routes"]:
        for stop in route["stops"]:
            if stop["job"] == "J1b":
                stop["start"] += 60
    out.write_text(json.dumps(raw))
    checked = vardag("check", problem_file, out)
    assert checked.exit_code == 1
    assert "broken: together: job J1b starts 60 s too late after job J1a" in checked.stdout
    found = json.loads(vardag("check", problem_file, out, "--json").stdout)
    (breach,) = found["breaches"]
    assert (breach["rule"], breach["code"], breach["amount"], breach["unit"]) == (
        "together",
        "GAP_TOO_LARGE",
        60,
        "seconds",
    )
    assert (found["ok"], found["cost_is_right"]) == (False, True)


@pytest.mark.parametrize("term", ["total", "travel"])
def test_a_wrong_stated_cost_is_found(problem_file: Path, tmp_path: Path, term: str) -> None:
    out = tmp_path / "out.json"
    vardag("plan", problem_file, "--out", out, "--steps", 50)
    raw = json.loads(out.read_text())
    raw["cost"][term] += 1
    out.write_text(json.dumps(raw))
    checked = vardag("check", problem_file, out)
    assert checked.exit_code == 1
    assert "but the solution states" in checked.stdout


def test_check_refuses_what_is_no_solution(problem_file: Path) -> None:
    checked = vardag("check", problem_file, problem_file)
    assert checked.exit_code == 2
    assert checked.stderr.startswith(
        f"vardag: {problem_file}: name: 'double-staffed-morning' stands in an unknown field"
    )


def _busy_day() -> Problem:
    jobs = [job(f"J{i}", f"L{i % 2}", ("08:00", "15:00"), minutes=15) for i in range(30)]
    return day([carer("C1"), carer("C2")], jobs)


@pytest.mark.parametrize("threads", ["1", "2"])
def test_ctrl_c_writes_the_best_so_far(tmp_path: Path, threads: str) -> None:
    file, out = tmp_path / "x.care-day.json", tmp_path / "out.json"
    save_problem(_busy_day(), file)
    words = ["plan", str(file), "--out", str(out), "--seconds", "120", "--threads", threads, "--progress"]
    program = tmp_path / "program.py"
    program.write_text(f"if __name__ == '__main__':\n    {PROGRAM.strip().replace(chr(10), chr(10) + '    ')}\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, str(program), *words], stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None
        assert "placed" in process.stderr.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert breaches(_busy_day(), load_solution(out, _busy_day())) == ()
