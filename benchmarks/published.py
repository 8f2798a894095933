"""The solver on published home-care problems: its cost against the best known, file by file and set by set.

The files are not part of this repository: a folder of care-day files with a table `best_known.csv` beside them, named by
`--data`, else `benchmarks` below VARDAG_SHARED, else ../shared/benchmarks.
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from statistics import fmean
from time import monotonic

from benchmarks._shared import shared_folder
from scheduler import Seconds, breaches, evaluate, load_problem, save_solution, solve

_SHORT = ("mk-A1", "mk-B1", "br-1S-travel", "br-6S-preference", "ku-25_5_21_1.6_R_RC")
_SHORT_SECONDS = 3.0
_SECONDS = 10.0
_ROUNDING = 1e-4  # published values have few digits


@dataclass(frozen=True, slots=True)
class BestKnown:
    """A row of best_known.csv."""

    group: str
    name: str
    cost: int
    proven: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """What the solver made of one file; `gap` in percent above the best known cost."""

    best: BestKnown
    jobs: int
    seconds: float
    cost: int
    unplaced: int

    @property
    def gap(self) -> float:
        return 100 * (self.cost / self.best.cost - 1)

    @property
    def group(self) -> str:
        """Mankowska's sets A to G one by one, as the literature gives them; the others by folder."""
        return f"mankowska {self.best.name[3]}" if self.best.group == "mankowska" else self.best.group


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="folder of the published problems, with best_known.csv")
    parser.add_argument("--seconds", type=float, help="search each problem so long (10; 3 in the short form)")
    parser.add_argument("--only", default="*", help="names to run, as in 'mk-A*'")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--beaten", type=Path, help="folder for the solutions that cost less than the best known")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Print file by file and set by set; raise SystemExit with a clear line where the files are missing."""
    folder = _folder(arguments.data)
    if arguments.beaten:
        _make(arguments.beaten)
    seconds = arguments.seconds
    if seconds is None:
        seconds = _SHORT_SECONDS if arguments.short else _SECONDS
    figures = []
    print(f"{'problem':<44}{'jobs':>5}{'seconds':>9}{'cost':>10}{'best known':>12}{'gap':>9}  unplaced")
    for best in _best_known(folder):
        wanted = (
            best.name in _SHORT if arguments.short and arguments.only == "*" else fnmatch(best.name, arguments.only)
        )
        if wanted:
            figures.append(_run(folder, best, arguments, seconds=seconds))
            print(_line(figures[-1]), flush=True)
    groups = {figure.group: [x for x in figures if x.group == figure.group] for figure in figures}
    for group, found in groups.items():
        proven = [x for x in found if x.best.proven]
        reached = sum(x.cost <= x.best.cost * (1 + _ROUNDING) for x in proven)
        optima = f"; {reached} of {len(proven)} proven optima" if proven else ""
        gap = fmean(x.gap for x in found)
        print(f"{group:<44}mean gap {gap:+.2f} % over {len(found)} problems of {seconds:g} s{optima}")
    return {
        "seconds_each": seconds,
        "mean_gap_percent": {name: round(fmean(x.gap for x in found), 3) for name, found in groups.items()},
        "problems": {
            x.best.name: {
                "cost": x.cost,
                "best_known": x.best.cost,
                "proven": x.best.proven,
                "gap_percent": round(x.gap, 3),
                "seconds": round(x.seconds, 1),
            }
            for x in figures
        },
    }


def _folder(given: Path | None) -> Path:
    folder = given or shared_folder() / "benchmarks"
    if not (folder / "best_known.csv").is_file():
        sys.exit(f"published: no best_known.csv in {folder}; name the folder with --data DIR or VARDAG_SHARED")
    return folder


def _make(beaten: Path) -> None:
    """Before anything is searched, so that nothing found is lost."""
    try:
        beaten.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"published: --beaten {beaten} cannot be a folder ({error.strerror}); name another one")


def _best_known(folder: Path) -> list[BestKnown]:
    with (folder / "best_known.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [BestKnown(r["set"], r["name"], int(r["best_known_cost"]), r["proven_optimal"] == "yes") for r in rows]


def _run(folder: Path, best: BestKnown, arguments: argparse.Namespace, *, seconds: float) -> Figure:
    problem = load_problem(folder / best.group / f"{best.name}.care-day.json.gz")
    began = monotonic()
    solution = solve(problem, limit=Seconds(seconds), seed=arguments.seed, threads=arguments.threads)
    took = monotonic() - began
    broken = breaches(problem, solution)
    assert not broken, broken[0]
    cost = evaluate(problem, solution).total
    if arguments.beaten and cost < best.cost and not best.proven:  # below a proven optimum lies only its rounding
        save_solution(solution, arguments.beaten / f"{best.name}.care-day-solution.json.gz")
    return Figure(best, len(problem.jobs), took, cost, len(solution.unplaced))


def _line(figure: Figure) -> str:
    return (
        f"{figure.best.name[:43]:<44}{figure.jobs:>5}{figure.seconds:>9.1f}{figure.cost:>10}{figure.best.cost:>12}"
        f"{figure.gap:>+8.2f}%{figure.unplaced:>10}"
    )
