"""The HTTP of runs and schedules: what is wrong is told in one shape, and nobody asks on behalf of another team."""

import json
from uuid import uuid4

import httpx
import pytest
from sqlalchemy.orm import Session
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from api.auth import sessions
from tests.factories.coordinating import Planned, sign_in
from tests.factories.world import MONDAY
from tests.patience import SECONDS
from tests.serving import Server
from visits.guard.viewer import Role
from visits.store import runs


def test_what_does_not_exist_or_has_no_id_is_told_in_one_shape(planned: Planned) -> None:
    for method, path in (
        ("POST", "/teams/{id}/schedules/2026-11-23/runs"),
        ("GET", "/teams/{id}/schedules/2026-11-23"),
        ("GET", "/runs/{id}"),
        ("POST", "/runs/{id}/cancel"),
        ("GET", "/schedules/{id}"),
        ("GET", "/schedules/{id}/difference"),
        ("GET", "/schedules/{id}/explanation"),
        ("POST", "/schedules/{id}/publish"),
        ("POST", "/schedules/{id}/discard"),
    ):
        for key, status, code in ((str(uuid4()), 404, "not_found"), ("hej", 422, "invalid_request")):
            address = f"/api/v1{path.format(id=key)}"
            reply = planned.client.request(method, address, headers={"X-CSRF-Token": planned.csrf})
            assert (reply.status_code, reply.json()["code"]) == (status, code), address
            assert reply.headers["content-type"] == "application/problem+json"


def test_what_is_wrongly_filled_in_is_told_with_its_field(planned: Planned) -> None:
    team = planned.team.id
    for path, body, field in (
        (f"/teams/{team}/schedules/2026-11-23/runs", {"days": 0}, "days"),
        (f"/teams/{team}/schedules/2026-11-23/runs", {"days": 1, "hurry": True}, "hurry"),
        (f"/teams/{team}/absences/carers", {"on": "2026-11-23"}, "carer_id"),
        (f"/teams/{team}/absences/carers", {"carer_id": "hej", "on": "2026-11-23"}, "carer_id"),
        (
            f"/teams/{team}/absences/citizens",
            {"citizen_id": str(uuid4()), "first_on": "2026-11-24", "last_on": "i morgon"},
            "last_on",
        ),
        ("/publications", {"schedule_ids": []}, "schedule_ids"),
    ):
        reply = planned.post(path, body)
        assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request"), path
        assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_an_absence_that_ends_before_it_begins_is_told_so(planned: Planned) -> None:
    body = {"citizen_id": str(planned.cared[0].id), "first_on": "2026-11-24", "last_on": "2026-11-23"}
    reply = planned.post(f"/teams/{planned.team.id}/absences/citizens", body)
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01", "2026-02-30"])
def test_a_day_out_of_reach_is_told_with_its_field(planned: Planned, on: str) -> None:
    team = planned.team.id
    replies = [
        planned.client.get(f"/api/v1/teams/{team}/schedules/{on}"),
        planned.client.get(f"/api/v1/teams/{team}/days/{on}"),
        planned.client.get(f"/planering/{on}"),
        planned.post(f"/teams/{team}/schedules/{on}/runs"),
        planned.post(f"/teams/{team}/absences/carers", {"carer_id": str(planned.vera.id), "on": on}),
    ]
    for reply in replies:
        assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")
        assert [error["field"].split(".")[-1] for error in reply.json()["errors"]] == ["on"]


def test_a_socket_for_a_day_out_of_reach_is_refused_in_the_same_shape(planned: Planned, server: Server) -> None:
    cookie = f"{sessions.COOKIE}={planned.client.cookies[sessions.COOKIE]}"
    address = f"{server.url.replace('http', 'ws', 1)}/live/planering/9999-12-31"
    with pytest.raises(InvalidStatus) as refused:
        connect(address, additional_headers={"Cookie": cookie}, origin=server.url)
    told = json.loads(refused.value.response.body)
    assert (refused.value.response.status_code, told["code"]) == (422, "invalid_request")


def test_a_day_that_is_over_is_refused_in_words(planned: Planned) -> None:
    reply = planned.post(f"/teams/{planned.team.id}/schedules/2026-11-22/runs")
    assert (reply.status_code, reply.json()["code"]) == (403, "day_is_over")
    assert reply.json()["detail"] == "Dagen är redan över och går inte att planera om."


def test_nothing_is_asked_for_without_the_sessions_token(planned: Planned, session: Session) -> None:
    reply = planned.client.post(f"/api/v1/teams/{planned.team.id}/schedules/{MONDAY}/runs")
    assert (reply.status_code, reply.json()["code"]) == (403, "bad_token")
    assert runs.newest(session, planned.team.id, MONDAY) is None


def test_a_carer_may_not_ask_for_a_run(planned: Planned, server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=SECONDS) as other:
        csrf = sign_in(other, server, Role.CARER, planned.vera.id)
        reply = other.post(f"/api/v1/teams/{planned.team.id}/schedules/{MONDAY}/runs", headers={"X-CSRF-Token": csrf})
    assert reply.status_code == 404
