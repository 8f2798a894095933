"""The solver in a process of its own: it needs a processor, and whoever waits for it must still be heard.

Over a pipe: work goes out, progress and the draft come back, and "cancel" may follow the work at any time.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from visits.actions.regenerate_schedule import Solving
from visits.planned.few_faces import Start
from visits.planned.planning_day import Draft, PlanningDay

_TICK_SECONDS = 0.1
_PATIENCE_SECONDS = 5.0
"""How long a cancelled solver may take to end by itself."""
_CANCEL = "cancel"


class SolverDied(Exception):
    """The solver's process ended without an answer."""


class Cancelled(Exception):
    """The caller has asked the solver to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A day, for how long, with how many searches, from where, and whether the answer must say what would help whom."""

    day: PlanningDay
    seconds: float
    threads: int = 1
    start: Start | None = None
    explained: bool = True


class SolverProcess:
    """One process that solves one day at a time, kept warm between two. Used by one thread at a time."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._pipe: Connection[Any, Any] | None = None

    def start(self) -> "Connection[Any, Any]":
        """Have the process running; it loads the solver meanwhile."""
        if self._pipe is not None and self._process.is_alive():
            return self._pipe
        self.stop()
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_answer, args=(theirs,), name="vardag-solver", daemon=True)
        self._process.start()
        theirs.close()
        return self._pipe

    def solve(self, work: Work, *, tell: Callable[[Solving], None], is_cancelled: Callable[[], bool]) -> Draft:
        """The draft. `tell` hears of progress; `is_cancelled` is asked ten times a second.

        Raises `Cancelled`, or `SolverDied` when the process is lost.
        """
        pipe = self.start()
        try:
            pipe.send(work)
            answer = self._last_word(pipe, tell=tell, is_cancelled=is_cancelled)
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            self.stop()
            raise SolverDied(type(error).__name__) from error
        except BaseException:
            self.stop()  # what it was at must not be taken for the answer to the next day
            raise
        if answer is None:
            raise Cancelled
        if not isinstance(answer, Draft):
            raise SolverDied(str(answer))
        return answer

    def _last_word(
        self, pipe: "Connection[Any, Any]", *, tell: Callable[[Solving], None], is_cancelled: Callable[[], bool]
    ) -> object:
        """What the process answered in the end; None when it was cancelled."""
        while not is_cancelled():
            if pipe.poll(_TICK_SECONDS):
                answer = pipe.recv()
                if not isinstance(answer, Solving):
                    return answer
                tell(answer)
        self._cancel(pipe)
        return None

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None

    def _cancel(self, pipe: "Connection[Any, Any]") -> None:
        """Ask it to end, and wait for its last word so that the next day does not hear it; else end it by force."""
        pipe.send(_CANCEL)
        while pipe.poll(_PATIENCE_SECONDS):
            if not isinstance(pipe.recv(), Solving):
                return
        self.stop()


def _answer(pipe: "Connection[Any, Any]") -> None:
    """The process: solve what comes until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us, who then ends us
    from visits.actions.regenerate_schedule import Watch, solve_day

    while True:
        try:
            work = pipe.recv()
        except (EOFError, OSError):
            return
        if not isinstance(work, Work):
            continue  # a cancel that came when the answer was already on its way
        cancelled, is_done = threading.Event(), threading.Event()
        listener = threading.Thread(target=_listen, args=(pipe, cancelled, is_done), daemon=True)
        listener.start()
        try:
            watch = Watch(cancelled=cancelled, progress=pipe.send)
            answer: object = solve_day(
                work.day,
                seconds=work.seconds,
                threads=work.threads,
                watch=watch,
                start=work.start,
                explained=work.explained,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the run must say that it failed
            answer = type(error).__name__
        is_done.set()
        listener.join()
        pipe.send(answer)


def _listen(pipe: "Connection[Any, Any]", cancelled: threading.Event, is_done: threading.Event) -> None:
    """Hear a cancel while the solver works, and do not outlive whoever asked."""
    while not is_done.is_set():
        try:
            if pipe.poll(_TICK_SECONDS) and pipe.recv() == _CANCEL:
                cancelled.set()
        except (EOFError, OSError):
            os._exit(1)
