"""The WebSocket endpoints: one page, one socket; let in by session, role and origin, told by the hub, closed with a reason.

Both ends beat in the application: the server at least every `hub.BEAT_SECONDS`, and a client answers whatever it is sent, with
any text; a client that is silent too long is closed. Everything the client says beyond that is ignored.
"""

import asyncio
from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect

from api.auth.access import SocketPass, socket_policy
from api.clock import Day
from api.live.hub import Audience, Connection, Farewell, Hub, Onlookers

SILENT_SECONDS = 50.0
"""A page from which nothing has been heard for so long is taken to be gone."""
SILENT = Farewell(4408, "silent")
CHATTY = Farewell(1009, "too_long")
_LONGEST_TEXT = 1_000
_PARTING_SECONDS = 2.0


def hub_of(websocket: WebSocket) -> Hub:
    hub: Hub = websocket.app.state.hub
    return hub


def live_today(path: str, audience: Audience) -> APIRouter:
    """The socket of a page that always shows today, as a router to be included by the audience's own."""
    router = APIRouter(tags=["live"])

    @router.websocket(path)
    async def today(
        websocket: WebSocket, entered: Annotated[SocketPass, Depends(socket_policy(audience.role))]
    ) -> None:
        await _serve(websocket, hub_of(websocket).join(audience, entered))

    return router


def live_day(path: str, audience: Audience) -> APIRouter:
    """The socket of a page that shows one day, named ``{on}`` in the path."""
    router = APIRouter(tags=["live"])

    @router.websocket(path)
    async def of_day(
        websocket: WebSocket, entered: Annotated[SocketPass, Depends(socket_policy(audience.role))], on: Day
    ) -> None:
        await _serve(websocket, hub_of(websocket).join(audience, entered, on))

    return router


def live_today_of(path: str, onlookers: Onlookers) -> APIRouter:
    """The socket of a page that always shows somebody else's today, whose ``{citizen_id}`` stands in the path."""
    router = APIRouter(tags=["live"])

    @router.websocket(path)
    async def today_of(
        websocket: WebSocket, entered: Annotated[SocketPass, Depends(socket_policy(onlookers.role))], citizen_id: UUID
    ) -> None:
        await _serve(websocket, hub_of(websocket).join(onlookers, entered, about=citizen_id))

    return router


async def _serve(websocket: WebSocket, connection: Connection) -> None:
    hub = hub_of(websocket)
    writing = None
    try:
        await websocket.accept()
        writing = asyncio.create_task(_write(websocket, connection))
        farewell = await _listen(websocket)
        if farewell is not None:
            with suppress(TimeoutError, WebSocketDisconnect):
                async with asyncio.timeout(_PARTING_SECONDS):
                    await websocket.close(farewell.code, farewell.reason)
    finally:
        hub.leave(connection)
        if writing is not None:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)


async def _write(websocket: WebSocket, connection: Connection) -> None:
    """Send what the hub gives, until it says farewell or the reader is gone."""
    with suppress(WebSocketDisconnect):
        while True:
            message = await connection.next()
            if isinstance(message, Farewell):
                await websocket.close(message.code, message.reason)
                return
            await websocket.send_text(message)


async def _listen(websocket: WebSocket) -> Farewell | None:
    """Hear the client out; the farewell it has earned, or None when the line is already closed."""
    while True:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                message = await websocket.receive()
        except TimeoutError:
            return SILENT
        if message["type"] == "websocket.disconnect":
            return None
        if len(message.get("text") or message.get("bytes") or "") > _LONGEST_TEXT:
            return CHATTY
