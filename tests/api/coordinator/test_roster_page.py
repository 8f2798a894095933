"""The roster's page over HTTP and in a real Chromium: what breaks the rules, files on their way in, and the way back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.coordinating import sign_in
from tests.factories.world import World
from tests.serving import Server
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer, Coordinator
from visits.planned.schedule import ScheduleState
from visits.store import shifts

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATH = "/planering/bemanning"
HEAD = "medarbetare;datum;börjar;slutar;raster;delegering"


@dataclass
class Desk:
    """Amira works Monday to Friday 07-16 with a break, Jonas Monday evening and Tuesday morning, nine hours apart."""

    world: World
    team: Team
    amira: Carer
    jonas: Carer
    coordinator: Coordinator
    client: httpx.Client
    csrf: str

    def page(self, address: str = PATH) -> BeautifulSoup:
        reply = self.client.get(address, headers={"Accept": "text/html"})
        assert reply.status_code == 200, reply.text
        return BeautifulSoup(reply.text, "html.parser")

    def preview(self, text: str, kind: str = "shifts") -> BeautifulSoup:
        files = {"file": ("schema.csv", text.encode(), "text/csv")}
        reply = self.client.post(
            f"{PATH}/granska", data={"csrf": self.csrf, "kind": kind}, files=files, headers={"Accept": "text/html"}
        )
        assert reply.status_code == 200, reply.text
        return BeautifulSoup(reply.text, "html.parser")

    def confirm(self, page: BeautifulSoup) -> httpx.Response:
        fields = {one["name"]: one.get("value") or one.text.lstrip("\n") for one in page.select("form [name]")}
        return self.client.post(f"{PATH}/las-in", data=fields, headers={"Accept": "text/html"})


@pytest.fixture
def desk(session: Session, server: Server, client: httpx.Client) -> Desk:
    world = World(session)
    team = world.team("Tumba norra")
    rest = [("10:30", "12:00", 30)]
    amira = world.carer(team, "Amira", breaks=rest)
    for ahead in range(1, 5):
        world.shift(amira, "07:00", "16:00", on=world.on.replace(day=23 + ahead), breaks=rest)
    jonas = world.carer(team, "Jonas", works=("14:30", "22:00"), breaks=[("17:00", "18:00", 30)])
    world.shift(jonas, "07:00", "13:00", on=world.on.replace(day=24), breaks=[("09:30", "10:00", 30)])
    coordinator = world.coordinator(team)
    session.commit()
    csrf = sign_in(client, server, Role.COORDINATOR, coordinator.id)
    return Desk(world, team, amira, jonas, coordinator, client, csrf)


def text_of(page: BeautifulSoup, selector: str = "main") -> str:
    found = page.select_one(selector)
    assert found is not None, f"nothing at {selector}"
    return " ".join(found.get_text(" ").split())


def test_the_roster_names_who_works_when_and_which_rule_is_broken_by_how_much(desk: Desk) -> None:
    page = desk.page()
    row = [" ".join(cell.get_text(" ").split()) for cell in page.select("table.roster tbody tr")[1].select("th, td")]
    assert row[:2] == [desk.jonas.name, "14.30–22.00"]
    assert row[2] == "07.00–13.00 ✕ dygnsvila"
    assert row[3:] == ["ledig"] * 5
    told = f"{desk.jonas.name} , tis 24 nov.: Dygnsvilan är 9 tim, minst 11 tim i följd på ett dygn krävs"
    assert told in text_of(page, "section.broken")
    assert "Ingen fil är inläst" in text_of(page)


def test_a_file_with_faults_is_shown_with_every_row_and_nothing_is_stored(desk: Desk) -> None:
    before = shifts.rostered_days(desk.world.session)
    rows = [HEAD, "Amira Alls;2026-11-25;07:00;12:00;;", f"{desk.amira.name};2026-11-30;7;21:00;;", "Bo Alls;;;;;"]
    page = desk.preview("\n".join(rows))
    assert text_of(page, "#fel") == "4 fel"
    told = [[" ".join(cell.get_text().split()) for cell in line.select("th, td")] for line in page.select("tbody tr")]
    assert [line[:3] for line in told] == [
        ["2", "medarbetare", "Amira Alls"],
        ["3", "börjar", "7"],
        ["4", "datum", ""],
        ["4", "medarbetare", "Bo Alls"],
    ]
    assert "Skriv till exempel 07:00" in told[1][3]
    assert page.select(f'form[action="{PATH}/las-in"]') == []

    broken = desk.preview(f"{HEAD}\n{desk.amira.name};2026-11-30;06:00;20:00;10:00-10:30 15:00-15:30;")
    assert "Passet är 14 tim, längst tillåtet är 13 tim" in text_of(broken)
    assert shifts.rostered_days(desk.world.session) == before


def test_a_roster_is_fetched_changed_looked_at_brought_in_and_taken_back(desk: Desk) -> None:
    table = desk.client.get(f"{PATH}/pass.csv", params={"vecka": "2026-11-23"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert f"{desk.jonas.name};2026-11-24;07:00;13:00;09:30-10:00/30;" in table.text
    assert "Allt i filen finns redan" in text_of(desk.preview(table.text))

    changed = table.text.replace("2026-11-24;07:00;13:00;09:30-10:00/30", "2026-11-24;09:00;14:00;")
    page = desk.preview(changed)
    assert "1 ny, 1 borttagen, 6 som redan finns" in text_of(page)
    assert f"{desk.jonas.name} tis 24 nov. 07.00–13.00 09.00–14.00" in text_of(page, "table.faults")
    reply = desk.confirm(page)
    assert reply.status_code == 303, reply.text
    page = desk.page(reply.headers["location"])
    assert "Filen är inläst" in text_of(page)
    assert page.select("section.broken") == []
    assert "schema.csv" in text_of(page)

    batch = page.select_one('input[name="batch_id"]')
    assert batch is not None
    reply = desk.client.post(f"{PATH}/ta-tillbaka", data={"csrf": desk.csrf, "batch_id": batch["value"]})
    assert reply.status_code == 303, reply.text
    page = desk.page(reply.headers["location"])
    assert "Tillbakatagen" in text_of(page)
    assert len(page.select("section.broken")) == 1


def test_absences_of_citizens_are_named_before_they_are_brought_in(desk: Desk) -> None:
    astrid = desk.world.cared(desk.team, desk.world.citizen("Astrid"))
    desk.world.session.commit()
    page = desk.preview(
        f"brukare;från;till;orsak\n{astrid.citizen.name};2026-11-24;2026-11-26;sjukhus", kind="citizen_absences"
    )
    assert f"{astrid.citizen.name} : tis 24 nov. till tors 26 nov." in text_of(page)
    assert desk.confirm(page).status_code == 303


@pytest.mark.browser
def test_a_file_is_brought_in_and_several_are_acknowledged_in_a_real_browser(
    desk: Desk, server: Server, page: "Page"
) -> None:
    for name in ("Astrid", "Bertil"):
        desk.world.cared(desk.team, desk.world.citizen(name))
    desk.world.published(desk.team, [], state=ScheduleState.DRAFT)
    desk.world.session.commit()
    page.goto(sign_in_address(server.settings, Role.COORDINATOR, desk.coordinator.id))
    page.goto(f"{server.url}{PATH}")
    page.get_by_label("Fil", exact=True).set_input_files(
        {
            "name": "jonas.csv",
            "mimeType": "text/csv",
            "buffer": f"{HEAD}\n{desk.jonas.name};2026-11-24;09:00;14:00;;".encode(),
        }
    )
    page.get_by_role("button", name="Granska").click()
    page.get_by_role("button", name="Läs in").click()
    page.get_by_text("Filen är inläst").wait_for()
    page.get_by_role("link", name="tis 24 nov").click()
    page.goto(f"{server.url}/planering/2026-11-23")
    page.get_by_label("Varför det är som det ska").fill("De är hos dottern i dag")
    page.get_by_role("button", name="Kvittera alla 2").click()
    page.get_by_text("Ingen är glömd").wait_for()
    page.get_by_text("2 kvitterade").click()
    page.get_by_text("De är hos dottern i dag").first.wait_for()
