"""The carer's page in a real browser: one tap to check in, nothing lost, changes shown and not swapped silently."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Route as Sending
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.world import Cared, World
from tests.serving import Server
from visits.events import DaysTouched, SchedulePublished
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer
from visits.performed.checkins import Fact, FactKind
from visits.planned.schedule import ChangeKind, VisitChange
from visits.store import changes, checkins, outbox, refused_facts

pytestmark = pytest.mark.browser
FACTS = "**/api/v1/carer/facts"


@dataclass
class Route:
    """Amira has Elsa at 09:30 and Folke at 10:10."""

    server: Server
    world: World
    team: Team
    amira: Carer
    elsa: Cared
    folke: Cared

    def open(self, page: Page) -> None:
        page.goto(sign_in_address(self.server.settings, Role.CARER, self.amira.id))
        expect(page.locator("#step .step-what")).to_have_text("Checka in")

    def give_elsa_to(self, carer: Carer) -> None:
        """Publish a plan in which this carer has her; Folke stays with Amira."""
        self.world.published(self.team, [(self.elsa, carer, "09:30"), (self.folke, self.amira, "10:10")])
        self.world.session.commit()

    def facts(self, cared: Cared) -> list[Fact]:
        self.world.session.rollback()
        return checkins.facts_of(self.world.session, [cared.visit()]).get(cared.visit(), [])

    def kinds(self, cared: Cared) -> list[FactKind]:
        return [fact.kind for fact in self.facts(cared)]

    def publish(self, stops: list[tuple[Cared, Carer, str]], *changed: VisitChange) -> None:
        """Publish another plan, and tell what it changed for Amira."""
        world = self.world
        schedule = world.published(self.team, stops)
        changes.add(world.session, changed, schedule_id=schedule.id, on=world.on, changed_at=world.at("09:40"))
        touched = DaysTouched(on=world.on, carers=(self.amira.id,))
        told = SchedulePublished(schedule_id=schedule.id, team_id=self.team.id, on=world.on, touched=(touched,))
        outbox.leave(world.session, told)
        world.session.commit()


def wait_until_sent(page: Page) -> None:
    """The page goes on before the server has answered; a test that asks the server must not."""
    expect(page.locator("#unsent")).to_have_attribute("data-count", "0")


@pytest.fixture
def route(server: Server, session: Session) -> Route:
    world = World(session)
    team = world.team()
    amira = world.carer(team, "Amira")
    elsa, folke = world.cared(team, world.citizen("Elsa")), world.cared(team, world.citizen("Folke"))
    world.published(team, [(elsa, amira, "09:30"), (folke, amira, "10:10")])
    session.commit()
    return Route(server, world, team, amira, elsa, folke)


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """A tab without script."""
    context = chromium.new_context(locale="sv-SE", viewport={"width": 390, "height": 844}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_one_tap_from_opening_the_page_the_carer_is_checked_in(route: Route, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    route.open(page)
    step = page.get_by_role("button", name="Checka in 09.")
    tall = [box["height"] for button in page.get_by_role("button").all() if (box := button.bounding_box())]
    own = step.bounding_box()
    assert own is not None
    assert own["height"] >= max(tall)
    assert own["height"] >= 72
    assert own["y"] + own["height"] <= 844
    step.click()
    expect(page.locator("#step .step-what")).to_have_text("Checka ut")
    expect(page.locator(".stop.is-next .part-here")).to_contain_text("Du är här sedan 09.4")
    wait_until_sent(page)
    assert route.kinds(route.elsa) == [FactKind.CHECK_IN]
    page.locator("#step .step-button").click()
    expect(page.locator("#step .step-where")).to_contain_text("Folke")
    expect(page.locator("#done")).to_be_visible()
    wait_until_sent(page)
    assert route.kinds(route.elsa) == [FactKind.CHECK_IN, FactKind.CHECK_OUT]


def test_whatever_can_be_tapped_is_large_enough_for_a_thumb(route: Route, page: Page) -> None:
    route.open(page)
    for name in ("Skriv en anteckning", "Besöket blir inte av"):
        page.locator(".is-next").get_by_text(name).click()
    small = page.evaluate(
        """() => [...document.querySelectorAll("main button, main a, main summary, main input, main textarea")]
            .map((one) => [one.textContent.trim().slice(0, 30), one.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.height < 56 || box.width < 48))
            .map(([text]) => text)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_door_is_described_before_it_is_reached(route: Route, page: Page) -> None:
    route.open(page)
    following = page.locator(".is-next")
    for text in ("Provgatan", "5 min med cykel", "besöket tar 30 min", "Portkod 1234", "Hjälp med frukost."):
        expect(following).to_contain_text(text)


@pytest.mark.parametrize(("button", "kind"), [("Ingen öppnar", "nobody_home"), ("Avböjt", "declined")])
def test_a_closed_door_is_told_with_a_word(route: Route, page: Page, button: str, kind: str) -> None:
    route.open(page)
    page.locator(".is-next").get_by_text("Besöket blir inte av").click()
    page.locator(".is-next").get_by_label("Anteckning, om det behövs").fill("Ringde på två gånger.")
    page.locator(".is-next .two .danger").get_by_text(button, exact=True).click()
    expect(page.locator("#step .step-where")).to_contain_text("Folke")
    wait_until_sent(page)
    assert [(fact.kind, fact.note) for fact in route.facts(route.elsa)] == [(kind, "Ringde på två gånger.")]


def test_without_script_the_same_works_as_forms(route: Route, plain_page: Page) -> None:
    plain_page.goto(sign_in_address(route.server.settings, Role.CARER, route.amira.id))
    plain_page.locator("#step .step-button").click()
    expect(plain_page.locator("#step .step-what")).to_have_text("Checka ut")
    plain_page.locator("#step .step-button").click()
    expect(plain_page.locator("#step .step-where")).to_contain_text("Folke")
    assert route.kinds(route.elsa) == [FactKind.CHECK_IN, FactKind.CHECK_OUT]


def test_a_form_that_is_sent_twice_is_one_fact(route: Route, client: httpx.Client) -> None:
    client.get(sign_in_address(route.server.settings, Role.CARER, route.amira.id))
    form = {
        "csrf": client.get("/api/v1/session").json()["csrf"],
        "id": str(uuid4()),
        "visit_id": str(route.elsa.visit()),
        "kind": "check_in",
    }
    for _attempt in range(2):
        reply = client.post("/pass/fakta", data=form)
        assert (reply.status_code, reply.headers.get("location")) == (303, "/pass")
    assert route.kinds(route.elsa) == [FactKind.CHECK_IN]
    foreign = client.post("/pass/fakta", data={**form, "id": str(uuid4()), "visit_id": str(uuid4())})
    assert foreign.status_code == 404


def test_a_time_is_corrected_with_a_reason_and_a_time_to_come_is_refused(route: Route, plain_page: Page) -> None:
    plain_page.goto(sign_in_address(route.server.settings, Role.CARER, route.amira.id))
    plain_page.locator("#step .step-button").click()
    plain_page.get_by_text("Rätta", exact=True).click()
    plain_page.get_by_label("Rätt klockslag").fill("09:33")
    plain_page.get_by_label("Varför rättar du?").fill("Glömde trycka.")
    plain_page.get_by_role("button", name="Spara rättelsen").click()
    expect(plain_page.locator(".part-here").first).to_have_text("Du är här sedan 09.33")
    plain_page.get_by_text("Rätta", exact=True).click()
    plain_page.get_by_label("Rätt klockslag").fill("11:00")
    plain_page.get_by_label("Varför rättar du?").fill("Fel.")
    plain_page.get_by_role("button", name="Spara rättelsen").click()
    expect(plain_page.get_by_role("alert")).to_contain_text("ligger i framtiden")
    first, second = sorted(route.facts(route.elsa), key=lambda fact: fact.received_at)
    assert (second.corrects, second.happened_at) == (first.id, route.world.at("09:33"))


def test_without_a_network_the_route_goes_on_and_everything_is_sent_when_it_is_back(route: Route, page: Page) -> None:
    route.open(page)
    page.route(FACTS, lambda sent: sent.abort())
    page.locator("#step .step-button").click()
    expect(page.locator("#step .step-what")).to_have_text("Checka ut")
    expect(page.locator("#sync")).to_contain_text("1 ej skickade")
    expect(page.locator("#unsent li")).to_have_count(1)
    page.locator("#step .step-button").click()
    expect(page.locator("#step .step-where")).to_contain_text("Folke")
    expect(page.locator("#unsent li")).to_have_count(2)
    assert route.facts(route.elsa) == []
    page.unroute_all(behavior="wait")
    page.locator("#sync").click()
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    assert route.kinds(route.elsa) == [FactKind.CHECK_IN, FactKind.CHECK_OUT]


def test_a_reply_that_is_lost_does_not_make_two_facts(route: Route, page: Page) -> None:
    route.open(page)
    lost: list[int] = []

    def lose_the_first_reply(sent: object) -> None:
        if lost:
            sent.continue_()
            return
        lost.append(sent.fetch().status)
        sent.abort()

    page.route(FACTS, lose_the_first_reply)
    page.locator("#step .step-button").click()
    expect(page.locator("#sync")).to_contain_text("1 ej skickade")
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    page.unroute_all(behavior="wait")
    assert lost == [200]
    assert route.kinds(route.elsa) == [FactKind.CHECK_IN]


def test_what_the_server_refuses_is_kept_and_said_and_stops_nothing_after_it(route: Route, page: Page) -> None:
    route.open(page)
    route.give_elsa_to(route.world.carer(route.team, "Jonas"))
    page.locator("#step .step-button").click()
    expect(page.locator("#refused")).to_contain_text("Ring samordnaren")
    expect(page.locator("#refused li")).to_contain_text("Elsa")
    expect(page.locator("#step .step-where")).to_contain_text("Folke")
    page.locator("#step .step-button").click()
    expect(page.locator("#step .step-what")).to_have_text("Checka ut")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    assert route.kinds(route.folke) == [FactKind.CHECK_IN]
    page.reload()
    expect(page.locator("#refused li")).to_contain_text("Elsa")
    # The coordinator has given the visit back: the same fact is taken now.
    route.give_elsa_to(route.amira)
    page.locator("#refused [data-send]").dispatch_event(
        "click"
    )  # harmless where the page has tried again by itself meanwhile
    expect(page.locator("#refused")).to_be_hidden()
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    assert route.kinds(route.elsa) == [FactKind.CHECK_IN]


def test_trying_again_while_an_attempt_is_under_way_is_another_attempt(route: Route, page: Page) -> None:
    route.open(page)
    route.give_elsa_to(route.world.carer(route.team, "Jonas"))
    page.locator("#step .step-button").click()
    expect(page.locator("#refused li")).to_contain_text("Elsa")
    answered: list[int] = []

    def ask_again_before_the_first_answer_is_there(sent: Sending) -> None:
        if answered:
            sent.continue_()
            return
        refusal = sent.fetch()
        answered.append(refusal.status)
        route.give_elsa_to(route.amira)
        page.locator("#refused [data-send]").dispatch_event("click")
        sent.fulfill(response=refusal)

    page.route(FACTS, ask_again_before_the_first_answer_is_there)
    page.locator("#refused [data-send]").dispatch_event("click")
    expect(page.locator("#refused")).to_be_hidden(timeout=20_000)
    page.unroute_all(behavior="wait")
    assert route.kinds(route.elsa) == [FactKind.CHECK_IN]


def test_what_is_refused_can_be_left_to_the_coordinator(route: Route, page: Page) -> None:
    route.open(page)
    route.give_elsa_to(route.world.carer(route.team, "Jonas"))
    page.locator("#step .step-button").click()
    expect(page.locator("#refused li")).to_contain_text("Besöket står inte i din plan")
    page.get_by_role("button", name="Lämna till samordnaren").click()
    expect(page.locator("#refused")).to_be_hidden()
    expect(page.locator("#sync")).to_contain_text("Allt skickat")
    (left,) = refused_facts.refused_in_team(route.world.session, route.world.as_coordinator(route.team))
    assert (left.kind, left.visit_id, left.carer_id) == (FactKind.CHECK_IN, route.elsa.visit(), route.amira.id)


def test_a_new_plan_reaches_the_page_and_what_changed_is_read_before_it_is_shown(route: Route, page: Page) -> None:
    world = route.world
    greta = world.cared(route.team, world.citizen("Greta"))
    world.session.commit()
    route.open(page)
    added = VisitChange(
        visit_id=greta.visit(),
        citizen_id=greta.id,
        kind=ChangeKind.ADDED,
        old_start_at=None,
        new_start_at=world.at("11:00"),
        old_carers=frozenset(),
        new_carers=frozenset({route.amira.id}),
    )
    stops = [(route.elsa, route.amira, "09:30"), (route.folke, route.amira, "10:10"), (greta, route.amira, "11:00")]
    route.publish(stops, added)
    expect(page.locator("#news")).to_contain_text("Planen har ändrats")
    expect(page.locator("#news li")).to_contain_text("Ändrat 09.40: Nytt för dig: Greta")
    expect(page.locator("#todo .stop")).to_have_count(2)
    page.locator("#news").get_by_role("button", name="Visa").click()
    expect(page.locator("#todo .stop")).to_have_count(3)
    expect(page.locator("#todo .stop").last.locator(".tag.new").first).to_have_text("Nytt")
    expect(page.locator("#news")).to_be_hidden()


def test_what_is_being_written_is_never_swept_away(route: Route, page: Page) -> None:
    route.open(page)
    page.locator(".is-next").get_by_text("Skriv en anteckning").click()
    written = page.locator(".is-next").get_by_label("Anteckning", exact=True)
    written.fill("Åt hela frukosten och")
    # Later than now by more than is worth telling: the clock may have moved the late visit to 09.40 meanwhile.
    route.publish([(route.elsa, route.amira, "09:55"), (route.folke, route.amira, "10:30")])
    expect(page.locator("#behind")).to_contain_text("Något har ändrats")
    expect(written).to_have_value("Åt hela frukosten och")
    written.press_sequentially(" mår bra.")
    page.get_by_role("button", name="Spara anteckningen").click()
    expect(page.locator(".stop-time").first).to_have_text("09.55")
    expect(page.locator("#behind")).to_be_hidden()
    expect(page.locator(".said-what")).to_contain_text("mår bra")
    assert [fact.note for fact in route.facts(route.elsa)] == ["Åt hela frukosten och mår bra."]


def test_a_day_without_a_plan_and_a_day_without_visits_say_so(route: Route, page: Page) -> None:
    route.open(page)
    page.get_by_role("link", name="Imorgon").click()
    expect(page.get_by_role("heading", name="Planen är inte klar än")).to_be_visible()
    jonas = route.world.carer(route.team, "Jonas")
    route.world.session.commit()
    page.goto(sign_in_address(route.server.settings, Role.CARER, jonas.id))
    expect(page.get_by_role("heading", name="Inga besök")).to_be_visible()
    expect(page.locator("#step")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_citizen_sees_the_three_times_side_by_side(route: Route, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(sign_in_address(route.server.settings, Role.CITIZEN, route.elsa.id))
    page.goto(f"{route.server.url}/min-tid")
    fortnight = page.get_by_role("table", name="De senaste 14 dagarna, 10–23 november")
    # Thirty minutes a day are granted, one visit of thirty is planned, and nothing has happened yet.
    expect(fortnight.get_by_role("row", name="Beviljad tid")).to_contain_text("7 tim")
    expect(fortnight.get_by_role("row", name="Planerad tid")).to_contain_text("30 min")
    expect(fortnight.get_by_role("row", name="Utförd tid")).to_contain_text("0 min")
    expect(page.get_by_text("Ingen tid är registrerad än.").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
