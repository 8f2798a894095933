"""Work in processes of its own, so that no run meets another's memory, threads or loaded libraries."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def each_alone(work: Callable[[T], R], tasks: Iterable[T], *, side_by_side: int = 1) -> Iterator[R]:
    """What the work gives for each task, as soon as it is there; every task has a new process."""
    with ProcessPoolExecutor(side_by_side, get_context("spawn"), max_tasks_per_child=1) as pool:
        for future in as_completed([pool.submit(work, task) for task in tasks]):
            yield future.result()
