"""One cell of a comparison: a solver on a part of a day, in a process of its own, judged as every answer is judged."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from time import monotonic

from benchmarks._days import load_day
from benchmarks._parts import Part, part_of
from benchmarks._peers.model import Model, Reading
from benchmarks._processes import each_alone
from scheduler import Problem, Solution, breaches, evaluate
from scheduler.indexed import Indexed
from scheduler.solvers.repair import rebuild
from scheduler.timeline import solution_of


@dataclass(frozen=True, slots=True)
class Task:
    """What one process does: one model, searched under every limit."""

    day: str
    part: Part
    solver: str
    seed: int
    limits: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a solver had after `limit` seconds; `cost` is None where it had nothing.

    `seconds` is when it really answered, `lost` how many of its stops break a rule of the part and were taken out.
    """

    day: str
    part: str
    solver: str
    seed: int
    limit: float
    jobs: int
    build_seconds: float
    seconds: float
    cost: int | None
    unplaced: int
    lost: int


def model_of(solver: str) -> type[Model]:
    """Raises ImportError where the peer is not installed."""
    found: type[Model] = import_module(f"benchmarks._peers.{solver}").Model
    return found


def run(tasks: Iterable[Task], *, side_by_side: int, kept: Path | None) -> Iterator[Cell]:
    """Every cell as soon as it is there. `kept`: a file of cells, read for what is done already and written to."""
    before = _read(kept)
    todo = []
    for task in tasks:
        done = [before.get((task.day, task.part, task.solver, task.seed, limit)) for limit in task.limits]
        if None in done:
            todo.append(task)
        else:
            yield from (cell for cell in done if cell is not None)
    for cells in each_alone(_run, todo, side_by_side=side_by_side):
        if kept is not None:
            with kept.open("a") as file:
                file.writelines(json.dumps(asdict(cell)) + "\n" for cell in cells)
        yield from cells


def _read(kept: Path | None) -> dict[tuple[str, str, str, int, float], Cell]:
    if kept is None or not kept.exists():
        return {}
    cells = [Cell(**json.loads(line)) for line in kept.read_text().splitlines()]
    return {(x.day, x.part, x.solver, x.seed, x.limit): x for x in cells}


def _run(task: Task) -> list[Cell]:
    problem = part_of(load_day(task.day), task.part)
    kind = model_of(task.solver)
    cells = []
    readings: list[Reading] = []
    for limit in sorted(task.limits, reverse=True):
        if not cells or not kind.any_time:
            began = monotonic()
            model = kind(problem)
            build_seconds = monotonic() - began
            readings = model.search(seconds=limit, seed=task.seed)
        reading = _last(readings, limit) if kind.any_time else readings[-1]
        cost, unplaced, lost = judged(problem, reading.answer) if reading else (None, len(problem.jobs), 0)
        cells.append(
            Cell(
                day=task.day,
                part=task.part,
                solver=task.solver,
                seed=task.seed,
                limit=limit,
                jobs=len(problem.jobs),
                build_seconds=round(build_seconds, 2),
                seconds=round(reading.seconds, 2) if reading else limit,
                cost=cost,
                unplaced=unplaced,
                lost=lost,
            )
        )
    return cells[::-1]


def _last(readings: list[Reading], limit: float) -> Reading | None:
    """The newest there was by then."""
    return next((reading for reading in reversed(readings) if reading.seconds <= limit), None)


def judged(problem: Problem, answer: Solution) -> tuple[int, int, int]:
    """Cost, jobs unplaced and stops lost, with times derived anew from the answer's sequences."""
    solution = solution_of(rebuild(Indexed(problem), answer, seed=0, refill=False))
    broken = breaches(problem, solution)
    assert not broken, broken[0]
    lost = len(answer.placed) - len(solution.placed)
    return evaluate(problem, solution).total, len(solution.unplaced), lost
