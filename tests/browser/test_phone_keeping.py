"""What the phone keeps, from whom it is kept, and what destroys it; and two phones that say different things."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session

from api.auth import sessions
from tests.browser.handset import Handset
from tests.browser.phone_world import (
    NAMES,
    Shift,
    a_shift,
    time_of,
    visit,
    wait_until_it_is_later,
    wait_until_it_works_without_a_net,
)
from tests.serving import Server
from visits.actions.make_tag import make_tag
from visits.performed.attendance import Misfit
from visits.performed.checkins import FactKind, Source
from visits.performed.folding import fold
from visits.store import phones
from visits.terms import PhoneId

pytestmark = pytest.mark.browser
FACTS = "**/api/v1/carer/facts"

STORED = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found.push(request.url + await (await (await caches.open(name)).match(request)).text());
  const done = (asked) => new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  const text = (value) => value instanceof ArrayBuffer ? new TextDecoder().decode(value) : String(value);
  const database = await done(indexedDB.open("vardag"));
  for (const store of database.objectStoreNames) {
    const rows = await done(database.transaction(store).objectStore(store).getAll());
    for (const row of rows) found.push(store + " " + Object.values(row).map(text).join(" "));
  }
  database.close();
  return found.concat(JSON.stringify(localStorage), JSON.stringify(sessionStorage));
}"""


@pytest.fixture
def shift(server: Server, session: Session) -> Shift:
    return a_shift(server, session)


@pytest.fixture
def handset(chromium: Browser, tmp_path: Path) -> Iterator[Handset]:
    made = Handset(chromium.browser_type, tmp_path / "profile")
    yield made
    made.die()


def own_phone(page: Page) -> PhoneId:
    asked = """() => new Promise((resolve) => {
      const asked = indexedDB.open("vardag");
      asked.onsuccess = () => {
        const got = asked.result.transaction("phone").objectStore("phone").get("own");
        got.onsuccess = () => { asked.result.close(); resolve(got.result.id); };
      };
    })"""
    return PhoneId(UUID(page.evaluate(asked)))


def test_what_lies_in_the_phone_names_nobody_and_only_its_carer_sends_it(shift: Shift, handset: Handset) -> None:
    page = handset.start()
    shift.sign_in(page)
    wait_until_it_works_without_a_net(page)
    handset.lose_net()
    page.locator("#step .step-button").click()
    expect(page.locator("#sync")).to_contain_text("1 ej skickade")
    stored = page.evaluate(STORED)
    assert len(stored) > 15
    names = [one.citizen.family_name for one in shift.cared] + [shift.amira.family_name, "Provgatan", "Portkod 1234"]
    assert [(name, text[:80]) for name in names for text in stored if name in text] == []

    # Signed out without a net: the day is gone at once, also from the page, and the fact waits.
    page.locator("#sign-out button, .head button").last.click()
    page.get_by_role("button", name="Logga ut ändå").click()
    expect(page.get_by_role("heading", name="Du är utloggad")).to_be_visible()
    expect(page.locator("[data-waiting]")).to_contain_text("1")
    assert "Elsa" not in page.content()
    page.reload()
    expect(page.get_by_role("heading", name="Du är utloggad")).to_be_visible()

    # With the net back the server is told; another carer neither sees nor sends it.
    handset.find_net()
    page.wait_for_url("**/logga-in**")
    shift.sign_in(page, shift.jonas)
    wait_until_it_works_without_a_net(page)
    assert shift.facts() == []
    page.locator("form[action='/logga-ut'] button").click()
    page.wait_for_url("**/logga-in**")

    shift.sign_in(page)
    expect(page.locator("#step .step-what")).to_have_text("Checka ut")
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    (fact,) = shift.facts()
    assert (fact.carer_id, fact.kind, fact.device) == (shift.amira.id, FactKind.CHECK_IN, own_phone(page))


def test_a_phone_that_is_emptied_from_afar_loses_everything_at_its_next_contact(shift: Shift, handset: Handset) -> None:
    page = handset.start()
    shift.sign_in(page)
    wait_until_it_works_without_a_net(page)
    handset.lose_net()
    page.locator("#step .step-button").click()
    expect(page.locator("#sync")).to_contain_text("1 ej skickade")
    session = shift.world.session
    phone = own_phone(page)
    phones.mark_wiped(session, phone, at=shift.world.at("09:41"))
    sessions.end_hashed(session, [use.session_hash for use in phones.uses_of(session, phone)])
    session.commit()
    handset.find_net()
    page.wait_for_url("**/logga-in**")
    page.wait_for_function("indexedDB.databases().then((all) => all.length === 0)")
    assert page.evaluate("document.cookie") == ""
    shift.sign_in(page)
    wait_until_it_works_without_a_net(page)
    assert own_phone(page) != phone
    assert shift.facts() == []


def test_when_the_sign_in_has_run_out_the_phone_shows_nothing_without_a_net(shift: Shift, handset: Handset) -> None:
    page = handset.start()
    shift.sign_in(page)
    wait_until_it_works_without_a_net(page)
    handset.lose_net()
    page.reload()
    expect(page.locator("#step .step-where")).to_contain_text("Elsa")
    # What the browser does by itself when the time is out.
    handset.context.clear_cookies(name="vardag_phone")
    page.reload()
    expect(page.get_by_role("heading", name="Du är utloggad")).to_be_visible()
    assert "Elsa" not in page.content()


def test_facts_that_arrive_in_any_order_make_the_same_day(shift: Shift, handset: Handset) -> None:
    page = handset.start()
    shift.sign_in(page)
    wait_until_it_works_without_a_net(page)
    handset.lose_net()
    for name in NAMES:
        visit(page, name)
    sent: list[list[str]] = []

    def shuffled(route: Route) -> None:
        facts = json.loads(route.request.post_data or "[]")
        mixed = random.Random(7).sample(facts, len(facts))  # noqa: S311 - a test's luck
        reply = route.fetch(post_data=json.dumps(mixed))
        outcomes = {one["id"]: one for one in reply.json()["outcomes"]}
        sent.append([fact["kind"] for fact in mixed])
        route.fulfill(response=reply, json={"outcomes": [outcomes[fact["id"]] for fact in facts]})

    page.route(FACTS, shuffled)
    handset.find_net()
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    page.unroute_all(behavior="wait")
    assert sent[0] != ["check_in", "task_done", "check_out"] * 3
    kinds = (FactKind.CHECK_IN, FactKind.TASK_DONE, FactKind.CHECK_OUT)
    assert shift.kinds() == Counter({(name, kind): 1 for name in NAMES for kind in kinds})
    expect(page.get_by_role("heading", name="Alla besök är klara")).to_be_visible()


def test_two_phones_that_contradict_each_other_are_both_heard_and_it_shows(
    shift: Shift, handset: Handset, chromium: Browser, tmp_path: Path
) -> None:
    other = Handset(chromium.browser_type, tmp_path / "other")
    try:
        for phone in (handset, other):
            shift.sign_in(phone.start())
            wait_until_it_works_without_a_net(phone.page)
            phone.lose_net()
        handset.page.locator("#step .step-button").click()
        expect(handset.page.locator("#step .step-what")).to_have_text("Checka ut")
        handset.page.locator("#step .step-button").click()
        expect(handset.page.locator("#step .step-where")).to_contain_text("Folke")
        wait_until_it_is_later(other.page, than=time_of(handset.page))
        other.page.locator(".is-next").get_by_text("Besöket blir inte av").click()
        other.page.locator(".is-next").get_by_role("button", name="Ingen öppnar").click()
        expect(other.page.locator("#step .step-where")).to_contain_text("Folke")
        for phone in (other, handset):
            phone.find_net()
            expect(phone.page.locator("#sync")).to_contain_text("Allt skickat")
        facts = shift.facts()
        assert Counter(fact.kind for fact in facts) == Counter(("check_in", "check_out", "nobody_home"))
        assert len({fact.device for fact in facts}) == 2
        assert {one.misfit for one in fold(facts).contradictions} == {Misfit.TURNED_AWAY_YET_PERFORMED}
        expect(handset.page.locator("#done .flag").first).to_contain_text("Stämmer inte")
    finally:
        other.die()


def test_a_tag_that_is_opened_checks_in_without_a_tap_and_without_a_net(shift: Shift, handset: Handset) -> None:
    world = shift.world
    secret = make_tag(world.session, world.as_coordinator(shift.team), shift.cared[1].id, now=world.at("08:00"))
    world.session.commit()
    page = handset.start()
    shift.sign_in(page)
    wait_until_it_works_without_a_net(page)
    handset.lose_net()
    page.goto(f"{shift.server.url}/pass/tagg/{secret}")
    expect(page.locator("#tag-told")).to_contain_text("incheckad hos Folke")
    expect(page.locator("#step .step-where")).to_contain_text("Folke")
    assert secret not in page.url
    # Met again at once, it does not check out.
    page.goto(f"{shift.server.url}/pass/tagg/{secret}")
    expect(page.locator("#tag-told")).to_contain_text("incheckad hos Folke")
    expect(page.locator("#step .step-what")).to_have_text("Checka ut")
    handset.find_net()
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    (fact,) = shift.facts()
    assert (fact.kind, fact.source, fact.visit_id) == (FactKind.CHECK_IN, Source.TAG, shift.cared[1].visit())


def test_tomorrow_opens_without_a_net_too(shift: Shift, handset: Handset) -> None:
    world = shift.world
    tomorrow = world.on.replace(day=world.on.day + 1)
    world.published(shift.team, [(shift.cared[2], shift.amira, "08:15")], on=tomorrow)
    world.session.commit()
    page = handset.start()
    with page.expect_response("**/pass?dag=imorgon"):
        shift.sign_in(page)
    wait_until_it_works_without_a_net(page)
    handset.lose_net()
    page.reload()
    expect(page.locator("#todo .stop")).to_have_count(3)
    page.get_by_role("link", name="Imorgon").click()
    expect(page.get_by_role("heading", name="Imorgon, tisdag 24 november")).to_be_visible()
    expect(page.locator("#todo .stop")).to_have_count(1)
    expect(page.locator("#step")).to_be_hidden()


def test_an_extra_visit_is_begun_without_a_net_and_made_to_its_end(shift: Shift, handset: Handset) -> None:
    page = handset.start()
    shift.sign_in(page)
    wait_until_it_works_without_a_net(page)
    handset.lose_net()
    page.locator(".is-next").get_by_text("Mer", exact=True).click()
    page.get_by_role("button", name="Extra besök hos Elsa").click()
    expect(page.locator("#step .step-what")).to_have_text("Checka ut")
    page.reload()
    expect(page.locator("#step .step-what")).to_have_text("Checka ut")
    handset.find_net()
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    expect(page.locator(".stop.is-next")).to_contain_text("Extra besök, inte planerat")
    page.locator("#step .step-button").click()
    expect(page.locator("#step .step-what")).to_have_text("Checka in")
    assert page.evaluate("document.querySelectorAll('#todo .stop').length") == 3
