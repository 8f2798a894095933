import asyncio
import threading
import time

from api.live.thread import own_thread
from tests.aside import run_aside


def test_what_is_being_asked_when_a_loop_is_stopped_is_asked_to_the_end() -> None:
    asked: list[str] = []
    begun = threading.Event()

    def ask() -> None:
        begun.set()
        time.sleep(0.2)
        asked.append("ended")

    async def loop() -> None:
        with own_thread("asking") as thread:
            await asyncio.get_running_loop().run_in_executor(thread, ask)

    async def test() -> None:
        running = asyncio.create_task(loop())
        await asyncio.to_thread(begun.wait)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert asked == ["ended"]

    run_aside(test())
