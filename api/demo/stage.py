"""Sets the stage: a town around today, planned and published, and the hour at which the demo's clock begins."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from api.demo.planning import Planned, plan_and_publish, unplanned
from api.settings import Settings, SettingsError
from api.town.command import fill, start_over, summary
from api.town.providers import Size
from visits.store import shifts
from visits.store.database import session_factory
from visits.terms import STOCKHOLM, Period, instant, local_day

ROSTER_DAYS = 14
PAST_WEEKS = 12
"""So that strips, trends and continuity have something to show from the first minute."""
SEED = 1
_STOPPED_AT = "stopped-at"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Two demos in one folder would play the same carers twice: the second is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "running.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"a demo runs in {folder} already: stop it first, or give this one another VARDAG_VAR"
            ) from None
        yield


def needs_new_town(engine: Engine, begins_at: datetime) -> str | None:
    """Why what is there cannot be shown at `begins_at`, or None. The day and the one after it need rosters."""
    with session_factory(engine)() as session:
        known = shifts.rostered_days(session)
    if known is None:
        return "there is none yet"
    today = local_day(begins_at)
    if today not in known or today + timedelta(days=1) not in known:
        return f"the one from before has rosters for {known.first_on} to {known.last_on} only"
    return None


def build_town(engine: Engine, settings: Settings, console: Console, *, size: Size, first_on: date, why: str) -> None:
    console.print(f"Making up a {size.value} town: {why}")
    start_over(engine, settings)
    made = fill(engine, size=size, seed=SEED, first_on=first_on, days=ROSTER_DAYS, past_weeks=PAST_WEEKS)
    console.print(summary(made, size=size, seed=SEED))


def plan_days(engine: Engine, console: Console, *, now: datetime, seconds: float) -> None:
    """Plan and publish the day that it is, and the next, for every team that has not."""
    sessions: sessionmaker[Session] = session_factory(engine)
    today = local_day(now)
    wanted = unplanned(sessions, Period(today, today + timedelta(days=1)))
    if not wanted:
        console.print("Today and tomorrow are planned and published already")
        return
    bar = Progress(
        TextColumn("Planning and publishing today and tomorrow"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} days of teams"),
        TimeElapsedColumn(),
        console=console,
    )
    placed = unplaced = 0
    with bar:
        task = bar.add_task("", total=len(wanted))

        def tell(one: Planned) -> None:
            nonlocal placed, unplaced
            placed, unplaced = placed + one.placed, unplaced + one.unplaced
            bar.advance(task)

        plan_and_publish(sessions, wanted, now=now, seconds=seconds, tell=tell)
    left_out = f", {unplaced} found no place" if unplaced else ""
    console.print(f"{placed} visits have a carer and a time{left_out}")


def begins_at(folder: Path, *, today: date, at: time, console: Console) -> datetime:
    """When the demo's clock begins: today at `at`, or where the last demo in this folder stopped, if that is later."""
    wished = instant(today, at)
    stopped = _stopped_at(folder)
    if stopped is None or stopped <= wished:
        return wished
    console.print(
        f"When the last demo stopped it was {stopped.astimezone(STOCKHOLM):%A %d %B, %H:%M}: it goes on from there "
        "(--fresh starts over)",
        soft_wrap=True,
    )
    return stopped


def note_stop(folder: Path, at: datetime) -> None:
    (folder / _STOPPED_AT).write_text(at.astimezone(UTC).isoformat(), encoding="ascii")


def forget_stop(folder: Path) -> None:
    (folder / _STOPPED_AT).unlink(missing_ok=True)


def _stopped_at(folder: Path) -> datetime | None:
    try:
        return datetime.fromisoformat((folder / _STOPPED_AT).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
