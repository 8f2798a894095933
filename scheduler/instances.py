"""Problems and solutions as JSON files, plain or gzipped (a name that ends in .gz): the care-day format."""

import gzip
import json
import os
import zlib
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from scheduler.care_day import problem_from_json, problem_to_json
from scheduler.care_day_solution import solution_from_json, solution_to_json
from scheduler.cost import check_references
from scheduler.errors import InvalidInput, InvalidProblem, InvalidSolution
from scheduler.problem import Problem
from scheduler.solution import Solution


def load_problem(path: Path) -> Problem:
    """Raises InvalidProblem, with path and value, for a file that cannot be read or does not follow care-day/1."""
    return problem_from_json(_read(path, InvalidProblem))


def load_solution(path: Path, problem: Problem) -> Solution:
    """Raises InvalidSolution, with path and value, for a file that is not a solution of this problem."""
    solution = solution_from_json(_read(path, InvalidSolution))
    if solution.problem != problem.name:
        raise InvalidSolution("problem", solution.problem, f"is not the name of the problem, {problem.name!r}")
    check_references(problem, solution)
    return solution


def save_problem(problem: Problem, path: Path) -> None:
    _write(path, json.dumps(problem_to_json(problem), ensure_ascii=False, separators=(",", ":")) + "\n")


def save_solution(solution: Solution, path: Path) -> None:
    """Write a solution whole or not at all."""
    _write(path, solution_text(solution))


def solution_text(solution: Solution) -> str:
    """A solution as the text of its file."""
    return json.dumps(solution_to_json(solution), ensure_ascii=False, indent=1) + "\n"


def _read(path: Path, error: type[InvalidInput]) -> object:
    try:
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
        return json.loads(raw, object_pairs_hook=lambda pairs: _object(pairs, error), parse_constant=_no_constant)
    except OSError as problem:
        raise error("", str(path), f"cannot be read: {problem.strerror or problem}") from problem
    except (ValueError, EOFError, zlib.error, RecursionError) as problem:
        raise error("", str(path), f"is not a JSON file: {problem}") from problem


def _object(pairs: list[tuple[str, object]], error: type[InvalidInput]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise error(key, value, "stands in a field that appears twice in one object")
        found[key] = value
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")


def _write(path: Path, text: str) -> None:
    """Beside the goal first, then renamed: a reader sees the old file or the whole new one."""
    raw = text.encode()
    if path.suffix == ".gz":
        raw = gzip.compress(raw, mtime=0)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(raw)
            file.close()
            umask = os.umask(0)
            os.umask(umask)
            Path(file.name).chmod(0o666 & ~umask)
            Path(file.name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(file.name).unlink()
            raise
