"""The coordinator's page of strips: what became of each citizen's time, on screen and as a file."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from tests.factories.coordinating import sign_in
from tests.factories.world import MONDAY, Cared, World
from tests.serving import Server
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer, ProtectedIdentity
from visits.performed.checkins import Fact, FactKind
from visits.store import checkins
from visits.terms import FactId


class Office:
    """A team that granted Astrid half an hour a day, and whose coordinator is signed in."""

    def __init__(self, session: Session, client: httpx.Client, server: Server) -> None:
        self.world, self.client = World(session), client
        self.team: Team = self.world.team("Tumba norra")
        self.amira: Carer = self.world.carer(self.team, "Amira")
        self.astrid: Cared = self.world.cared(self.team, self.world.citizen("Astrid"))
        self.csrf = sign_in(client, server, Role.COORDINATOR, self._coordinator())

    def _coordinator(self) -> object:
        coordinator = self.world.coordinator(self.team)
        self.world.session.commit()
        return coordinator.id

    def made(self, days_ago: int, minutes: int) -> None:
        """Astrid's visit of half an hour took so long."""
        on = MONDAY - timedelta(days=days_ago)
        self.world.published(self.team, [(self.astrid, self.amira, "08:00")], on=on)
        begun = self.world.at("08:00", on=on)
        for kind, at in ((FactKind.CHECK_IN, begun), (FactKind.CHECK_OUT, begun + timedelta(minutes=minutes))):
            said = Fact(
                id=FactId(uuid4()),
                visit_id=self.astrid.visit(on),
                carer_id=self.amira.id,
                kind=kind,
                happened_at=at,
                received_at=at,
            )
            checkins.add(self.world.session, said)
        self.world.session.commit()

    def page(self, path: str = "/planering/tid") -> BeautifulSoup:
        reply = self.client.get(path)
        assert reply.status_code == 200, reply.text
        return BeautifulSoup(reply.text, "html.parser")

    def row(self, path: str = "/planering/tid") -> list[str]:
        cells = self.page(path).select(f'tr:has(th:-soup-contains("{self.astrid.citizen.name}")) .amount')
        return [cell.get_text(strip=True) for cell in cells]


@pytest.fixture
def office(session: Session, client: httpx.Client, server: Server) -> Office:
    return Office(session, client, server)


def test_four_weeks_that_are_over_stand_in_words_numbers_and_one_picture(office: Office) -> None:
    office.made(days_ago=1, minutes=24)
    office.made(days_ago=0, minutes=30)  # today: not over, and so not among the four weeks
    page = office.page()
    # 28 days of half an hour are 14 hours. One visit was planned, and it took 24 minutes: 3 % of 840.
    assert office.row() == ["14 tim", "30 min", "24 min", "3 %", "3 %"]
    assert "26 oktober till 22 november" in page.get_text()
    picture = page.select_one("tbody svg.strip")
    assert picture is not None
    assert picture["aria-label"] == "Beviljat 14 tim, planerat 30 min, utfört 24 min"
    assert "Under 80 procent" in page.select_one("tbody .strip-alert").get_text()
    assert "1 brukare har under 80" in page.get_text()


def test_this_month_has_today_and_no_alerts(office: Office) -> None:
    office.made(days_ago=0, minutes=30)
    assert office.row("/planering/tid?period=manad") == ["11 tim 30 min", "30 min", "30 min", "4 %", "4 %"]
    assert office.page("/planering/tid?period=manad").select(".strip-alert") == []


def test_the_file_opens_in_a_swedish_spreadsheet_and_names_nobody_who_is_protected(office: Office) -> None:
    office.made(days_ago=1, minutes=24)
    hidden = office.world.citizen("Gömd", protected=ProtectedIdentity.SECRECY_MARK)
    office.world.cared(office.team, hidden)
    formula = office.world.citizen("=HYPERLINK(1)")
    office.world.cared(office.team, formula)
    office.world.session.commit()
    reply = office.client.get("/planering/tid.csv")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="tid-2026-10-26-2026-11-22.csv"'
    assert reply.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig")), delimiter=";"))
    names = {row["Namn"] for row in rows}
    assert names == {office.astrid.citizen.name, "Skyddade personuppgifter", f"'{formula.name}"}
    assert hidden.family_name not in reply.text
    (astrid,) = [row for row in rows if row["Namn"] == office.astrid.citizen.name]
    assert (astrid["Beviljade minuter"], astrid["Utförda minuter"]) == ("840", "24")
    assert astrid["Utfört av beviljat, procent"] == "2,9"


def test_who_is_protected_has_no_name_on_paper(office: Office) -> None:
    hidden = office.world.citizen("Gömd", protected=ProtectedIdentity.SECRECY_MARK)
    office.world.cared(office.team, hidden)
    office.world.session.commit()
    page = office.page()
    assert page.select_one(".not-on-paper").get_text() == hidden.name
    assert page.select_one(".only-on-paper").get_text() == "Skyddade personuppgifter"


def test_a_period_that_there_is_not_is_named(office: Office) -> None:
    reply = office.client.get("/planering/tid?period=14-dagar", headers={"Accept": "application/json"})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["value"] == "14-dagar"


def test_the_teams_own_coordinator_sees_every_number_week_by_week(office: Office) -> None:
    assert "Ingen hel vecka är över än" in office.page("/planering/nyckeltal").get_text()
    office.world.shift(office.amira, "07:00", "08:40", on=MONDAY - timedelta(days=7))
    office.made(days_ago=7, minutes=25)
    page = office.page("/planering/nyckeltal")
    # One visit, on time: 25 of 100 paid minutes, and five on the way there. Nobody has two visits every day.
    (row,) = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select("tbody tr")]
    assert row == ["25 %", "–", "100 %", "0,0", "0 %", "5 %"]
    picture = page.select_one("section:has(#tal-client_time) svg")
    assert picture is not None
    assert picture["aria-label"] == "Tid hos brukarna. v. 47: 25 %, v. 47: 25 %. Lägst 25 %, högst 25 %."
    assert "riket 58 %" in picture.get_text()
    assert "25,0;;100,0" in office.client.get("/planering/nyckeltal.csv").text
