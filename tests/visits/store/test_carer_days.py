"""A carer's day, read from a real database as somebody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.world import MONDAY, World
from visits.actions.record_fact import record_fact
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.performed.carer_day import Part
from visits.performed.checkins import Fact, FactKind
from visits.planned.schedule import ChangeKind, VisitChange
from visits.store import audit, changes, shifts
from visits.store.carer_days import carer_day
from visits.terms import FactId


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_the_route_stands_in_order_with_what_is_needed_at_the_door(world: World) -> None:
    team = world.team()
    amira, jonas = world.carer(team, "Amira"), world.carer(team, "Jonas")
    elsa, folke = world.cared(team, world.citizen("Elsa")), world.cared(team, world.citizen("Folke"))
    world.published(
        team,
        [(folke, amira, "09:00"), (elsa, amira, "08:00"), (elsa, jonas, "08:00")],
        breaks=[(amira, "12:00", "12:30")],
    )
    day = carer_day(world.session, world.as_carer(amira), on=MONDAY)
    assert [stop.citizen.given_name for stop in day.stops] == ["Elsa", "Folke"]
    assert [partner.given_name for partner in day.stops[0].partners] == ["Jonas"]
    assert day.stops[0].citizen.access_notes == "Portkod 1234"
    assert day.stops[0].travel_seconds == 300
    assert [(pause.start_at, pause.end_at) for pause in day.breaks] == [(world.at("12:00"), world.at("12:30"))]
    assert day.next_stop is day.stops[0]


def test_the_next_step_is_where_the_carer_is_and_else_the_first_that_waits(world: World) -> None:
    team = world.team()
    amira = world.carer(team)
    first, second = world.cared(team), world.cared(team)
    world.published(team, [(first, amira, "08:00"), (second, amira, "09:00")])
    viewer = world.as_carer(amira)

    def say(kind: FactKind, cared: object, wall: str) -> None:
        at = world.at(wall)
        made = Fact(
            id=FactId(uuid4()), visit_id=cared.visit(), carer_id=amira.id, kind=kind, happened_at=at, received_at=at
        )
        record_fact(world.session, viewer, made, now=at)

    say(FactKind.CHECK_IN, second, "09:00")
    day = carer_day(world.session, viewer, on=MONDAY)
    assert [stop.part for stop in day.stops] == [Part.WAITING, Part.HERE]
    assert day.next_stop is day.stops[1]
    say(FactKind.CHECK_OUT, second, "09:30")
    day = carer_day(world.session, viewer, on=MONDAY)
    assert [stop.part for stop in day.stops] == [Part.WAITING, Part.DONE]
    assert day.next_stop is day.stops[0]
    say(FactKind.NOBODY_HOME, first, "09:40")
    assert carer_day(world.session, viewer, on=MONDAY).next_stop is None


def test_nobody_else_sees_a_carers_day_and_the_carer_only_today_and_tomorrow(world: World) -> None:
    team = world.team()
    amira = world.carer(team)
    elsa = world.cared(team)
    world.published(team, [(elsa, amira, "08:00")])
    for viewer in (world.as_citizen(elsa), world.as_coordinator(team), world.system()):
        with pytest.raises(NotFound):
            carer_day(world.session, viewer, on=MONDAY)
    for days in (-1, 2):
        with pytest.raises(NotFound):
            carer_day(world.session, world.as_carer(amira), on=MONDAY + timedelta(days=days))
    assert carer_day(world.session, world.as_carer(amira), on=MONDAY + timedelta(days=1)).stops == ()


def test_what_publishing_changed_for_the_carer_is_told_and_only_that(world: World) -> None:
    team = world.team()
    amira, jonas = world.carer(team), world.carer(team)
    elsa = world.cared(team)
    schedule = world.published(team, [(elsa, jonas, "08:00")])
    moved = VisitChange(
        visit_id=elsa.visit(),
        citizen_id=elsa.id,
        kind=ChangeKind.MOVED,
        old_start_at=world.at("08:00"),
        new_start_at=world.at("08:00"),
        old_carers=frozenset({amira.id}),
        new_carers=frozenset({jonas.id}),
    )
    at = world.at("07:30")
    changes.add(world.session, [moved], schedule_id=schedule.id, on=MONDAY, changed_at=at)
    for carer in (amira, jonas):
        assert carer_day(world.session, world.as_carer(carer), on=MONDAY).changes == ((at, moved),)
    assert carer_day(world.session, world.as_carer(world.carer(team)), on=MONDAY).changes == ()


def test_the_door_is_looked_at_with_a_trace(world: World) -> None:
    team = world.team()
    amira = world.carer(team)
    elsa = world.cared(team)
    world.published(team, [(elsa, amira, "08:00")])
    carer_day(world.session, world.as_carer(amira), on=MONDAY)
    entries = audit.audit_entries
    query = select(entries.c.what, entries.c.citizen_ids).where(entries.c.viewer_id == amira.id)
    looked = world.session.execute(query.where(entries.c.subject == Subject.DOOR)).all()
    assert sorted(map(tuple, looked)) == [("citizens", [elsa.id]), ("plans_at_doors", [elsa.id])]


def test_in_a_night_shift_it_is_still_the_day_on_which_it_began(world: World) -> None:
    team = world.team()
    amira = world.carer(team, works=None)
    night = world.shift(amira, "21:00", "23:00")
    # A shift over midnight, as rosters have them.
    longer = world.carer(team, works=None)
    shifts.add(
        world.session,
        [
            type(night)(
                id=uuid4(),
                carer_id=longer.id,
                on=MONDAY,
                start_at=world.at("21:00"),
                end_at=world.at("07:00", on=MONDAY + timedelta(days=1)),
            )
        ],
    )
    tuesday = MONDAY + timedelta(days=1)

    def day(carer_id: object, wall: str) -> object:
        return shifts.working_day(world.session, carer_id, now=world.at(wall, on=tuesday))

    assert day(longer.id, "02:00") == MONDAY
    assert day(longer.id, "08:30") == MONDAY
    assert day(longer.id, "09:00") == tuesday
    assert day(amira.id, "00:30") == tuesday
    assert shifts.working_day(world.session, longer.id, now=world.at("22:00")) == MONDAY
