"""What runs beside the requests of every process: the bell, the relay, the hub, the follow-up and the clockwork."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

from api.house import House
from api.live.bell import Bell
from api.live.clockwork import Clockwork
from api.live.follow_up import Follows, FollowUp
from api.live.hub import Hub
from api.live.relay import Relay
from api.logs import get_logger
from visits.events import Event

_REST_SECONDS = 1.0
_log = get_logger("vardag.live")


class Part(Protocol):
    async def run(self) -> None: ...


@asynccontextmanager
async def live(house: House, hub: Hub, reactions: Mapping[type[Event], Follows]) -> AsyncIterator[None]:
    """Keep open pages up to date inside this block."""
    bell = Bell(house)
    relay = Relay(house, hub, bell.ear())
    follow_up = FollowUp(house, bell.ear(), reactions)
    running = [asyncio.create_task(_keep_running(part)) for part in (hub, relay, follow_up, bell, Clockwork(house))]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _keep_running(part: Part) -> None:
    """Begin anew whatever ends by an error that nobody foresaw."""
    while True:
        try:
            await part.run()
        except Exception:  # noqa: BLE001 - whatever it is, the pages still want to be told
            _log.exception("live_part_failed", part=type(part).__name__)
            await asyncio.sleep(_REST_SECONDS)
