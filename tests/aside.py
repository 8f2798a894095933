"""Run a coroutine on a loop of its own, in a thread of its own: Playwright keeps a loop running in the tests' own thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor


def run_aside(coroutine: Coroutine[object, object, None]) -> None:
    with ThreadPoolExecutor(1, thread_name_prefix="aside") as thread:
        thread.submit(asyncio.run, coroutine).result()
