"""The log tells what happened and never about whom."""

import io
import json
import logging
import time
from collections.abc import Iterator

import httpx
import pytest

from api import logs
from tests.patience import SECONDS
from tests.serving import Server


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What goes to the log while the test runs."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    written = io.StringIO()
    logs.set_up("INFO")
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    root.handlers, root.level = before[0], before[1]


def told(written: io.StringIO, event: str, **values: object) -> dict[str, object]:
    """The line about `event` with these values; it may come a moment after the reply."""
    ends_at = time.monotonic() + SECONDS
    while time.monotonic() < ends_at:
        found = [json.loads(line) for line in written.getvalue().splitlines()]
        for line in found:
            if line["event"] == event and values.items() <= line.items():
                return line
        time.sleep(0.02)
    pytest.fail(f"no line {event} with {values} in {written.getvalue()}")


def test_a_request_is_one_line_with_its_route_and_no_query(lines: io.StringIO, client: httpx.Client) -> None:
    client.get("/logga-in/som/citizen/a-secret-key?personnummer=191212121212")
    line = told(lines, "request", route="/logga-in/som/{role}/{key}")
    assert (line["method"], line["status"]) == ("GET", 404)
    assert line["request_id"]
    assert "191212121212" not in lines.getvalue()
    assert "a-secret-key" not in lines.getvalue()


def test_an_unforeseen_error_is_told_by_type_and_place_only(
    lines: io.StringIO, server: Server, client: httpx.Client
) -> None:
    from api.auth.access import public

    @server.app.get("/probe", dependencies=[public(reason="a test")])
    def fail() -> None:
        raise RuntimeError("Astrid Boende, 19121212-1212")

    assert client.get("/probe").status_code == 500
    line = told(lines, "unforeseen")
    assert line["error"] == "RuntimeError"
    assert "test_logs.py" in str(line["raised"])
    assert "Astrid" not in lines.getvalue()


def test_metrics_count_by_route_and_name_nobody(client: httpx.Client) -> None:
    client.get("/logga-in/som/citizen/another-secret-key")
    counted = client.get("/metrics").text
    assert 'vardag_requests_total{method="GET",route="/logga-in/som/{role}/{key}",status="404"}' in counted
    assert "another-secret-key" not in counted


def test_a_made_up_method_makes_no_new_series(client: httpx.Client) -> None:
    client.request("ASTRID", "/healthz")
    assert "ASTRID" not in client.get("/metrics").text
