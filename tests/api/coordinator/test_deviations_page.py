"""What is to be followed up, as the coordinator meets it at 09:40: by plain forms, and by a page that keeps itself true."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.world import Cared, World, a_template
from tests.serving import Server
from visits.actions.close_months import close_months
from visits.actions.record_fact import record_fact
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer, Coordinator
from visits.performed.checkins import Fact, FactKind
from visits.performed.performed_time import received_minutes
from visits.performed.time_rules import TimeRules
from visits.store import checkins
from visits.terms import FactId, ServiceCode

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGE = "/planering/avvikelser"
IN, OUT = FactKind.CHECK_IN, FactKind.CHECK_OUT


@dataclass
class Desk:
    """Amira visits Astrid 08:00, Bertil 08:40 and Cecilia 09:15, each for 30 minutes; Astrid may be begun until 09:00."""

    world: World
    server: Server
    team: Team
    amira: Carer
    cared: dict[str, Cared]
    vera: Coordinator
    client: httpx.Client

    def says(self, kind: FactKind, name: str, wall: str, **more: Any) -> Fact:
        at = self.world.at(wall)
        visit_id = self.cared[name].visit()
        fact = Fact(
            id=FactId(uuid4()),
            visit_id=visit_id,
            carer_id=self.amira.id,
            kind=kind,
            happened_at=at,
            received_at=at,
            **more,
        )
        record_fact(self.world.session, self.world.as_carer(self.amira), fact, now=at)
        self.world.session.commit()
        return fact

    def minutes(self, name: str) -> int:
        self.world.session.rollback()
        visit_id = self.cared[name].visit()
        return received_minutes(checkins.performed_of(self.world.session, [visit_id])[visit_id].intervals)

    def page(self, address: str = PAGE) -> BeautifulSoup:
        reply = self.client.get(address, headers={"Accept": "text/html"})
        assert reply.status_code == 200, reply.text
        return BeautifulSoup(reply.text, "html.parser")

    def send(self, form: Tag, **filled: str) -> BeautifulSoup:
        """Send a form as a browser does, and follow to the page that answers."""
        given = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")}
        for choice in form.select("select"):
            chosen = choice.select_one("option[selected]") or choice.select_one("option")
            assert chosen is not None
            given[str(choice["name"])] = str(chosen["value"])
        reply = self.client.post(
            str(form["action"]), data={**given, **filled}, headers={"Accept": "text/html"}, follow_redirects=True
        )
        return BeautifulSoup(reply.text, "html.parser")


@pytest.fixture
def desk(session: Session, server: Server, client: httpx.Client) -> Desk:
    world = World(session)
    team = world.team("Tumba norra")
    amira = world.carer(team, "Amira")
    narrow = a_template(ServiceCode.MORNING, ServiceCode.SHOWER, window=("07:00", "09:00"))
    cared = {
        "Astrid": world.cared(team, world.citizen("Astrid"), templates=[narrow]),
        "Bertil": world.cared(team, world.citizen("Bertil")),
        "Cecilia": world.cared(team, world.citizen("Cecilia")),
    }
    stops = [(cared["Astrid"], amira, "08:00"), (cared["Bertil"], amira, "08:40"), (cared["Cecilia"], amira, "09:15")]
    world.published(team, stops)
    vera = world.coordinator(team)
    session.commit()
    client.get(sign_in_address(server.settings, Role.COORDINATOR, vera.id))
    return Desk(world, server, team, amira, cared, vera, client)


def section(page: BeautifulSoup, which: str) -> str:
    found = page.select_one(f"#{which}")
    assert found is not None
    return found.get_text(" ", strip=True)


def form(page: BeautifulSoup, which: str, button: str) -> Tag:
    """The first form in a section that ends with such a button."""
    found = [one for one in page.select(f"#{which} form") if one.find("button", string=button)]
    assert found, f"no form with {button!r} in {which}: {section(page, which)}"
    return found[0]


def test_at_twenty_to_ten_one_is_missed_one_unattended_and_one_late(desk: Desk) -> None:
    """Astrid: past 09:00 and 30 minutes. Bertil: told until 08:55, so from 09:10. Cecilia: 25 minutes."""
    page = desk.page()
    now, of_day = section(page, "nu"), section(page, "dagens")
    assert "Ingen har kommit Bertil" in now
    assert "Mer än 15 minuter sent Cecilia" in now
    assert "Astrid" not in now
    assert "Uteblivet Astrid" in of_day
    board = desk.page("/planering/2026-11-23")
    assert "1 besök som ingen har kommit till" in section(board, "larm")


def test_what_can_still_be_mended_is_moved_cancelled_or_put_in_by_plain_forms(desk: Desk) -> None:
    page = desk.page()
    answered = desk.send(form(page, "nu", "Flytta besöket"), clock="11:00", reason="Personen ringde")
    assert "Det är rättat" in answered.get_text()
    assert "Bertil" not in section(answered, "nu")
    assert "Flyttat till 11.00" in section(answered, "dagens")
    answered = desk.send(form(answered, "nu", "Personen har sagt nej"), reason="Personen ringde")
    assert "Ingen väntar på ett besök som är sent." in section(answered, "nu")
    put_in = form(answered, "dagens", "För in besöket")
    desk.send(put_in, clock="08:05", until="08:32", reason="Glömde checka in")
    desk.send(put_in, clock="08:05", until="08:32", reason="Glömde checka in")
    assert desk.minutes("Astrid") == 27


def test_a_contradiction_is_shown_with_what_it_means_and_goes_when_one_of_the_two_no_longer_counts(desk: Desk) -> None:
    desk.says(IN, "Astrid", "08:02", device=uuid4())
    desk.says(IN, "Astrid", "08:10", device=uuid4())
    desk.says(OUT, "Astrid", "08:31")
    page = desk.page()
    shown = section(page, "reda-ut")
    assert "Checkade in två gånger. Den första tiden räknas." in shown
    assert all(f"telefon {number}" in shown for number in (1, 2))
    assert desk.minutes("Astrid") == 29
    forms = [one for one in page.select("#reda-ut form") if one.find("button", string="Räkna inte")]
    answered = desk.send(forms[0], reason="Fel besök")
    assert "Allt som har sagts stämmer ihop." in section(answered, "reda-ut")
    assert desk.minutes("Astrid") == 21


def test_a_forgotten_check_out_counts_nothing_until_it_is_put_in(desk: Desk) -> None:
    desk.says(IN, "Astrid", "07:40")
    assert "Amira" in section(desk.page(), "reda-ut")
    assert desk.minutes("Astrid") == 0
    answered = desk.send(form(desk.page(), "reda-ut", "För in utcheckning"), clock="08:11", reason="Glömde checka ut")
    assert "Det är rättat" in answered.get_text()
    assert desk.minutes("Astrid") == 31


def test_what_cannot_be_is_said_on_the_page_and_nothing_is_stored(desk: Desk) -> None:
    page = desk.page()
    answered = desk.send(form(page, "nu", "För in besöket"), clock="09:00", until="09:30", reason="   ")
    assert "Något är fel ifyllt" in answered.get_text()
    answered = desk.send(form(page, "nu", "För in besöket"), clock="09:00", until="08:50", reason="x")
    assert "Något är fel ifyllt" in answered.get_text()
    assert checkins.facts_of(desk.world.session, [one.visit() for one in desk.cared.values()]) == {}


def test_after_the_month_is_closed_what_comes_is_shown_beside_what_was_settled(desk: Desk) -> None:
    desk.says(IN, "Astrid", "08:00")
    told = desk.says(OUT, "Astrid", "08:30")
    assert "Öppen. Stängs söndag 6 december 18.00" in section(desk.page(), "manad")
    rules = TimeRules(month_closes_day=1)
    session = desk.world.session
    close_months(session, rules=rules, now=desk.world.at("18:02", on=desk.world.on.replace(month=12, day=1)))
    session.execute(checkins.visit_facts.insert(), [_later(desk, told)])
    session.commit()
    shown = section(desk.page(), "manad")
    assert "Stängd 1 december 18.00" in shown
    assert "Astrid" in shown
    assert "30 min 40 min" in shown


def _later(desk: Desk, told: Fact) -> dict[str, Any]:
    """A correction by the carer's own phone, which was without a network until the month had been closed."""
    received_at = desk.world.at("18:03", on=desk.world.on.replace(month=12, day=1))
    return {
        **{name: getattr(told, name) for name in told.__slots__},
        "id": uuid4(),
        "happened_at": desk.world.at("08:40"),
        "received_at": received_at,
        "corrects": told.id,
        "reason": "fel klockslag",
    }


@pytest.mark.browser
def test_an_open_page_shows_by_itself_what_is_told_and_leaves_alone_what_is_being_filled_in(
    desk: Desk, page: "Page"
) -> None:
    page.goto(sign_in_address(desk.server.settings, Role.COORDINATOR, desk.vera.id))
    page.goto(f"{desk.server.url}{PAGE}")
    page.get_by_text("Sidan uppdateras av sig själv").wait_for()
    page.locator("#nu").get_by_text("Flytta", exact=True).first.click()
    page.locator('#nu input[name="clock"]').first.fill("11:00")
    desk.says(IN, "Cecilia", "09:30")
    desk.says(IN, "Cecilia", "09:31")
    page.locator("#reda-ut").get_by_text("Checkade in två gånger").wait_for()
    assert page.locator('#nu input[name="clock"]').first.input_value() == "11:00"
    page.locator('#nu input[name="reason"]').first.fill("Personen ringde")
    page.get_by_role("button", name="Flytta besöket").first.click()
    page.get_by_text("Det är rättat").wait_for()
    page.get_by_text("Ingen väntar på ett besök som är sent.").wait_for()
