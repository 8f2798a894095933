"""No audit, no answer: whatever tells about a person leaves an entry in the name of whoever looked."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute, APIWebSocketRoute, iter_route_contexts
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from websockets.sync.client import connect

from api.auth import sessions
from api.auth.pretend import sign_in_address
from provider_choice.actions.ask_to_switch import ask_to_switch
from tests.factories.choice_town import ChoiceTown
from tests.factories.world import World
from tests.house.test_every_route_names_a_policy import policies_of
from tests.patience import SECONDS
from tests.serving import Server
from visits.actions.ask_for_run import ask_for_run
from visits.actions.make_tag import make_tag
from visits.actions.open_calendar_feed import open_calendar_feed
from visits.actions.report_incident import report_incident
from visits.guard.viewer import Role
from visits.planned.schedule import ScheduleState
from visits.store.audit import audit_entries

ROOT = Path(__file__).parents[2]
STORES = ("visits/store", "provider_choice/store")

NAMES_NOBODY = {
    (Role.CITIZEN, "/api/v1/session"): "says which role is signed in",
    (Role.CARER, "/api/v1/session"): "says which role is signed in",
    (Role.COORDINATOR, "/api/v1/session"): "says which role is signed in",
    (Role.CASE_OFFICER, "/api/v1/session"): "says which role is signed in",
    (Role.MANAGER, "/api/v1/session"): "says which role is signed in",
    (Role.RELATIVE, "/api/v1/session"): "says which role is signed in",
    (Role.MANAGER, "/verksamhet"): "names the provider's teams",
    (Role.CARER, "/kalender"): "says whether the carer has a feed",
    (Role.COORDINATOR, "/planering"): "says how far the days have come",
    (Role.COORDINATOR, "/planering/bemanning"): "names the team's carers and their shifts",
    (Role.COORDINATOR, "/planering/bemanning/pass.csv"): "the same as a table",
    (Role.COORDINATOR, "/api/v1/runs/{run_id}"): "says how far a run has come",
}
"""The doors behind which nothing is told about any citizen, and what is."""

ASKS_NOBODY = {
    "visits/store/citizen_days.py day_revision": "a number that says whether one's own day has changed",
    "visits/store/team_days.py days_in_brief": "how far the planning has come: counts, nobody's day",
    "visits/store/team_rosters.py team_roster": "who works when: staff",
    "visits/store/calendar_feeds.py open_feed": "whether one has a feed of one's own",
    "visits/store/calendar_feeds.py revoke": "closes one's own feed",
    "visits/store/sight.py in_sight": "a condition, which some other question asks with",
}
"""The questions that take a viewer and answer nothing about any citizen."""


@dataclass(frozen=True, slots=True)
class Door:
    role: Role
    path: str
    is_socket: bool


@dataclass
class Town:
    """Everybody who can look, and a value for every name in a path."""

    server: Server
    world: World
    session: Session
    people: dict[Role, UUID]
    named: dict[str, object]
    secret: str

    def doors(self) -> Iterator[Door]:
        for route in iter_route_contexts(self.server.app.routes):
            kind = route.original_route
            is_socket = isinstance(kind, APIWebSocketRoute)
            if not is_socket and not (isinstance(kind, APIRoute) and "GET" in kind.methods):
                continue
            for policy in policies_of(route.dependant):
                for role in sorted(policy.roles):
                    yield Door(role, str(route.path), is_socket)

    def look(self, door: Door, client: httpx.Client) -> None:
        path = door.path.format(**self.named)
        if not door.is_socket:
            assert client.get(path).status_code in {200, 303}, path
            return
        cookie = f"{sessions.COOKIE}={client.cookies[sessions.COOKIE]}"
        address = self.server.url.replace("http", "ws", 1) + path
        with connect(address, additional_headers={"Cookie": cookie}, origin=self.server.url) as line:
            assert line.recv(timeout=SECONDS)

    def traces(self, role: Role) -> int:
        mine = (audit_entries.c.role == role) & (audit_entries.c.viewer_id == self.people[role])
        self.session.rollback()
        return self.session.scalar(select(func.count()).where(mine)) or 0


@pytest.fixture
def town(server: Server, session: Session) -> Town:
    made = ChoiceTown(session)
    world, team, astrid = made.world, made.old, made.astrid
    carer = world.carer(team, "Amira")
    coordinator = world.as_coordinator(team)
    world.published(team, [(astrid, carer, "10:15")])
    draft = world.published(team, [(astrid, carer, "10:45")], state=ScheduleState.DRAFT)
    run = ask_for_run(session, coordinator, team_id=team.id, on=world.on, why="asked", now=world.at("09:30"))
    request = ask_to_switch(
        session,
        world.as_citizen(astrid),
        citizen_id=astrid.id,
        provider_id=made.new.provider_id,
        now=world.at("09:30"),
    )
    secret = open_calendar_feed(session, world.as_citizen(astrid), now=world.at("09:30"))
    incident = report_incident(
        session,
        coordinator,
        happened_on=world.on,
        text="Astrid låg på golvet hela natten.",
        citizen_id=astrid.id,
        now=world.at("09:30"),
    )
    manager, relative = world.manager(team), world.relative(astrid, sees_time=True)
    tag = make_tag(session, coordinator, astrid.id, now=world.at("09:30"))
    session.commit()
    assert coordinator.person_id is not None
    people: dict[Role, UUID] = {
        Role.CITIZEN: astrid.id,
        Role.CARER: carer.id,
        Role.COORDINATOR: coordinator.person_id,
        Role.CASE_OFFICER: made.officer.id,
        Role.MANAGER: manager.id,
        Role.RELATIVE: relative.id,
    }
    named = {
        "on": world.on,
        "team_id": team.id,
        "schedule_id": draft.id,
        "run_id": run.id,
        "citizen_id": astrid.id,
        "order_id": astrid.order.id,
        "provider_id": made.new.provider_id,
        "request_id": request.id,
        "incident_id": incident.id,
        "secret": tag,
    }
    return Town(server, world, session, people, named, secret)


def test_whoever_looks_at_a_person_by_any_door_leaves_an_entry(town: Town) -> None:
    silent = set()
    for role, person_id in town.people.items():
        with httpx.Client(base_url=town.server.url, timeout=SECONDS) as client:
            client.get(sign_in_address(town.server.settings, role, person_id))
            for door in town.doors():
                if door.role is role:
                    before = town.traces(role)
                    town.look(door, client)
                    if town.traces(role) == before:
                        silent.add((role, door.path))
    assert silent == set(NAMES_NOBODY)


OF_SOMEBODY = frozenset(
    {"{team_id}", "{schedule_id}", "{run_id}", "{citizen_id}", "{order_id}", "{request_id}", "{incident_id}"}
)


def test_a_stranger_finds_nothing_behind_any_door_with_a_name_on_it(town: Town) -> None:
    world = town.world
    other = world.team()
    strangers: dict[Role, UUID] = {
        Role.CITIZEN: world.cared(other).id,
        Role.CARER: world.carer(other).id,
        Role.COORDINATOR: world.coordinator(other).id,
        Role.CASE_OFFICER: world.case_officer().id,
        Role.MANAGER: world.manager(other).id,
        Role.RELATIVE: world.relative(world.cared(other), sees_time=True).id,
    }
    town.session.commit()
    roles: dict[str, set[Role]] = {}
    for door in town.doors():
        if not door.is_socket:
            roles.setdefault(door.path, set()).add(door.role)
    opened = set()
    for role, person_id in strangers.items():
        with httpx.Client(base_url=town.server.url, timeout=SECONDS) as client:
            client.get(sign_in_address(town.server.settings, role, person_id))
            for path, allowed in roles.items():
                is_ones_own = role in allowed and not any(name in path for name in OF_SOMEBODY)
                if not is_ones_own and client.get(path.format(**town.named)).status_code != 404:
                    opened.add((role, path))
    assert opened == set()


def test_a_calendar_looks_in_the_name_of_whose_it_is(town: Town, client: httpx.Client) -> None:
    before = town.traces(Role.CITIZEN)
    assert client.get(f"/kalender/{town.secret}.ics").status_code == 200
    assert town.traces(Role.CITIZEN) > before


def test_an_answer_that_cannot_be_traced_is_not_given(town: Town, client: httpx.Client) -> None:
    client.get(sign_in_address(town.server.settings, Role.CITIZEN, town.people[Role.CITIZEN]))
    with town.server.app.state.house.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_entries RENAME TO audit_entries_elsewhere")
    reply = client.get("/api/v1/me/day")
    assert reply.status_code == 500
    assert "visits" not in reply.json()


def test_every_question_of_the_store_that_takes_a_viewer_leaves_an_entry() -> None:
    found = [question for folder in STORES for question in questions(ROOT / folder)]
    leaving = {"visits/store/audit.py record", "visits/store/audit.py record_many"}
    known = {one.name for one in found} | leaving
    while more := {one.name for one in found if one.asked(known) & leaving} - leaving:
        leaving |= more
    asking = {one.name for one in found if one.takes_viewer and not one.word.startswith("_")}
    assert asking - leaving == set(ASKS_NOBODY)


@dataclass(frozen=True, slots=True)
class Question:
    """A function of a store, and what it calls: by name alone, or as part of a module."""

    path: str
    word: str
    takes_viewer: bool
    calls: frozenset[str]
    calls_of_modules: frozenset[tuple[str, str]]

    @property
    def name(self) -> str:
        return f"{self.path} {self.word}"

    def asked(self, known: set[str]) -> set[str]:
        """The functions among `known` that this one calls: its own file's, those of a module, or one that is imported."""
        own = {f"{self.path} {word}" for word in self.calls} & known
        called = {word for word in self.calls if f"{self.path} {word}" not in known and not word.startswith("_")}
        of_modules = {
            name for name in known for module, word in self.calls_of_modules if name.endswith(f"/{module}.py {word}")
        }
        return own | of_modules | {name for name in known if name.split(" ")[1] in called}


def questions(folder: Path) -> Iterator[Question]:
    for path in sorted(folder.glob("*.py")):
        if path.stem == "audit":
            continue
        parsed = ast.parse(path.read_text(encoding="utf-8"))
        modules = {
            alias.asname or alias.name: alias.name
            for node in parsed.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in parsed.body:
            if isinstance(node, ast.FunctionDef):
                named = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
                calls = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
                yield Question(
                    path=str(path.relative_to(ROOT)),
                    word=node.name,
                    takes_viewer=bool(named & {"viewer", "viewers"}),
                    calls=frozenset(one.id for one in calls if isinstance(one, ast.Name)),
                    calls_of_modules=frozenset(
                        (modules.get(one.value.id, one.value.id), one.attr)
                        for one in calls
                        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
                    ),
                )
