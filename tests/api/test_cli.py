"""The command line as a person or a service manager uses it: one clear line when it cannot, nothing left running."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

COMMAND = (sys.executable, "-m", "api.cli")


def environment(**changed: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VARDAG_", "DATABASE_URL"))}
    return {**kept, **changed}


def run(*arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments], env=environment(**changed), capture_output=True, text=True, timeout=60, check=False
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vardag-") as folder:
        yield Path(folder)


def test_an_unsafe_setting_is_one_line_and_exit_code_2() -> None:
    done = run("migrate")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "vardag: VARDAG_SECRET is missing: give at least 32 random characters, or VARDAG_DEMO=true"
    ]


@pytest.mark.slow
def test_a_port_that_is_taken_is_one_line_and_exit_code_2(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, VARDAG_DEMO="true", VARDAG_VAR=str(var))
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"vardag: 127.0.0.1 port {port} cannot be used (Address already in use): choose another with --port"
    ]
    assert list(var.iterdir()) == []


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_named_without_its_password(var: Path) -> None:
    away = f"postgresql://vardag:hemligt@127.0.0.1:{free_port()}/vardag"
    done = run(
        "serve",
        "--port",
        str(free_port()),
        DATABASE_URL=away,
        VARDAG_VAR=str(var),
        VARDAG_SECRET="s" * 32,
        VARDAG_BASE_URL="https://vardag.example",
    )
    assert done.returncode == 2
    assert done.stderr.startswith("vardag: DATABASE_URL names a database that does not answer: ")
    assert "hemligt" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "told_by"), [(["--no-worker"], signal.SIGTERM), ([], signal.SIGINT)], ids=["terminated", "ctrl-c"]
)
def test_serve_starts_its_own_database_and_stops_it_when_told_to_end(
    var: Path, options: list[str], told_by: signal.Signals
) -> None:
    port = free_port()
    serving = subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "serve", "--port", str(port), *options],
        env=environment(VARDAG_DEMO="true", VARDAG_VAR=str(var), VARDAG_BASE_URL=f"http://localhost:{port}"),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert ready(port, serving)
        assert (var / "db" / "pg" / "postmaster.pid").exists()
    finally:
        serving.send_signal(told_by)
        _, told = serving.communicate(timeout=30)
    assert not (var / "db" / "pg" / "postmaster.pid").exists()
    assert "Traceback" not in told


@pytest.mark.slow
def test_ctrl_c_ends_a_worker_in_good_order(var: Path) -> None:
    assert run("migrate", VARDAG_DEMO="true", VARDAG_VAR=str(var)).returncode == 0
    working = subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "work"],
        env=environment(VARDAG_DEMO="true", VARDAG_VAR=str(var)),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert working.stderr is not None
    assert working.stderr.readline() == "vardag works: waits for days to plan\n"
    working.send_signal(signal.SIGINT)
    _, told = working.communicate(timeout=30)
    assert working.returncode in {0, 130}
    assert "Traceback" not in told
    assert not (var / "db" / "pg" / "postmaster.pid").exists()


def ready(port: int, serving: "subprocess.Popen[str]") -> bool:
    """Waits until the server says that it can do its work."""
    ends_at = time.monotonic() + 60
    while time.monotonic() < ends_at and serving.poll() is None:
        try:
            reply = httpx.get(f"http://localhost:{port}/readyz")
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        return reply.json() == {"status": "ok", "database": "reachable", "migrations": "at head"}
    return False
