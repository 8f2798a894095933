"""The relay of this process: reads the outbox and tells the hub whose days were touched.

The rows are the truth. Every process reads them for its own pages and keeps its place in memory: a page that is opened later is
told the whole day anyhow. While the database is away nothing is forgotten: the relay goes on from where it was.
"""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from api.house import House
from api.live.bell import Ear
from api.live.hub import Hub
from api.live.thread import own_thread
from api.logs import get_logger
from visits.events import DaysTouched
from visits.store import outbox

_log = get_logger("vardag.live")


class Relay:
    """Told by the bell, it reads what is new and passes it on."""

    def __init__(self, house: House, hub: Hub, ear: Ear) -> None:
        self._house = house
        self._hub = hub
        self._ear = ear
        self._since: int | None = None
        self._seen: frozenset[int] = frozenset()

    async def run(self) -> None:
        """Relay for as long as the process serves."""
        loop = asyncio.get_running_loop()
        with own_thread("relay") as thread:
            while True:
                try:
                    touched = await loop.run_in_executor(thread, self._read)
                except SQLAlchemyError as error:
                    _log.warning("relay_lost_the_database", error=type(error).__name__)
                else:
                    if touched is None:
                        self._hub.touch_all()
                    else:
                        self._hub.touch(touched)
                await self._ear.listen()

    def _read(self) -> list[DaysTouched] | None:
        """The days touched by what is new; None the first time, when anything may be. In a thread."""
        with self._house.sessions() as session, session.begin():
            horizon = outbox.oldest_under_way(session)
            found = [] if self._since is None else outbox.visible_since(session, self._since)
        is_first = self._since is None
        fresh = [stored for stored in found if stored.position.id not in self._seen]
        self._seen = frozenset(stored.position.id for stored in found if stored.position.transaction >= horizon)
        self._since = horizon
        return None if is_first else [days for stored in fresh for days in stored.event.touched]
