"""How cost, time and memory grow with the day: from a hundred jobs of one team to a whole municipality in one problem.

Then the municipality as it works today, every team planning for itself: in parallel processes, against all in one problem.
"""

import argparse
import os
import resource
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import log
from statistics import linear_regression
from time import monotonic

from api.town.providers import Size
from benchmarks._processes import each_alone
from benchmarks._towns import TownDay
from scheduler import Limit, Progress, SearchState, Seconds, Steps, breaches, evaluate, solve

_SEED = 2601
_TEAMS = (
    "Hemtjänst Alby–Fittja",
    "Hemtjänst Hallunda–Norsborg",
    "Hemtjänst Tumba–Storvreten",
    "Hemtjänst Tullinge",
    "Hemtjänst Vårsta–Grödinge",
    "Tjärblomster Omsorg",
    "Sju Lyktor Hemtjänst",
    "Havtornets Hemvård",
    "Kvällsdagg Hemtjänst",
)
"""All home care of the town."""
_SIZES = ((1, 0.2), (1, 0.4), (1, 0.8), (2, 1.0), (3, 1.0), (4, 1.0), (len(_TEAMS), 1.0))
"""So many of the teams, and the share of their citizens."""
_SHORT_SIZES = _SIZES[:3]


@dataclass(frozen=True, slots=True)
class _Task:
    day: TownDay
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`first_seconds` until the first plan was there; `peak_mib` of the whole process, Python and its libraries in it."""

    jobs: int
    carers: int
    seconds: float
    first_seconds: float
    cost: int
    unplaced: int
    steps: int
    peak_mib: float

    @property
    def cost_per_job(self) -> float:
        return self.cost / self.jobs


@dataclass(slots=True)
class _Counted:
    """Another limit, and the last that it was asked about."""

    limit: Limit
    state: SearchState | None = None

    def reached(self, state: SearchState) -> bool:
        self.state = state
        return self.limit.reached(state)

    def share_used(self, state: SearchState) -> float | None:
        return self.limit.share_used(state)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, help="plan each day so long (30; 2 in the short form)")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Print size by size, the exponents, and the teams side by side."""
    seconds = arguments.seconds or (2.0 if arguments.short else 30.0)
    sizes = _SHORT_SIZES if arguments.short else _SIZES
    heads = ("jobs", "carers", "seconds", "first plan", "cost", "per job", "unplaced", "steps a second", "MiB")
    print("".join(f"{head:>15}" for head in heads))
    figures = []
    for teams, share in sizes:
        task = _Task(TownDay(Size.LARGE, _SEED, _TEAMS[:teams], share), seconds)
        figures += each_alone(_plan, [task])
        print(_line(figures[-1]), flush=True)
    exponents = {name: _exponent(figures, name) for name in ("cost", "first_seconds", "peak_mib")}
    print("as a power of the number of jobs: " + ", ".join(f"{name} {x:.2f}" for name, x in exponents.items()))
    apart = _teams_apart(_TEAMS[: sizes[-1][0]], seconds, figures[-1]) if sizes[-1][0] > 1 else None
    return {"seconds": seconds, "sizes": [asdict(x) for x in figures], "exponents": exponents, "teams_apart": apart}


def _plan(task: _Task) -> Figure:
    problem = task.day.problem("town")
    solve(problem, limit=Steps(0))  # loads what is compiled
    first: list[float] = []

    def note(progress: Progress) -> None:
        if progress.placed:
            first.append(monotonic() - began)

    limit = _Counted(Seconds(task.seconds))
    began = monotonic()
    plan = solve(problem, limit=limit, progress=note)
    seconds = monotonic() - began
    assert not breaches(problem, plan)
    assert limit.state is not None
    return Figure(
        jobs=len(problem.jobs),
        carers=len(problem.carers),
        seconds=round(seconds, 2),
        first_seconds=round(first[0], 3),
        cost=evaluate(problem, plan).total,
        unplaced=len(plan.unplaced),
        steps=limit.state.steps,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _line(figure: Figure) -> str:
    values = (figure.jobs, figure.carers, figure.seconds, figure.first_seconds, figure.cost)
    steps = round(figure.steps / figure.seconds)
    values += (round(figure.cost_per_job), figure.unplaced, steps, round(figure.peak_mib))
    return "".join(f"{value:>15}" for value in values)


def _exponent(figures: Sequence[Figure], name: str) -> float:
    """Of the power of the number of jobs that fits best."""
    jobs = [log(figure.jobs) for figure in figures]
    return round(linear_regression(jobs, [log(getattr(figure, name)) for figure in figures]).slope, 3)


def _teams_apart(teams: Sequence[str], seconds: float, joined: Figure) -> dict[str, object]:
    """Every team for itself, as many at once as there are cores; together they search as long as the joined problem did."""
    cores = os.cpu_count() or 1
    each = seconds / len(teams)
    tasks = [_Task(TownDay(Size.LARGE, _SEED, (team,)), each) for team in teams]
    began = monotonic()
    figures = list(each_alone(_plan, tasks, side_by_side=cores))
    wall = monotonic() - began
    cost = sum(figure.cost for figure in figures)
    print(
        f"{len(teams)} teams apart, {cores} at once, {each:.1f} s each: {wall:.1f} s with all that is loaded, cost {cost}, "
        f"{100 * (cost / joined.cost - 1):+.1f} % to one problem in which everybody may come to everybody"
    )
    return {"teams": len(teams), "at_once": cores, "seconds_each": each, "wall_seconds": wall, "cost": cost}
