"""Who is in whose sight, of those who look in from outside: relatives and managers."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.factories.world import World
from visits.errors import NotFound
from visits.guard.confidentiality import MAY_SEE, Subject, check_day
from visits.guard.viewer import Role, Viewer
from visits.people import ProtectedIdentity
from visits.store import citizens
from visits.store.citizens import citizens as citizens_table
from visits.store.let_ins import let_ins
from visits.store.sight import in_sight
from visits.terms import CitizenId


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def seen(session: Session, viewer: Viewer, subject: Subject) -> set[CitizenId]:
    return set(session.scalars(in_sight(viewer, subject)))


def test_a_relative_sees_whom_they_are_let_in_by_and_time_only_where_that_is_shown(world: World) -> None:
    team = world.team()
    anna, bo, strange = world.cared(team), world.cared(team), world.cared(team)
    karin = world.relative(anna, bo)
    world.relative(strange)
    viewer = world.as_relative(karin)
    assert seen(world.session, viewer, Subject.DAY) == {anna.id, bo.id}
    assert seen(world.session, viewer, Subject.BALANCE) == set()
    world.session.execute(update(let_ins).where(let_ins.c.citizen_id == bo.id).values(sees_time=True))
    assert seen(world.session, viewer, Subject.BALANCE) == {bo.id}


def test_whoever_is_shut_out_sees_nobody(world: World) -> None:
    anna = world.cared(world.team())
    viewer = world.as_relative(world.relative(anna, sees_time=True))
    world.session.execute(update(let_ins).values(ended_at=world.at("09:00")))
    for subject in (Subject.DAY, Subject.BALANCE, Subject.RELATIVES):
        assert seen(world.session, viewer, subject) == set()


def test_a_protected_identity_is_denied_to_relatives_even_of_old(world: World) -> None:
    anna = world.cared(world.team())
    viewer = world.as_relative(world.relative(anna, sees_time=True))
    world.session.execute(update(citizens_table).values(protected=ProtectedIdentity.SECRECY_MARK))
    assert seen(world.session, viewer, Subject.DAY) == set()


def test_a_relative_never_sees_the_door_the_plan_or_the_choice(world: World) -> None:
    viewer = world.as_relative(world.relative(world.cared(world.team())))
    for subject in (Subject.DOOR, Subject.CARE, Subject.CHOICE):
        with pytest.raises(NotFound):
            in_sight(viewer, subject)
    check_day(viewer, world.on + timedelta(days=1))
    with pytest.raises(NotFound):
        check_day(viewer, world.on - timedelta(days=1))


def test_a_manager_reaches_sums_of_the_own_provider_and_no_person(world: World) -> None:
    team = world.team()
    anna = world.cared(team)
    world.cared(world.team())
    viewer = world.as_manager(world.manager(team))
    assert seen(world.session, viewer, Subject.TOTALS) == {anna.id}
    for subject in (Subject.DAY, Subject.DOOR, Subject.CARE, Subject.BALANCE, Subject.CHOICE, Subject.RELATIVES):
        with pytest.raises(NotFound):
            citizens.find(world.session, viewer, subject)


def test_no_role_but_the_house_is_without_a_reach_of_its_own() -> None:
    """Whoever adds a role says what it may see."""
    named = {role for allowed in MAY_SEE.values() for role in allowed}
    assert named == set(Role)
