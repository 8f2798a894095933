"""``vardag``: serve, migrate, and whatever commands the rooms bring. What goes wrong is one clear line, and exit code 2."""

import importlib
import importlib.util
import os
import signal
import socket
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from api.settings import SettingsError
from visits.store.embedded import EmbeddedPostgresError

app = typer.Typer(
    name="vardag",
    help="Plans and follows the daily visits of home care and housing support.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_COMMANDS = {
    "plan": "api.plan",
    "check": "api.plan",
    "compare": "api.compare",
    "work": "api.runs.worker",
    "town": "api.town.command",
    "demo": "api.demo.command",
    "roster": "api.rosters.command",
}
"""The rooms' commands, and the modules that bring them: each has ``register(app: typer.Typer)``."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes answer.")] = 1,
    worker: Annotated[bool, typer.Option(help="Also run background jobs, in the same processes.")] = True,  # noqa: FBT002 - typer's way to write --no-worker
) -> None:
    """Answer on the web. Without DATABASE_URL a PostgreSQL of our own starts below VARDAG_VAR."""
    import uvicorn

    from api import logs
    from api.postgres import bring_to_head, demand_head, with_database
    from api.settings import settings_from_environment

    settings = settings_from_environment()
    _demand_free(host, port)
    logs.set_up(settings.log_level)
    with with_database(settings) as ready:
        if settings.database_url is None or settings.demo:
            bring_to_head(ready)
        else:
            demand_head(ready)
        # The processes that answer read the environment anew: each must find this very database.
        os.environ["VARDAG_DATABASE_URL"] = ready.database_url or ""
        os.environ["VARDAG_WORKER_INSIDE"] = str(worker).lower()
        typer.echo(f"vardag answers at {settings.base_url}", err=True)
        uvicorn.run(
            "api.app:app_from_environment",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            ws="websockets-sansio",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
            server_header=False,
        )


@app.command()
def migrate() -> None:
    """Bring the database to the newest step."""
    from api.postgres import bring_to_head, with_database
    from api.settings import settings_from_environment

    with with_database(settings_from_environment()) as settings:
        bring_to_head(settings)
    typer.echo("the database is at the newest step")


def _demand_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"{host} port {port} cannot be used ({error.strerror}): choose another with --port"
            ) from None


def _add_commands_of_rooms(asked: str) -> None:
    """Load what brings the command that was asked for (some take seconds to load); for the list of commands, all."""
    if asked in {"serve", "migrate"}:
        return
    for name in sorted({_COMMANDS[asked]} if asked in _COMMANDS else set(_COMMANDS.values())):
        if importlib.util.find_spec(name.rpartition(".")[0]) and importlib.util.find_spec(name):
            importlib.import_module(name).register(app)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave by way of every ``finally``, so that what this command started is stopped."""
    sys.exit(128 + signal.SIGTERM)


def main() -> None:
    """The command ``vardag``."""
    signal.signal(signal.SIGTERM, _leave)
    _add_commands_of_rooms(sys.argv[1] if len(sys.argv) > 1 else "")
    try:
        app()
    except (SettingsError, EmbeddedPostgresError) as error:
        typer.echo(f"vardag: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
