"""The teams' weeks, counted from a real database once, and again when more has been told."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.factories.world import Cared, World, a_template
from visits.actions.count_weeks import count_weeks
from visits.errors import NotFound
from visits.people import Carer
from visits.performed.checkins import Fact, FactKind
from visits.performed.team_figures import TeamFigures
from visits.store import carers, checkins
from visits.store.team_weeks import weeks_of
from visits.terms import FactId

LAST_MONDAY = date(2026, 11, 16)


def said(world: World, cared: Cared, carer: Carer, kind: FactKind, wall: str, *, on: date, **more: object) -> Fact:
    at = world.at(wall, on=on)
    fact = Fact(
        id=FactId(uuid4()),
        visit_id=cared.visit(on),
        carer_id=carer.id,
        kind=kind,
        happened_at=at,
        **{"received_at": at, **more},
    )
    checkins.add(world.session, fact)
    return fact


def test_a_week_is_counted_when_it_is_over_and_again_when_more_is_told(session: Session) -> None:
    world = World(session)
    team = world.team()
    amira, ill = world.carer(team, works=None), world.carer(team, works=None)
    elsa = world.cared(team, templates=[a_template(window=("08:00", "10:00"))])
    world.shift(amira, "07:00", "16:00", on=LAST_MONDAY, breaks=[("11:00", "12:00", 30)])
    world.shift(ill, "07:00", "16:00", on=LAST_MONDAY)
    carers.report_absent(session, ill.id, LAST_MONDAY, reason="ill")
    tuesday = LAST_MONDAY + timedelta(days=1)
    world.published(team, [(elsa, amira, "08:00")], on=LAST_MONDAY)
    world.published(team, [(elsa, amira, "08:00")], on=tuesday)
    said(world, elsa, amira, FactKind.CHECK_IN, "08:10", on=LAST_MONDAY)
    left = said(world, elsa, amira, FactKind.CHECK_OUT, "08:40", on=LAST_MONDAY)

    asked = {"first_on": LAST_MONDAY, "last_on": LAST_MONDAY}
    viewer = world.as_coordinator(team)
    assert count_weeks(session, [team.id], now=world.at("08:59")) == 0  # the last night shift has not gone home
    now = world.at("09:40")
    assert count_weeks(session, [team.id], now=now) == 1
    assert count_weeks(session, [team.id], now=now) == 0
    (week,) = weeks_of(session, viewer, **asked)
    # Half an hour of eight and a half; two ways of five minutes; nobody came on Tuesday.
    monday = TeamFigures(
        made=1,
        missed=1,
        timed=1,
        on_time=1,
        client_minutes=30,
        paid_minutes=510,
        travel_minutes=10,
        citizens=1,
    )
    assert (week.monday_on, week.figures) == (LAST_MONDAY, monday)

    late = now + timedelta(hours=1)
    more = {"corrects": left.id, "reason": "Glömde", "received_at": late}
    said(world, elsa, amira, FactKind.CHECK_OUT, "08:30", on=LAST_MONDAY, **more)
    assert count_weeks(session, [team.id], now=late + timedelta(minutes=1)) == 1
    (again,) = weeks_of(session, viewer, **asked)
    assert (again.figures.edited, again.figures.client_minutes) == (1, 20)
    assert weeks_of(session, world.as_coordinator(world.team()), **asked) == []
    with pytest.raises(NotFound):
        weeks_of(session, world.as_carer(amira), **asked)
    with pytest.raises(NotFound):
        weeks_of(session, world.as_citizen(elsa), **asked)
