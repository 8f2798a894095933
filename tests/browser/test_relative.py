"""A citizen and a relative, each in a browser: let in, told as it happens, shut out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.a_day import ADay, a_day
from tests.serving import Server
from visits.events import DaysTouched, VisitUnattended
from visits.guard.viewer import Role
from visits.performed.checkins import FactKind
from visits.store import outbox

pytestmark = pytest.mark.browser


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


@pytest.fixture
def elsewhere(chromium: Browser) -> Iterator[Page]:
    """The relative's own browser."""
    context = chromium.new_context(locale="sv-SE", viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def nobody_came(day: ADay) -> None:
    touched = DaysTouched(on=day.world.on, citizens=(day.berit.id,), teams=(day.team.id,))
    event = VisitUnattended(visit_id=day.berit.visit(), team_id=day.team.id, on=day.world.on, touched=(touched,))
    outbox.leave(day.session, event)
    day.session.commit()


def test_a_relative_is_let_in_follows_the_day_and_is_shut_out(
    server: Server, day: ADay, page: Page, elsewhere: Page
) -> None:
    karin = day.world.relative()
    day.session.commit()
    page.goto(sign_in_address(server.settings, Role.CITIZEN, day.berit.id))
    page.get_by_role("link", name="Närstående").click()
    page.get_by_label("Vem?").fill("Karin, min dotter")
    page.get_by_label("Vem?").press("Enter")
    code = page.locator(".code code").inner_text()

    elsewhere.goto(sign_in_address(server.settings, Role.RELATIVE, karin.id))
    elsewhere.get_by_label("Koden, tolv tecken").fill(code)
    elsewhere.get_by_role("button", name="Gå in").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Hos Berit")
    expect(elsewhere.locator(".next-name")).to_have_text("Jonas")
    elsewhere.get_by_role("button", name="Ja, jag vill veta").click()
    expect(elsewhere.get_by_text("Ditt val är sparat.")).to_be_visible()
    assert elsewhere.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    nobody_came(day)
    expect(elsewhere.get_by_text("Ingen hade kommit till Berit.")).to_be_visible()
    day.record(day.jonas, 0, FactKind.CHECK_IN, "10:15")
    expect(elsewhere.locator(".next-label")).to_have_text("Hos Berit nu")
    expect(elsewhere.get_by_text("Hjälpen kom 10.15.")).to_be_visible()

    page.goto(f"{server.url}/mina-narstaende")
    expect(page.get_by_text("Får besked om ingen har kommit.")).to_be_visible()
    expect(page.locator(".looks")).to_contain_text("idag")
    page.get_by_role("button", name="Stäng ute Karin, min dotter").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Sidan finns inte")
