"""Who gets in, and what a stolen address, a foreign page or an old cookie is good for."""

from datetime import timedelta
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, WebSocket
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from api.auth.access import CarerViewer, CitizenViewer, SocketPass, socket_policy
from api.auth.pretend import sign_in_address
from api.auth.sessions import sign_in_sessions
from api.clock import RealClock
from tests.factories.world import World
from tests.patience import SECONDS
from tests.serving import Server
from visits.guard.viewer import Role
from visits.people import Citizen

PAGE = {"Accept": "text/html"}


@pytest.fixture
def citizen(session: Session) -> Citizen:
    world = World(session)
    citizen = world.citizen("Astrid")
    world.cared(world.team(), citizen)
    session.commit()
    return citizen


@pytest.fixture
def astrid(server: Server, client: httpx.Client, citizen: Citizen) -> httpx.Client:
    """Astrid's browser, signed in."""

    @server.app.get("/probe/citizen")
    def for_citizens(viewer: CitizenViewer) -> dict[str, str]:
        return {"who": str(viewer.person_id), "today": viewer.today.isoformat()}

    @server.app.post("/probe/citizen")
    def change(_viewer: CitizenViewer) -> dict[str, str]:
        return {"changed": "yes"}

    @server.app.get("/probe/carer")
    def for_carers(_viewer: CarerViewer) -> dict[str, str]:
        return {}

    assert client.get(sign_in_address(server.settings, Role.CITIZEN, citizen.id)).status_code == 303
    return client


def token_of(client: httpx.Client) -> str:
    return str(client.get("/api/v1/session").json()["csrf"])


def test_a_sign_in_address_leads_to_ones_own_start_page(server: Server, client: httpx.Client, citizen: Citizen) -> None:
    address = sign_in_address(server.settings, Role.CITIZEN, citizen.id)
    assert str(citizen.id) not in address
    reply = client.get(address)
    assert (reply.status_code, reply.headers["location"]) == (303, "/idag")
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/").headers["location"] == "/idag"


def test_a_guessed_key_is_not_found(client: httpx.Client, citizen: Citizen) -> None:
    assert client.get("/logga-in/som/citizen/0123456789abcdef01234567").status_code == 404
    assert client.get(f"/logga-in/som/citizen/{citizen.id}").status_code == 404
    assert client.get("/logga-in/som/system/0123456789abcdef01234567").status_code == 404


def test_a_key_is_good_for_its_own_role_only(server: Server, client: httpx.Client, citizen: Citizen) -> None:
    key = sign_in_address(server.settings, Role.CITIZEN, citizen.id).rpartition("/")[2]
    assert client.get(f"/logga-in/som/carer/{key}").status_code == 404


def test_choosing_from_the_list_leads_back_to_the_page_that_was_asked_for(
    server: Server, client: httpx.Client, citizen: Citizen
) -> None:
    listed = client.get("/logga-in/demo", params={"till": "/utforare"})
    assert "Astrid" in listed.text
    key = sign_in_address(server.settings, Role.CITIZEN, citizen.id).rpartition("/")[2]
    reply = client.post("/logga-in/demo", data={"role": "citizen", "key": key, "till": "/utforare"})
    assert reply.headers["location"] == "/utforare"


@pytest.mark.parametrize("wished", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_nobody_is_led_to_another_site(server: Server, client: httpx.Client, citizen: Citizen, wished: str) -> None:
    key = sign_in_address(server.settings, Role.CITIZEN, citizen.id).rpartition("/")[2]
    reply = client.post("/logga-in/demo", data={"role": "citizen", "key": key, "till": wished})
    assert reply.headers["location"] == "/idag"


def test_only_a_hash_of_the_token_is_stored(astrid: httpx.Client, session: Session) -> None:
    row = session.execute(select(sign_in_sessions)).one()
    assert astrid.cookies["vardag"].encode() not in row.token_hash
    assert len(row.token_hash) == 32


def test_the_viewer_is_who_signed_in_on_the_clocks_day(astrid: httpx.Client, citizen: Citizen) -> None:
    assert astrid.get("/probe/citizen").json() == {"who": str(citizen.id), "today": "2026-11-23"}


def test_another_roles_page_does_not_exist(astrid: httpx.Client) -> None:
    reply = astrid.get("/probe/carer")
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


def test_without_a_session_a_program_gets_401_and_a_browser_is_sent_to_sign_in(astrid: httpx.Client) -> None:
    astrid.cookies.clear()
    assert (astrid.get("/probe/citizen").status_code, astrid.get("/api/v1/session").status_code) == (401, 401)
    sent = astrid.get("/probe/citizen", headers=PAGE)
    assert (sent.status_code, sent.headers["location"]) == (303, "/logga-in?till=%2Fprobe%2Fcitizen")


@pytest.mark.parametrize("cookie", ["", "nobodys-token", "å", "'; DROP TABLE sign_in_sessions; --"])
def test_a_made_up_cookie_is_nobody(server: Server, cookie: str) -> None:
    headers = {"Cookie": f"vardag={cookie}".encode()}
    assert httpx.get(f"{server.url}/api/v1/session", timeout=SECONDS, headers=headers).status_code == 401


def test_a_session_ends(astrid: httpx.Client, session: Session) -> None:
    session.execute(update(sign_in_sessions).values(expires_at=RealClock().now() - timedelta(seconds=1)))
    session.commit()
    assert astrid.get("/probe/citizen").status_code == 401


def test_signing_out_ends_it_on_the_server(astrid: httpx.Client, session: Session) -> None:
    stolen = astrid.cookies["vardag"]
    reply = astrid.post("/logga-ut", data={"csrf": token_of(astrid)})
    assert (reply.status_code, reply.headers["location"]) == (303, "/logga-in")
    assert session.scalar(select(func.count()).select_from(sign_in_sessions)) == 0
    astrid.cookies.set("vardag", stolen, domain="localhost.local")
    assert astrid.get("/api/v1/session").status_code == 401


def test_a_change_needs_the_sessions_token(astrid: httpx.Client) -> None:
    reply = astrid.post("/probe/citizen")
    assert (reply.status_code, reply.json()["code"]) == (403, "bad_token")
    assert astrid.post("/probe/citizen", data={"csrf": "0" * 64}).status_code == 403
    assert astrid.post("/probe/citizen", headers={"X-CSRF-Token": "å".encode()}).status_code == 403
    assert astrid.post("/probe/citizen", data={"csrf": token_of(astrid)}).json() == {"changed": "yes"}
    assert astrid.post("/probe/citizen", headers={"X-CSRF-Token": token_of(astrid)}).json() == {"changed": "yes"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_sites_page_changes_nothing(astrid: httpx.Client, headers: dict[str, str]) -> None:
    reply = astrid.post("/probe/citizen", headers={"X-CSRF-Token": token_of(astrid), **headers})
    assert (reply.status_code, reply.json()["code"]) == (403, "bad_origin")
    assert astrid.post("/logga-in/demo", data={"role": "citizen", "key": "x"}, headers=headers).status_code == 403


def test_our_own_page_may(server: Server, astrid: httpx.Client) -> None:
    reply = astrid.post("/probe/citizen", headers={"X-CSRF-Token": token_of(astrid), "Origin": server.url})
    assert reply.status_code == 200


def test_somebody_who_is_no_longer_there_is_signed_out(astrid: httpx.Client, session: Session) -> None:
    session.execute(update(sign_in_sessions).values(role=Role.COORDINATOR))
    session.commit()
    assert astrid.get("/api/v1/session").status_code == 401


def test_choosing_a_language_is_remembered(client: httpx.Client) -> None:
    assert "Välj vem du är" in client.get("/logga-in/demo").text
    reply = client.post("/sprak", data={"sprak": "en", "till": "/logga-in/demo"})
    assert reply.headers["location"] == "/logga-in/demo"
    page = client.get("/logga-in/demo").text
    assert '<html lang="en" dir="ltr">' in page
    assert "Choose who you are" in page


@pytest.fixture
def line(server: Server) -> str:
    """The address of a WebSocket for citizens."""

    @server.app.websocket("/probe/live")
    async def live(websocket: WebSocket, entered: Annotated[SocketPass, Depends(socket_policy(Role.CITIZEN))]) -> None:
        await websocket.accept()
        while True:
            await websocket.receive_text()
            still = await run_in_threadpool(entered.still)
            await websocket.send_text("gone" if still is None else str(still.person_id))

    return server.url.replace("http://", "ws://") + "/probe/live"


def cookie_of(client: httpx.Client) -> dict[str, str]:
    return {"Cookie": f"vardag={client.cookies['vardag']}"}


def test_a_socket_notices_that_its_session_has_ended(line: str, astrid: httpx.Client, citizen: Citizen) -> None:
    with connect(line, additional_headers=cookie_of(astrid)) as socket:
        socket.send("who?")
        assert socket.recv(timeout=SECONDS) == str(citizen.id)
        astrid.post("/logga-ut", data={"csrf": token_of(astrid)})
        socket.send("who?")
        assert socket.recv(timeout=SECONDS) == "gone"


def test_a_socket_without_a_session_is_refused_at_the_door(line: str) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(line):
        pass
    assert refused.value.response.status_code == 401
    assert refused.value.response.headers["content-type"] == "application/problem+json"


def test_a_socket_from_another_sites_page_is_refused(line: str, astrid: httpx.Client) -> None:
    origin = Origin("https://elsewhere.example")
    with pytest.raises(InvalidStatus) as refused, connect(line, additional_headers=cookie_of(astrid), origin=origin):
        pass
    assert refused.value.response.status_code == 403
