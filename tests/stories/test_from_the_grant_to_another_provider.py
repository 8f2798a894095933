"""The whole way, over HTTP and a real WebSocket: a day is planned and published, the citizen's open page changes by itself, a
carer checks in and out, the three times move, and the citizen asks for another provider and gets one.

The clock stands at 09.40 on Monday 23 November 2026 and runs at the speed of real time.
"""

import json
import time
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from websockets.sync.client import ClientConnection

from api.settings import Settings
from tests.factories.choice import chosen_team
from tests.factories.world import Cared, World, a_template
from tests.serving import Server
from tests.stories.person import Person
from visits.granted.decisions import Amount, Per
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer, CaseOfficer

WITHIN_SECONDS = 30
FIRST_DAY = date(2026, 12, 7)
"""Fourteen days after Monday 23 November: the demo municipality's rule."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With a worker inside; the world is small, so a second of solving is plenty."""
    return settings.model_copy(update={"worker_inside": True, "plan_seconds": 1.0, "replan_seconds": 1.0})


@dataclass
class Town:
    """Astrid and Bertil with Tallbackens grupp, whose carers are Vera and Jonas; Ängens would take Astrid over."""

    world: World
    here: Team
    there: Team
    carers: list[Carer]
    astrid: Cared
    officer: CaseOfficer


@pytest.fixture
def town(session: Session) -> Town:
    world = World(session)
    here = chosen_team(world, "Tallbackens Omsorg")
    there = chosen_team(world, "Ängens Hemvård")
    officer = world.case_officer()
    carers = [world.carer(here, "Vera"), world.carer(here, "Jonas")]
    world.shift(world.carer(there, "Nora", works=None), "07:00", "16:00", on=FIRST_DAY)
    around_noon = a_template(window=("11:00", "14:00"), minutes=30)
    half_an_hour_a_day = Amount(minutes=30, occasions=1, per=Per.DAY)
    astrid = world.cared(
        here, world.citizen("Astrid"), templates=[around_noon], officer=officer, granted=half_an_hour_a_day
    )
    world.cared(here, world.citizen("Bertil"), templates=[a_template(window=("11:00", "14:00"))])
    session.commit()
    return Town(world, here, there, carers, astrid, officer)


def next_day_told(line: ClientConnection) -> dict[str, Any]:
    """The next state of the day that the open page is told."""
    ends_at = time.monotonic() + WITHIN_SECONDS
    while True:
        message = json.loads(line.recv(timeout=ends_at - time.monotonic()))
        line.send("beat")
        if message["kind"] == "day":
            day: dict[str, Any] = message["day"]
            return day


def planned(coordinator: Person, team: Team, on: date) -> dict[str, Any]:
    """Ask for the day, wait for its run, and return the draft."""
    (run,) = coordinator.post(f"/teams/{team.id}/schedules/{on}/runs")["runs"]
    ends_at = time.monotonic() + WITHIN_SECONDS
    while run["state"] in {"waiting", "running"}:
        assert time.monotonic() < ends_at, run
        time.sleep(0.1)
        run = coordinator.get(f"/runs/{run['id']}")
    assert run["state"] == "done", run
    draft: dict[str, Any] = coordinator.get(f"/schedules/{run['schedule_id']}")
    return draft


def fact(visit: str, kind: str, happened_at: str, town: Town) -> dict[str, str]:
    return {
        "id": str(uuid4()),
        "visit_id": visit,
        "kind": kind,
        "happened_at": town.world.at(happened_at).isoformat(),
    }


def test_from_the_grant_to_another_provider(server: Server, town: Town) -> None:
    world = town.world
    monday = world.on
    astrid_id = str(town.astrid.id)
    coordinator_here, coordinator_there = world.coordinator(town.here), world.coordinator(town.there)
    world.session.commit()
    with (
        Person(server, Role.COORDINATOR, coordinator_here.id) as here,
        Person(server, Role.COORDINATOR, coordinator_there.id) as there,
        Person(server, Role.CITIZEN, town.astrid.id) as astrid,
        Person(server, Role.CASE_OFFICER, town.officer.id) as officer,
        astrid.open_page() as page,
    ):
        # Nothing is planned, and the open page says so.
        assert next_day_told(page)["next"] is None

        # The day is planned and published; the page changes by itself.
        draft = planned(here, town.here, monday)
        assert len(draft["placements"]) == 2
        here.post(f"/schedules/{draft['id']}/publish")
        stop = next(one for one in draft["placements"] if one["citizen_id"] == astrid_id)
        who = next(carer for carer in town.carers if str(carer.id) == stop["carer_id"])
        told = next_day_told(page)["next"]
        assert (told["who"], told["help"], told["state"]) == (who.given_name, "Hjälp på morgonen", "planned")

        # The carer checks in half an hour ago: the page says that the visit is under way.
        with Person(server, Role.CARER, who.id) as carer:
            assert stop["visit_id"] in json.dumps(carer.get("/carer/day"))
            came = fact(stop["visit_id"], "check_in", "09:10", town)
            carer.post("/carer/facts", came)
            carer.post("/carer/facts", came)  # sent twice, counted once
            assert next_day_told(page)["state"] == "under_way"
            carer.post("/carer/facts", fact(stop["visit_id"], "check_out", "09:35", town))
        assert next_day_told(page)["state"] == "all_done"

        # Granted 30, planned 30, performed 25 minutes: for the citizen, the coordinator and the case officer.
        for reader, path in (
            (astrid, "/min-tid"),
            (here, "/planering/tid?period=manad"),
            (officer, f"/arenden/{astrid_id}"),
        ):
            assert "25 min" in reader.page(path), path

        # Astrid asks to switch; her case officer confirms with the first day of the municipality's rule.
        asked = astrid.post("/me/choice-requests", {"kind": "switch", "provider_id": str(town.there.provider_id)})
        assert [case["citizen_id"] for case in officer.get("/cases") if case["asked"]] == [astrid_id]
        confirmed = officer.post(f"/choice-requests/{asked['id']}/confirm", {})
        assert confirmed["first_on"] == FIRST_DAY.isoformat()

        # From that day the new provider has the visit to plan, and the old one has not.
        assert [one["citizen_id"] for one in planned(there, town.there, FIRST_DAY)["placements"]] == [astrid_id]
        old_day = planned(here, town.here, FIRST_DAY)
        assert astrid_id not in json.dumps(old_day)


def test_nobody_else_is_told_of_astrid(server: Server, town: Town) -> None:
    """The other team's coordinator, another citizen and a case officer without the case: not found."""
    world = town.world
    stranger, neighbour = world.case_officer(), world.cared(town.there)
    other = world.coordinator(town.there)
    world.session.commit()
    for role, person_id, path in (
        (Role.COORDINATOR, other.id, f"/api/v1/teams/{town.here.id}/schedules/{world.on}"),
        (Role.CASE_OFFICER, stranger.id, f"/arenden/{town.astrid.id}"),
        (Role.CITIZEN, neighbour.id, f"/arenden/{town.astrid.id}"),
        (Role.CARER, town.carers[0].id, f"/arenden/{town.astrid.id}"),
    ):
        with Person(server, role, person_id) as somebody:
            assert somebody.http.get(path).status_code == 404, (role, path)
