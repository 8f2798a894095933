"""What was granted, what was planned and what was done, to the minute: 25 hours a month are granted, ordered and laid out in a plan
that the citizen signs; a fortnight is planned; a week of it is performed by the demo's carers, with an illness, a stay in
hospital, a shower declined and a check-out forgotten; and the strip accounts for all of it.

Astrid's week, in minutes. The plan: help every morning, 30, and two showers, 40 each, at least three days apart, on a Tuesday, a
Wednesday or a Friday: so on Tuesday and Friday.

| | Mon | Tue | Wed | Thu | Fri | Sat | Sun | sum |
|---|---|---|---|---|---|---|---|---|
| planned | 30 | 70 | away | away | 70 | 30 | 30 | 230 |
| performed | 30 | 70 | | | 30 | 25 | 30 | 185 |
| in hospital | | | 30 | 30 | | | | 60 |
| declined | | | | | 40 | | | 40 |

Granted in seven days: 1,500 · 7 / 30.4 = 345.39. On Saturday nobody checks out, so nothing counts until a coordinator has put it
right and, because it is more than a day ago, a second one has agreed.
"""

import csv
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from api.clock import SWEDEN, DemoClock
from api.demo.phone import Phone
from api.demo.script import Chosen
from api.demo.simulator import Simulator
from api.settings import Settings
from tests.factories.choice import chosen_team
from tests.factories.world import World, a_template
from tests.serving import Server, serving
from tests.stories.person import Person
from visits.actions.acknowledge_order import acknowledge_order
from visits.actions.activate_plan import activate_plan
from visits.actions.begin_order import begin_order
from visits.actions.make_decision import make_decision
from visits.actions.propose_plan import propose_plan
from visits.actions.revise_plan import revise_plan
from visits.granted.care_plans import CarePlan, Participation, Signature
from visits.granted.decisions import Amount, DecidedAs, Decision, GrantedService, Per
from visits.guard.viewer import Role, Viewer
from visits.organisation import Team
from visits.people import Carer, CaseOfficer, Citizen, Coordinator
from visits.planned.visit_ids import visit_id
from visits.store import checkins, decisions, schedules
from visits.terms import CarerId, DecisionId, GrantedServiceId, Period, ServiceCode, ServiceKind, VisitId

FRIDAY_BEFORE = date(2026, 11, 20)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 11, 23) + timedelta(n) for n in range(7))
WITHIN_SECONDS = 120
RIGHT_TO_THE_MINUTE = {
    "Beviljade minuter": "345",
    "Planerade minuter": "230",
    "Utförda minuter": "185",
    "Frånvaro i minuter: På sjukhus": "60",
    "Avböjda minuter": "40",
    "Minuter missade av utföraren": "0",
    "Återstående minuter": "0",
    "Inte planerade minuter": "60",
    "Besök utan utcheckning": "0",
}


@dataclass
class Town:
    """Astrid, her case officer, and Tallbackens grupp: two coordinators, and four carers of whom two work each day."""

    world: World
    team: Team
    officer: CaseOfficer
    coordinators: tuple[Coordinator, Coordinator]
    carers: dict[str, Carer]
    astrid: Citizen


@pytest.fixture
def town(session: Session) -> Town:
    world = World(session, on=FRIDAY_BEFORE)
    team = chosen_team(world, "Tallbackens Omsorg")
    officer = world.case_officer()
    carers = {name: world.carer(team, name, works=None) for name in ("Vera", "Jonas", "Nora", "Ove")}
    at_work = ("Vera Jonas", "Vera Nora", "Vera Nora", "Vera Nora", "Jonas Nora", "Jonas Ove", "Jonas Ove")
    for number in range(14):
        for name in at_work[number % 7].split():
            world.shift(carers[name], "07:00", "11:30", on=MONDAY + timedelta(number))
    astrid = world.citizen("Astrid")
    decisions.add(session, [decided(astrid, officer, Period(date(2025, 11, 1), date(2026, 10, 31)))])
    coordinators = (world.coordinator(team), world.coordinator(team))
    session.commit()
    return Town(world, team, officer, coordinators, carers, astrid)


def decided(citizen: Citizen, officer: CaseOfficer, valid: Period) -> Decision:
    """25 hours a month for mornings and showers."""
    service = GrantedService(
        id=GrantedServiceId(uuid4()),
        code=ServiceCode.MORNING,
        also=(ServiceCode.SHOWER,),
        amount=Amount(minutes=25 * 60, per=Per.MONTH, decided_as=DecidedAs.HOURS),
    )
    return Decision(
        id=DecisionId(uuid4()),
        citizen_id=citizen.id,
        case_officer_id=officer.id,
        kind=ServiceKind.HOME_CARE,
        decided_on=valid.first_on - timedelta(days=3),
        valid=valid,
        services=(service,),
        purpose="Att bo kvar hemma.",
    )


def granted_and_agreed(town: Town) -> CarePlan:
    """The same again from Monday; the order is sent and received, its plan is written, put to Astrid, and signed."""
    session, officer = town.world.session, town.world.as_case_officer(town.officer)
    decision = decided(town.astrid, town.officer, Period(MONDAY, MONDAY + timedelta(days=364)))
    make_decision(session, officer, decision, open_ended=())
    order = begin_order(session, officer, decision=decision, team=town.team, first_on=MONDAY)
    mine = coordinating(town)
    acknowledge_order(session, mine, order.id)
    morning = a_template(window=("07:00", "08:00"), minutes=30)
    shower = a_template(ServiceCode.SHOWER, window=("09:00", "10:30"), minutes=40, weekdays=frozenset({1, 2, 4}))
    templates = (morning, replace(shower, times=2, min_days_between=3))
    plan = revise_plan(session, mine, order.id, from_on=MONDAY, templates=templates)
    propose_plan(session, mine, order.id, plan.id, goal="Astrid klarar morgonen i sin egen takt.")
    signed = Signature(by="Astrid", on=FRIDAY_BEFORE)
    activate_plan(session, mine, order.id, plan.id, took_part=Participation.FULL, signature=signed)
    session.commit()
    return plan


def coordinating(town: Town) -> Viewer:
    who = town.coordinators[0]
    return Viewer(role=Role.COORDINATOR, person_id=who.id, team_id=town.team.id, today=FRIDAY_BEFORE)


@contextmanager
def service_at(settings: Settings, on: date, wall: str) -> Iterator[Server]:
    """The service as it stands at that hour."""
    clock = DemoClock.starting_at(datetime.fromisoformat(f"{on}T{wall}").replace(tzinfo=SWEDEN))
    changes = {"clock": str(clock), "worker_inside": True, "replan_seconds": 0.5, "fortnight_seconds": 0.5}
    with serving(settings.model_copy(update=changes)) as server:
        yield server


def performed(server: Server, town: Town, chosen: Chosen) -> None:
    """The demo's carers do what they do today, each on a phone of their own, and tell it."""
    clock = server.settings.make_clock()
    phones = {
        Phone(one.id, base_url=server.url, sign_in=sign_in_address(server.settings, Role.CARER, one.id)): True
        for one in town.carers.values()
    }
    simulator = Simulator(phones, clock, left_alone=frozenset(), chosen=chosen)
    simulator.play_until_now(lambda _done, _of: None)
    for phone in phones:
        phone.close()


def wait_for_draft(coordinator: Person, team: Team, on: date) -> str:
    """The draft that a run in the background leaves for the day."""
    ends_at = time.monotonic() + WITHIN_SECONDS
    while True:
        day = coordinator.get(f"/teams/{team.id}/schedules/{on}")
        if day["draft_id"] is not None and (day["run"] is None or day["run"]["state"] == "done"):
            return str(day["draft_id"])
        assert time.monotonic() < ends_at, day
        time.sleep(0.1)


def publish_a_fortnight(server: Server, town: Town) -> None:
    """The coordinator plans fourteen days in one run and publishes them together."""
    days = [MONDAY + timedelta(n) for n in range(14)]
    with Person(server, Role.COORDINATOR, town.coordinators[0].id) as coordinator:
        coordinator.submit("/planering/tva-veckor/planera", first_on=MONDAY)
        drafts = [wait_for_draft(coordinator, town.team, on) for on in days]
        coordinator.submit("/planering/tva-veckor/publicera", first_on=MONDAY, schedule_id=drafts)


def goes_to(town: Town, visit: VisitId, on: date) -> CarerId:
    """Who is to make the visit, by what is published."""
    session = town.world.session
    day = schedules.published(session, town.world.system(), team_id=town.team.id, on=on)
    session.commit()  # an open transaction would hold up whoever reads the events in order
    assert day is not None
    return next(one.carer_id for one in day.placements if one.visit_id == visit)


def put_right(server: Server, town: Town, visit: VisitId) -> None:
    """One coordinator enters when the carer left; the other agrees."""
    went = goes_to(town, visit, SATURDAY)
    came_at = checkins.facts_of(town.world.session, [visit])[visit][0].happened_at
    left_at = (came_at + timedelta(minutes=25)).astimezone(SWEDEN)
    entered: dict[str, object] = {"what": "utcheckning", "carer_id": went, "clock": f"{left_at:%H:%M:%S}"}
    correction = uuid4()
    one, other = town.coordinators
    with Person(server, Role.COORDINATOR, one.id) as coordinator:
        about = {"id": correction, "visit_id": visit, "on": SATURDAY, "reason": "Ove ringde: gick efter 25 minuter."}
        coordinator.submit("/planering/avvikelser/ratta", **about, **entered)
        assert strip_told(coordinator, "/planering/tid")["Utförda minuter"] == "160"
    with Person(server, Role.COORDINATOR, other.id) as coordinator:
        coordinator.submit("/planering/avvikelser/beslut", fact_id=correction, svar="true", on=SATURDAY)


def strip_told(reader: Person, path: str) -> dict[str, str]:
    """Astrid's strip over the four weeks before today, as the file beside the page says it."""
    reply = reader.http.get(f"{path}.csv")
    assert reply.status_code == 200, reply.text
    (line,) = csv.DictReader(StringIO(reply.content.decode("utf-8-sig")), delimiter=";")
    return line


def test_from_the_grant_to_the_strip(settings: Settings, town: Town) -> None:
    morning, shower = (template.id for template in granted_and_agreed(town).templates)
    team, (coordinator_id, _) = town.team, (one.id for one in town.coordinators)
    as_planned = Chosen(by_the_book=True)
    no_shower = replace(as_planned, declined=frozenset({visit_id(shower, FRIDAY)}))
    no_check_out = replace(as_planned, forgotten=frozenset({visit_id(morning, SATURDAY)}))

    with service_at(settings, FRIDAY_BEFORE, "10:00") as server:
        publish_a_fortnight(server, town)

    with service_at(settings, MONDAY, "20:00") as server:
        performed(server, town, as_planned)
        ill = goes_to(town, visit_id(morning, TUESDAY), TUESDAY)
        with Person(server, Role.COORDINATOR, coordinator_id) as coordinator:
            coordinator.post(
                f"/teams/{team.id}/absences/carers", {"carer_id": str(ill), "on": str(TUESDAY), "reason": "ill"}
            )
            coordinator.post(f"/schedules/{wait_for_draft(coordinator, team, TUESDAY)}/publish")
        assert goes_to(town, visit_id(morning, TUESDAY), TUESDAY) != ill

    with service_at(settings, TUESDAY, "20:00") as server:
        performed(server, town, as_planned)
        with Person(server, Role.COORDINATOR, coordinator_id) as coordinator:
            stay = {"first_on": str(WEDNESDAY), "last_on": str(THURSDAY), "reason": "hospital"}
            away = coordinator.post(f"/teams/{team.id}/absences/citizens", {"citizen_id": str(town.astrid.id), **stay})
            assert away["cancelled_visits"] == 2

    for on, chosen in ((THURSDAY, as_planned), (FRIDAY, no_shower), (SATURDAY, no_check_out), (SUNDAY, as_planned)):
        with service_at(settings, on, "20:00") as server:
            performed(server, town, chosen)

    with service_at(settings, SUNDAY + timedelta(days=1), "08:00") as server:
        with Person(server, Role.COORDINATOR, coordinator_id) as coordinator:
            told = strip_told(coordinator, "/planering/tid")
            assert (told["Utförda minuter"], told["Besök utan utcheckning"]) == ("160", "1")
        put_right(server, town, visit_id(morning, SATURDAY))
        for role, person_id, path in (
            (Role.COORDINATOR, coordinator_id, "/planering/tid"),
            (Role.CASE_OFFICER, town.officer.id, "/arenden/uppfoljning"),
        ):
            with Person(server, role, person_id) as reader:
                assert strip_told(reader, path) | RIGHT_TO_THE_MINUTE == strip_told(reader, path)
        with Person(server, Role.CITIZEN, town.astrid.id) as astrid:
            assert "3 tim 5 min" in astrid.page("/min-tid")
