"""Choosing a person, reading an error and signing out, as a person does it."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.factories.world import World
from tests.serving import Server

pytestmark = pytest.mark.browser


def test_one_signs_in_finds_ones_way_with_the_keyboard_and_signs_out(
    server: Server, session: Session, page: Page
) -> None:
    World(session).case_officer()
    session.commit()
    page.goto(server.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Välj vem du är")
    page.get_by_role("heading", name="Biståndshandläggare").locator("..").get_by_role("button", name="Logga in").click()
    page.goto(f"{server.url}/finns-inte")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sidan finns inte")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Välj vem du är")
    expect(page.get_by_role("button", name="Logga ut")).to_have_count(0)


def test_the_page_speaks_english_when_asked_and_never_scrolls_sideways(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/logga-in")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose who you are")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
