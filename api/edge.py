"""The first steps of every request: are we meant, in which language do we answer, and an answer whatever happens."""

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from api import i18n
from api.logs import get_logger
from api.problems import MEDIA_TYPE, DoorError, problem_of, reply

_log = get_logger("vardag.edge")
_LONGEST_BODY = 1_000_000
"""Bytes. A phone that was offline for days sends its facts in far less."""


class Edge:
    """Checks ``Host``, sets the reader's language, and turns what nobody foresaw into a reply that hides its cause."""

    def __init__(self, app: ASGIApp, *, hosts: tuple[str, ...]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        chosen = i18n.choose(connection.cookies.get(i18n.COOKIE), connection.headers.get("accept-language"))
        with i18n.speaking(chosen):
            await self._answer(scope, receive, send, is_ours=_name_of(connection) in self.hosts)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, *, is_ours: bool) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        if not is_ours:
            await _refuse_host(scope, receive, send)
            return
        try:
            await self.app(scope, _no_longer_than(_LONGEST_BODY, receive), watched)
        except Exception as error:
            _log.exception("unforeseen")
            if scope["type"] != "http":
                raise
            if not started:
                answer = await reply(Request(scope, receive), error)
                await answer(scope, receive, send)


def _no_longer_than(longest: int, receive: Receive) -> Receive:
    """The same body, with an error (which FastAPI passes on as it is) once more than `longest` bytes have come."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > longest:
                raise HTTPException(413)
        return message

    return counted


async def _refuse_host(scope: Scope, receive: Receive, send: Send) -> None:
    problem = problem_of(DoorError(400, "bad_host"))
    refusal = JSONResponse(problem.body("about:blank"), status_code=problem.status, media_type=MEDIA_TYPE)
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(refusal)
    else:
        await refusal(scope, receive, send)


def _name_of(connection: HTTPConnection) -> str:
    """The name in the ``Host`` header, without its port."""
    host = connection.headers.get("host", "")
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
