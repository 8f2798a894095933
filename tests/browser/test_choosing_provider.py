"""The whole way of a switch, as citizen and case officer go it, without script, on a phone and at a desk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.choice_town import ChoiceTown
from tests.serving import Server
from visits.guard.viewer import Role
from visits.terms import CaseOfficerId, CitizenId

pytestmark = pytest.mark.browser


@pytest.fixture
def town(session: Session) -> ChoiceTown:
    return ChoiceTown(session)


@pytest.fixture(params=[(390, 844), (1280, 900)], ids=["phone", "desk"])
def plain_page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A tab that runs no script at all."""
    width, height = request.param
    context = chromium.new_context(
        locale="sv-SE", java_script_enabled=False, viewport={"width": width, "height": height}
    )
    yield context.new_page()
    context.close()


def enter(page: Page, server: Server, role: Role, person: CitizenId | CaseOfficerId) -> None:
    page.context.clear_cookies()
    page.goto(sign_in_address(server.settings, role, person))


def test_a_citizen_asks_the_officer_confirms_and_the_citizen_sees_the_first_day(
    plain_page: Page, server: Server, town: ChoiceTown
) -> None:
    page = plain_page
    enter(page, server, Role.CITIZEN, town.astrid.id)
    page.goto(f"{server.url}/utforare")
    expect(page.get_by_text("Nu kommer Sju Lyktor Hemtjänst hem till dig.")).to_be_visible()
    expect(page.get_by_role("heading", level=3)).to_have_text(
        ["Sju Lyktor Hemtjänst", "Tjärblomster Omsorg", "Ängens Hemvård"]
    )
    expect(page.get_by_role("link", name="Byt till Sju Lyktor Hemtjänst")).to_have_count(0)
    page.get_by_role("link", name="Byt till Ängens Hemvård").click()
    expect(page.get_by_text("Ängens Hemvård börjar tidigast måndag 7 december.")).to_be_visible()
    page.get_by_role("button", name="Ja, jag vill byta").click()
    expect(page.get_by_role("status")).to_have_text("Tack! Din begäran är skickad.")
    expect(page.get_by_text("Nu väntar du på svar från din handläggare")).to_be_visible()

    enter(page, server, Role.CASE_OFFICER, town.officer.id)
    page.goto(f"{server.url}/arenden")
    page.get_by_role("region", name="Väntar på svar om utförare").get_by_role("link").click()
    expect(page.get_by_label("Första dag")).to_have_value("2026-12-07")
    page.get_by_role("button", name="Bekräfta").click()
    expect(page.get_by_role("status")).to_contain_text("Begäran är bekräftad.")
    expect(page.get_by_role("region", name="Beställningar")).to_contain_text("7 dec. 2026 – 23 mars 2027")

    enter(page, server, Role.CITIZEN, town.astrid.id)
    page.goto(f"{server.url}/utforare")
    expect(page.get_by_text("Från måndag 7 december kommer Ängens Hemvård")).to_be_visible()
    expect(page.get_by_role("button", name="Ta tillbaka min begäran")).to_have_count(0)


def test_a_citizen_takes_a_request_back(plain_page: Page, server: Server, town: ChoiceTown) -> None:
    page = plain_page
    enter(page, server, Role.CITIZEN, town.astrid.id)
    page.goto(f"{server.url}/utforare/{town.full.provider_id}")
    expect(page.get_by_text("Tjärblomster Omsorg är full just nu.")).to_be_visible()
    page.get_by_role("button", name="Ja, jag vill byta").click()
    page.get_by_role("button", name="Ta tillbaka min begäran").click()
    expect(page.get_by_role("status")).to_have_text("Du har tagit tillbaka din begäran. Allt är som förut.")
    expect(page.get_by_role("link", name="Byt till Ängens Hemvård")).to_be_visible()


def test_a_citizen_reads_why_it_was_declined_in_words_to_them(
    plain_page: Page, server: Server, town: ChoiceTown
) -> None:
    page = plain_page
    enter(page, server, Role.CITIZEN, town.astrid.id)
    page.goto(f"{server.url}/utforare/{town.full.provider_id}")
    page.get_by_role("button", name="Ja, jag vill byta").click()
    enter(page, server, Role.CASE_OFFICER, town.officer.id)
    page.goto(f"{server.url}/arenden/{town.astrid.id}")
    page.get_by_label("Skäl för avslag").select_option(label="Utföraren har inga lediga platser")
    page.get_by_role("button", name="Avslå").click()
    expect(page.get_by_role("status")).to_contain_text("Begäran är avslagen.")
    enter(page, server, Role.CITIZEN, town.astrid.id)
    page.goto(f"{server.url}/utforare")
    expect(page.get_by_text("Det blev inget byte den här gången")).to_be_visible()
    expect(page.get_by_text("Utföraren har inga lediga platser.")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_scrolls_sideways_and_what_citizens_press_is_large(
    page: Page, server: Server, town: ChoiceTown, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    enter(page, server, Role.CITIZEN, town.astrid.id)
    for path in ("/utforare", f"/utforare/{town.new.provider_id}"):
        page.goto(server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        targets = page.locator("main a, main button")
        assert targets.count() >= 2
        for target in targets.all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 48, target.text_content()
    enter(page, server, Role.CASE_OFFICER, town.officer.id)
    for path in ("/arenden", f"/arenden/{town.astrid.id}"):
        page.goto(server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
