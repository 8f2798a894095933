"""What parts of the solver bring at equal time: the mixing of routes, a second thread, and exact times.

Exact times are for days on which it costs to come early or at another time than people were told: so a day is planned, one carer
falls ill (as in `replan`), and the new plan with exact times is put beside the one without.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import geometric_mean

from benchmarks._days import load_day
from benchmarks._processes import each_alone
from benchmarks.replan import disturbed
from scheduler import Problem, Seconds, Steps, Tuning, breaches, evaluate, solve
from scheduler.solvers.standard import Standard

_DAYS = ("own-68", "own-101", "own-204", "own-419", "own-955")
_SECONDS = 30.0
_AGAIN_SECONDS = 1.8
_TOLD_STEPS = 100_000
"""Every process must find the same plan, so that the same illness disturbs it: a limit in seconds would not do."""
_WAYS = {
    "afresh": Standard(),
    "afresh, without mixing": Standard(recombine=False),
    "afresh, two threads": Standard(threads=2),
}
_WAYS_AGAIN = {
    "again": Standard(Tuning.QUICK),
    "again, without exact times": Standard(Tuning.QUICK, exact_timing=False),
    "again, two threads": Standard(Tuning.QUICK, threads=2),
}


@dataclass(frozen=True, slots=True)
class _Task:
    way: str
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
    """Print what each way costs more than the first one of its kind, day by day and over all."""
    days = arguments.days or (["own-101"] if arguments.short else _DAYS)
    seconds = arguments.seconds or (2.0 if arguments.short else _SECONDS)
    seeds = range(1, 1 + (arguments.seeds or (1 if arguments.short else 3)))
    ways = {**dict.fromkeys(_WAYS, seconds), **dict.fromkeys(_WAYS_AGAIN, _AGAIN_SECONDS)}
    tasks = [_Task(way, day, seed, limit) for day in days for seed in seeds for way, limit in ways.items()]
    figures = []
    for figure in each_alone(_plan, tasks):
        figures.append(figure)
        print(f"{figure.day:<11}{figure.way:<28}{figure.seed:>4}{figure.cost:>10}{figure.unplaced:>10}", flush=True)
    ratios = _ratios(figures, days)
    print(f"\n{'above the first way':<28}" + "".join(f"{day:>12}" for day in (*days, "over all")))
    for way, row in ratios.items():
        print(f"{way:<28}" + "".join(f"{100 * (ratio - 1):>+10.2f} %" for ratio in row))
    return {"seconds": seconds, "figures": [asdict(figure) for figure in figures], "ratios": ratios}


def _plan(task: _Task) -> Figure:
    problem = _asked(task)
    solver = {**_WAYS, **_WAYS_AGAIN}[task.way]
    solve(problem, limit=Steps(0))  # loads what is compiled
    plan = solve(problem, limit=Seconds(task.seconds), seed=task.seed, solver=solver)
    assert not breaches(problem, plan)
    return Figure(task.way, task.day, task.seed, evaluate(problem, plan).total, len(plan.unplaced))


def _asked(task: _Task) -> Problem:
    problem = load_day(task.day)
    if task.way in _WAYS:
        return problem
    return disturbed(problem, solve(problem, limit=Steps(_TOLD_STEPS)), seed=task.seed)[0]


def _ratios(figures: Iterable[Figure], days: Sequence[str]) -> dict[str, list[float]]:
    """For each way the geometric mean over seeds, to that of the first way of its kind: one for each day, then over days."""
    costs = defaultdict(lambda: defaultdict(list))
    for figure in figures:
        costs[figure.way][figure.day].append(figure.cost)
    means = {way: [geometric_mean(found[day]) for day in days] for way, found in costs.items()}
    ratios = {}
    for kind in (_WAYS, _WAYS_AGAIN):
        first = means[next(iter(kind))]
        ratios |= {way: [x / y for x, y in zip(means[way], first, strict=True)] for way in kind}
    return {way: [*row, geometric_mean(row)] for way, row in ratios.items()}
