"""``vardag demo``: everything at once, on one machine, with one command."""

import logging
import os
import socket
import threading
import time as real_time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import typer
import uvicorn
from rich.console import Console
from sqlalchemy import Engine

from api import logs
from api.app import create_app
from api.clock import SWEDEN, DemoClock, RealClock
from api.demo import stage
from api.demo.acting import Acting
from api.demo.planning import SECONDS_A_TEAM
from api.postgres import bring_to_head, drop_own_database, with_database
from api.settings import Settings, SettingsError
from api.town.providers import Size
from visits.store.database import make_engine
from visits.terms import local_day

_READY_SECONDS = 60


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 for any free one.")] = 8000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over: forget everything from the last demo.")] = False,
    at: Annotated[str, typer.Option(help="What time it is when the demo begins.")] = "09:40",
    speed: Annotated[float, typer.Option(min=0.1, max=600, help="How much faster than the world its clock runs.")] = 10,
    seconds: Annotated[
        float,
        typer.Option("--plan-seconds", min=0.1, max=600, help="How long to look for a good plan of a team's day."),
    ] = SECONDS_A_TEAM,
    size: Annotated[Size, typer.Option(help="How big a town, when a new one is made up.")] = Size.SMALL,
) -> None:
    """Show a whole day: a made-up town, planned and published, with carers on their way. Ctrl-C stops everything."""
    console = Console(stderr=True)
    begins = _time(at)
    with _listening(port) as listener:
        settings = _settings(listener.getsockname()[1])
        with stage.only_one(settings.var), _database(settings, fresh=fresh) as ready:
            engine = make_engine(ready.database_url or "")
            try:
                starts_at = _set(engine, ready, console, begins=begins, size=size)
                stage.plan_days(engine, console, now=starts_at, seconds=seconds)
                _play(ready, listener, console, DemoClock.starting_at(starts_at, speed=speed))
            finally:
                engine.dispose()
        console.print("Stopped, with everything that the demo had started. What was there is kept.")


def _settings(port: int) -> Settings:
    """Nothing from the environment but the folder: the demo keeps to a database of its own, whatever DATABASE_URL says."""
    var = Path(os.environ.get("VARDAG_VAR", "var")) / "demo"
    return Settings(
        demo=True,
        database_url=None,
        var=var,
        base_url=f"http://localhost:{port}",
        sign_in="pretend",
        worker_inside=True,
        log_level="WARNING",
    )


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Take the port before anything else is begun."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise SettingsError(f"port {port} cannot be used ({error.strerror}): choose another with --port") from None
        yield listener


@contextmanager
def _database(settings: Settings, *, fresh: bool) -> Iterator[Settings]:
    if fresh:
        drop_own_database(settings)
        stage.forget_stop(settings.var)
    with with_database(settings) as ready:
        bring_to_head(ready)
        yield ready


def _set(engine: Engine, settings: Settings, console: Console, *, begins: time, size: Size) -> datetime:
    """Have a town with rosters for the moment at which the clock begins, and return that moment."""
    today = RealClock().now().astimezone(SWEDEN).date()
    starts_at = stage.begins_at(settings.var, today=today, at=begins, console=console)
    why = stage.needs_new_town(engine, starts_at)
    if why is not None:
        stage.forget_stop(settings.var)
        starts_at = stage.begins_at(settings.var, today=today, at=begins, console=console)
        stage.build_town(engine, settings, console, size=size, first_on=local_day(starts_at), why=why)
    return starts_at


@dataclass(slots=True)
class _Failure:
    """What went wrong beside the server, told when that has stopped."""

    error: Exception | None = None


def _play(settings: Settings, listener: socket.socket, console: Console, clock: DemoClock) -> None:
    """Serve until Ctrl-C, with the carers played beside."""
    settings = settings.model_copy(update={"clock": str(clock)})
    logs.set_up(settings.log_level)
    logging.getLogger("uvicorn.error").setLevel(settings.log_level)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            ws="websockets-sansio",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=3,
            server_header=False,
        )
    )
    acting = Acting(settings, clock, console)
    failure = _Failure()

    def act() -> None:
        try:
            _wait_until_ready(settings.base_url, server)
            acting.act()
        except Exception as error:  # noqa: BLE001 - told below, after the server has stopped
            failure.error = error
            server.should_exit = True

    actors = threading.Thread(target=act, name="actors")
    actors.start()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # uvicorn has stopped in good order, and passes the signal on
    finally:
        acting.stop()
        actors.join(timeout=30)
        stage.note_stop(settings.var, clock.now())
    if failure.error is not None:
        raise failure.error


def _wait_until_ready(base_url: str, server: uvicorn.Server) -> None:
    ends_at = real_time.monotonic() + _READY_SECONDS
    while real_time.monotonic() < ends_at and not server.should_exit:
        try:
            if httpx.get(f"{base_url}/readyz", timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        real_time.sleep(timedelta(milliseconds=100).total_seconds())
    if not server.should_exit:
        raise SettingsError(f"the server did not answer within {_READY_SECONDS} seconds")


def _time(written: str) -> time:
    try:
        found = time.fromisoformat(written)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise SettingsError(f"--at {written!r} is not a time of day: write it as 09:40")
    return found
