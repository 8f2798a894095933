"""The coordinator's day in a real Chromium: by keyboard, by itself, on a phone, and without script."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.world import Cared, World
from tests.serving import Server
from visits.actions.publish_schedule import publish_schedule
from visits.actions.record_fact import record_fact
from visits.events import DaysTouched, RunChanged
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer, Coordinator
from visits.performed.checkins import Fact, FactKind
from visits.planned.schedule import Schedule, ScheduleState
from visits.store import outbox, runs
from visits.store.runs import Run, RunState
from visits.terms import FactId, RunId

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    world: World
    server: Server
    team: Team
    amira: Carer
    jonas: Carer
    astrid: Cared
    bertil: Cared
    coordinator: Coordinator

    def publish(self, *stops: tuple[Cared, Carer, str], state: ScheduleState = ScheduleState.PUBLISHED) -> Schedule:
        made = self.world.published(self.team, stops, state=state)
        self.world.session.commit()
        return made

    def open(self, page: "Page") -> None:
        page.goto(sign_in_address(self.server.settings, Role.COORDINATOR, self.coordinator.id))
        page.wait_for_url("**/planering/2026-11-23")

    def open_live(self, page: "Page") -> None:
        self.open(page)
        page.get_by_text("Sidan uppdateras av sig själv").wait_for()


@pytest.fixture
def desk(session: Session, server: Server) -> Desk:
    world = World(session)
    team = world.team("Tumba norra")
    coordinator = world.coordinator(team)
    made = Desk(
        world=world,
        server=server,
        team=team,
        amira=world.carer(team, "Amira"),
        jonas=world.carer(team, "Jonas"),
        astrid=world.cared(team, world.citizen("Astrid")),
        bertil=world.cared(team, world.citizen("Bertil")),
        coordinator=coordinator,
    )
    session.commit()
    return made


def test_arrows_walk_the_visits_and_enter_opens_one(desk: Desk, page: "Page") -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    held = desk.publish((desk.astrid, desk.amira, "10:00"), (desk.bertil, desk.jonas, "11:00"))
    desk.open_live(page)
    first, second = (f'a.visit[data-visit="{placement.visit_id}"]' for placement in held.placements)
    page.locator(first).focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.visit") == str(held.placements[1].visit_id)
    assert page.locator(first).get_attribute("tabindex") == "-1"
    page.keyboard.press("Enter")
    page.locator("#besok").get_by_role("heading", name=desk.bertil.citizen.name).wait_for()
    assert page.evaluate("document.activeElement.id") == "besok"
    page.keyboard.press("Escape")
    assert page.locator("#besok").is_hidden()
    assert page.locator(second).evaluate("one => one === document.activeElement")


def test_a_check_in_shows_by_itself(desk: Desk, page: "Page") -> None:
    held = desk.publish((desk.astrid, desk.amira, "09:35"))
    desk.open_live(page)
    visit = page.locator(f'a.visit[data-visit="{held.placements[0].visit_id}"]')
    assert "Planerat" in visit.inner_text()
    now = desk.world.at("09:40")
    fact = Fact(
        id=FactId(uuid4()),
        visit_id=held.placements[0].visit_id,
        carer_id=desk.amira.id,
        kind=FactKind.CHECK_IN,
        happened_at=now,
        received_at=now,
    )
    record_fact(desk.world.session, desk.world.as_carer(desk.amira), fact, now=now)
    desk.world.session.commit()
    visit.filter(has_text="Pågår").wait_for()


def test_a_run_tells_its_progress_and_its_draft_appears_by_itself(desk: Desk, page: "Page") -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    session = desk.world.session
    desk.publish((desk.astrid, desk.amira, "10:00"))
    desk.open_live(page)
    run = Run(
        id=RunId(uuid4()),
        team_id=desk.team.id,
        on=desk.world.on,
        state=RunState.RUNNING,
        asked_at=desk.world.at("09:40"),
        asked_by=None,
        why="asked",
    )
    runs.add(session, run)
    tell(desk, run)
    page.get_by_role("button", name="Avbryt planeringen").wait_for()
    runs.change(session, run.id, progress={"seconds": 3, "limit_seconds": 4, "placed": 1, "unplaced": 0, "cost": 600})
    tell(desk, run)
    page.locator("#korning-lage", has_text="75 % · 3 s · 1 besök har plats").wait_for()
    desk.world.published(desk.team, [(desk.astrid, desk.jonas, "10:00")], state=ScheduleState.DRAFT)
    runs.change(session, run.id, state=RunState.DONE, ended_at=desk.world.at("09:41"))
    tell(desk, run)
    page.get_by_text("1 person behöver få veta.").wait_for()
    assert page.locator(".lane-draft a.is-changed").count() == 1


def tell(desk: Desk, run: Run) -> None:
    touched = (DaysTouched(on=run.on, teams=(run.team_id,)),)
    outbox.leave(desk.world.session, RunChanged(run_id=run.id, team_id=run.team_id, on=run.on, touched=touched))
    desk.world.session.commit()


def test_what_a_colleague_publishes_appears_without_losing_ones_place(desk: Desk, page: "Page") -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    held = desk.publish((desk.astrid, desk.amira, "10:00"), (desk.bertil, desk.jonas, "11:00"))
    draft = desk.publish(
        (desk.astrid, desk.amira, "10:15"), (desk.bertil, desk.jonas, "11:00"), state=ScheduleState.DRAFT
    )
    desk.open_live(page)
    stays = page.locator(f'.lane-published a.visit[data-visit="{held.placements[1].visit_id}"]')
    stays.focus()
    publish_schedule(desk.world.session, desk.world.as_coordinator(desk.team), draft.id, now=desk.world.at("09:41"))
    desk.world.session.commit()
    page.locator("#utkast", has_text="Inget utkast").wait_for()
    assert "10.15" in page.locator(f'a.visit[data-visit="{held.placements[0].visit_id}"]').inner_text()
    assert stays.evaluate("one => one === document.activeElement")


def test_publishing_from_the_page_needs_no_reload(desk: Desk, page: "Page") -> None:
    desk.publish((desk.astrid, desk.amira, "10:00"), (desk.bertil, desk.jonas, "11:00"), state=ScheduleState.DRAFT)
    desk.open_live(page)
    page.evaluate("window.isTheSamePage = true")
    page.get_by_role("button", name="Publicera").click()
    page.get_by_text("Planeringen gäller nu.").wait_for()
    page.locator("#utkast", has_text="Inget utkast").wait_for()
    page.wait_for_timeout(1_500)  # by now the line, too, has told of the publishing
    assert page.get_by_text("Planeringen gäller nu.").is_visible()
    assert page.evaluate("window.isTheSamePage")


def test_what_the_server_refuses_is_told_on_the_page(desk: Desk, page: "Page") -> None:
    stops = (desk.astrid, desk.amira, "10:00"), (desk.bertil, desk.jonas, "11:00")
    draft = desk.publish(*stops, state=ScheduleState.DRAFT)
    desk.open_live(page)
    page.evaluate("id => { document.querySelector('#utkast [name=schedule_id]').value = id }", str(uuid4()))
    page.get_by_role("button", name="Publicera").click()
    page.get_by_role("alert").wait_for()
    assert draft.state is ScheduleState.DRAFT


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_the_screen(desk: Desk, page: "Page", width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    desk.publish((desk.astrid, desk.amira, "10:00"), (desk.bertil, desk.jonas, "11:00"))
    desk.publish((desk.astrid, desk.jonas, "10:00"), state=ScheduleState.DRAFT)
    desk.open_live(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for path in ("tid", "bemanning"):
        page.goto(f"{desk.server.url}/planering/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_everything_works_without_script(desk: Desk, chromium: "Browser") -> None:
    desk.publish((desk.astrid, desk.amira, "10:00"), (desk.bertil, desk.jonas, "11:00"), state=ScheduleState.DRAFT)
    context = chromium.new_context(java_script_enabled=False, locale="sv-SE", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    desk.open(page)
    page.get_by_role("button", name="Publicera").click()
    page.get_by_text("Planeringen gäller nu.").wait_for()
    page.locator("a.visit").first.click()
    assert page.locator("#besok").get_by_role("heading", name=desk.astrid.citizen.name).is_visible()
    page.locator("#carer").select_option(label=desk.amira.name)
    page.get_by_role("button", name="Anmäl frånvaro").click()
    page.get_by_text("Frånvaron är noterad.").wait_for()
    assert page.locator(".row-absent").count() == 1
    context.close()
