"""The application while it serves a test."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.settings import Settings
from tests.patience import SECONDS


@dataclass(frozen=True, slots=True)
class Server:
    """The application on a port of this machine; `url` as a browser writes it, without a slash at the end."""

    url: str
    app: FastAPI
    settings: Settings


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    """The real application behind a real uvicorn, on a free port, for as long as the block lasts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://localhost:{listener.getsockname()[1]}"
        settings = settings.model_copy(update={"base_url": url})
        app = create_app(settings)
        config = uvicorn.Config(
            app, ws="websockets-sansio", log_config=None, access_log=False, timeout_graceful_shutdown=2
        )
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, name="server")
        thread.start()
        try:
            _wait_until_ready(running, thread)
            yield Server(url, app, settings)
        finally:
            running.should_exit = True
            thread.join(timeout=SECONDS)
    assert not thread.is_alive(), "the server did not stop"


def _wait_until_ready(running: uvicorn.Server, thread: threading.Thread) -> None:
    """Without asking it: a client takes longer to make than the server to start, and would keep it from starting."""
    ends_at = time.monotonic() + SECONDS
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < ends_at, f"the server did not start within {SECONDS} seconds"
        time.sleep(0.005)
