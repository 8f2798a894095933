"""A thread of one's own for what waits on the database, so that no loop waits for another's questions."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def own_thread(name: str) -> Iterator[ThreadPoolExecutor]:
    """One thread. What it is doing when the block ends is waited for: the connection that it uses is about to be closed."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix=name) as thread:
        yield thread
