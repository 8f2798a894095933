"""The database of a command: the one that the settings name, or our own below ``var/`` for as long as the command runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from api.migrations.migrate import at_head, migrate
from api.settings import Settings, SettingsError
from visits.store.database import make_engine
from visits.store.embedded import EmbeddedPostgres

_FOLDER = "db"
_DATABASE = "vardag"


@contextmanager
def with_database(settings: Settings) -> Iterator[Settings]:
    """The settings with a `database_url` that answers. Several commands share one server of our own; the last stops it."""
    if settings.database_url is not None:
        yield settings
        return
    with EmbeddedPostgres(settings.var / _FOLDER) as server:
        address = server.database(_DATABASE).render_as_string(hide_password=False)
        yield settings.model_copy(update={"database_url": address})


def drop_own_database(settings: Settings) -> None:
    """Forget all that is in the database of our own below ``var/``, whoever uses it; never one that a setting names."""
    if settings.database_url is not None:
        raise SettingsError("only a database of our own may be dropped, and DATABASE_URL names another")
    with EmbeddedPostgres(settings.var / _FOLDER) as server:
        engine = create_engine(server.address(), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {_DATABASE} WITH (FORCE)"))
        finally:
            engine.dispose()


def bring_to_head(settings: Settings) -> None:
    """Migrate the database."""
    engine = make_engine(_url(settings))
    try:
        migrate(engine)
    finally:
        engine.dispose()


def demand_head(settings: Settings) -> None:
    """Refuse to work on a database that somebody has yet to migrate.

    :raises SettingsError: saying what to do.
    """
    engine = make_engine(_url(settings))
    try:
        with engine.connect() as connection:
            if not at_head(connection):
                raise SettingsError("the database is not migrated: run `vardag migrate` first")
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SettingsError(f"DATABASE_URL names a database that does not answer: {reason}") from None
    finally:
        engine.dispose()


def _url(settings: Settings) -> str:
    if settings.database_url is None:
        raise SettingsError("no database: this must run inside with_database")
    return settings.database_url
