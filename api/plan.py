"""``vardag plan`` and ``vardag check``: a problem file in, a solution file out, and what a solution costs and breaks.

They touch no database and know no person. Exit codes: 0 done, 1 (check) something is broken, 2 bad input, 130 interrupted.
"""

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from scheduler import (
    AnyOf,
    Breach,
    Cancelled,
    Cost,
    InvalidInput,
    Limit,
    Problem,
    Progress,
    Seconds,
    Solution,
    Steps,
    Tuning,
    breaches,
    evaluate,
    load_problem,
    load_solution,
    save_solution,
    solution_text,
    solve,
    with_bound,
)

DONE, BROKEN, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
_DEFAULT_SECONDS = {Tuning.QUICK: 2.0, Tuning.THOROUGH: 10.0}
_BOUND_SECONDS = 30.0


def plan(  # noqa: PLR0913 - each is an option of the command
    problem_path: Path,
    *,
    limit: Limit,
    out: Path | None = None,
    seed: int = 1,
    threads: int = 1,
    tuning: Tuning = Tuning.THOROUGH,
    bound: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> int:
    """Plan the problem; the solution goes to `out`, or to stdout. Ctrl-C ends the search, not the answer.

    With `bound`, tell how far from the best the plan can be.
    """
    with _ctrl_c() as interrupted:
        try:
            problem = load_problem(problem_path)
            _demand_writable(out)
            until = AnyOf(Cancelled(interrupted), limit)
            solution = solve(problem, limit=until, seed=seed, threads=threads, tuning=tuning, progress=progress)
            if bound and not interrupted.is_set():
                solution = with_bound(
                    problem, solution, seconds=_BOUND_SECONDS, threads=threads, is_cancelled=interrupted.is_set
                )
                _tell_of_bound(solution)
            if out is None:
                sys.stdout.write(solution_text(solution))
            else:
                save_solution(solution, out)
        except InvalidInput as wrong:
            return complain(f"{problem_path}: {wrong}")
        except OSError as wrong:
            return complain(f"--out {out}: cannot be written ({wrong.strerror or wrong})")
        for breach in breaches(problem, solution):
            sys.stderr.write(f"vardag: the pins allow no sound plan: {breach}\n")
        return INTERRUPTED if interrupted.is_set() else DONE


def check(problem_path: Path, solution_path: Path, *, as_json: bool = False) -> int:
    """Print what the solution costs, term by term, and each broken hard rule."""
    path = problem_path
    try:
        problem = load_problem(problem_path)
        path = solution_path
        solution = load_solution(solution_path, problem)
    except InvalidInput as wrong:
        return complain(f"{path}: {wrong}")
    cost, broken = evaluate(problem, solution), breaches(problem, solution)
    right = solution.cost == cost and solution.stated_total == cost.total
    sys.stdout.write(
        _as_json(problem, solution, cost, broken, right=right) if as_json else _as_text(solution, cost, broken)
    )
    return DONE if right and not broken else BROKEN


def register(app: typer.Typer) -> None:
    """Add the two commands to ``vardag``."""
    app.command("plan")(_plan_command)
    app.command("check")(_check_command)


def _plan_command(  # noqa: PLR0913 - one argument an option
    problem: Annotated[Path, typer.Argument(help="A .care-day.json file, or .gz of one.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Where the solution goes; a name in .gz is gzipped.")] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0, help="Search so long (10, or 2 where it should be quick).")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=0, help="Search so many steps: the same answer everywhere.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another search.")] = 1,
    threads: Annotated[
        int, typer.Option(min=1, max=256, help="Searches side by side, which share what they find.")
    ] = 1,
    tuning: Annotated[
        Tuning, typer.Option(help="Near what was told, or the best that the time allows.")
    ] = Tuning.THOROUGH,
    bound: Annotated[
        bool, typer.Option("--bound", help="Prove how far from the best it can be (up to half a minute more).")
    ] = False,
    progress: Annotated[bool, typer.Option("--progress", help="Tell on stderr how it goes.")] = False,
) -> None:
    """Plan a day: read a care-day file, write a solution."""
    if seconds is not None and steps is not None:
        raise typer.Exit(complain(f"--steps {steps}: give either --seconds or --steps"))
    limit = Steps(steps) if steps is not None else Seconds(_DEFAULT_SECONDS[tuning] if seconds is None else seconds)
    tell = _tell if progress else _tell_of_compiling
    raise typer.Exit(
        plan(problem, limit=limit, out=out, seed=seed, threads=threads, tuning=tuning, bound=bound, progress=tell)
    )


def _check_command(
    problem: Annotated[Path, typer.Argument(help="A .care-day.json file, or .gz of one.")],
    solution: Annotated[Path, typer.Argument(help="Its solution.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")] = False,
) -> None:
    """Say what a solution costs and which hard rules it breaks."""
    raise typer.Exit(check(problem, solution, as_json=as_json))


@contextmanager
def _ctrl_c() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second one interrupts as usual."""
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return

    def hear(_signal: int, _frame: FrameType | None) -> None:
        interrupted.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _demand_writable(out: Path | None) -> None:
    """Better now than after the search."""
    if out is None:
        return
    if out.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    if not out.parent.is_dir():
        raise FileNotFoundError(2, "its folder does not exist")


def complain(line: str) -> int:
    sys.stderr.write(f"vardag: {line}\n".replace("\r", " "))
    return BAD_INPUT


def _tell_of_compiling(progress: Progress) -> None:
    """The one thing that is told unasked: the first plan on a machine waits for the compiler, outside its own time."""
    if progress.phase == "compiling":
        sys.stderr.write("Compiling the search (once on this machine; about a minute)\n")


def _tell(progress: Progress) -> None:
    if progress.phase == "compiling":
        _tell_of_compiling(progress)
        return
    sys.stderr.write(
        f"{progress.elapsed_seconds:7.1f} s  cost {progress.best_cost}  placed {progress.placed}"
        f"  unplaced {progress.unplaced}  {progress.phase}\n"
    )
    sys.stderr.flush()


def _tell_of_bound(solution: Solution) -> None:
    """What is proven, in words that promise no more than that."""
    cost, run = solution.cost, solution.run
    if cost is None or run is None or run.bound is None:
        return
    if run.optimal:
        sys.stderr.write(f"Proven: no plan costs less than this one, {cost.total}\n")
        return
    if not run.bound:
        sys.stderr.write("Nothing was proven in time of how far from the best this plan can be\n")
        return
    above = 100 * (cost.total - run.bound) / run.bound
    sys.stderr.write(
        f"Proven: no plan can cost less than {run.bound}; this one costs {cost.total}, "
        f"at most {above:.1f} % above the best, and perhaps less\n"
    )


def _terms(cost: Cost) -> dict[str, int]:
    return {"total": cost.total, **asdict(cost)}


def _as_text(solution: Solution, cost: Cost, broken: tuple[Breach, ...]) -> str:
    stated = {} if solution.cost is None else {**_terms(solution.cost), "total": solution.stated_total}
    lines = []
    for term, amount in _terms(cost).items():
        wrong = "" if stated.get(term) == amount else f"  but the solution states {stated.get(term, 'nothing')}"
        lines.append(f"{term:<13}{amount:>14}{wrong}")
    lines += [f"broken: {breach}" for breach in broken]
    lines.append(f"{len(broken)} hard rules broken" if broken else "no hard rule is broken")
    return "\n".join(lines) + "\n"


def _as_json(problem: Problem, solution: Solution, cost: Cost, broken: tuple[Breach, ...], *, right: bool) -> str:
    stated = None if solution.cost is None else {**_terms(solution.cost), "total": solution.stated_total}
    found = {
        "problem": problem.name,
        "cost": _terms(cost),
        "stated_cost": stated,
        "cost_is_right": right,
        "breaches": [{**asdict(breach), "text": str(breach)} for breach in broken],
        "unplaced": len(solution.unplaced),
        "ok": right and not broken,
    }
    return json.dumps(found, ensure_ascii=False) + "\n"
