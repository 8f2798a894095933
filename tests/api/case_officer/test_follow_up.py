"""The case officer's follow-up: own citizens' time, whoever helps them, and nobody else's."""

from datetime import timedelta
from uuid import uuid4

import httpx
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from tests.factories.coordinating import sign_in
from tests.factories.world import MONDAY, World
from tests.serving import Server
from visits.guard.viewer import Role
from visits.performed.checkins import Fact, FactKind
from visits.performed.months import ClosedMonth
from visits.store import checkins, months
from visits.terms import FactId


def test_own_citizens_stand_with_who_got_the_least_first_and_strangers_not_at_all(
    session: Session, client: httpx.Client, server: Server
) -> None:
    world = World(session)
    officer, team = world.case_officer(), world.team()
    well, badly = (world.cared(team, world.citizen(name), officer=officer) for name in ("Astrid", "Bertil"))
    stranger = world.cared(team, world.citizen("Cecilia"))
    amira = world.carer(team)
    # In October Astrid was helped for twenty minutes on the 31st; ten of them were told when the month had been closed.
    on = MONDAY.replace(month=10, day=31)
    closed_at = world.at("18:00", on=MONDAY.replace(day=6))
    world.published(team, [(well, amira, "08:00"), (badly, amira, "09:00")], on=on)
    begun = world.at("08:00", on=on)
    late = closed_at + timedelta(hours=1)
    told = [
        (FactKind.CHECK_IN, begun, begun),
        (FactKind.CHECK_OUT, begun + timedelta(minutes=10), begun),
        (FactKind.CHECK_IN, begun + timedelta(minutes=20), late),
        (FactKind.CHECK_OUT, begun + timedelta(minutes=30), late),
    ]
    for kind, at, received_at in told:
        said = Fact(
            id=FactId(uuid4()),
            visit_id=well.visit(on),
            carer_id=amira.id,
            kind=kind,
            happened_at=at,
            received_at=received_at,
        )
        checkins.add(session, said)
    months.close(session, [ClosedMonth(month_on=on.replace(day=1), closed_at=closed_at)])
    session.commit()

    sign_in(client, server, Role.CASE_OFFICER, officer.id)
    page = BeautifulSoup(client.get("/arenden/uppfoljning?period=forra-manaden").text, "html.parser")
    names = [cell.get_text(" ", strip=True) for cell in page.select("tbody th")]
    assert names == [badly.citizen.name, well.citizen.name]
    assert stranger.citizen.name not in page.get_text()
    assert page.select_one(f'a[href="/arenden/{well.id}"]') is not None
    row = page.select("tbody tr")[1].get_text(" ", strip=True)
    assert "20 min" in row
    assert "ändrat 10 min efter stängning" in row
    text = " ".join(page.get_text(" ").split())
    assert "Månaden stängdes 6 november klockan 18.00. ▲ Efter det har utförd tid ändrats för 1 brukare." in text

    sign_in(client, server, Role.CITIZEN, well.id)
    for path in ("/arenden/uppfoljning", "/arenden/uppfoljning.csv", "/planering/tid", "/planering/tid.csv"):
        assert client.get(path).status_code == 404
