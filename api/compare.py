"""``vardag compare``: what differs between two solutions of a problem, for its citizens and its carers, and in cost.

It touches no database and knows no person. Exit codes: 0 done, 2 bad input.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from api.plan import DONE, complain
from scheduler import (
    CarerChange,
    ChangeKind,
    Comparison,
    InvalidInput,
    JobChange,
    Problem,
    load_problem,
    load_solution,
)
from scheduler import compare as compared


def compare(problem_path: Path, old_path: Path, new_path: Path, *, as_json: bool = False) -> int:
    """Print what the new solution changes: visit by visit, carer by carer, term by term."""
    path = problem_path
    try:
        problem = load_problem(problem_path)
        path = old_path
        old = load_solution(old_path, problem)
        path = new_path
        new = load_solution(new_path, problem)
    except InvalidInput as wrong:
        return complain(f"{path}: {wrong}")
    found = compared(problem, old, new)
    sys.stdout.write(_as_json(found) if as_json else "\n".join(_lines(problem, found)) + "\n")
    return DONE


def register(app: typer.Typer) -> None:
    """Add the command to ``vardag``."""
    app.command("compare")(_command)


def _command(
    problem: Annotated[Path, typer.Argument(help="A .care-day.json file, or .gz of one.")],
    old: Annotated[Path, typer.Argument(help="One solution of it.")],
    new: Annotated[Path, typer.Argument(help="Another.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")] = False,
) -> None:
    """Say what differs between two solutions, for whom."""
    raise typer.Exit(compare(problem, old, new, as_json=as_json))


def _lines(problem: Problem, found: Comparison) -> Iterator[str]:
    yield from (f"{change.citizen} {change.job}: {_change(problem, change)}" for change in found.changes)
    yield from (f"{change.carer}: {_workload(change)}" for change in found.carers)
    for term, risen in found.cost_changes.items():
        old, new = getattr(found.old_cost, term), getattr(found.new_cost, term)
        yield f"{term:<13}{old:>14}{new:>14}{risen:>+14}"
    old, new = found.old_cost.total, found.new_cost.total
    yield f"{'total':<13}{old:>14}{new:>14}{new - old:>+14}"
    count = len(found.citizens_to_tell)
    yield f"{count} citizen{'' if count == 1 else 's'} to tell"


def _change(problem: Problem, change: JobChange) -> str:
    old, new = _clock(problem, change.old_start), _clock(problem, change.new_start)
    match change.kind:
        case ChangeKind.ADDED:
            return f"newly placed, {new} with {change.new_carer}"
        case ChangeKind.WITHDRAWN:
            return f"no longer placed, was {old} with {change.old_carer}"
        case ChangeKind.MOVED:
            moved = abs(change.moved_seconds)
            later = "later" if change.moved_seconds > 0 else "earlier"
            time = f"{round(moved / 60)} min {later}, {old} to {new}" if moved else f"at {new} as before"
            return f"{time}, {change.new_carer} instead of {change.old_carer}" if change.other_carer else time


def _workload(change: CarerChange) -> str:
    old, new = change.old, change.new
    return (
        f"{old.stops} to {new.stops} stops, {_minutes(old.travel_seconds)} to {_minutes(new.travel_seconds)} min travel, "
        f"{_minutes(old.working_seconds)} to {_minutes(new.working_seconds)} min work"
    )


def _clock(problem: Problem, seconds: int | None) -> str:
    """By the horizon's clock."""
    return "" if seconds is None else f"{problem.horizon_start + timedelta(seconds=seconds):%H:%M}"


def _minutes(seconds: int) -> int:
    return round(seconds / 60)


def _as_json(found: Comparison) -> str:
    told = {
        **asdict(found),
        "cost_changes": dict(found.cost_changes),
        "citizens_to_tell": sorted(found.citizens_to_tell),
    }
    return json.dumps(told, ensure_ascii=False) + "\n"
