"""The solver beside PyVRP, VROOM and OR-Tools' routing library, at equal time, each on what it can express of a day.

Days are cut down to a part of care-day that the peer can hold (`_parts.py`), and both solve the same problem with one thread each,
one search a process. Costs are the evaluator's. Building a model is not counted as search, nor is loading what is compiled.
The peers are no dependency of ours: `make bench` sets them up beside it.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean, geometric_mean

from benchmarks._cells import Cell, Task, model_of, run
from benchmarks._days import EXAMPLES, OWN
from benchmarks._parts import Part

OURS = "vardag"
PEERS = ("pyvrp", "vroom", "ortools")
_SECONDS = (5.0, 10.0, 30.0, 60.0)
_SHORT_SECONDS = (1.0, 3.0)
_SIZES = {50: 75, 100: 150, 200: 300, 400: 600, 1000: 2000}
"""About how many jobs, and up to how many that is."""

Costs = dict[tuple[str, str, str, float], float]
"""By day, part, solver and limit: the geometric mean over seeds."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=_numbers, help="limits (5,10,30,60; 1,3 in the short form)")
    parser.add_argument("--days", type=_words, help="names of days (all of them; own-90 in the short form)")
    parser.add_argument("--parts", type=_words, default=tuple(Part), help="windows,breaks,whole")
    parser.add_argument("--peers", type=_words, default=PEERS, help="pyvrp,vroom,ortools")
    parser.add_argument("--seeds", type=int, help="how often, for those whom chance leads (3; once in the short form)")
    parser.add_argument("--side-by-side", type=int, default=1, metavar="N", help="searches at once, one to a core (1)")
    parser.add_argument("--cells", type=Path, metavar="FILE", help="keep each cell here, and leave out what is there")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Print cell by cell and then the ratios; SystemExit where none of the peers is installed."""
    peers = [peer for peer in arguments.peers if find_spec(peer) is not None]
    if not peers:
        raise SystemExit(f"peers: none of {', '.join(arguments.peers)} is installed; make bench sets them up")
    print(
        f"{'day':<11}{'part':<9}{'solver':<9}{'seed':>4}{'limit':>7}{'built':>7}{'seconds':>9}{'cost':>10}{'unplaced':>10}"
    )
    cells = []
    tasks = _tasks(arguments, (OURS, *peers))
    for cell in run(tasks, side_by_side=arguments.side_by_side, kept=arguments.cells):
        cells.append(cell)
        print(_line(cell), flush=True)
    costs = _costs(cells)
    _print_ratios(cells, costs, peers)
    _print_spread(cells)
    return {"cells": [asdict(cell) for cell in cells], "ratios": _ratios(costs, peers)}


def _tasks(arguments: argparse.Namespace, solvers: Sequence[str]) -> list[Task]:
    short = arguments.short
    limits = arguments.seconds or (_SHORT_SECONDS if short else _SECONDS)
    days = arguments.days or (("own-90",) if short else (*OWN, *EXAMPLES))
    seeds = arguments.seeds or (1 if short else 3)
    models = {solver: model_of(solver) for solver in solvers}
    parts = [Part(part) for part in arguments.parts]
    wanted = [part for part in parts if any(part in model.parts for solver, model in models.items() if solver != OURS)]
    return [
        Task(day, part, solver, seed, tuple(sorted(limits)))
        for day in days
        for part in wanted
        for solver, model in models.items()
        if part in model.parts
        for seed in range(1, 1 + (seeds if model.seeded else 1))
    ]


def _line(cell: Cell) -> str:
    cost = "none" if cell.cost is None else str(cell.cost)
    return (
        f"{cell.day:<11}{cell.part:<9}{cell.solver:<9}{cell.seed:>4}{cell.limit:>7g}{cell.build_seconds:>7.1f}"
        f"{cell.seconds:>9.1f}{cost:>10}{cell.unplaced:>10}{f'  {cell.lost} stops broke a rule' if cell.lost else ''}"
    )


def _costs(cells: Iterable[Cell]) -> Costs:
    """Without those where a seed had no answer."""
    found = defaultdict(list)
    for cell in cells:
        found[cell.day, cell.part, cell.solver, cell.limit].append(cell.cost)
    return {key: geometric_mean(costs) for key, costs in found.items() if None not in costs}


def _ratios(costs: Costs, peers: Sequence[str]) -> list[dict[str, object]]:
    """What each peer's answer costs, to ours at the same limit and to ours at the shortest, day by day."""
    shortest = min(limit for *_, limit in costs)
    return [
        {
            "day": day,
            "part": part,
            "peer": peer,
            "limit": limit,
            "equal_time": round(cost / costs[day, part, OURS, limit], 4),
            "to_our_shortest": round(cost / costs[day, part, OURS, shortest], 4),
        }
        for (day, part, peer, limit), cost in costs.items()
        if peer in peers
    ]


def _print_ratios(cells: Sequence[Cell], costs: Costs, peers: Sequence[str]) -> None:
    jobs = {cell.day: cell.jobs for cell in cells}
    limits = sorted({cell.limit for cell in cells})
    groups = {f"about {size} jobs": [day for day in jobs if _size(jobs[day]) == size] for size in _SIZES}
    groups |= {"own": [day for day in jobs if day in OWN], "examples": [day for day in jobs if day not in OWN]}
    groups = {name: days for name, days in groups.items() if 0 < len(days) < len(jobs)} | {"all": list(jobs)}
    for part in Part:
        asked = [peer for peer in peers if any(cell.part == part and cell.solver == peer for cell in cells)]
        if not asked:
            continue
        print(f"\n{part}: what the peer's plan costs above ours, geometric mean over days (least to most; no answer)")
        heads = [f"{limit:g} s" for limit in limits] + [f"{limits[-1]:g} s to our {limits[0]:g} s"]
        print(f"{'days':<18}{'peer':<9}" + "".join(f"{head:>28}" for head in heads))
        for group, days in groups.items():
            for peer in asked:
                pairs = [(limit, limit) for limit in limits] + [(limits[-1], limits[0])]
                row = [_ratio(costs, days, part, peer, pair) for pair in pairs]
                print(f"{group:<18}{peer:<9}" + "".join(f"{one:>28}" for one in row))


def _size(jobs: int) -> int:
    return next(size for size, most in _SIZES.items() if jobs < most)


def _ratio(costs: Costs, days: Iterable[str], part: Part, peer: str, limits: tuple[float, float]) -> str:
    """The peer's at the first limit to ours at the second."""
    theirs, ours = limits
    known = [day for day in days if (day, part, OURS, ours) in costs]
    found = [
        costs[day, part, peer, theirs] / costs[day, part, OURS, ours]
        for day in known
        if (day, part, peer, theirs) in costs
    ]
    if not found:
        return "no answer"
    mean, least, most = (100 * (x - 1) for x in (geometric_mean(found), min(found), max(found)))
    without = len(known) - len(found)
    return f"{mean:+.1f} % ({least:+.0f} to {most:+.0f}{f'; {without}' if without else ''})"


def _print_spread(cells: Iterable[Cell]) -> None:
    """How far the seeds lie apart, on average over days."""
    found = defaultdict(list)
    for cell in cells:
        found[cell.solver, cell.part, cell.day, cell.limit].append(cell.cost)
    spreads = defaultdict(list)
    for (solver, *_), costs in found.items():
        if len(costs) > 1 and None not in costs:
            spreads[solver].append(max(costs) / min(costs) - 1)
    for solver, apart in spreads.items():
        print(f"{solver}: dearest to cheapest seed {100 * fmean(apart):+.1f} % on average")


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(one) for one in text.split(","))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))
