"""The manager's sums: the own provider's teams, nobody's name, and no small numbers."""

from datetime import timedelta
from uuid import uuid4

import httpx
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from tests.factories.coordinating import sign_in
from tests.factories.world import MONDAY, World
from tests.serving import Server
from visits.guard.viewer import Role
from visits.people import Manager
from visits.performed.checkins import Fact, FactKind
from visits.store import checkins, managers
from visits.terms import FactId, ManagerId

LAST_WEEK = MONDAY - timedelta(days=7)


def test_a_manager_sees_sums_of_five_or_more_and_nobody_by_name(
    session: Session, client: httpx.Client, server: Server
) -> None:
    world = World(session)
    provider = world.provider("Kommunen")
    big, small = world.team("Stora gruppen", provider=provider), world.team("Lilla gruppen", provider=provider)
    other = world.team("Någon annans grupp")
    everybody = [world.cared(big) for _ in range(6)]
    few = [world.cared(small) for _ in range(4)]
    world.cared(other)
    amira = world.carer(big, works=None)
    world.shift(amira, "07:00", "12:00", on=LAST_WEEK)
    world.published(big, [(cared, amira, "08:00") for cared in everybody], on=LAST_WEEK)
    for cared in everybody[:5]:
        for kind, wall in ((FactKind.CHECK_IN, "08:00"), (FactKind.CHECK_OUT, "08:30")):
            at = world.at(wall, on=LAST_WEEK)
            one = {"carer_id": amira.id, "happened_at": at, "received_at": at}
            checkins.add(session, Fact(id=FactId(uuid4()), visit_id=cared.visit(LAST_WEEK), kind=kind, **one))
    boss = Manager(id=ManagerId(uuid4()), provider_id=provider.id, given_name="Vera", family_name="Samhet")
    managers.add(session, [boss])
    session.commit()

    sign_in(client, server, Role.MANAGER, boss.id)
    page = BeautifulSoup(client.get("/verksamhet/tid").text, "html.parser")
    text = " ".join(page.get_text(" ").split())
    # Six times half an hour in 28 days; five were helped for half an hour. Who was missed is one, and so among what is left.
    assert "Stora gruppen 3 % av beviljat 3 % utan egen frånvaro 6 brukare" in text
    assert "Beviljat 84 tim Planerat 3 tim Utfört 2 tim 30 min Övrigt 81 tim 30 min" in text
    assert "Missat av utföraren 30 min" not in text
    assert "Lilla gruppen Visas inte" in text
    assert "Någon annans" not in text
    file = client.get("/verksamhet/tid.csv").text
    assert "Stora gruppen;2026-10-26;2026-11-22;5040;180;150;0;0;;0;4890;3,0;3,0\r\n" in file
    assert "Lilla gruppen;2026-10-26;2026-11-22;;;;;;;;;;\r\n" in file
    figures = BeautifulSoup(client.get("/verksamhet/nyckeltal").text, "html.parser")
    rows = {
        row.select_one("th").get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in figures.select("tbody tr")
    }
    # 150 of 300 paid minutes; on time all five; one missed, which is not told; six ways of five minutes.
    assert rows["Stora gruppen"] == ["50 %", "för få", "100 %", "för få", "0 %", "10 %"]
    assert rows["Lilla gruppen"] == ["för få"] * 6
    seen = text + file + figures.get_text(" ") + client.get("/verksamhet/nyckeltal.csv").text
    assert not [cared for cared in (*everybody, *few) if cared.citizen.family_name in seen]

    sign_in(client, server, Role.CITIZEN, everybody[0].id)
    own = [f"/verksamhet/{what}{ending}" for what in ("tid", "nyckeltal") for ending in ("", ".csv")]
    for path in (*own, "/planering/nyckeltal"):
        assert client.get(path).status_code == 404
