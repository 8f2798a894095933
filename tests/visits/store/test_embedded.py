"""One PostgreSQL below a folder, for as many processes as come."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from visits.store.database import make_engine
from visits.store.embedded import EmbeddedPostgres, EmbeddedPostgresError

OTHER_PROCESS = """
import sys
from pathlib import Path
from visits.store.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, as a socket's path must be."""
    with tempfile.TemporaryDirectory(prefix="vardag-") as made:
        yield Path(made)


def answers(server: EmbeddedPostgres) -> bool:
    engine = make_engine(server.address())
    try:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT 1")) == 1
    finally:
        engine.dispose()


def is_running(folder: Path) -> bool:
    return (folder / "pg" / "postmaster.pid").exists()


def join(folder: Path) -> "subprocess.Popen[str]":
    """Another process that uses the server until it is told to leave."""
    other = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", OTHER_PROCESS, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "in\n"
    return other


@pytest.mark.slow
def test_whoever_leaves_last_stops_the_server(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        with join(folder) as other:
            server.stop()
            assert is_running(folder)
            server.start()
            other.communicate("\n")
        assert answers(server)
    assert not is_running(folder)


@pytest.mark.slow
def test_a_killed_process_does_not_keep_the_server_alive(folder: Path) -> None:
    with EmbeddedPostgres(folder):
        with join(folder) as other:
            other.kill()
            other.communicate()
        assert is_running(folder)
    assert not is_running(folder)


@pytest.mark.slow
def test_it_listens_on_no_port_and_only_its_owner_may_enter(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        engine = make_engine(server.database("vardag"))
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW listen_addresses")) == ""
            assert connection.scalar(text("SHOW unix_socket_directories")) == str(folder.resolve() / "pg")
            assert connection.scalar(text("SHOW timezone")) == "UTC"
        engine.dispose()
        assert (folder / "pg").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    with pytest.raises(EmbeddedPostgresError, match="taken"):
        EmbeddedPostgres(taken / "db").start()
