"""What phones send, over HTTP: each fact once, each refusal in one shape."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.conftest import MORNING
from tests.factories.world import Cared, World
from tests.patience import SECONDS
from tests.serving import Server
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer

FACTS = "/api/v1/carer/facts"


@dataclass
class Phone:
    """Amira's phone, signed in; Elsa at 09:30 and Folke at 10:10 are on her route, Greta is on Jonas's."""

    client: httpx.Client
    world: World
    team: Team
    amira: Carer
    elsa: Cared
    folke: Cared
    greta: Cared

    def fact(self, cared: Cared | None = None, **values: object) -> dict[str, Any]:
        return {
            "id": str(uuid4()),
            "visit_id": str((cared or self.elsa).visit()),
            "kind": "check_in",
            "happened_at": MORNING.isoformat(),
            **values,
        }

    def send(self, body: object) -> httpx.Response:
        return self.client.post(FACTS, content=json.dumps(body), headers={"Content-Type": "application/json"})

    def day(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/api/v1/carer/day").json()
        return found


@pytest.fixture
def phone(server: Server, client: httpx.Client, session: Session) -> Phone:
    world = World(session)
    team = world.team()
    amira, jonas = world.carer(team, "Amira"), world.carer(team, "Jonas")
    elsa, folke, greta = (world.cared(team, world.citizen(name)) for name in ("Elsa", "Folke", "Greta"))
    world.published(team, [(elsa, amira, "09:30"), (folke, amira, "10:10"), (greta, jonas, "09:30")])
    session.commit()
    client.get(sign_in_address(server.settings, Role.CARER, amira.id))
    client.headers["X-CSRF-Token"] = client.get("/api/v1/session").json()["csrf"]
    return Phone(client, world, team, amira, elsa, folke, greta)


def test_a_check_in_is_stored_once_however_often_it_is_sent(phone: Phone) -> None:
    fact = phone.fact()
    for _attempt in range(3):
        reply = phone.send(fact)
        assert reply.status_code == 200
        assert reply.json() == {"outcomes": [{"id": fact["id"], "status": 200, "problem": None}]}
    day = phone.day()
    assert [stop["part"] for stop in day["stops"]] == ["here", "waiting"]
    assert [said["id"] for said in day["stops"][0]["facts"]] == [fact["id"]]
    assert day["next_visit_id"] == str(phone.elsa.visit())


def test_a_late_check_in_moves_what_the_phone_shows_of_the_next_visit(phone: Phone) -> None:
    phone.send(phone.fact())
    # 09:40 + 30 minutes + 5 minutes of travel, instead of 10:10.
    following = phone.day()["stops"][1]
    assert datetime.fromisoformat(following["expected_at"]) == phone.world.at("10:15")
    assert following["delay"] == "Planerat 10.10"


def test_in_a_list_each_fact_has_its_own_outcome_and_one_stops_no_other(phone: Phone) -> None:
    good = phone.fact()
    unsayable = phone.fact(id="\ud800", colour="\ud800")
    foreign = phone.fact(phone.greta)
    naive = phone.fact(happened_at="2026-11-23T09:40:00")
    reply = phone.send([good, foreign, naive, "nonsense", unsayable, phone.fact(phone.folke, kind="nobody_home")])
    assert reply.status_code == 200
    outcomes = reply.json()["outcomes"]
    assert [one["status"] for one in outcomes] == [200, 404, 422, 422, 422, 200]
    assert [one["id"] for one in outcomes[:3]] == [good["id"], foreign["id"], naive["id"]]
    assert outcomes[2]["problem"]["errors"][0]["field"] == "happened_at"
    assert [stop["part"] for stop in phone.day()["stops"]] == ["here", "done"]


BAD = {
    "a time without zone": ({"happened_at": "2026-11-23T09:40:00"}, 422, "happened_at"),
    "no time at all": ({"happened_at": "snart"}, 422, "happened_at"),
    "a time to come": ({"happened_at": (MORNING + timedelta(minutes=5)).isoformat()}, 422, "happened_at"),
    "a time long gone": ({"happened_at": (MORNING - timedelta(days=5)).isoformat()}, 422, "happened_at"),
    "a malformed id": ({"id": "17"}, 422, "id"),
    "an unknown kind": ({"kind": "coffee"}, 422, "kind"),
    "an unknown field": ({"colour": "red"}, 422, "colour"),
    "an empty note": ({"kind": "note", "note": " "}, 422, "note"),
    "a note without end": ({"kind": "note", "note": "x" * 2001}, 422, "note"),
    "a note with what is no character": ({"kind": "note", "note": "a\0b"}, 422, "note"),
    "a reason with half a character": ({"reason": "a\ud800b"}, 422, "reason"),
    "a time before all time": ({"happened_at": "0001-01-01T00:00:00+14:00"}, 422, "happened_at"),
    "a correction without reason": ({"corrects": str(uuid4())}, 422, "reason"),
    "a correction of nothing": ({"corrects": str(uuid4()), "reason": "fel"}, 422, "corrects"),
    "an unknown visit": ({"visit_id": str(uuid4())}, 404, None),
}


@pytest.mark.parametrize(("values", "status", "field"), BAD.values(), ids=BAD.keys())
def test_a_fact_that_cannot_be_is_refused_in_one_shape(
    phone: Phone, values: dict[str, object], status: int, field: str | None
) -> None:
    reply = phone.send(phone.fact(**values))
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    told = reply.json()
    assert {"type", "title", "status", "detail", "code", "instance"} <= told.keys()
    if field is not None:
        assert [one["field"] for one in told["errors"]] == [field]
    assert [stop["facts"] for stop in phone.day()["stops"]] == [[], []]


@pytest.mark.parametrize("body", [b"{", b"", b"\xff"])
def test_what_is_no_json_is_refused(phone: Phone, body: bytes) -> None:
    reply = phone.client.post(FACTS, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in {400, 422}
    assert reply.headers["content-type"] == "application/problem+json"


def test_the_same_id_for_something_else_is_a_conflict(phone: Phone) -> None:
    fact = phone.fact()
    phone.send(fact)
    assert phone.send({**fact, "kind": "check_out"}).status_code == 409


def test_somebody_elses_visit_and_an_unknown_one_are_answered_alike(phone: Phone) -> None:
    foreign, unknown = phone.send(phone.fact(phone.greta)), phone.send(phone.fact(visit_id=str(uuid4())))
    assert foreign.status_code == unknown.status_code == 404
    assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}


def test_only_carers_tell_and_only_with_their_token(phone: Phone, server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=SECONDS) as nobody:
        assert nobody.post(FACTS, json=phone.fact()).status_code == 401
    with httpx.Client(base_url=server.url, timeout=SECONDS) as citizen:
        citizen.get(sign_in_address(server.settings, Role.CITIZEN, phone.elsa.id))
        citizen.headers["X-CSRF-Token"] = citizen.get("/api/v1/session").json()["csrf"]
        assert citizen.post(FACTS, json=phone.fact()).status_code == 404
        assert citizen.get("/api/v1/carer/day").status_code == 404
        assert citizen.get("/pass").status_code == 404
    del phone.client.headers["X-CSRF-Token"]
    assert phone.send(phone.fact()).status_code == 403


def test_the_day_is_not_sent_again_while_it_is_the_same(phone: Phone) -> None:
    first = phone.client.get("/api/v1/carer/day")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert phone.client.get("/api/v1/carer/day", headers=tag).status_code == 304
    phone.send(phone.fact())
    assert phone.client.get("/api/v1/carer/day", headers=tag).status_code == 200


def test_the_phone_sees_today_and_tomorrow_only(phone: Phone) -> None:
    def status(on: str) -> int:
        return phone.client.get("/api/v1/carer/day", params={"on": on}).status_code

    assert [status(on) for on in ("2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "imorgon")] == [
        404,
        200,
        200,
        404,
        422,
    ]
