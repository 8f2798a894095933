"""What the tests stand on: a real PostgreSQL, a database for each test, the real server, a real browser.

`database_url`, `engine`, `session`: a database of the test's own, copied from one that was made by migrating.
`server`: the application behind a real uvicorn on a free port; `client` speaks HTTP to it, `app` is it, `settings` are its.
`page`: a Chromium tab (mark the test ``browser``).

`make test` runs several processes at once; each has a PostgreSQL server, a browser and ports of its own. In one process,
to see output as it comes or to stop in a debugger: ``make test ARGS="-n 0 tests/house"``.
"""

import fcntl
import os
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.orm import Session

from api import logs
from api.clock import DemoClock
from api.migrations.migrate import migrate
from api.settings import Settings
from tests.patience import MILLISECONDS, SECONDS
from tests.serving import Server, serving
from visits.store.database import database_address, make_engine, session_factory
from visits.store.embedded import EmbeddedPostgres

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
MORNING = datetime.fromisoformat("2026-11-23T09:40:00+01:00")
"""When the tests' clock starts: a Monday."""
_TLS = ssl.create_default_context()
"""Made once: nothing here speaks TLS, and to read every authority's certificate is most of the work of making a client."""
_PREFIX = f"vardag_test_{os.getpid()}_"


_MOST_PROCESSES = 4
"""More would wait for one another: the tests that take longest use two cores themselves."""


def pytest_xdist_auto_num_workers() -> int:
    """How many processes ``-n auto`` means: one for each core, but only one where the server is given.

    News is read in the order of a server's transactions (docs/decisions/0004), so a long one in another process's test
    would hold it up.
    """
    return 0 if _given_server() else min(os.cpu_count() or 1, _MOST_PROCESSES)


def _given_server() -> str | None:
    return os.environ.get("VARDAG_TEST_DATABASE_URL") or os.environ.get("DATABASE_URL")


@pytest.fixture(scope="session", autouse=True)
def _log_as_in_production() -> None:
    """Without it structlog draws a picture of each exception with all its values, which takes seconds."""
    logs.through_logging()


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """The address of a server's maintenance database: VARDAG_TEST_DATABASE_URL, DATABASE_URL, or one of our own."""
    if given := _given_server():
        yield database_address(given)
        return
    with _folder_for_postgres() as folder, EmbeddedPostgres(folder) as server:
        _tune_for_tests(server.address())
        yield server.address()


@contextmanager
def _folder_for_postgres() -> Iterator[Path]:
    """The first below ``var/`` that no other process tests in, kept between runs so that it need not be made anew.

    A temporary one where ``var/`` is somebody else's. The kernel drops the lock of a killed process.
    """
    with ExitStack() as until_done:
        for number in count():
            folder = ROOT / "var" / f"test-{os.geteuid()}-{number}"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                lock = until_done.enter_context((folder / "tests.lock").open("ab"))
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            except PermissionError:
                folder = Path(
                    until_done.enter_context(tempfile.TemporaryDirectory(prefix="vardag-", ignore_cleanup_errors=True))
                )
            break
        yield folder


def _tune_for_tests(address: URL) -> None:
    """Tests may lose their data when the power fails; what a killed run left behind is in the way."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        for name in connection.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE 'vardag_test_%'")):
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    engine.dispose()


@dataclass(frozen=True, slots=True)
class _Databases:
    """Makes and drops databases on the tests' server."""

    address: URL
    maintenance: Engine

    def create(self, name: str, *, template: str | None = None) -> URL:
        copied = "" if template is None else f' TEMPLATE "{template}"'
        with self.maintenance.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"{copied}'))
        return self.address.set(database=name)

    def drop(self, name: str) -> None:
        with self.maintenance.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def databases(postgres: URL) -> Iterator[_Databases]:
    maintenance = create_engine(postgres, isolation_level="AUTOCOMMIT")
    yield _Databases(postgres, maintenance)
    maintenance.dispose()


@pytest.fixture(scope="session")
def migrated_template(databases: _Databases) -> Iterator[str]:
    """The name of a database that was made by migrating, from which each test gets a copy."""
    name = f"{_PREFIX}template"
    databases.drop(name)
    engine = make_engine(databases.create(name))
    migrate(engine)
    engine.dispose()
    yield name
    databases.drop(name)


@pytest.fixture
def database_url(databases: _Databases, migrated_template: str) -> Iterator[str]:
    """The address of an empty, migrated database for this test alone."""
    name = f"{_PREFIX}{uuid4().hex[:12]}"
    address = databases.create(name, template=migrated_template)
    yield address.render_as_string(hide_password=False)
    databases.drop(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session of the test's own; commit when another connection is to see what you stored."""
    with session_factory(engine)() as made:
        yield made


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A demo on the test's database, on Monday 23 November 2026 at 09.40 Swedish time."""
    return Settings(
        demo=True,
        database_url=database_url,
        var=tmp_path,
        secret="only-for-the-tests-only-for-the-tests",  # noqa: S106 - signs nothing but a test's cookies
        base_url="http://localhost:8000",
        clock=str(DemoClock.starting_at(MORNING)),
    )


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    """The real application behind a real uvicorn, on a free port."""
    with serving(settings) as running:
        yield running


@pytest.fixture
def app(server: Server) -> FastAPI:
    return server.app


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """Speaks HTTP to the server; follows no redirects; keeps cookies as a browser does."""
    with httpx.Client(base_url=server.url, timeout=SECONDS, verify=_TLS) as made:
        yield made


CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """Chromium as the machine has it. Without one the test is skipped, saying so; on CI that is a failure."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        missing = "no Chromium on this machine: install Debian's package chromium (apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: "Browser") -> Iterator["Page"]:
    """A tab of its own, Swedish, as wide as a phone; the test fails if the page logs an error."""
    context = chromium.new_context(
        locale="sv-SE", timezone_id="Europe/Stockholm", viewport={"width": 390, "height": 844}
    )
    context.set_default_timeout(MILLISECONDS)
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    context.close()
    assert errors == []
