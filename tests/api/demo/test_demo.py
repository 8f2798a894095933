"""`vardag demo` as a newcomer starts it: a process of its own, real pages for each role, and Ctrl-C."""

import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest

from api.clock import SWEDEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

_READY = "Ctrl-C stops everything"
_LONGEST_SECONDS = 240
PICTURES = Path(__file__).parents[3] / "var" / "pictures"
"""Where the pictures of the README come from."""


@dataclass(slots=True)
class Demo:
    """A running demo; `text` is what it has written, `on` the day on which it was started."""

    process: subprocess.Popen[str]
    on: date
    lines: list[str] = field(default_factory=list)
    is_ready: threading.Event = field(default_factory=threading.Event)
    reader: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def _read(self) -> None:
        for line in self.process.stderr:
            self.lines.append(line)
            if _READY in line:
                self.is_ready.set()
        self.is_ready.set()

    @contextmanager
    def visitor(self, role: str) -> Iterator[httpx.Client]:
        """Somebody who has opened the role's first sign-in address."""
        address = re.search(rf"(http://localhost:\d+)(/logga-in/som/{role}/\w+)", self.text)
        assert address is not None, self.text
        with httpx.Client(base_url=address[1], follow_redirects=True, timeout=30) as client:
            assert client.get(address[2]).status_code == 200
            yield client

    def stop(self) -> int:
        """Ctrl-C, and what the process says in the end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        self.reader.join()
        self.process.stderr.close()
        return code


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not pytest's own: each pytest that starts closes that to others, and PostgreSQL, under root, runs as somebody else."""
    with tempfile.TemporaryDirectory(prefix="vardag-demo-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Demo]:
    started = _start(folder, "--plan-seconds", "0.3")
    yield started
    if not started.process.stderr.closed:
        started.stop()


def _start(folder: Path, *options: str) -> Demo:
    command = [sys.executable, "-m", "api.cli", "demo", "--port", "0", *options]
    on = datetime.now(SWEDEN).date()
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        cwd=Path(__file__).parents[3],
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "VARDAG_VAR": str(folder), "COLUMNS": "200"},
        stderr=subprocess.PIPE,
        text=True,
    )
    started = Demo(process, on)
    if not started.is_ready.wait(_LONGEST_SECONDS) or process.poll() is not None:
        started.stop()
        pytest.fail(started.text)
    return started


@pytest.mark.parametrize(
    ("role", "path", "words"),
    [
        ("coordinator", "/planering", "Planera om"),
        ("carer", "/pass", "Checka in"),
        ("citizen", "/idag", "Nästa besök"),
        ("case_officer", "/arenden", "Väntar på svar"),
    ],
)
def test_each_role_signs_in_by_its_address_and_finds_something_to_do(
    demo: Demo, role: str, path: str, words: str
) -> None:
    with demo.visitor(role) as visitor:
        page = visitor.get(path)
        assert page.status_code == 200
        assert words in page.text


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desktop"])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("citizen", "/idag"),
        ("citizen", "/utforare"),
        ("carer", "/pass"),
        ("coordinator", "/planering"),
        ("coordinator", "/planering/tid"),
        ("case_officer", "/arenden"),
        ("manager", "/verksamhet/avvikelser"),
    ],
)
def test_each_page_fits_phone_and_desktop_and_is_photographed(
    demo: Demo, chromium: "Browser", role: str, path: str, width: int
) -> None:
    address = re.search(rf"(http://localhost:\d+)(/logga-in/som/{role}/\w+)", demo.text)
    assert address is not None, demo.text
    context = chromium.new_context(
        locale="sv-SE", timezone_id="Europe/Stockholm", viewport={"width": width, "height": 844 if width < 500 else 900}
    )
    try:
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        page.goto(address[1] + address[2])
        page.goto(address[1] + path)
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page is wider than the screen"
        assert page.locator("h1:visible, h2:visible").count() > 0
        assert problems == []
        name = f"{path.strip('/').replace('/', '-')}-{'phone' if width < 500 else 'desktop'}.png"
        page.screenshot(path=PICTURES / name)
    finally:
        context.close()


def test_somebody_has_asked_for_another_provider(demo: Demo) -> None:
    with demo.visitor("case_officer") as visitor:
        assert "Ingen begäran väntar på svar" not in visitor.get("/arenden").text


def test_when_the_newcomer_checks_in_as_the_carer_the_citizen_sees_it(demo: Demo) -> None:
    with demo.visitor("carer") as carer, demo.visitor("citizen") as citizen:
        day = carer.get("/api/v1/carer/day").json()
        following = next(stop["visit_id"] for stop in day["stops"] if stop["part"] == "waiting")
        fact = {"id": str(uuid4()), "visit_id": following, "kind": "check_in", "happened_at": day["at"]}
        token = {"X-CSRF-Token": carer.get("/api/v1/session").json()["csrf"]}
        assert carer.post("/api/v1/carer/facts", json=fact, headers=token).status_code == 200
        seen = citizen.get("/api/v1/me/day").json()
        states = {one["id"]: one["state"] for one in (seen["next"], *seen["later"], *seen["over"])}
        assert states[following] == "started"


def test_ctrl_c_stops_it_and_its_database_and_the_next_start_finds_the_same_day(demo: Demo, folder: Path) -> None:
    _stop(demo, folder)
    again = _start(folder)
    if again.on == demo.on:
        assert "planned and published already" in again.text
        assert "it goes on from there" in again.text
    else:  # midnight has passed between: the demo shows the new day
        assert "Planning and publishing" in again.text
    _stop(again, folder)


def _stop(running: Demo, folder: Path) -> None:
    assert running.stop() == 0, running.text
    assert "Traceback" not in running.text
    assert not (folder / "demo" / "db" / "pg" / "postmaster.pid").exists()
