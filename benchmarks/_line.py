"""A line between phones and the server that fails when it is told to: replies are lost on it, and the server dies around them."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of one request."""

    ANSWERED = "answered"
    REPLY_LOST = "reply_lost"
    """The server has answered, so it has committed; the phone never hears of it."""
    KILLED_BEFORE_REPLY = "killed_before_reply"
    """The same, and the server is killed at that moment."""
    KILLED_AT_WORK = "killed_at_work"
    """The server is killed somewhere between the request's arrival and its reply."""
    NO_SERVER = "no_server"


@dataclass
class Line:
    """Forwards each request to `port`, one connection each. `fate_of` decides by the number of the request among those that
    reach a server; `kill` kills.
    """

    port: int
    fate_of: Callable[[int], Fate]
    kill: Callable[[], Awaitable[None]]
    work_seconds: Callable[[], float]
    """How long the server may work on a request before it is killed at it."""
    seen: Counter[Fate] = field(default_factory=Counter)
    requests: int = 0

    _carrying: set["asyncio.Task[None]"] = field(default_factory=set)
    """Held here: nobody else holds what waits for a server that is dead."""

    async def listen(self) -> tuple[asyncio.Server, int]:
        server = await asyncio.start_server(self._take_up, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        return server, port

    def _take_up(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        carrying = asyncio.create_task(self._carry(phone, back))
        self._carrying.add(carrying)
        carrying.add_done_callback(self._carrying.discard)

    async def _carry(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            request = await _whole(phone)
            fate, reply = await self._ask(request)
            self.seen[fate] += 1
            if fate is Fate.ANSWERED:
                back.write(reply)
                await back.drain()
        back.close()

    async def _ask(self, request: bytes) -> tuple[Fate, bytes]:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return Fate.NO_SERVER, b""
        self.requests += 1
        fate = self.fate_of(self.requests)
        try:
            writer.write(request)
            await writer.drain()
            if fate is Fate.KILLED_AT_WORK:
                await asyncio.sleep(self.work_seconds())
                await self.kill()
                return fate, b""
            reply = await reader.read(-1)
        except OSError:
            return Fate.NO_SERVER, b""
        finally:
            writer.close()
        if not reply:
            return Fate.NO_SERVER, b""
        if fate is Fate.KILLED_BEFORE_REPLY:
            await self.kill()
        return fate, reply


async def _whole(reader: asyncio.StreamReader) -> bytes:
    """A request with its body, as its Content-Length says."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    return head + await reader.readexactly(length)
