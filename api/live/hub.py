"""Which open page shows whose day, and telling each the newest state there is.

A page has at most one message on its way. What happens meanwhile only marks it; when it is free again it is told the day as it
is *then*. So a slow reader gets fewer, newer states and holds nobody up, and nothing old is ever sent. All pages that are due
are told together: one check of sessions, one guarded query and one audit statement for many viewers.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Protocol
from uuid import UUID

from prometheus_client import Gauge, Histogram
from sqlalchemy.orm import Session

from api import i18n
from api.auth.access import SocketPass, still_many
from api.clock import SWEDEN
from api.house import House
from api.live.snapshot import Snapshot
from api.live.thread import own_thread
from api.logs import get_logger
from visits.events import DaysTouched
from visits.guard.viewer import Role, Viewer
from visits.store import outbox

BEAT_SECONDS = 15.0
"""A page that has been told nothing for so long is told that nothing has changed."""
TOGETHER = 250
"""How many pages are told by one query; the next ones are prepared while these are sent."""

OPEN_PAGES = Gauge("vardag_live_pages", "Open live pages.", ("role",))
PREPARING = Histogram("vardag_live_prepare_seconds", "How long it took to prepare what a batch of pages is told.")

_log = get_logger("vardag.live")


class Snapshots(Protocol):
    """The guarded function of an audience: the days of many viewers in one go, keyed by `Viewer.person_id`.

    Whoever is left out has no right to the day any more, and the page is closed. Runs in a thread, in the language of
    the readers.
    """

    def __call__(
        self, session: Session, viewers: Sequence[Viewer], *, on: date, now: datetime
    ) -> Mapping[UUID, Snapshot]: ...


class SnapshotsOfOthers(Protocol):
    """The guarded function of an audience that looks at somebody else's day: as `Snapshots`, keyed by who looks at whom."""

    def __call__(
        self, session: Session, looking: Sequence[tuple[Viewer, UUID]], *, on: date, now: datetime
    ) -> Mapping[tuple[UUID, UUID], Snapshot]: ...


Looking = tuple[Viewer, UUID | None]
"""Who looks, and at whose day; None where the page can only be about one."""
_Who = tuple[UUID | None, UUID | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePage:
    """A kind of live page: for whom, and by whose revisions it changes."""

    role: Role
    counts: outbox.Audience
    days_shown: int = 1
    """How many days the page shows, from its day on: what happens in any of them concerns it."""
    days_back: int = 0
    """How many days before today may still be in hand: 1 where a night shift's day lasts into the morning."""

    def told(self, session: Session, looking: Sequence[Looking], *, on: date, now: datetime) -> Mapping[_Who, Snapshot]:
        """What each is told; whoever is left out has no right to it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience(LivePage):
    """A page about whoever looks, or about their team."""

    snapshots: Snapshots

    def told(self, session: Session, looking: Sequence[Looking], *, on: date, now: datetime) -> Mapping[_Who, Snapshot]:
        viewers = {viewer.person_id: viewer for viewer, _about in looking}
        found = self.snapshots(session, list(viewers.values()), on=on, now=now)
        return {(person_id, None): day for person_id, day in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlookers(LivePage):
    """A page about somebody else, who is named in its address."""

    snapshots: SnapshotsOfOthers

    def told(self, session: Session, looking: Sequence[Looking], *, on: date, now: datetime) -> Mapping[_Who, Snapshot]:
        pairs = {(viewer.person_id, about): (viewer, about) for viewer, about in looking if about is not None}
        found = self.snapshots(session, list(pairs.values()), on=on, now=now)
        return {(who, whom): day for (who, whom), day in found.items()}


@dataclass(frozen=True, slots=True)
class Farewell:
    """Why a page is closed: a code of our own (RFC 6455 7.4.2) and a stable word."""

    code: int
    reason: str


SESSION_ENDED = Farewell(4401, "not_signed_in")
NO_RIGHT = Farewell(4404, "not_found")


class Connection:
    """One open page. `on` is None for a page that always shows today; `about` says whose day, where that is another's."""

    def __init__(
        self, hub: "Hub", audience: LivePage, entered: SocketPass, on: date | None, about: UUID | None
    ) -> None:
        self.audience = audience
        self.entered = entered
        self.on = on
        self.about = about
        self.language = i18n.language()
        self.has_news = True
        self.needs_beat = False
        self.told_at = time.monotonic()
        self._hub = hub
        self._outgoing: asyncio.Queue[str | Farewell] = asyncio.Queue()
        self._is_free = True

    @property
    def subject(self) -> UUID | None:
        """Whose revisions this page follows."""
        viewer = self.entered.viewer
        if self.about is not None:
            return self.about
        return viewer.team_id if self.audience.counts is outbox.Audience.TEAM else viewer.person_id

    @property
    def is_due(self) -> bool:
        return self._is_free and (self.has_news or self.needs_beat)

    def shows(self, touched_on: date, today: date) -> bool:
        first = self.on or today
        back = timedelta(days=self.audience.days_back)
        return first - back <= touched_on < first + timedelta(days=self.audience.days_shown)

    async def next(self) -> str | Farewell:
        """What to send now. Asking says that what was given before has been sent."""
        if self._outgoing.empty():
            self._is_free = True
            self._hub.look_at(self)
        return await self._outgoing.get()

    def give(self, message: str | Farewell) -> None:
        self._is_free = False
        self.told_at = time.monotonic()
        self._outgoing.put_nowait(message)


class Hub:
    """All open pages of this process. Everything but `_prepare` happens on the event loop."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._open: dict[tuple[outbox.Audience, UUID | None], set[Connection]] = {}
        self._due: dict[Connection, None] = {}
        self._work = asyncio.Event()
        self._today = self._read_today()

    def join(
        self, audience: LivePage, entered: SocketPass, on: date | None = None, *, about: UUID | None = None
    ) -> Connection:
        """A page has been opened; its first message is the day as it is."""
        connection = Connection(self, audience, entered, on, about)
        self._open.setdefault((audience.counts, connection.subject), set()).add(connection)
        OPEN_PAGES.labels(audience.role.value).inc()
        return connection

    def leave(self, connection: Connection) -> None:
        key = (connection.audience.counts, connection.subject)
        self._open[key].discard(connection)
        if not self._open[key]:
            del self._open[key]
        self._due.pop(connection, None)
        OPEN_PAGES.labels(connection.audience.role.value).dec()

    def touch(self, touched: Iterable[DaysTouched]) -> None:
        """These days are no longer what they were: whoever looks at one of them is to be told."""
        for days in touched:
            for counts, subjects in (
                (outbox.Audience.CITIZEN, days.citizens),
                (outbox.Audience.CARER, days.carers),
                (outbox.Audience.TEAM, days.teams),
            ):
                for subject in subjects:
                    for connection in self._open.get((counts, subject), ()):
                        if connection.shows(days.on, self._today):
                            connection.has_news = True
                            self.look_at(connection)

    def touch_all(self) -> None:
        """Anything may have happened: everybody is to be told."""
        for connection in [one for group in self._open.values() for one in group]:
            connection.has_news = True
            self.look_at(connection)

    def look_at(self, connection: Connection) -> None:
        if connection.is_due:
            self._due[connection] = None
            self._work.set()

    async def run(self) -> None:
        """Tell whoever is due, for as long as the process serves."""
        beating = asyncio.create_task(self._keep_beating())
        try:
            with own_thread("live") as thread:
                while True:
                    await self._work.wait()
                    self._work.clear()
                    await self._tell(list(self._due), thread)
        finally:
            beating.cancel()

    async def _tell(self, due: list[Connection], thread: ThreadPoolExecutor) -> None:
        for start in range(0, len(due), TOGETHER):
            chunk = [connection for connection in due[start : start + TOGETHER] if connection in self._due]
            batch = [connection for connection in chunk if connection.is_due]
            wanting = [connection.has_news for connection in batch]
            for connection in chunk:
                del self._due[connection]
            for connection in batch:
                connection.has_news = connection.needs_beat = False
            started = time.perf_counter()
            try:
                loop = asyncio.get_running_loop()
                messages = await loop.run_in_executor(thread, self._prepare, batch, wanting)
            except Exception:  # noqa: BLE001 - whatever it is, the pages are still open and are told later
                _log.exception("pages_not_told", pages=len(batch))
                await self._try_again(batch, wanting)
                return
            PREPARING.observe(time.perf_counter() - started)
            for connection, message in zip(batch, messages, strict=True):
                connection.give(message)

    async def _try_again(self, batch: list[Connection], wanting: list[bool]) -> None:
        for connection, wants in zip(batch, wanting, strict=True):
            connection.has_news |= wants
            connection.needs_beat = True
        await asyncio.sleep(1)
        for connections in self._open.values():
            for connection in connections:
                self.look_at(connection)

    def _prepare(self, batch: Sequence[Connection], wanting: Sequence[bool]) -> list[str | Farewell]:
        """The message for each: its day, a beat, or why it is closed. In a thread, in one transaction."""
        now = self.house.clock.now()
        told: dict[Connection, str | Farewell] = {}
        with self.house.sessions() as session, session.begin():
            viewers = still_many(self.house, session, [connection.entered for connection in batch])
            asking: list[tuple[Connection, Viewer]] = []
            for connection, viewer, wants in zip(batch, viewers, wanting, strict=True):
                if viewer is None:
                    told[connection] = SESSION_ENDED
                elif wants:
                    asking.append((connection, viewer))
                else:
                    told[connection] = f'{{"kind":"beat","at":"{now.isoformat()}"}}'
            told |= _snapshots(session, asking, now)
        return [told[connection] for connection in batch]

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS / 5)
            today, self._today = self._today, self._read_today()
            moment = time.monotonic()
            for connection in [one for group in self._open.values() for one in group]:
                connection.has_news |= today != self._today
                connection.needs_beat |= moment - connection.told_at > BEAT_SECONDS
                self.look_at(connection)

    def _read_today(self) -> date:
        return self.house.clock.now().astimezone(SWEDEN).date()


def _snapshots(
    session: Session, asking: list[tuple[Connection, Viewer]], now: datetime
) -> dict[Connection, str | Farewell]:
    """Everybody's day, those who are told alike in one go."""

    def alike(one: tuple[Connection, Viewer]) -> tuple[int, date, str]:
        connection, viewer = one
        return id(connection.audience), connection.on or viewer.today, connection.language

    told: dict[Connection, str | Farewell] = {}
    for (_audience, on, language), group in groupby(sorted(asking, key=alike), key=alike):
        members = list(group)
        looking = [(viewer, connection.about) for connection, viewer in members]
        with i18n.speaking(language):
            found = members[0][0].audience.told(session, looking, on=on, now=now)
        texts = {key: f'{{"kind":"day","day":{day.model_dump_json()}}}' for key, day in found.items()}
        for connection, viewer in members:
            told[connection] = texts.get((viewer.person_id, connection.about), NO_RIGHT)
    return told
