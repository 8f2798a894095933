"""What each part of the solver brings at equal time: all of them, without each, without any; and a second thread.

The parts are the switches of `Standard`; what a day costs without a part is put beside what it costs with all.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from statistics import geometric_mean

from benchmarks._days import load_day
from benchmarks._processes import each_alone
from scheduler import Seconds, Steps, breaches, evaluate, solve
from scheduler.solvers.standard import Standard

_DAYS = ("own-68", "own-101", "own-204", "own-419", "own-955")
_SECONDS = 30.0
_PARTS = tuple(part.name for part in fields(Standard) if part.type in {bool, "bool"})
_ALL = "all"


@dataclass(frozen=True, slots=True)
class _Task:
    """A way to solve: `without` these parts, on so many threads."""

    way: str
    without: tuple[str, ...]
    threads: int
    day: str
    seed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Figure:
    way: str
    day: str
    seed: int
    cost: int
    unplaced: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=lambda text: text.split(","), help=f"names of days ({','.join(_DAYS)})")
    parser.add_argument("--seconds", type=float, help=f"plan each day so long ({_SECONDS:g}; 2 in the short form)")
    parser.add_argument("--seeds", type=int, help="how often (3; once in the short form)")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Print each way's cost to that of all parts, day by day and over all."""
    days = arguments.days or (["own-101"] if arguments.short else _DAYS)
    seconds = arguments.seconds or (2.0 if arguments.short else _SECONDS)
    seeds = range(1, 1 + (arguments.seeds or (1 if arguments.short else 3)))
    ways = {_ALL: ()} | {f"without {part}": (part,) for part in _PARTS} | {"without any": _PARTS}
    tasks = [
        _Task(way, without, 1, day, seed, seconds) for day in days for seed in seeds for way, without in ways.items()
    ]
    tasks += [_Task("two threads", (), 2, day, seed, seconds) for day in days for seed in seeds]
    figures = []
    for figure in each_alone(_plan, tasks):
        figures.append(figure)
        print(f"{figure.day:<11}{figure.way:<26}{figure.seed:>4}{figure.cost:>10}{figure.unplaced:>10}", flush=True)
    ratios = _ratios(figures, days)
    print(f"\n{'above all parts':<26}" + "".join(f"{day:>12}" for day in (*days, "over all")))
    for way, row in ratios.items():
        print(f"{way:<26}" + "".join(f"{100 * (ratio - 1):>+10.2f} %" for ratio in row))
    return {"seconds": seconds, "figures": [asdict(figure) for figure in figures], "ratios": ratios}


def _plan(task: _Task) -> Figure:
    problem = load_day(task.day)
    solver = replace(Standard(), **dict.fromkeys(task.without, False))
    solve(problem, limit=Steps(0))  # loads what is compiled
    plan = solve(problem, limit=Seconds(task.seconds), seed=task.seed, threads=task.threads, solver=solver)
    assert not breaches(problem, plan)
    return Figure(task.way, task.day, task.seed, evaluate(problem, plan).total, len(plan.unplaced))


def _ratios(figures: Iterable[Figure], days: Sequence[str]) -> dict[str, list[float]]:
    """For each way the geometric mean over seeds, to that of all parts: one for each day, then the mean over days."""
    costs = defaultdict(lambda: defaultdict(list))
    for figure in figures:
        costs[figure.way][figure.day].append(figure.cost)
    means = {way: [geometric_mean(found[day]) for day in days] for way, found in costs.items()}
    ratios = {way: [x / y for x, y in zip(row, means[_ALL], strict=True)] for way, row in means.items()}
    return {way: [*row, geometric_mean(row)] for way, row in ratios.items()}
