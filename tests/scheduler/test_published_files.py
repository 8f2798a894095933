"""Published problems and examples that lie beside this repository: they load, plan and check. Skipped where they are not."""

import os
from pathlib import Path

import pytest

from scheduler import Steps, breaches, load_problem, load_solution, save_solution, solve

SHARED = Path(os.environ.get("VARDAG_SHARED") or Path(__file__).parents[3] / "shared")
NAMES = [
    "benchmarks/mankowska/mk-A1",
    "benchmarks/mankowska/mk-C1",
    "benchmarks/bredstrom/br-6F-preference",
    "benchmarks/kummer/ku-25_5_21_1.6_R_RC",
    "benchmarks/italian/it-009-reggio-emilia-r15-p55-s2-sim21.7-seq",
    "examples/town-60",
    "examples/town-200",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_published_file_loads_plans_and_checks(tmp_path: Path, name: str) -> None:
    file = SHARED / f"{name}.care-day.json.gz"
    if not file.is_file():
        pytest.skip(f"{file} is not there; VARDAG_SHARED names the folder of published problems")
    problem = load_problem(file)
    save_solution(solve(problem, limit=Steps(5)), tmp_path / "x.json.gz")
    again = load_solution(tmp_path / "x.json.gz", problem)
    assert breaches(problem, again) == ()
    assert again.cost is not None
    assert again.stated_total == again.cost.total
