"""What parts of the solver bring: a second thread, the mixing of routes, and exact times.

Seeds lie further apart than what a small part brings. So beside plans made in equal time stands what can be seen of a part within
one run: what the mixes took off the cost, and what exact times take off a plan whose sequences stay. Exact times are for days on
which it costs to come at another time than people were told: a day is planned, and one carer falls ill, as in `replan`.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean, geometric_mean

from benchmarks._days import load_day
from benchmarks._processes import each_alone
from benchmarks.replan import disturbed
from scheduler import Problem, Seconds, Solution, Steps, Tuning, breaches, evaluate, solve
from scheduler.indexed import Indexed
from scheduler.solver import Progress
from scheduler.solvers.repair import rebuild
from scheduler.solvers.search.improving import MIXING
from scheduler.solvers.standard import Standard
from scheduler.solvers.timing import polish
from scheduler.timeline import solution_of

_DAYS = ("own-68", "own-101", "own-204", "own-419", "own-955")
_SECONDS = 30.0
_AGAIN_SECONDS = 1.8
_TOLD_STEPS = 100_000
"""Every process must find the same plan, so that the same illness disturbs it: a limit in seconds would not do."""
_AFRESH = {
    "afresh": Standard(),
    "afresh, without mixing": Standard(recombine=False),
    "afresh, two threads": Standard(threads=2),
}
_AGAIN = {
    "again": Standard(Tuning.QUICK),
    "again, two threads": Standard(Tuning.QUICK, threads=2),
}
_TIMED, _UNTIMED = "again, at exact times", "again, the same plan at its earliest"
_KINDS = (tuple(_AFRESH), tuple(_AGAIN), (_TIMED, _UNTIMED))
_WAYS = [way for kind in _KINDS for way in kind]
_MIXING = [way for way, solver in _AFRESH.items() if solver.recombine]


@dataclass(frozen=True, slots=True)
class _Task:
    way: str
    day: str
    seed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One plan. `mixed`: what the mixes of this run took off the cost."""

    way: str
    day: str
    seed: int
    cost: int
    unplaced: int
    mixed: int = 0


@dataclass(slots=True)
class _Mixes:
    """Listens to a run: the cost before and after each mix."""

    costs: list[int] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        if progress.phase == MIXING:
            self.costs.append(progress.best_cost)

    @property
    def gain(self) -> int:
        return sum(self.costs[::2]) - sum(self.costs[1::2])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=lambda text: text.split(","), help=f"names of days ({','.join(_DAYS)})")
    parser.add_argument("--seconds", type=float, help=f"plan each day so long ({_SECONDS:g}; 2 in the short form)")
    parser.add_argument("--seeds", type=int, help="how often (3; once in the short form)")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Print what each way costs more than the first one of its kind, and what mixes took off, day by day and over all."""
    days = arguments.days or (["own-101"] if arguments.short else _DAYS)
    seconds = arguments.seconds or (2.0 if arguments.short else _SECONDS)
    seeds = range(1, 1 + (arguments.seeds or (1 if arguments.short else 3)))
    ways = {**dict.fromkeys(_AFRESH, seconds), **dict.fromkeys((*_AGAIN, _TIMED), _AGAIN_SECONDS)}
    tasks = [_Task(way, day, seed, limit) for day in days for seed in seeds for way, limit in ways.items()]
    figures: list[Figure] = []
    for found in each_alone(_figures, tasks):
        figures += found
        for x in found:
            print(f"{x.day:<11}{x.way:<42}{x.seed:>4}{x.cost:>10}{x.unplaced:>10}{x.mixed:>8}", flush=True)
    ratios = _ratios(figures, days)
    mixed = _mixed(figures, days)
    _print_table("above the first way of its kind", days, {way: [x - 1 for x in row] for way, row in ratios.items()})
    _print_table("taken off by mixes", days, mixed)
    return {"seconds": seconds, "figures": [asdict(figure) for figure in figures], "ratios": ratios, "mixed": mixed}


def _figures(task: _Task) -> list[Figure]:
    problem = load_day(task.day)
    solve(problem, limit=Steps(0))  # loads what is compiled
    if task.way not in _AFRESH:
        problem = disturbed(problem, solve(problem, limit=Steps(_TOLD_STEPS)), seed=task.seed)[0]
    if task.way == _TIMED:
        early = solve(
            problem, limit=Steps(_TOLD_STEPS), seed=task.seed, solver=Standard(Tuning.QUICK, exact_timing=False)
        )
        return [_figure(task, _TIMED, problem, _exact(problem, early)), _figure(task, _UNTIMED, problem, early)]
    mixes, limit = _Mixes(), Seconds(task.seconds)
    plan = solve(problem, limit=limit, seed=task.seed, solver={**_AFRESH, **_AGAIN}[task.way], progress=mixes)
    return [_figure(task, task.way, problem, plan, mixed=mixes.gain)]


def _exact(problem: Problem, plan: Solution) -> Solution:
    timeline = rebuild(Indexed(problem), plan, seed=0, refill=False)
    polish(timeline)
    return solution_of(timeline)


def _figure(task: _Task, way: str, problem: Problem, plan: Solution, *, mixed: int = 0) -> Figure:
    assert not breaches(problem, plan)
    return Figure(way, task.day, task.seed, evaluate(problem, plan).total, len(plan.unplaced), mixed)


def _ratios(figures: Sequence[Figure], days: Sequence[str]) -> dict[str, list[float]]:
    """For each way the geometric mean over seeds, to that of the first way of its kind: one for each day, then over days."""
    means = {
        way: [geometric_mean(x.cost for x in figures if (x.way, x.day) == (way, day)) for day in days] for way in _WAYS
    }
    ratios = {way: [x / y for x, y in zip(means[way], means[kind[0]], strict=True)] for kind in _KINDS for way in kind}
    return {way: [*row, geometric_mean(row)] for way, row in ratios.items()}


def _mixed(figures: Sequence[Figure], days: Sequence[str]) -> dict[str, list[float]]:
    """For each way that mixes, what share of the cost mixes took off, on average over seeds: one for each day, then over days."""
    rows = {
        way: [fmean(x.mixed / x.cost for x in figures if (x.way, x.day) == (way, day)) for day in days]
        for way in _MIXING
    }
    return {way: [*row, fmean(row)] for way, row in rows.items()}


def _print_table(title: str, days: Sequence[str], rows: Mapping[str, Sequence[float]]) -> None:
    print(f"\n{title:<42}" + "".join(f"{day:>12}" for day in (*days, "over all")))
    for way, row in rows.items():
        print(f"{way:<42}" + "".join(f"{100 * share:>+10.2f} %" for share in row))
