"""Three visits and two carers: what the tests of the work phone stand on."""

from collections import Counter
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.world import Cared, World
from tests.serving import Server
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer
from visits.performed.checkins import Fact, FactKind
from visits.store import checkins

NAMES = ("Elsa", "Folke", "Greta")


@dataclass
class Shift:
    """Amira visits Elsa, Folke and Greta; Jonas has nobody to visit."""

    server: Server
    world: World
    team: Team
    amira: Carer
    jonas: Carer
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


def a_shift(server: Server, session: Session) -> Shift:
    world = World(session)
    team = world.team()
    amira, jonas = world.carer(team, "Amira"), world.carer(team, "Jonas")
    cared = [world.cared(team, world.citizen(name)) for name in NAMES]
    walls = ("09:30", "10:10", "10:50")
    world.published(team, [(one, amira, wall) for one, wall in zip(cared, walls, strict=True)])
    session.commit()
    return Shift(server, world, team, amira, jonas, cared)


def wait_until_it_works_without_a_net(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def time_of(page: Page) -> str:
    """What time it is by the phone, which is behind the server by as long as its page took to come."""
    found: str = page.evaluate("import('/static/design/clock.js').then((clock) => clock.now().toISOString())")
    return found


def wait_until_it_is_later(page: Page, than: str) -> None:
    later = "async (than) => (await import('/static/design/clock.js')).now().toISOString() > than"
    page.wait_for_function(later, arg=than)


def visit(page: Page, name: str) -> None:
    """Check in, say that the task is done, check out. What the page shows is on disk."""
    expect(page.locator("#step .step-where")).to_contain_text(name)
    page.locator("#step .step-button").click()
    expect(page.locator("#step .step-what")).to_have_text("Checka ut")
    page.locator(".is-next").get_by_role("button", name="gjort").click()
    page.locator("#step .step-button").click()
    expect(page.locator(f"#done .stop[data-part=done][data-name^={name}]")).to_have_count(1)
