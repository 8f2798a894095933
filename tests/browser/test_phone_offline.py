"""The work phone without a net: a whole shift, the page read again, the browser killed, and every fact arrives exactly once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from tests.browser.handset import Handset
from tests.browser.phone_world import NAMES, Shift, a_shift, visit, wait_until_it_works_without_a_net
from tests.serving import Server
from visits.performed.checkins import FactKind

pytestmark = pytest.mark.browser


@pytest.fixture
def shift(server: Server, session: Session) -> Shift:
    return a_shift(server, session)


@pytest.fixture
def handset(chromium: Browser, tmp_path: Path) -> Iterator[Handset]:
    made = Handset(chromium.browser_type, tmp_path / "profile")
    yield made
    made.die()


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

    handset.find_net()
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    kinds = (FactKind.CHECK_IN, FactKind.TASK_DONE, FactKind.CHECK_OUT)
    assert shift.kinds() == Counter({(name, kind): 1 for name in NAMES for kind in kinds})
    expect(page.get_by_role("heading", name="Alla besök är klara")).to_be_visible()
    page.reload()
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    assert len(shift.facts()) == 9
