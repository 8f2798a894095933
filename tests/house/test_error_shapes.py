"""Every error reply has one shape (RFC 9457), whatever went wrong, and never tells its cause."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import func, select

from api.auth.access import public
from api.problems import CONSTRAINTS, DETAILS, STATUS, TITLES, problem_of
from api.work import SessionDep
from tests.factories.world import World
from tests.patience import SECONDS
from tests.serving import Server
from visits.errors import CareError, Conflict, Invalid, NotFound, Refused, Stale, Unavailable
from visits.store import orders
from visits.terms import OrderId, Period

KEYS = {"type", "title", "status", "detail", "code", "instance"}


class Probe(BaseModel):
    minutes: int


def a_care_error(kind: str) -> Exception:
    return {
        "not_found": NotFound(what="visit"),
        "invalid": Invalid(field="minutes", value=-5, why="must be positive"),
        "conflict": Conflict(what="order"),
        "stale": Stale(what="draft"),
        "refused": Refused(rule="no_such_rule"),
        "unavailable": Unavailable(what="roads"),
        "unforeseen": RuntimeError("personnummer 19121212-1212 is in this message"),
    }[kind]


@pytest.fixture
def probed(app: FastAPI, client: httpx.Client) -> httpx.Client:
    @app.get("/api/v1/probe/{kind}", dependencies=[public(reason="a test")])
    @app.get("/probe/{kind}", dependencies=[public(reason="a test")])
    def fail(kind: str) -> None:
        raise a_care_error(kind)

    @app.post("/api/v1/probe", dependencies=[public(reason="a test")])
    def take(probe: Probe) -> Probe:
        return probe

    return client


def problem(reply: httpx.Response, *, status: int, code: str) -> dict[str, Any]:
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = reply.json()
    assert KEYS <= set(body) <= KEYS | {"errors"}
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:vardag:problem:{code}")
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == f"urn:uuid:{reply.headers['x-request-id']}"
    return body


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("not_found", 404, "not_found"),
        ("invalid", 422, "invalid"),
        ("conflict", 409, "conflict"),
        ("stale", 409, "stale"),
        ("refused", 403, "refused"),
        ("unavailable", 503, "unavailable"),
        ("unforeseen", 500, "internal"),
    ],
)
def test_each_family_of_errors_has_its_status(probed: httpx.Client, kind: str, status: int, code: str) -> None:
    problem(probed.get(f"/api/v1/probe/{kind}"), status=status, code=code)


def test_an_invalid_value_is_named_with_its_field(probed: httpx.Client) -> None:
    body = problem(probed.get("/api/v1/probe/invalid"), status=422, code="invalid")
    assert body["errors"] == [{"field": "minutes", "value": -5, "why": "must be positive"}]
    assert body["detail"] == "Värdet i fältet minutes går inte att använda."


def test_what_nobody_foresaw_tells_nothing_of_its_cause(probed: httpx.Client) -> None:
    assert "19121212" not in probed.get("/api/v1/probe/unforeseen").text
    assert "19121212" not in probed.get("/probe/unforeseen", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    ("what", "code"),
    [("order", "overlapping_orders"), ("shift", "overlapping_shifts"), ("gap", "gap_between_orders")],
)
def test_what_the_database_refuses_is_a_conflict_with_words_of_its_own(
    app: FastAPI, probed: httpx.Client, what: str, code: str
) -> None:
    @app.post("/api/v1/overlapping", dependencies=[public(reason="a test")])
    def overlap(session: SessionDep) -> None:
        world = World(session)
        team = world.team()
        held = world.cared(team)
        if what == "order":
            world.cared(team, held.citizen)
        elif what == "shift":
            world.shift(world.carer(team, works=("07:00", "16:00")), "15:00", "21:00")
        else:
            later = Period(date(2027, 6, 1), date(2027, 6, 30))
            orders.add(session, [replace(held.order, id=OrderId(uuid4()), valid=later, succeeds=held.order.id)])

    problem(probed.post("/api/v1/overlapping"), status=409, code=code)
    with app.state.house.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(orders.service_orders)) == 0


def test_an_unknown_route_is_a_problem(probed: httpx.Client) -> None:
    problem(probed.get("/api/v1/nowhere"), status=404, code="not_found")


def test_a_wrong_method_is_a_problem_that_says_which_are_right(probed: httpx.Client) -> None:
    reply = probed.delete("/healthz")
    problem(reply, status=405, code="method_not_allowed")
    assert reply.headers["allow"] == "GET"


def test_a_body_that_is_no_json_is_a_problem(probed: httpx.Client) -> None:
    reply = probed.post("/api/v1/probe", content=b'{"minutes": ', headers={"Content-Type": "application/json"})
    problem(reply, status=400, code="malformed_json")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 100_000], ids=["not text", "nested without end"])
def test_a_hostile_body_is_a_problem(probed: httpx.Client, body: bytes) -> None:
    reply = probed.post("/api/v1/probe", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= reply.status_code < 500
    problem(reply, status=reply.status_code, code=reply.json()["code"])


def test_a_body_too_long_is_a_problem(probed: httpx.Client) -> None:
    problem(probed.post("/api/v1/probe", json={"minutes": 1, "note": "x" * 1_100_000}), status=413, code="too_long")


def test_a_wrong_type_is_named_with_field_and_value(probed: httpx.Client) -> None:
    body = problem(probed.post("/api/v1/probe", json={"minutes": "ten"}), status=422, code="invalid_request")
    assert [(one["field"], one["value"]) for one in body["errors"]] == [("minutes", "ten")]


def test_a_wrong_host_is_a_problem(server: Server) -> None:
    reply = httpx.get(f"{server.url}/healthz", timeout=SECONDS, headers={"Host": "elsewhere.example"})
    assert (reply.status_code, reply.json()["code"]) == (400, "bad_host")


def test_a_browser_gets_the_same_as_a_page(probed: httpx.Client) -> None:
    reply = probed.get("/probe/stale", headers={"Accept": "text/html,*/*"})
    assert reply.status_code == 409
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "Något har ändrats" in reply.text
    assert "default-src 'self'" in reply.headers["content-security-policy"]


def test_a_page_names_field_and_value_and_says_nothing_that_is_not_translated(probed: httpx.Client) -> None:
    page = probed.get("/probe/invalid", headers={"Accept": "text/html"}).text
    assert "<dt><code>minutes</code></dt>" in page
    assert "<dd>-5</dd>" in page
    assert "must be positive" not in page


def test_a_reader_of_english_gets_english(probed: httpx.Client) -> None:
    reply = probed.get("/api/v1/probe/stale", headers={"Accept-Language": "en-GB,en;q=0.9,sv;q=0.5"})
    assert reply.json()["title"] == "Something has changed"


def test_every_family_has_a_status_a_title_and_words() -> None:
    for family in CareError.__subclasses__():
        assert STATUS[family] in TITLES
        assert family.code in DETAILS
    assert set(CONSTRAINTS.values()) <= set(DETAILS)


def test_a_refusal_is_told_in_the_words_of_its_rule() -> None:
    rules = [code for code in DETAILS if code not in {family.code for family in CareError.__subclasses__()}]
    told = problem_of(Refused(rule=rules[0]))
    assert (told.status, told.code) == (403, rules[0])
