"""A plan is published: how long it takes until everybody who has the page open has been told.

A real server, a real PostgreSQL and real sockets. Beside it, in the same run and with the same client, a bare `websockets`
server that broadcasts a message of the same size and knows nothing of databases, sessions or people: the ratio says what the
rest costs. Times are from the commit (or the call to `broadcast`) until a client has read the message.
"""

import argparse
import asyncio
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session
from websockets.asyncio.client import ClientConnection, connect

from api.auth import sessions
from api.clock import SWEDEN, DemoClock
from api.migrations.migrate import migrate
from tests.factories.world import Cared, World
from visits.actions.publish_schedule import publish_schedule
from visits.guard.viewer import Role, Viewer
from visits.organisation import Team
from visits.people import Carer
from visits.planned.schedule import ScheduleState
from visits.store.database import make_engine, session_factory
from visits.store.embedded import EmbeddedPostgres

_ON = date(2026, 11, 23)
_CLOCK = DemoClock.starting_at(datetime(2026, 11, 23, 6, tzinfo=SWEDEN))
"""Early in the morning: nobody is late yet."""
_SOCKETS = 1_000
_CARERS = 40
_AT_ONCE = 40
_PATIENCE_SECONDS = 60
_OPEN_FILES_BESIDE = 200
_BARE_SERVER = """
import asyncio, sys, time
from websockets.asyncio.server import broadcast, serve
message = "x" * int(sys.argv[2])
pages = set()
async def page(line):
    if line.request.path == "/control":
        async for _ in line:
            began = time.monotonic()
            broadcast(pages, message)
            await line.send(repr(began))
    else:
        pages.add(line)
        await line.send("here")
        await line.wait_closed()
async def main():
    async with serve(page, "127.0.0.1", int(sys.argv[1])):
        await asyncio.Future()
asyncio.run(main())
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sockets", type=int, default=_SOCKETS, help=f"open pages ({_SOCKETS})")
    parser.add_argument("--rounds", type=int, help="how often to publish (10; 3 in the short form)")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Publish, publish again, and print when everybody knew."""
    rounds = arguments.rounds or (3 if arguments.short else 10)
    _raise_open_files(2 * arguments.sockets + _OPEN_FILES_BESIDE)
    with tempfile.TemporaryDirectory(prefix="vardag-") as folder, EmbeddedPostgres(Path(folder) / "pg") as postgres:
        address = postgres.database("live").render_as_string(hide_password=False)
        town = _Town(address, citizens=arguments.sockets)
        with _vardag(address, Path(folder)) as url:
            ours = asyncio.run(_measure_ours(url, town, rounds))
        town.close()
    with _bare(ours.message_bytes) as url:
        bare = asyncio.run(_measure_bare(url, arguments.sockets, rounds))
    return _report(ours, bare, sockets=arguments.sockets, rounds=rounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """Seconds from the commit to each client, round by round; `publish` is what came before the commit."""

    rounds: list[list[float]]
    publish: list[float]
    connect: float
    message_bytes: int

    @property
    def all(self) -> list[float]:
        return [seconds for one in self.rounds for seconds in one]

    @property
    def median_ms(self) -> float:
        return 1000 * median(self.all)

    @property
    def p99_ms(self) -> float:
        return 1000 * quantiles(self.all, n=100)[98]

    @property
    def last_ms(self) -> float:
        """When the last of all knew, in the round that is the median of the rounds."""
        return 1000 * median(max(one) for one in self.rounds)


class _Town:
    """One team, one visit a day for each citizen, two plans that differ in who comes, and a session for each citizen."""

    def __init__(self, address: str, *, citizens: int) -> None:
        self.engine = make_engine(address)
        migrate(self.engine)
        self.session: Session = session_factory(self.engine)()
        self.world = World(self.session, on=_ON)
        self.team: Team = self.world.team()
        self.viewer: Viewer = self.world.as_coordinator(self.team)
        self.carers: list[Carer] = [self.world.carer(self.team, works=("07:00", "20:00")) for _ in range(_CARERS)]
        officer = self.world.case_officer()
        self.cared: list[Cared] = [self.world.cared(self.team, officer=officer) for _ in range(citizens)]
        self.world.published(self.team, self._stops(0))
        self.tokens = [self._sign_in(one) for one in self.cared]
        self.session.commit()

    def _stops(self, turn: int) -> list[tuple[Cared, Carer, str]]:
        carers = len(self.carers)
        return [
            (one, self.carers[(number + turn) % carers], f"{8 + number % 2:02}:{number % 60:02}")
            for number, one in enumerate(self.cared)
        ]

    def _sign_in(self, one: Cared) -> str:
        now = datetime.now(UTC)
        return sessions.begin(self.session, role=Role.CITIZEN, person_id=one.id, now=now, lasts=timedelta(hours=1))

    def publish(self, turn: int) -> tuple[float, float]:
        """Publish a plan in which somebody else comes to everybody; how long it took, and the moment before the commit."""
        draft = self.world.published(self.team, self._stops(turn), state=ScheduleState.DRAFT)
        self.session.commit()
        began = time.monotonic()
        publish_schedule(self.session, self.viewer, draft.id, now=draft.made_at)
        committing = time.monotonic()
        self.session.commit()
        return committing - began, committing

    def close(self) -> None:
        self.session.close()
        self.engine.dispose()


async def _measure_ours(url: str, town: _Town, rounds: int) -> _Told:
    began = time.monotonic()
    headers = [{"Cookie": f"{sessions.COOKIE}={token}"} for token in town.tokens]
    async with _lines(f"{url.replace('http', 'ws')}/live/idag", headers, origin=url) as lines:
        connected = time.monotonic() - began
        told, publish = [], []
        for turn in range(1, rounds + 1):
            reading = asyncio.gather(*(_next_day(line, turn) for line in lines))
            took, committed = await asyncio.to_thread(town.publish, turn)
            read = await asyncio.wait_for(reading, _PATIENCE_SECONDS)
            told.append([moment - committed for moment, _size in read])
            publish.append(took)
        return _Told(rounds=told, publish=publish, connect=connected, message_bytes=int(median(s for _, s in read)))


async def _next_day(line: ClientConnection, turn: int) -> tuple[float, int]:
    """When the page had read the day of this turn, and how long the message was."""
    while True:
        message = await line.recv()
        moment = time.monotonic()
        await line.send("beat")
        said = json.loads(message)
        if said["kind"] == "day" and len(said["day"]["changes"]) >= min(turn, 5):
            return moment, len(message.encode() if isinstance(message, str) else message)


async def _measure_bare(url: str, sockets: int, rounds: int) -> _Told:
    began = time.monotonic()
    async with _lines(url, [{}] * sockets) as lines, connect(f"{url}/control") as control:
        connected = time.monotonic() - began
        told = []
        for _ in range(rounds):
            reading = asyncio.gather(*(_next_message(line) for line in lines))
            await asyncio.sleep(0.2)  # so that everybody listens
            await control.send("go")
            read = await asyncio.wait_for(reading, _PATIENCE_SECONDS)
            broadcast_at = float(await control.recv())
            told.append([moment - broadcast_at for moment in read])
        return _Told(rounds=told, publish=[0.0], connect=connected, message_bytes=0)


async def _next_message(line: ClientConnection) -> float:
    """As `_next_day`: read, look at the clock, answer."""
    await line.recv()
    moment = time.monotonic()
    await line.send("beat")
    return moment


@asynccontextmanager
async def _lines(
    url: str, headers: list[dict[str, str]], *, origin: str | None = None
) -> AsyncIterator[list[ClientConnection]]:
    """One open line for each, on which the first message has been read."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def open_one(sent: dict[str, str]) -> ClientConnection:
        async with turns:
            line = await connect(url, additional_headers=sent, origin=origin, open_timeout=_PATIENCE_SECONDS)
            await line.recv()
            return line

    lines = await asyncio.gather(*(open_one(sent) for sent in headers))
    try:
        yield lines
    finally:
        await asyncio.gather(*(line.close() for line in lines))


@contextmanager
def _vardag(address: str, folder: Path) -> Iterator[str]:
    """The service as it is run for real, in a process of its own."""
    port = _free_port()
    url = f"http://localhost:{port}"
    settings = {
        "VARDAG_DEMO": "true",
        "VARDAG_DATABASE_URL": address,
        "VARDAG_VAR": str(folder),
        "VARDAG_BASE_URL": url,
        "VARDAG_CLOCK": str(_CLOCK),
        "VARDAG_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--no-worker"]
    with _process(command, env={**os.environ, **settings}, ready=lambda: httpx.get(f"{url}/readyz").is_success):
        yield url


@contextmanager
def _bare(message_bytes: int) -> Iterator[str]:
    port = _free_port()
    command = [sys.executable, "-c", _BARE_SERVER, str(port), str(message_bytes)]

    def ready() -> bool:
        with socket.create_connection(("127.0.0.1", port)):
            return True

    with _process(command, env=dict(os.environ), ready=ready):
        yield f"ws://127.0.0.1:{port}"


@contextmanager
def _process(command: list[str], *, env: dict[str, str], ready: Callable[[], bool]) -> Iterator[None]:
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:  # noqa: S603 - our own command
        try:
            ends_at = time.monotonic() + _PATIENCE_SECONDS
            while not _is_ready(ready):
                if running.poll() is not None or time.monotonic() > ends_at:
                    raise SystemExit(f"{command[1:4]} did not begin to serve")
                time.sleep(0.1)
            yield
        finally:
            running.terminate()


def _is_ready(ready: Callable[[], bool]) -> bool:
    try:
        return ready()
    except (httpx.TransportError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _raise_open_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise SystemExit(
                f"needs {wanted} open files, and the system allows {hard}: raise it or ask for --sockets less"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _report(ours: _Told, bare: _Told, *, sockets: int, rounds: int) -> dict[str, object]:
    table = Table(
        title=f"Publish → {sockets} open pages told ({rounds} rounds, messages of {ours.message_bytes} bytes)"
    )
    table.add_column("milliseconds after the commit")
    for name in ("vardag", "bare broadcast", "ratio"):
        table.add_column(name, justify="right")
    figures: dict[str, object] = {"sockets": sockets, "rounds": rounds, "message_bytes": ours.message_bytes}
    for name in ("median_ms", "p99_ms", "last_ms"):
        mine, theirs = getattr(ours, name), getattr(bare, name)
        table.add_row(name.removesuffix("_ms"), f"{mine:.0f}", f"{theirs:.0f}", f"{mine / theirs:.1f}")
        figures |= {name: round(mine, 1), f"bare_{name}": round(theirs, 1)}
        figures[f"ratio_{name.removesuffix('_ms')}"] = round(mine / theirs, 2)
    Console().print(table)
    print(f"before the commit, the publishing itself: {1000 * median(ours.publish):.0f} ms")
    print(f"opening {sockets} pages and telling each its first day: {ours.connect:.1f} s (bare: {bare.connect:.1f} s)")
    figures |= {"publish_ms": round(1000 * median(ours.publish), 1), "connect_seconds": round(ours.connect, 2)}
    return figures
