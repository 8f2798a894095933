"""Questions put to a process of its own, which is ended when it gives no answer in time: a hang or a crash becomes a failure."""

from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from traceback import format_exc
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Watched:
    """A process that is started anew after each failure; `seconds` is how long it may think about one question.

    What the question raises is raised here; no answer in time, and an end without any, are an AssertionError.
    """

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self._start()

    def ask(self, question: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        try:
            self._pipe.send((question, args, named))
            if self._pipe.poll(self.seconds):
                answer, wrong = self._pipe.recv()
            else:
                answer, wrong = None, self._replaced(f"no answer within {self.seconds} s")
        except (EOFError, ConnectionError):
            answer, wrong = None, self._replaced("the process ended by itself")
        if wrong is not None:
            raise wrong
        return answer  # type: ignore[no-any-return]

    def end(self) -> None:
        self._pipe.close()
        self._process.join(timeout=1)
        self._process.kill()
        self._process.join()

    def _replaced(self, why: str) -> AssertionError:
        self.end()
        failure = AssertionError(f"{why}; exit code {self._process.exitcode}")
        self._start()
        return failure

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, far_end = context.Pipe()
        self._process = context.Process(target=_answer, args=(far_end,))
        self._process.start()
        far_end.close()


def _answer(pipe: Connection) -> None:
    """Until the other end is closed."""
    with suppress(EOFError, ConnectionError):
        while True:
            question, args, named = pipe.recv()
            try:
                pipe.send((question(*args, **named), None))
            except Exception as wrong:  # noqa: BLE001 - whatever it is, the one who asked shall see it
                wrong.add_note(format_exc())
                pipe.send((None, wrong))
