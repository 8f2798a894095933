"""Several processes at once, and one that dies: real servers, each a process of its own."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session
from websockets.asyncio.client import connect

from api.auth.pretend import sign_in_address
from api.settings import Settings
from tests.api.live.test_sockets import told
from tests.aside import run_aside
from tests.factories.a_day import ADay, a_day
from tests.patience import SECONDS
from visits.guard.viewer import Role

pytestmark = pytest.mark.slow

READY_SECONDS = 90


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


Start = Callable[[], tuple[str, "subprocess.Popen[bytes]"]]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Starts another server on the test's database; returns its address and process."""
    with ExitStack() as running:
        yield lambda: running.enter_context(server_process(settings))


@contextmanager
def server_process(settings: Settings) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    url = f"http://localhost:{port}"
    secret = settings.secret.get_secret_value() if settings.secret else ""
    environment = {
        "VARDAG_DEMO": "true",
        "VARDAG_DATABASE_URL": settings.database_url or "",
        "VARDAG_VAR": str(settings.var),
        "VARDAG_BASE_URL": url,
        "VARDAG_CLOCK": settings.clock or "",
        "VARDAG_SECRET": secret,
    }
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--no-worker"]
    environment = {**os.environ, **environment}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own command
        try:
            wait_until_ready(url, process)
            yield url, process
        finally:
            process.kill()


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    ends_at = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends_at:
        assert process.poll() is None, "the server ended by itself"
        try:
            if httpx.get(f"{url}/readyz", timeout=SECONDS).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"the server was not ready within {READY_SECONDS} seconds")


def address(settings: Settings, url: str, day: ADay) -> str:
    return sign_in_address(settings.model_copy(update={"base_url": url}), Role.CITIZEN, day.berit.id)


def test_two_server_processes_both_tell_their_pages(settings: Settings, start: Start, day: ADay) -> None:
    addresses = [start()[0] for _ in range(2)]
    cookies = [
        httpx.get(address(settings, url, day), timeout=SECONDS).headers["set-cookie"].partition(";")[0]
        for url in addresses
    ]

    async def page(url: str, cookie: str) -> str:
        where = f"{url.replace('http', 'ws')}/live/idag"
        async with connect(where, additional_headers={"Cookie": cookie}, origin=url) as line:  # type: ignore[arg-type]
            await told(line)
            opened.append(line)
            while True:
                who: str = (await told(line))["next"]["who"]
                if who == "Amira":
                    return who

    opened: list[object] = []

    async def test() -> None:
        pages = [asyncio.create_task(page(url, cookie)) for url, cookie in zip(addresses, cookies, strict=True)]
        while len(opened) < 2:  # noqa: ASYNC110 - two pages, each telling in its own time
            await asyncio.sleep(0.05)
        await asyncio.to_thread(day.swap_carer)
        assert await asyncio.gather(*pages) == ["Amira", "Amira"]

    run_aside(asyncio.wait_for(test(), 30))


@pytest.mark.browser
def test_a_page_goes_stale_when_its_server_dies_and_says_since_when(
    page: Page, settings: Settings, start: Start, day: ADay
) -> None:
    url, process = start()
    page.goto(address(settings, url, day))
    page.wait_for_url("**/idag")
    expect(page.locator("#freshness")).to_have_attribute("data-state", "live")
    process.kill()
    expect(page.locator("#not-fresh")).to_have_text(re.compile(r"Sidan är inte uppdaterad sedan 09\.4\d\."))
    expect(page.locator(".next-card")).to_contain_text("Jonas")
