"""The bell: PostgreSQL's NOTIFY, heard by this process. A ring may be lost; whoever waits for one also looks now and then."""

import asyncio
import random
from contextlib import suppress

import psycopg

from api.house import House
from api.logs import get_logger
from visits.store.database import libpq_address
from visits.store.outbox import CHANNEL

POLL_SECONDS = 3.0
"""How often whoever waits looks anyhow."""
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 5.0

_log = get_logger("vardag.live")


class Bell:
    """Rings for everybody who has asked for an ear."""

    def __init__(self, house: House) -> None:
        self._address = libpq_address(house.settings.database_url or "")
        self._ears: list[asyncio.Event] = []

    def ear(self) -> "Ear":
        heard = asyncio.Event()
        self._ears.append(heard)
        return Ear(heard)

    async def run(self) -> None:
        """Listen for as long as the process serves; when the database is away, come back with growing patience."""
        waits = _FIRST_WAIT
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    waits = _FIRST_WAIT
                    self._ring()
                    async for _ in connection.notifies():
                        self._ring()
            except (psycopg.Error, OSError) as error:
                _log.warning("bell_lost", error=type(error).__name__)
            await asyncio.sleep(waits * random.uniform(0.5, 1.5))  # noqa: S311 - jitter keeps no secret
            waits = min(waits * 2, _LONGEST_WAIT)

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            self._address,
            autocommit=True,
            application_name="vardag bell",
            connect_timeout=5,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
        )

    def _ring(self) -> None:
        for heard in self._ears:
            heard.set()


class Ear:
    def __init__(self, heard: asyncio.Event) -> None:
        self._heard = heard

    async def listen(self, *, at_most: float = POLL_SECONDS) -> None:
        """Wait for the next ring since the last call, or until it is time to look anyhow."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await self._heard.wait()
        self._heard.clear()
