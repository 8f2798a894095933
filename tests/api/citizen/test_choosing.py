"""The citizen's choice of provider over HTTP."""

from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from api.citizen.choosing import spoken
from tests.factories.choice_town import ChoiceTown, enter
from tests.serving import Server
from visits.guard.viewer import Role


@pytest.fixture
def town(session: Session) -> ChoiceTown:
    return ChoiceTown(session)


@pytest.fixture
def astrid(client: httpx.Client, server: Server, town: ChoiceTown) -> httpx.Client:
    enter(client, server, Role.CITIZEN, town.astrid.id)
    return client


def ask(client: httpx.Client, town: ChoiceTown, kind: str = "switch") -> httpx.Response:
    return client.post("/api/v1/me/choice-requests", json={"provider_id": str(town.new.provider_id), "kind": kind})


def text_of(reply: httpx.Response) -> str:
    return " ".join(BeautifulSoup(reply.text, "html.parser").get_text(" ").split())


def test_the_providers_are_told_in_alphabetical_order_with_places_and_the_present_one_marked(
    astrid: httpx.Client,
) -> None:
    told = astrid.get("/api/v1/me/providers").json()
    assert [(each["name"], each["open_places"], each["is_present"]) for each in told["providers"]] == [
        ("Sju Lyktor Hemtjänst", 9, True),
        ("Tjärblomster Omsorg", 0, False),
        ("Ängens Hemvård", 10, False),
    ]
    assert (told["kind"], told["may_ask"], told["earliest_on"], told["request"]) == (
        "switch",
        True,
        "2026-12-07",
        None,
    )


def test_a_request_is_made_seen_and_taken_back(astrid: httpx.Client, town: ChoiceTown) -> None:
    made = ask(astrid, town)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["kind"]) == ("submitted", "switch")
    told = astrid.get("/api/v1/me/providers").json()
    assert (told["may_ask"], told["request"]["id"]) == (False, made.json()["id"])
    for _ in range(2):
        back = astrid.post(f"/api/v1/me/choice-requests/{made.json()['id']}/withdraw")
        assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
    assert astrid.get("/api/v1/me/providers").json()["may_ask"]


def test_a_second_request_meets_a_clear_refusal(astrid: httpx.Client, town: ChoiceTown) -> None:
    ask(astrid, town)
    again = ask(astrid, town)
    assert again.status_code == 409
    assert again.headers["content-type"] == "application/problem+json"
    assert again.json()["detail"].startswith("Du har redan bett om en utförare.")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"kind": "wish"}, 403, "already_has_provider"),
        ({"provider_id": str(uuid4())}, 403, "provider_outside_area"),
        ({"provider_id": "nobody"}, 422, "invalid_request"),
        ({"kind": "swap"}, 422, "invalid_request"),
        ({"why": "because"}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_asked_for_is_told_in_one_shape(
    astrid: httpx.Client, town: ChoiceTown, body: dict[str, str], status: int, said: str
) -> None:
    sent = {"provider_id": str(town.new.provider_id), "kind": "switch", **body}
    reply = astrid.post("/api/v1/me/choice-requests", json=sent)
    assert (reply.status_code, reply.json()["code"]) == (status, said)


def test_another_citizens_request_is_not_found(
    client: httpx.Client, server: Server, town: ChoiceTown, astrid: httpx.Client
) -> None:
    request_id = ask(astrid, town).json()["id"]
    stranger = town.world.cared(town.old)
    town.session.commit()
    enter(client, server, Role.CITIZEN, stranger.id)
    assert client.post(f"/api/v1/me/choice-requests/{request_id}/withdraw").status_code == 404
    assert client.post(f"/utforare/begaran/{request_id}/ta-tillbaka").status_code == 404


def test_case_officers_have_no_page_of_their_own_choice(client: httpx.Client, server: Server, town: ChoiceTown) -> None:
    enter(client, server, Role.CASE_OFFICER, town.officer.id)
    assert client.get("/utforare").status_code == 404
    assert client.get("/api/v1/me/providers").status_code == 404


def test_without_a_session_nothing_is_told(client: httpx.Client, town: ChoiceTown) -> None:
    assert client.get("/api/v1/me/providers").status_code == 401
    assert ask(client, town).status_code == 401


def test_without_the_sessions_token_nothing_is_asked(astrid: httpx.Client, town: ChoiceTown) -> None:
    del astrid.headers["X-CSRF-Token"]
    assert ask(astrid, town).status_code == 403
    assert astrid.get("/api/v1/me/providers").json()["request"] is None


def test_somebody_without_home_care_is_told_why_there_is_nothing_to_choose(
    client: httpx.Client, server: Server, town: ChoiceTown
) -> None:
    nobody = town.world.citizen()
    town.session.commit()
    enter(client, server, Role.CITIZEN, nobody.id)
    shown = text_of(client.get("/utforare"))
    assert "Du har ingen hemtjänst just nu" in shown
    assert "Ängens" not in shown
    assert client.get("/api/v1/me/providers").json()["providers"] == []


def test_the_page_of_a_provider_that_does_not_come_there_is_not_found(astrid: httpx.Client) -> None:
    assert astrid.get(f"/utforare/{uuid4()}").status_code == 404


def test_the_present_provider_cannot_be_switched_to(astrid: httpx.Client, town: ChoiceTown) -> None:
    reply = astrid.get(f"/utforare/{town.old.provider_id}")
    assert (reply.status_code, reply.headers["location"]) == (303, "/utforare")


def test_languages_are_told_by_the_names_that_people_use() -> None:
    assert spoken(("sv", "kmr", "fi")) == "svenska, kurdiska, finska"


def test_the_page_speaks_english_throughout(astrid: httpx.Client) -> None:
    astrid.cookies.set("sprak", "en")
    shown = text_of(astrid.get("/utforare"))
    assert "Who shall give you home care?" in shown
    assert "Swedish, Finnish" in shown
    assert "The municipality recommends none before another." in shown
