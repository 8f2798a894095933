"""The citizen's page in a real browser, at the width of a phone and of a desk."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.a_day import LUNCH, MORNING, ADay, a_day
from tests.serving import Server
from visits.guard.viewer import Role
from visits.performed.checkins import FactKind

pytestmark = pytest.mark.browser


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


def enter(page: Page, server: Server, day: ADay) -> None:
    page.goto(sign_in_address(server.settings, Role.CITIZEN, day.berit.id))
    page.wait_for_url("**/idag")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_changes_by_itself_when_another_plan_is_published(
    page: Page, server: Server, day: ADay, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    enter(page, server, day)
    card = page.locator(".next-card")
    expect(card).to_contain_text("Jonas")
    expect(card).to_contain_text("ca 10.00–10.30")
    expect(card).to_contain_text("Hjälp på morgonen, hjälp att duscha")
    day.swap_carer()
    expect(card).to_contain_text("Amira")
    expect(page.locator(".changes")).to_contain_text("Ändrat 09.42: Amira kommer i stället för Jonas.")
    expect(page.locator("#news")).to_contain_text("Amira kommer i stället för Jonas")


def test_what_the_page_becomes_by_itself_is_what_the_server_shows_when_it_is_loaded_anew(
    page: Page, server: Server, day: ADay
) -> None:
    enter(page, server, day)
    day.record(day.jonas, MORNING, FactKind.CHECK_IN, "09:35")
    day.record(day.jonas, MORNING, FactKind.CHECK_OUT, "09:39")
    day.publish(
        (day.berit, day.jonas, "10:15", MORNING),
        (day.berit, day.amira, "12:30", LUNCH),
        (day.berit, day.amira, "18:00", 2),
    )
    expect(page.locator(".changes")).to_contain_text("Amira kommer i stället för Jonas")
    grown = shape(page)
    page.reload()
    assert shape(page) == grown


def shape(page: Page) -> str:
    """The day's markup without what only says how it got there."""
    html = page.locator("#day").inner_html()
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html)).strip()


def test_a_late_carer_shows_as_a_delay_before_anybody_calls(page: Page, server: Server, day: ADay) -> None:
    enter(page, server, day)
    day.record(day.jonas, MORNING, FactKind.CHECK_IN, "10:15")
    day.record(day.jonas, MORNING, FactKind.CHECK_OUT, "12:20")
    expect(page.locator(".next-note")).to_contain_text("Besöket är försenat, vi väntas nu ca ")


def test_the_page_says_since_when_it_is_stale_when_the_server_is_gone(page: Page, server: Server, day: ADay) -> None:
    enter(page, server, day)
    expect(page.locator("#freshness")).to_have_attribute("data-state", "live")
    page.context.route("**/api/v1/me/day", lambda route: route.abort())
    page.context.route_web_socket("**/live/idag", lambda socket: socket.close())
    page.reload()
    expect(page.locator("#not-fresh")).to_contain_text(re.compile(r"Sidan är inte uppdaterad sedan 09\.4\d"))


def test_without_a_network_the_page_says_so_and_recovers(page: Page, server: Server, day: ADay) -> None:
    enter(page, server, day)
    page.context.set_offline(True)
    expect(page.locator("#not-fresh")).to_contain_text("Du har ingen internetuppkoppling")
    page.context.set_offline(False)
    expect(page.locator("#not-fresh")).to_be_hidden()


def test_where_there_are_no_sockets_the_page_asks_again_and_again(page: Page, server: Server, day: ADay) -> None:
    page.context.route_web_socket("**/live/idag", lambda socket: socket.close())
    enter(page, server, day)
    day.swap_carer()
    expect(page.locator(".next-card")).to_contain_text("Amira")
    expect(page.locator("#freshness")).to_have_attribute("data-state", "live")


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Page]:
    """A browser without script."""
    context = chromium.new_context(java_script_enabled=False, locale="sv-SE", viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_the_page_works_without_script(plain: Page, server: Server, day: ADay) -> None:
    enter(plain, server, day)
    expect(plain.locator(".next-card")).to_contain_text("Jonas")
    assert plain.locator("noscript meta[http-equiv=refresh]").count() == 1
    day.swap_carer()
    plain.get_by_role("link", name="Läs in sidan igen").click()
    expect(plain.locator(".next-card")).to_contain_text("Amira")


def test_another_person_who_signs_in_beside_never_shows_in_a_page_left_open(
    page: Page, server: Server, day: ADay
) -> None:
    neighbour = day.world.cared(day.team)
    day.world.published(day.team, [(day.berit, day.jonas, "10:15", 0), (neighbour, day.amira, "13:00", 0)])
    day.session.commit()
    page.context.route_web_socket("**/live/idag", lambda socket: socket.close())
    enter(page, server, day)
    beside = page.context.new_page()
    beside.goto(sign_in_address(server.settings, Role.CITIZEN, neighbour.id))
    with page.expect_navigation():
        pass
    expect(page.locator("#day")).to_have_attribute("data-of", beside.locator("#day").get_attribute("data-of") or "")
    expect(page.locator(".next-card")).to_contain_text("12.45")
