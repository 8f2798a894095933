"""Phones send thousands of facts while the server is killed and the database crashes: nothing lost, nothing doubled.

A real server process, a real PostgreSQL that writes to disk, and simulated phones that obey the outbox's rule: a fact leaves only
when the server says that it is stored. On the line between them replies get lost, the server is killed at work and after it has
committed but before the phone hears of it, and in the middle the database crashes and starts again. A quarter of the phones send
in random order. Afterwards every fact is counted in the database, and every visit folded.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.auth import sessions
from api.clock import SWEDEN, DemoClock
from api.migrations.migrate import migrate
from benchmarks._line import Fate, Line
from benchmarks.live import _free_port
from tests.factories.world import Cared, World
from visits.guard.viewer import Role
from visits.people import Carer
from visits.performed.folding import fold
from visits.performed.visit import VisitState
from visits.store.checkins import facts_of, visit_facts
from visits.store.database import make_engine, session_factory
from visits.store.embedded import EmbeddedPostgres
from visits.store.outbox import event_rows
from visits.store.visits import visits

_ON = date(2026, 11, 23)
_CLOCK = DemoClock.starting_at(datetime(2026, 11, 23, 18, tzinfo=SWEDEN))
"""In the evening: the shift is over, and nothing of it has been sent."""
_CARERS_IN_TEAM = 6
_VISIT_MINUTES = 25
_FACTS = (("check_in", 0), ("task_done", 10), ("note", 20), ("check_out", _VISIT_MINUTES))
_AT_ONCE = 8
_PATIENCE_SECONDS = 1_500
_MOST_TRIES = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--phones", type=int, help="how many phones (60; 12 in the short form)")
    parser.add_argument("--visits", type=int, help="visits in each phone (14; 6 in the short form)")
    parser.add_argument("--seed", type=int, default=1, help="of the order in which things fail and are sent (1)")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Sync, count, and print. Leaves with an error when a single fact is lost or doubled."""
    phones = arguments.phones or (12 if arguments.short else 60)
    each = arguments.visits or (6 if arguments.short else 14)
    with tempfile.TemporaryDirectory(prefix="vardag-") as folder, EmbeddedPostgres(Path(folder) / "pg") as postgres:
        address = postgres.database("sync").render_as_string(hide_password=False)
        town = _Town(address, phones=phones, visits_each=each, seed=arguments.seed)
        run = _Run(town, address, Path(folder), seed=arguments.seed, every=15 if arguments.short else 75)
        began = time.monotonic()
        asyncio.run(run.sync())
        seconds = time.monotonic() - began
        figures = town.count() | run.count() | {"seconds": round(seconds, 1)}
        town.close()
    _report(figures)
    assert figures["lost"] == figures["doubled"] == figures["altered"] == figures["contradictions"] == 0, figures
    assert figures["visits_completed"] == figures["visits"], figures
    assert figures["performed_minutes"] == phones * each * _VISIT_MINUTES, figures
    return figures


@dataclass
class _Phone:
    """A carer's phone: what has happened and the server has not taken yet, in the order in which it sends."""

    token: str
    csrf: str
    outbox: list[dict[str, Any]]
    attempts: int = 0
    failures: int = 0


class _Town:
    """Teams with carers whose whole day has been made, each with a phone that holds all of it."""

    def __init__(self, address: str, *, phones: int, visits_each: int, seed: int) -> None:
        self.key = secrets.token_urlsafe(32)
        self.luck = random.Random(seed)  # noqa: S311 - not for secrets
        self.engine = make_engine(address)
        migrate(self.engine)
        self.session: Session = session_factory(self.engine)()
        self.world = World(self.session, on=_ON)
        self.sent: dict[UUID, dict[str, Any]] = {}
        self.phones: list[_Phone] = []
        for start in range(0, phones, _CARERS_IN_TEAM):
            self._team(min(_CARERS_IN_TEAM, phones - start), visits_each)
        self.session.commit()

    def _team(self, size: int, visits_each: int) -> None:
        team, officer = self.world.team(), self.world.case_officer()
        stops: list[tuple[Cared, Carer, str]] = []
        for _ in range(size):
            carer = self.world.carer(team, works=("07:00", "17:30"))
            own = [self.world.cared(team, officer=officer) for _ in range(visits_each)]
            walls = [f"{450 + 40 * nth:d}" for nth in range(visits_each)]
            mine = [(one, carer, f"{int(at) // 60:02}:{int(at) % 60:02}") for one, at in zip(own, walls, strict=True)]
            stops += mine
            self.phones.append(self._phone(carer, mine))
        self.world.published(team, stops)

    def _phone(self, carer: Carer, stops: list[tuple[Cared, Carer, str]]) -> _Phone:
        facts = [self._fact(cared, wall, kind, after) for cared, _, wall in stops for kind, after in _FACTS]
        self.sent |= {UUID(fact["id"]): fact for fact in facts}
        if len(self.phones) % 4 == 3:
            self.luck.shuffle(facts)
        now = datetime.now(UTC)
        token = sessions.begin(self.session, role=Role.CARER, person_id=carer.id, now=now, lasts=timedelta(hours=2))
        return _Phone(token=token, csrf=sessions.csrf_token(token, self.key.encode()), outbox=facts)

    def _fact(self, cared: Cared, wall: str, kind: str, after: int) -> dict[str, Any]:
        happened_at = self.world.at(wall) + timedelta(minutes=after)
        made = {
            "id": str(UUID(int=self.luck.getrandbits(128), version=4)),
            "visit_id": str(cared.visit()),
            "kind": kind,
        }
        more = {"task_done": {"code": "morning"}, "note": {"note": "Åt med god aptit."}}.get(kind, {})
        return {**made, "happened_at": happened_at.isoformat(), **more}

    def count(self) -> dict[str, object]:
        """What the database holds in the end, beside what was sent."""
        self.session.rollback()
        rows = {row.id: row for row in self.session.execute(select(visit_facts))}
        stored = Counter(self.session.scalars(select(visit_facts.c.id)))
        events = select(func.count()).where(event_rows.c.kind == "FactRecorded")
        told = self.session.scalar(events) or 0
        altered = [one for key, one in rows.items() if key in self.sent and not _says(one, self.sent[key])]
        made = facts_of(self.session, list(self.session.scalars(select(visits.c.id))))
        folded = [fold(facts) for facts in made.values()]
        minutes = sum((one.end_at - one.start_at).total_seconds() / 60 for done in folded for one in done.intervals)
        completed = select(func.count()).where(visits.c.state == VisitState.COMPLETED)
        return {
            "phones": len(self.phones),
            "facts": len(self.sent),
            "stored": len(rows),
            "lost": len(self.sent.keys() - rows.keys()),
            "doubled": stored.total() - len(stored) + len(rows.keys() - self.sent.keys()) + max(0, told - len(rows)),
            "altered": len(altered),
            "visits": self.session.scalar(select(func.count()).select_from(visits)) or 0,
            "visits_completed": self.session.scalar(completed) or 0,
            "performed_minutes": round(minutes),
            "contradictions": sum(len(one.contradictions) for one in folded),
        }

    def close(self) -> None:
        self.session.close()
        self.engine.dispose()


def _says(row: Any, sent: dict[str, Any]) -> bool:  # noqa: ANN401 - a row
    same_time = row.happened_at == datetime.fromisoformat(sent["happened_at"])
    return same_time and (str(row.visit_id), row.kind.value) == (sent["visit_id"], sent["kind"])


@dataclass
class _Run:
    """The server, the line, the phones, and what befalls them."""

    town: _Town
    address: str
    folder: Path
    seed: int
    every: int
    kills: int = 0
    crashes: int = 0
    _deaths: int = 0
    _next_death: int = 5
    line: Line | None = None
    _server: "subprocess.Popen[bytes] | None" = None
    _port: int = 0
    _dying: asyncio.Lock = field(default_factory=asyncio.Lock)
    _postgres: list[EmbeddedPostgres] = field(default_factory=list)

    async def sync(self) -> None:
        self._port = _free_port()
        self.luck = random.Random(self.seed)  # noqa: S311 - not for secrets
        self.line = Line(self._port, self._fate_of, self._kill, lambda: self.luck.uniform(0.001, 0.08))
        await self._rise()
        listening, port = await self.line.listen()
        try:
            async with listening, asyncio.timeout(_PATIENCE_SECONDS), asyncio.TaskGroup() as at_once:
                for phone in self.town.phones:
                    at_once.create_task(self._empty(phone, f"http://localhost:{port}"))
                at_once.create_task(self._crash_in_the_middle())
        finally:
            if self._server is not None:
                self._server.kill()
                self._server.wait()
            for one in self._postgres:
                one.stop()

    def _fate_of(self, number: int) -> Fate:
        """Every ninth reply is lost. After so many answers the server dies: in turn at work, and before the reply."""
        assert self.line is not None
        if self.line.seen[Fate.ANSWERED] >= self._next_death:
            self._next_death += self.every
            self._deaths += 1
            return Fate.KILLED_BEFORE_REPLY if self._deaths % 2 else Fate.KILLED_AT_WORK
        return Fate.REPLY_LOST if number % 9 == 0 else Fate.ANSWERED

    async def _empty(self, phone: _Phone, url: str) -> None:
        """The outbox's rule: oldest first, gone only on 2xx, tried again for as long as anything is left."""
        luck = random.Random(phone.csrf)  # noqa: S311 - not for secrets
        headers = {"Cookie": f"{sessions.COOKIE}={phone.token}", "X-CSRF-Token": phone.csrf, "Connection": "close"}
        wait = 0.05
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=20) as client:
            while phone.outbox:
                batch = phone.outbox[: luck.randint(1, _AT_ONCE)]
                phone.attempts += 1
                stored = await _send(client, batch)
                phone.outbox = [fact for fact in phone.outbox if fact["id"] not in stored]
                if len(stored) == len(batch):
                    wait = 0.05
                    continue
                phone.failures += 1
                wait = min(1.0, wait * 2)
                await asyncio.sleep(wait * luck.uniform(0.5, 1))

    async def _kill(self) -> None:
        """No farewell: SIGKILL, and another one rises. One death at a time."""
        async with self._dying:
            assert self._server is not None
            self._server.kill()
            self._server.wait()
            self.kills += 1
            await self._rise()

    async def _rise(self) -> None:
        """Start the server until it is ready: while the database is away it gives up, and is started again."""
        self._server = await self._start()
        tries = 1
        async with httpx.AsyncClient() as client:
            while not await _is_ready(client, f"http://localhost:{self._port}/readyz"):
                if self._server.poll() is not None:
                    if tries == _MOST_TRIES:
                        said = self._said.read_text(encoding="utf-8", errors="replace")
                        raise SystemExit(f"the server does not begin to serve: {said[-1000:]}")
                    tries += 1
                    self._server = await self._start()
                await asyncio.sleep(0.1)

    async def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "api.cli", "serve", "--port", str(self._port), "--no-worker"]
        with self._said.open("wb") as said:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": said}
            return await asyncio.to_thread(subprocess.Popen, command, env=self._environment(), **quiet)

    @property
    def _said(self) -> Path:
        return self.folder / "server.txt"

    def _environment(self) -> dict[str, str]:
        ours = {
            "VARDAG_DEMO": "true",
            "VARDAG_DATABASE_URL": self.address,
            "VARDAG_VAR": str(self.folder),
            "VARDAG_BASE_URL": f"http://localhost:{self._port}",
            "VARDAG_CLOCK": str(_CLOCK),
            "VARDAG_LOG_LEVEL": "ERROR",
            "VARDAG_SECRET": self.town.key,
        }
        return {**os.environ, **ours}

    async def _crash_in_the_middle(self) -> None:
        """When half has arrived, PostgreSQL is stopped as by a power cut, and recovers."""
        half = len(self.town.sent) / 2
        while sum(len(phone.outbox) for phone in self.town.phones) > half:  # noqa: ASYNC110 - looked at now and then
            await asyncio.sleep(0.02)
        self._postgres.append(await asyncio.to_thread(_crash, self.folder / "pg"))
        self.crashes += 1

    def count(self) -> dict[str, object]:
        seen = Counter[Fate]() if self.line is None else self.line.seen
        return {
            "requests": sum(phone.attempts for phone in self.town.phones),
            "requests_tried_again": sum(phone.failures for phone in self.town.phones),
            "replies_lost": seen[Fate.REPLY_LOST] + seen[Fate.KILLED_BEFORE_REPLY],
            "server_killed": self.kills,
            "server_killed_after_commit_before_reply": seen[Fate.KILLED_BEFORE_REPLY],
            "server_killed_at_work": seen[Fate.KILLED_AT_WORK],
            "database_crashed": self.crashes,
        }


def _crash(folder: Path) -> EmbeddedPostgres:
    """As when the power goes: PostgreSQL closes nothing, and recovers from its log."""
    postmaster = int((folder / "pg" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGQUIT)
    while Path(f"/proc/{postmaster}").exists():
        time.sleep(0.02)
    return EmbeddedPostgres(folder).start()


async def _send(client: httpx.AsyncClient, batch: list[dict[str, Any]]) -> set[str]:
    """The ids that the server says it has stored: none when it does not answer."""
    try:
        reply = await client.post(
            "/api/v1/carer/facts", content=json.dumps(batch), headers={"Content-Type": "application/json"}
        )
    except httpx.TransportError:
        return set()
    if not reply.is_success:
        return set()
    return {one["id"] for one in reply.json()["outcomes"] if 200 <= one["status"] < 300}


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.TransportError:
        return False


def _report(figures: dict[str, object]) -> None:
    table = Table(title="Sync while everything fails")
    table.add_column("what")
    table.add_column("count", justify="right")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), str(value))
    Console().print(table)
