"""A reply that says "done" is sent only when it is: the commit comes first, and its failure is the reply."""

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from api.auth.access import public
from api.work import SessionDep


def add_probe(app: FastAPI) -> None:
    """Routes whose transaction goes well until the commit."""

    @app.post("/probe/deferred", dependencies=[public(reason="a test")])
    def deferred(session: SessionDep) -> dict[str, str]:
        session.execute(text("INSERT INTO probe VALUES (1)"))
        session.execute(text("INSERT INTO probe VALUES (1)"))
        return {"saved": "yes"}

    @app.post("/probe/killed", dependencies=[public(reason="a test")])
    def killed(session: SessionDep) -> dict[str, str]:
        session.execute(text("INSERT INTO probe VALUES (2)"))
        own = session.scalar(text("SELECT pg_backend_pid()"))
        with app.state.house.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
        return {"saved": "yes"}

    @app.post("/probe/good", dependencies=[public(reason="a test")])
    def good(session: SessionDep) -> dict[str, str]:
        session.execute(text("INSERT INTO probe VALUES (3)"))
        return {"saved": "yes"}


def make_table(app: FastAPI) -> None:
    with app.state.house.engine.begin() as connection:
        connection.execute(text("CREATE TABLE probe (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))


def stored(app: FastAPI) -> list[int]:
    with app.state.house.engine.connect() as connection:
        return list(connection.scalars(text("SELECT n FROM probe ORDER BY n")))


def test_what_was_answered_with_200_is_stored(app: FastAPI, client: httpx.Client) -> None:
    make_table(app)
    add_probe(app)
    reply = client.post("/probe/good")
    assert (reply.status_code, reply.json(), stored(app)) == (200, {"saved": "yes"}, [3])


def test_a_commit_that_breaks_a_constraint_is_never_answered_with_200(app: FastAPI, client: httpx.Client) -> None:
    make_table(app)
    add_probe(app)
    reply = client.post("/probe/deferred")
    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["code"] == "internal"
    assert stored(app) == []


def test_a_connection_that_dies_before_the_commit_is_never_answered_with_200(
    app: FastAPI, client: httpx.Client
) -> None:
    make_table(app)
    add_probe(app)
    reply = client.post("/probe/killed")
    assert reply.status_code == 503
    assert reply.json()["code"] == "database_unavailable"
    assert reply.headers["retry-after"] == "5"
    assert stored(app) == []


def test_the_next_request_after_a_dead_connection_gets_a_living_one(app: FastAPI, client: httpx.Client) -> None:
    make_table(app)
    add_probe(app)
    client.post("/probe/killed")
    assert client.post("/probe/good").status_code == 200
