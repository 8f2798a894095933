"""How cost, time and memory grow with the day: from a hundred jobs of a part of a team to a whole municipality in one problem.

A day of a hundred visits may by chance be a tight one or an easy one, so each size is several days together: the four largest
teams cut down, each for itself, two by two, and all in one. The search gets equal time a visit. Then the municipality as it works
today, every team planning for itself in parallel processes, against all in one problem.
"""

import argparse
import os
import resource
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import log
from statistics import fmean, linear_regression
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
_LARGEST = _TEAMS[:4]


def _days(*teams: Sequence[str], share: float = 1.0) -> tuple[TownDay, ...]:
    """One day for each group of teams."""
    return tuple(TownDay(Size.LARGE, _SEED, tuple(group), share) for group in teams)


_EACH = [(team,) for team in _LARGEST]
_SIZES = (
    _days(*_EACH, share=0.22),
    _days(*_EACH, share=0.45),
    _days(*_EACH),
    _days(_LARGEST[:2], _LARGEST[2:]),
    _days(_LARGEST),
    _days(_TEAMS),
)
"""The days of each size."""
_SHORT_SIZES = _SIZES[:2]
_MEANS = ("jobs", "carers", "seconds", "first_seconds", "cost", "steps")


@dataclass(frozen=True, slots=True)
class _Task:
    day: TownDay
    seconds_a_job: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`first_seconds` until the first plan was there; `peak_mib` of the whole process, Python and its libraries in it.

    Of a size: means over its `days`, but `unplaced` of all of them and the largest `peak_mib`.
    """

    days: int = 1
    jobs: float
    carers: float
    seconds: float
    first_seconds: float
    cost: float
    unplaced: int
    steps: float
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
    parser.add_argument("--seconds", type=float, help="plan a hundred visits so long (3; 1 in the short form)")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Print size by size, the exponents, and the teams side by side."""
    seconds = arguments.seconds or (1.0 if arguments.short else 3.0)
    sizes = _SHORT_SIZES if arguments.short else _SIZES
    heads = ("days", "jobs", "carers", "seconds", "first plan", "cost", "per job", "unplaced", "steps a second", "MiB")
    print("".join(f"{head:>15}" for head in heads))
    figures = []
    for days in sizes:
        figures.append(_mean(list(each_alone(_plan, [_Task(day, seconds / 100) for day in days]))))
        print(_line(figures[-1]), flush=True)
    exponents = {name: _exponent(figures, name) for name in ("cost", "first_seconds", "peak_mib")}
    print("as a power of the number of jobs: " + ", ".join(f"{name} {x:.2f}" for name, x in exponents.items()))
    apart = None if arguments.short else _teams_apart(_TEAMS, figures[-1])
    return {
        "seconds_a_hundred": seconds,
        "sizes": [asdict(x) for x in figures],
        "exponents": exponents,
        "teams_apart": apart,
    }


def _plan(task: _Task) -> Figure:
    problem = task.day.problem("town")
    solve(problem, limit=Steps(0))  # loads what is compiled
    first: list[float] = []

    def note(progress: Progress) -> None:
        if progress.placed:
            first.append(monotonic() - began)

    limit = _Counted(Seconds(task.seconds_a_job * len(problem.jobs)))
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


def _mean(found: Sequence[Figure]) -> Figure:
    """Of one size."""
    means = {name: fmean(getattr(x, name) for x in found) for name in _MEANS}
    return Figure(
        days=len(found), unplaced=sum(x.unplaced for x in found), peak_mib=max(x.peak_mib for x in found), **means
    )


def _line(figure: Figure) -> str:
    values = (figure.days, round(figure.jobs), round(figure.carers), round(figure.seconds, 1))
    values += (round(figure.first_seconds, 3), round(figure.cost), round(figure.cost_per_job), figure.unplaced)
    values += (round(figure.steps / figure.seconds), round(figure.peak_mib))
    return "".join(f"{value:>15}" for value in values)


def _exponent(figures: Sequence[Figure], name: str) -> float:
    """Of the power of the number of jobs that fits best."""
    jobs = [log(figure.jobs) for figure in figures]
    return round(linear_regression(jobs, [log(getattr(figure, name)) for figure in figures]).slope, 3)


def _teams_apart(teams: Sequence[str], joined: Figure) -> dict[str, object]:
    """Every team for itself, as many at once as there are cores; together they search as long as the joined problem did."""
    cores = os.cpu_count() or 1
    tasks = [_Task(day, joined.seconds / joined.jobs) for day in _days(*((team,) for team in teams))]
    began = monotonic()
    figures = list(each_alone(_plan, tasks, side_by_side=cores))
    wall = monotonic() - began
    cost, unplaced = sum(figure.cost for figure in figures), sum(figure.unplaced for figure in figures)
    print(
        f"{len(teams)} teams apart, {cores} at once: {wall:.1f} s with all that is loaded, {unplaced} unplaced, cost {cost:.0f}, "
        f"{100 * (cost / joined.cost - 1):+.1f} % to one problem in which everybody may come to everybody"
    )
    return {"teams": len(teams), "at_once": cores, "wall_seconds": wall, "cost": cost, "unplaced": unplaced}
