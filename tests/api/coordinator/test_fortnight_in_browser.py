"""Two weeks planned from the coordinator's page, with a real worker, in a real Chromium: asked for, followed, published."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from api.settings import Settings
from tests.factories.world import MONDAY, World, a_template
from tests.serving import Server
from visits.granted.decisions import Amount, Per
from visits.guard.viewer import Role
from visits.planned.schedule import ScheduleState
from visits.store.chosen_days import chosen_days
from visits.store.schedules import placements, schedules
from visits.terms import ServiceCode

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PLANNED = 90_000


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"worker_inside": True, "fortnight_seconds": 0.7, "runs_at_once": 2})


def test_two_weeks_are_planned_shown_and_published_together(session: Session, server: Server, page: "Page") -> None:
    """Two carers work Monday to Wednesday, two others Thursday to Sunday; three citizens have a visit a day and two showers a
    week, never on days in a row. One asks for more cleaning than is granted.
    """
    world = World(session)
    team = world.team("Tumba norra")
    coordinator = world.coordinator(team)
    early, late = [world.carer(team, works=None) for _ in range(2)], [world.carer(team, works=None) for _ in range(2)]
    for number in range(14):
        on = MONDAY + timedelta(days=number)
        for carer in early if on.weekday() < 3 else late:
            world.shift(carer, "07:00", "15:00", on=on, breaks=[("10:30", "12:00", 30)])
    cared = []
    for name in ("Astrid", "Bertil", "Cecilia"):
        shower = a_template(ServiceCode.SHOWER, window=("09:00", "14:00"), minutes=40)
        shower = replace(shower, times=2, min_days_between=2)
        templates = [a_template(minutes=20), shower]
        if name == "Cecilia":
            templates.append(
                replace(
                    a_template(
                        ServiceCode.CLEANING, window=("09:00", "14:00"), minutes=90, weekdays=frozenset(range(5))
                    ),
                    times=1,
                )
            )
        granted = Amount(minutes=250, occasions=1, per=Per.WEEK)
        cared.append(world.cared(team, world.citizen(name), templates=templates, granted=granted))
    session.commit()

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(sign_in_address(server.settings, Role.COORDINATOR, coordinator.id))
    page.goto(f"{server.url}/planering/tva-veckor")
    page.get_by_text("Inga dagar är valda än.").wait_for()
    page.get_by_role("button", name="Planera två veckor").click()
    publish = page.get_by_role("button", name="Kvittera och publicera alla 14 dagarna")
    publish.wait_for(timeout=PLANNED)
    held_back = page.locator("#valda tr").filter(has_text="Cecilia").filter(has_text="ryms inte i det som är beviljat")
    assert held_back.count() == 1
    page.get_by_text("veckan från 23 nov. Cecilia").wait_for()
    page.get_by_label("Varför det är som det ska").fill("Ryms inte i beslutet; handläggaren är tillfrågad.")
    publish.click()
    page.locator("#dagarna").get_by_text("Publicerad").nth(13).wait_for()

    shower_of = {one.plan.templates[1].id for one in cared}
    weeks = [row for row in session.execute(select(chosen_days)) if row.template_id in shower_of]
    assert len(weeks) == 6
    for one in shower_of:
        days = sorted(day for week in weeks if week.template_id == one for day in week.days)
        assert len(days) == 4
        assert all((after - before).days >= 2 for before, after in pairwise(days))
    told = select(placements.c.citizen_id, placements.c.carer_id).join(schedules)
    met = set(session.execute(told.where(schedules.c.state == ScheduleState.PUBLISHED)))
    assert len(met) < 3 * len(cared), (
        "four carers share the work: planned without each other, the days would bring them all"
    )
