"""Running OR-Tools beside whoever may want it to end: it does not hold the interpreter, but hears nothing by itself."""

from collections.abc import Callable
from threading import Thread

_SECONDS_BETWEEN_LOOKS = 0.05

Stop = Callable[[], bool]


def never() -> bool:
    return False


def run_beside(work: Callable[[], object], *, interrupt: Callable[[], object], is_cancelled: Stop) -> None:
    """Return when `work` does; once `is_cancelled` says so, `interrupt` is called until then."""
    thread = Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_SECONDS_BETWEEN_LOOKS)
        if is_cancelled():
            interrupt()
