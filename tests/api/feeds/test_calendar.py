from datetime import timedelta

import httpx
import icalendar
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.world import Cared, World
from tests.serving import Server
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer, ProtectedIdentity
from visits.performed.visit import VisitState
from visits.store import teams, visits


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def a_day(world: World, *, protected: ProtectedIdentity | None = None) -> tuple[Cared, Carer]:
    """One carer who visits one citizen at half past eight."""
    team = world.team()
    carer = world.carer(team)
    cared = world.cared(team, world.citizen(protected=protected))
    world.published(team, [(cared, carer, "08:30")])
    world.session.commit()
    return cared, carer


def opened_feed(server: Server, client: httpx.Client, role: Role, person: Cared | Carer) -> str:
    """The path of a feed that the person has opened on the page."""
    client.get(sign_in_address(server.settings, role, person.id))
    csrf = client.get("/api/v1/session").json()["csrf"]
    page = client.post("/kalender", data={"csrf": csrf}).text
    start = page.index("/kalender/")
    return page[start : page.index(".ics", start)] + ".ics"


def events(reply: httpx.Response) -> list[icalendar.Event]:
    assert reply.status_code == 200
    return list(icalendar.Calendar.from_ical(reply.content).walk("VEVENT"))


def test_a_citizens_calendar_says_when_and_nothing_more(server: Server, client: httpx.Client, world: World) -> None:
    cared, carer = a_day(world)
    reply = client.get(opened_feed(server, client, Role.CITIZEN, cared))
    (event,) = events(reply)
    assert str(event["summary"]) == "Hemtjänst ca 08.30"
    assert event["dtstart"].params["TZID"] == "Europe/Stockholm"
    assert event.start == world.at("08:30")
    assert event.end == world.at("09:00")
    assert (event["sequence"], str(event["status"])) == (0, "CONFIRMED")
    told = reply.text
    assert "BEGIN:VTIMEZONE" in told
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT15M" in told
    assert "X-PUBLISHED-TTL:PT15M" in told
    for secret in (cared.citizen.family_name, cared.citizen.address, carer.given_name, "frukost"):
        assert secret not in told


def test_a_moved_visit_keeps_its_uid_and_raises_its_sequence(
    server: Server, client: httpx.Client, world: World
) -> None:
    cared, carer = a_day(world)
    address = opened_feed(server, client, Role.CITIZEN, cared)
    (before,) = events(client.get(address))
    world.published(server_team(world, carer), [(cared, carer, "09:15")])
    world.session.commit()
    (after,) = events(client.get(address))
    assert after["uid"] == before["uid"]
    assert (str(after["summary"]), after["sequence"]) == ("Hemtjänst ca 09.15", 1)


def server_team(world: World, carer: Carer) -> Team:

    return teams.team(world.session, carer.team_id)


def test_a_cancelled_visit_is_told_as_cancelled(server: Server, client: httpx.Client, world: World) -> None:
    cared, _carer = a_day(world)
    address = opened_feed(server, client, Role.CITIZEN, cared)
    events(client.get(address))
    visits.set_state(world.session, [cared.visit()], VisitState.CANCELLED)
    world.session.commit()
    (event,) = events(client.get(address))
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)


def test_a_visit_that_goes_to_another_carer_is_cancelled_in_the_firsts_calendar(
    server: Server, client: httpx.Client, world: World
) -> None:
    cared, carer = a_day(world)
    address = opened_feed(server, client, Role.CARER, carer)
    titles = {str(event["summary"]): str(event["status"]) for event in events(client.get(address))}
    assert titles == {"Arbetspass": "CONFIRMED", "Besök ca 08.30": "CONFIRMED"}
    team = server_team(world, carer)
    world.published(team, [(cared, world.carer(team), "08:30")])
    world.session.commit()
    titles = {str(event["summary"]): str(event["status"]) for event in events(client.get(address))}
    assert titles == {"Arbetspass": "CONFIRMED", "Besök ca 08.30": "CANCELLED"}


def test_an_unchanged_calendar_is_not_sent_again(server: Server, client: httpx.Client, world: World) -> None:
    cared, _carer = a_day(world)
    address = opened_feed(server, client, Role.CITIZEN, cared)
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"If-None-Match": tag, "Accept-Language": "en"})
    assert (again.status_code, again.content) == (304, b"")


def test_a_revoked_address_is_not_found(server: Server, client: httpx.Client, world: World) -> None:
    cared, _carer = a_day(world)
    address = opened_feed(server, client, Role.CITIZEN, cared)
    csrf = client.get("/api/v1/session").json()["csrf"]
    assert client.post("/kalender/aterkalla", data={"csrf": csrf}).status_code == 303
    assert client.get(address).status_code == 404


def test_a_new_address_makes_the_old_one_unknown(server: Server, client: httpx.Client, world: World) -> None:
    cared, _carer = a_day(world)
    first = opened_feed(server, client, Role.CITIZEN, cared)
    second = opened_feed(server, client, Role.CITIZEN, cared)
    assert first != second
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_a_protected_identity_gets_no_calendar(server: Server, client: httpx.Client, world: World) -> None:
    cared, _carer = a_day(world, protected=ProtectedIdentity.SECRECY_MARK)
    client.get(sign_in_address(server.settings, Role.CITIZEN, cared.id))
    csrf = client.get("/api/v1/session").json()["csrf"]
    assert client.post("/kalender", data={"csrf": csrf}).status_code == 403
    assert '<form method="post" action="/kalender"' not in client.get("/kalender").text


def test_a_person_who_becomes_protected_loses_the_calendar(server: Server, client: httpx.Client, world: World) -> None:
    cared, _carer = a_day(world)
    address = opened_feed(server, client, Role.CITIZEN, cared)
    world.session.execute(text("UPDATE citizens SET protected = 'secrecy_mark'"))
    world.session.commit()
    assert client.get(address).status_code == 404


def test_an_address_that_nobody_has_made_is_not_found(client: httpx.Client) -> None:
    assert client.get("/kalender/gissning.ics").status_code == 404


def test_yesterdays_visits_leave_the_calendar(server: Server, client: httpx.Client, world: World) -> None:
    team = world.team()
    carer = world.carer(team)
    cared = world.cared(team)
    world.published(team, [(cared, carer, "08:30")], on=world.on - timedelta(days=1))
    world.session.commit()
    assert events(client.get(opened_feed(server, client, Role.CITIZEN, cared))) == []
