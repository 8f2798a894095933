"""A fortnight's days solved side by side, each in a solver process of its own, round after round."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from api.runs.solving import Cancelled, SolverProcess, Work
from visits.actions.plan_fortnight import FortnightInputs
from visits.actions.regenerate_schedule import Solving
from visits.planned.few_faces import DayTask, few_faces, rounds_of
from visits.planned.planning_day import Draft

_TICK_SECONDS = 0.2


class Watch(Protocol):
    """Hears how far the work has come, and whether it is taken back."""

    def tell(self, step: Solving) -> None: ...

    def is_cancelled(self) -> bool: ...


class FortnightSolver:
    """As many processes as days are solved at once; the first is the planner's own. Used by one thread at a time."""

    def __init__(self, own: SolverProcess, *, at_once: int) -> None:
        self._others = [SolverProcess() for _ in range(at_once - 1)]
        self._processes = [own, *self._others]
        self._cancelled = False

    def solve(self, inputs: FortnightInputs, *, seconds: float, watch: Watch) -> list[Draft]:
        """The drafts of the days, in their order; `seconds` are those of each day. Raises `Cancelled`, or `SolverDied`."""
        if not inputs.days:
            return []
        days = [one.day for one in inputs.days]
        planning = few_faces(days, familiar=inputs.familiar, seconds=seconds, at_once=len(self._processes))
        progress = _Progress(len(days) * rounds_of(inputs.familiar), seconds * len(days) / len(self._processes))
        tasks = next(planning)
        with ThreadPoolExecutor(len(self._processes)) as threads:
            while True:
                drafts = self._side_by_side(threads, tasks, watch)
                progress.add(tasks, drafts)
                watch.tell(progress.told())
                try:
                    tasks = planning.send(drafts)
                except StopIteration as done:
                    found: list[Draft] = done.value
                    return found

    def stop(self) -> None:
        """End the processes that are not the planner's own."""
        for process in self._others:
            process.stop()

    def _side_by_side(self, threads: ThreadPoolExecutor, tasks: Sequence[DayTask], watch: Watch) -> list[Draft]:
        """Each task in a process; all are ended when the work is taken back, or when one of them fails."""
        self._cancelled = False
        pairs = zip(self._processes, tasks, strict=False)
        futures = [threads.submit(self._one, process, task) for process, task in pairs]
        try:
            while not all(future.done() for future in futures):
                if watch.is_cancelled():
                    raise Cancelled
                time.sleep(_TICK_SECONDS)
        finally:
            self._cancelled = True
        return [future.result() for future in futures]

    def _one(self, process: SolverProcess, task: DayTask) -> Draft:
        work = Work(day=task.day, seconds=task.seconds, start=task.start, explained=task.last)
        return process.solve(work, tell=_nobody, is_cancelled=lambda: self._cancelled)


class _Progress:
    """What the run is told: days solved of all rounds, and what the newest drafts come to."""

    def __init__(self, steps: int, limit_seconds: float) -> None:
        self._steps, self._done = steps, 0
        self._limit_seconds = limit_seconds
        self._newest: dict[int, Draft] = {}

    def add(self, tasks: Sequence[DayTask], drafts: Sequence[Draft]) -> None:
        self._done += len(tasks)
        self._newest |= {task.number: draft for task, draft in zip(tasks, drafts, strict=True)}

    def told(self) -> Solving:
        drafts = self._newest.values()
        return Solving(
            seconds=self._limit_seconds * self._done / self._steps,
            limit_seconds=self._limit_seconds,
            placed=sum(len(draft.placements) for draft in drafts),
            unplaced=sum(len(draft.unplaced) for draft in drafts),
            cost=sum(draft.cost["total"] for draft in drafts),
            phase="fortnight",
        )


def _nobody(_step: Solving) -> None:
    """Nobody listens to a single day of the fortnight."""
