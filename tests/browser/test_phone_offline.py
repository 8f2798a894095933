"""The work phone without a net: a whole shift, the page read again, the browser killed, and every fact arrives exactly once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.browser.handset import SOON, Handset
from tests.factories.world import Cared, World
from tests.serving import Server
from visits.guard.viewer import Role
from visits.people import Carer
from visits.performed.checkins import Fact, FactKind
from visits.store import checkins

pytestmark = pytest.mark.browser
FACTS = "**/api/v1/carer/facts"
NAMES = ("Elsa", "Folke", "Greta")


@dataclass
class Shift:
    """Amira visits Elsa, Folke and Greta."""

    server: Server
    world: World
    amira: Carer
    cared: list[Cared]

    def sign_in(self, page: Page, carer: Carer | None = None) -> None:
        page.goto(sign_in_address(self.server.settings, Role.CARER, (carer or self.amira).id))
        page.wait_for_url("**/pass")

    def open(self, page: Page) -> None:
        page.goto(f"{self.server.url}/pass")

    def facts(self) -> list[Fact]:
        self.world.session.rollback()
        found = checkins.facts_of(self.world.session, [one.visit() for one in self.cared])
        return [fact for one in self.cared for fact in found.get(one.visit(), [])]

    def kinds(self) -> Counter[tuple[str, FactKind]]:
        names = {one.visit(): one.citizen.given_name for one in self.cared}
        return Counter((names[fact.visit_id], fact.kind) for fact in self.facts())


@pytest.fixture
def shift(server: Server, session: Session) -> Shift:
    world = World(session)
    team = world.team()
    amira = world.carer(team, "Amira")
    cared = [world.cared(team, world.citizen(name)) for name in NAMES]
    walls = ("09:30", "10:10", "10:50")
    world.published(team, [(one, amira, wall) for one, wall in zip(cared, walls, strict=True)])
    session.commit()
    return Shift(server, world, amira, cared)


@pytest.fixture
def handset(chromium: Browser, tmp_path: Path) -> Iterator[Handset]:
    made = Handset(chromium.browser_type, tmp_path / "profile")
    yield made
    made.die()


def wait_until_it_works_without_a_net(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def visit(page: Page, name: str) -> None:
    """Check in, say that the task is done, check out. What the page shows is on disk."""
    expect(page.locator("#step .step-where")).to_contain_text(name)
    page.locator("#step .step-button").click()
    expect(page.locator("#step .step-what")).to_have_text("Checka ut")
    page.locator(".is-next").get_by_role("button", name="gjort").click()
    page.locator("#step .step-button").click()
    expect(page.locator(f"#done .stop[data-part=done][data-name^={name}]")).to_have_count(1)


def test_a_whole_shift_without_a_net_arrives_exactly_once(shift: Shift, handset: Handset) -> None:
    page = handset.start()
    shift.sign_in(page)
    wait_until_it_works_without_a_net(page)
    handset.close()

    page = handset.start(online=False)
    shift.open(page)
    visit(page, "Elsa")
    expect(page.locator("#sync")).to_contain_text("3 ej skickade")
    page.reload()
    expect(page.locator("#sync")).to_contain_text("3 ej skickade")
    visit(page, "Folke")
    handset.die()

    page = handset.start(online=False)
    shift.open(page)
    expect(page.locator("#sync")).to_contain_text("6 ej skickade")
    visit(page, "Greta")
    expect(page.locator("#step")).to_be_hidden()
    assert shift.facts() == []

    handset.context.set_offline(False)
    expect(page.locator("#sync")).to_contain_text("Allt skickat", timeout=SOON)
    kinds = (FactKind.CHECK_IN, FactKind.TASK_DONE, FactKind.CHECK_OUT)
    assert shift.kinds() == Counter({(name, kind): 1 for name in NAMES for kind in kinds})
    expect(page.get_by_role("heading", name="Alla besök är klara")).to_be_visible()
    page.reload()
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    assert len(shift.facts()) == 9
