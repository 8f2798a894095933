"""The strips, read from a real database as somebody."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.factories.world import MONDAY, World, a_template
from visits.actions.record_fact import record_fact
from visits.actions.report_citizen_away import report_citizen_away
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.performed.checkins import Fact, FactKind
from visits.store import audit, orders, schedules
from visits.store.strips import strips
from visits.terms import AbsenceReason, CitizenId, FactId, OrderId, Period

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
FORTNIGHT = Period(MONDAY - timedelta(days=13), MONDAY)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_granted_planned_and_performed_stand_side_by_side(world: World) -> None:
    team = world.team()
    amira = world.carer(team)
    elsa, folke = world.cared(team), world.cared(team)
    world.published(team, [(elsa, amira, "08:00"), (folke, amira, "09:00")])
    for kind, wall in ((FactKind.CHECK_IN, "08:00"), (FactKind.CHECK_OUT, "08:24")):
        at = world.at(wall)
        made = Fact(
            id=FactId(uuid4()), visit_id=elsa.visit(), carer_id=amira.id, kind=kind, happened_at=at, received_at=at
        )
        record_fact(world.session, world.as_carer(amira), made, now=at)
    now = world.at("12:00")
    asked = {"citizens": [folke.id, elsa.id], "period": FORTNIGHT, "now": now}
    mine = strips(world.session, world.as_citizen(elsa), **asked)
    # Thirty minutes a day are granted; one visit of thirty is published, and it took 24.
    assert [(one.citizen_id, one.granted, one.planned, one.performed) for one in mine] == [(elsa.id, 420, 30, 24)]
    both = strips(world.session, world.as_coordinator(team), **asked)
    assert [(one.citizen_id, one.missed) for one in both] == [(folke.id, 30), (elsa.id, 0)]
    with pytest.raises(NotFound):
        strips(world.session, world.as_carer(amira), **asked)
    assert strips(world.session, world.as_coordinator(world.team()), **asked) == []


def test_a_stay_in_hospital_counts_what_was_published_and_what_never_was(world: World) -> None:
    team = world.team()
    amira = world.carer(team)
    elsa = world.cared(team)
    coordinator = world.as_coordinator(team)
    world.published(team, [(elsa, amira, "08:00")], on=TUESDAY)
    days = Period(TUESDAY, WEDNESDAY)
    report_citizen_away(world.session, coordinator, citizen_id=elsa.id, period=days, reason=AbsenceReason.HOSPITAL)
    asked = {"citizens": [elsa.id], "period": Period(MONDAY, MONDAY + timedelta(days=6)), "now": world.at("12:00")}
    (found,) = strips(world.session, coordinator, **asked)
    # Tuesday's visit was cancelled, Wednesday's never planned; nothing is missed, for nobody was to come.
    assert (found.absent, found.planned, found.missed) == ({AbsenceReason.HOSPITAL: 60}, 0, 0)


def test_what_was_published_without_a_place_is_missed_when_its_time_is_over(world: World) -> None:
    team = world.team()
    elsa = world.cared(team, templates=[a_template(), a_template(window=("11:00", "13:00"), minutes=20)])
    left = {"visit_id": str(elsa.visit(nth=1)), "citizen_id": str(elsa.id), "part": 1, "reasons": []}
    whole = world.published(team, [(elsa, world.carer(team), "08:00")])
    world.session.execute(
        schedules.schedules.update().where(schedules.schedules.c.id == whole.id).values(unplaced=[left])
    )
    asked = {"citizens": [elsa.id], "period": Period(MONDAY, MONDAY)}
    (noon,) = strips(world.session, world.as_coordinator(team), **asked, now=world.at("12:00"))
    (evening,) = strips(world.session, world.as_coordinator(team), **asked, now=world.at("18:00"))
    assert (noon.missed, noon.ahead) == (30, 20)
    assert (evening.planned, evening.missed, evening.ahead) == (30, 50, 0)


def test_each_provider_answers_for_its_own_days_and_the_citizen_sees_all(world: World) -> None:
    old, new = world.team(), world.team()
    elsa = world.cared(old, valid=Period(MONDAY - timedelta(days=60), MONDAY - timedelta(days=4)))
    after = replace(
        elsa.order, id=OrderId(uuid4()), team_id=new.id, provider_id=new.provider_id, succeeds=elsa.order.id
    )
    orders.add(world.session, [replace(after, valid=Period(MONDAY - timedelta(days=3), MONDAY + timedelta(days=9)))])
    asked = {"citizens": [elsa.id], "period": FORTNIGHT, "now": world.at("12:00")}
    (theirs,) = strips(world.session, world.as_coordinator(new), **asked)
    (mine,) = strips(world.session, world.as_citizen(elsa), **asked)
    assert theirs.granted == 0  # the decision itself ended with the first order
    assert mine.granted == 300
    assert strips(world.session, world.as_coordinator(old), **asked) == []


def test_strips_are_read_with_a_trace(world: World) -> None:
    elsa = world.cared(world.team())
    strips(
        world.session,
        world.as_citizen(elsa),
        citizens=[elsa.id],
        period=Period(MONDAY, MONDAY),
        now=world.at("12:00"),
    )
    entries = audit.audit_entries
    query = select(entries.c.what).where(entries.c.viewer_id == elsa.id, entries.c.subject == Subject.BALANCE)
    assert "strips" in list(world.session.scalars(query))


def test_forty_citizens_take_as_many_questions_as_one(world: World) -> None:
    team = world.team()
    amira = world.carer(team)
    several = [world.cared(team) for _ in range(40)]
    world.published(team, [(one, amira, "08:00") for one in several])
    coordinator = world.as_coordinator(team)

    def questions(citizens: list[CitizenId]) -> int:
        asked: list[str] = []
        engine = world.session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        found = strips(world.session, coordinator, citizens=citizens, period=FORTNIGHT, now=world.at("12:00"))
        assert len(found) == len(citizens)
        return len(asked)

    one = questions([several[0].id])
    assert questions([cared.id for cared in several]) == one
