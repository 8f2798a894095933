"""Work phones get half of a key for as long as somebody is signed in, and tags prove presence, over HTTP."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
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
from visits.actions.make_tag import make_tag
from visits.actions.revoke_tag import revoke_tag
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer, Coordinator
from visits.store import presence_tags

PHONE = "/api/v1/carer/phone"
FACTS = "/api/v1/carer/facts"


@dataclass
class Team1:
    server: Server
    world: World
    team: Team
    amira: Carer
    jonas: Carer
    coordinator: Coordinator
    elsa: Cared
    folke: Cared

    @contextmanager
    def client(self, role: Role, person: Carer | Coordinator) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=self.server.url, timeout=SECONDS) as made:
            made.get(sign_in_address(self.server.settings, role, person.id))
            made.headers["X-CSRF-Token"] = made.get("/api/v1/session").json()["csrf"]
            yield made

    def tag(self, cared: Cared, at: str = "08:00") -> str:
        secret = make_tag(self.world.session, self.world.as_coordinator(self.team), cared.id, now=self.world.at(at))
        self.world.session.commit()
        return secret

    def check_in(self, cared: Cared, **values: object) -> dict[str, Any]:
        fact = {"id": str(uuid4()), "visit_id": str(cared.visit()), "kind": "check_in"}
        return {**fact, "happened_at": MORNING.isoformat(), **values}


@pytest.fixture
def town(server: Server, session: Session) -> Team1:
    world = World(session)
    team = world.team()
    amira, jonas = world.carer(team, "Amira"), world.carer(team, "Jonas")
    coordinator = world.coordinator(team)
    elsa, folke = world.cared(team, world.citizen("Elsa")), world.cared(team, world.citizen("Folke"))
    world.published(team, [(elsa, amira, "09:30"), (folke, amira, "10:10")])
    session.commit()
    return Team1(server, world, team, amira, jonas, coordinator, elsa, folke)


def half_of(client: httpx.Client) -> str | None:
    return client.cookies.get("vardag_phone")


def test_the_half_of_the_key_is_the_same_at_each_sign_in_and_another_for_everybody_else(town: Team1) -> None:
    phone, other = {"id": str(uuid4())}, {"id": str(uuid4())}
    halves = []
    for carer, sent in ((town.amira, phone), (town.amira, phone), (town.jonas, phone), (town.amira, other)):
        with town.client(Role.CARER, carer) as client:
            assert client.post(PHONE, json=sent).status_code == 200
            halves.append(half_of(client))
            client.post("/logga-ut")
            assert half_of(client) is None
    assert halves[0] == halves[1]
    assert len({*halves}) == 3


def test_a_phone_that_was_emptied_by_the_coordinator_is_signed_out_and_gets_no_key(town: Team1) -> None:
    sent = {"id": str(uuid4())}
    with town.client(Role.CARER, town.amira) as client, town.client(Role.COORDINATOR, town.coordinator) as desk:
        client.post(PHONE, json=sent)
        assert client.get(f"/api/v1/phones/{sent['id']}").status_code == 204
        assert town.amira.name in desk.get("/planering/telefoner").text
        assert desk.post(f"/planering/telefoner/{sent['id']}/tom").status_code == 303
        assert town.amira.name not in desk.get("/planering/telefoner").text.split("Taggar i hemmen")[0]
        assert client.get("/api/v1/carer/day").status_code == 401
        told = client.get(f"/api/v1/phones/{sent['id']}")
        assert (told.status_code, told.headers["Clear-Site-Data"]) == (410, '"cache", "storage"')
        assert half_of(client) is None
    with town.client(Role.CARER, town.amira) as again:
        refused = again.post(PHONE, json=sent)
        assert (refused.status_code, refused.json()["code"]) == (403, "phone_wiped")
        assert again.post(PHONE, json={"id": str(uuid4())}).status_code == 200


def test_nobody_empties_the_phone_of_somebody_elses_team(town: Team1) -> None:
    sent = {"id": str(uuid4())}
    elsewhere = town.world.coordinator(town.world.team())
    town.world.session.commit()
    with town.client(Role.CARER, town.amira) as amira:
        amira.post(PHONE, json=sent)
        with town.client(Role.COORDINATOR, elsewhere) as desk:
            assert desk.post(f"/planering/telefoner/{sent['id']}/tom").status_code == 404
        with town.client(Role.CARER, town.jonas) as jonas:
            assert jonas.delete(f"{PHONE}/{sent['id']}").status_code == 404
        assert amira.get("/api/v1/carer/day").status_code == 200
        assert amira.delete(f"{PHONE}/{sent['id']}").status_code == 204
        assert amira.get("/api/v1/carer/day").status_code == 401


def test_facts_of_one_carer_are_not_taken_while_another_is_signed_in(town: Team1) -> None:
    with town.client(Role.CARER, town.amira) as amira, town.client(Role.CARER, town.jonas) as jonas:
        of = amira.get("/api/v1/carer/day").json()["of"]
        fact = town.check_in(town.elsa)
        refused = jonas.post(FACTS, json=[fact], headers={"X-Whose": of})
        assert (refused.status_code, refused.json()["code"]) == (409, "other_carer")
        assert amira.post(FACTS, json=[fact], headers={"X-Whose": of}).json()["outcomes"][0]["status"] == 200


def test_what_could_not_be_taken_is_left_to_the_coordinator_to_read(town: Team1) -> None:
    early = town.check_in(town.elsa, happened_at=(MORNING - timedelta(days=5)).isoformat(), note="Glömd telefon.")
    elsewhere = town.world.coordinator(town.world.team())
    town.world.session.commit()
    with town.client(Role.CARER, town.amira) as amira, town.client(Role.COORDINATOR, town.coordinator) as desk:
        assert amira.post(FACTS, json=early).status_code == 422
        for _attempt in range(2):
            assert amira.post(f"{FACTS}/refused", json=early).status_code == 204
        page = desk.get("/planering/telefoner").text
        assert page.count("Glömd telefon.") == 1
        assert amira.get("/api/v1/carer/day").json()["stops"][0]["facts"] == []
        with town.client(Role.COORDINATOR, elsewhere) as stranger:
            assert "Glömd telefon." not in stranger.get("/planering/telefoner").text
            assert stranger.post(f"/planering/telefoner/ej-mottaget/{early['id']}").status_code == 404
        assert desk.post(f"/planering/telefoner/ej-mottaget/{early['id']}").status_code == 303
        assert "Glömd telefon." not in desk.get("/planering/telefoner").text


def test_a_tag_proves_presence_in_its_own_home_for_as_long_as_it_hung_there(town: Team1) -> None:
    secret = town.tag(town.elsa)
    with town.client(Role.CARER, town.amira) as client:

        def status(fact: dict[str, Any]) -> int:
            reply = client.post(FACTS, json=fact)
            if reply.status_code == 422:
                assert [one["field"] for one in reply.json()["errors"]] == ["tag"]
                assert secret not in reply.text
            return reply.status_code

        assert status(town.check_in(town.folke, source="tag", tag=secret)) == 422
        assert status(town.check_in(town.elsa, source="tag")) == 422
        assert status(town.check_in(town.elsa, source="tag", tag="x" * 22)) == 422
        good = town.check_in(town.elsa, source="tag", tag=secret)
        assert status(good) == 200
        # Sent again after the tag was taken down, it is still what happened.
        viewer = town.world.as_coordinator(town.team)
        (tag,) = presence_tags.tags_in_sight(town.world.session, viewer)
        revoke_tag(town.world.session, viewer, tag.id, now=MORNING + timedelta(minutes=1))
        town.world.session.commit()
        assert status(good) == 200
        facts = client.get("/api/v1/carer/day").json()["stops"][0]["facts"]
        assert [one["text"] for one in facts] == ["Incheckning (tagg i hemmet) 09.40"]


def test_a_tag_opened_without_script_asks_for_one_tap(town: Team1) -> None:
    secret = town.tag(town.elsa)
    with town.client(Role.CARER, town.amira) as client:
        page = client.get(f"/pass/tagg/{secret}").text
        assert "Taggen hos Elsa" in page
        assert client.get("/api/v1/carer/day").json()["stops"][0]["facts"] == []
        form = {"csrf": client.headers["X-CSRF-Token"], "id": str(uuid4()), "visit_id": str(town.elsa.visit())}
        client.post("/pass/fakta", data={**form, "kind": "check_in", "tag": secret})
        assert client.get("/api/v1/carer/day").json()["stops"][0]["part"] == "here"
        assert "hör inte till något besök" in client.get("/pass/tagg/" + "x" * 22).text


def test_what_makes_the_page_an_application_is_the_same_for_everybody(town: Team1) -> None:
    with (
        httpx.Client(base_url=town.server.url, timeout=SECONDS) as nobody,
        town.client(Role.CARER, town.amira) as amira,
    ):
        manifest = nobody.get("/pass.webmanifest")
        assert manifest.headers["content-type"] == "application/manifest+json"
        assert [nobody.get(icon["src"]).status_code for icon in manifest.json()["icons"]] == [200, 200, 200]
        worker = nobody.get("/sw.js?sprak=sv")
        assert worker.text == amira.get("/sw.js?sprak=sv").text
        kept = json.loads(worker.text.partition("const KEPT = ")[2].partition(";\n")[0])
        assert [path for path in kept["files"] if nobody.get(path).status_code != 200] == []
        # But for the time at which it was asked for, the shell is the same whoever asks, also by name.
        shells = [re.sub(r'content="2026[^"]+"', "", one.get(kept["shell"]).text) for one in (nobody, amira)]
        assert shells[0] == shells[1]
        assert 'content=""' in shells[0]
        assert "camera=(self)" in amira.get("/pass").headers["Permissions-Policy"]
        assert "camera=()" in amira.get("/kalender").headers["Permissions-Policy"]


def test_a_tag_is_printed_once_and_only_for_a_home_that_the_team_comes_to(town: Team1) -> None:
    elsewhere = town.world.coordinator(town.world.team())
    town.world.session.commit()
    with town.client(Role.COORDINATOR, town.coordinator) as desk, town.client(Role.COORDINATOR, elsewhere) as stranger:
        page = desk.post("/planering/taggar", data={"citizen_id": str(town.elsa.id)})
        assert (page.status_code, "<svg" in page.text, "/pass/tagg/" in page.text) == (200, True, True)
        assert "/pass/tagg/" not in desk.get("/planering/telefoner").text
        assert stranger.post("/planering/taggar", data={"citizen_id": str(town.elsa.id)}).status_code == 404
        (tag,) = presence_tags.tags_in_sight(town.world.session, town.world.as_coordinator(town.team))
        assert stranger.post(f"/planering/taggar/{tag.id}/aterkalla").status_code == 404
        assert desk.post(f"/planering/taggar/{tag.id}/aterkalla").status_code == 303
    assert presence_tags.tags_in_sight(town.world.session, town.world.as_coordinator(town.team)) == []


def test_an_extra_visit_is_on_the_route_from_its_first_fact(town: Team1) -> None:
    visit_id = str(uuid4())
    begun = town.check_in(town.elsa, kind="extra_visit", visit_id=visit_id, citizen_id=str(town.elsa.id))
    come = town.check_in(town.elsa, visit_id=visit_id)
    with town.client(Role.CARER, town.amira) as client:
        # Told before it is begun, it is not taken yet, and stays in the phone.
        assert [one["status"] for one in client.post(FACTS, json=[come, begun, come]).json()["outcomes"]] == [
            404,
            200,
            200,
        ]
        stops = {stop["visit_id"]: stop for stop in client.get("/api/v1/carer/day").json()["stops"]}
        assert (stops[visit_id]["name"], stops[visit_id]["part"]) == (town.elsa.citizen.name, "here")
        assert len(stops) == 3


def test_a_plain_form_tells_of_tasks_and_of_another_time(town: Team1) -> None:
    with town.client(Role.CARER, town.amira) as client:
        form = {"csrf": client.headers["X-CSRF-Token"], "visit_id": str(town.elsa.visit())}
        for values in ({"kind": "task_declined", "code": "morning"}, {"kind": "moved", "moved_clock": "14:30"}):
            assert client.post("/pass/fakta", data={**form, **values, "id": str(uuid4())}).status_code == 303
        stop = client.get("/api/v1/carer/day").json()["stops"][0]
        assert stop["tasks"] == [{"code": "morning", "text": "Morgonhjälp", "state": "declined"}]
        assert stop["moved"] == "Flyttat till 14.30"
