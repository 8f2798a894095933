"""A thread of one's own for what waits on the database, so that no loop waits for another's questions."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def own_thread(name: str) -> Iterator[ThreadPoolExecutor]:
    """One thread; what it is doing when the block ends is not waited for."""
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
    try:
        yield thread
    finally:
        thread.shutdown(wait=False, cancel_futures=True)
