"""Planning a fortnight from the record: what it begins from, and what it leaves alone."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from tests.factories.world import MONDAY, World, a_template
from visits.actions.plan_fortnight import lay_days, read_fortnight
from visits.actions.regenerate_schedule import solve_day, store_draft
from visits.planned.few_faces import few_faces
from visits.store.fortnights import fortnight
from visits.terms import ServiceCode


def test_days_begin_from_who_usually_comes_and_when_and_published_days_stand(session: Session) -> None:
    """Vera came at nine two weeks ago on the Monday, Jonas a week ago on the Tuesday; the Wednesday is published with Jonas."""
    world = World(session)
    team = world.team()
    vera, jonas = world.carer(team, "Vera", works=None), world.carer(team, "Jonas", works=None)
    cared = world.cared(team)
    days = [MONDAY + timedelta(days=number) for number in range(3)]
    for on in days:
        for carer in (vera, jonas):
            world.shift(carer, "07:00", "15:00", on=on)
    world.published(team, [(cared, vera, "09:00")], on=days[0] - timedelta(weeks=2))
    world.published(team, [(cared, jonas, "10:00")], on=days[1] - timedelta(weeks=1))
    world.published(team, [(cared, jonas, "08:00")], on=days[2])
    now = world.at("06:00")

    inputs = read_fortnight(session, world.system(), team_id=team.id, first_on=MONDAY, now=now)

    assert [one.day.on for one in inputs.days] == days[:2]
    usual = [start.placements for start in inputs.familiar.usual]
    assert [[(one.carer_id, one.start_at) for one in placements] for placements in usual] == [
        [(vera.id, world.at("09:00", on=days[0]))],
        [(jonas.id, world.at("10:00", on=days[1]))],
    ]
    assert inputs.familiar.shared == {cared.id: {vera.id: 1, jonas.id: 2}}

    planning = few_faces([one.day for one in inputs.days], familiar=inputs.familiar, seconds=0.2, at_once=2)
    tasks, rounds = next(planning), 0
    while True:
        rounds += 1
        drafts = [solve_day(one.day, seconds=one.seconds, start=one.start, explained=one.last) for one in tasks]
        try:
            tasks = planning.send(drafts)
        except StopIteration as done:
            found = done.value
            break
    assert rounds == 3
    for one, draft in zip(inputs.days, found, strict=True):
        schedule = store_draft(session, world.system(), one, draft, now=now)
        assert [placement.carer_id for placement in schedule.placements] == [jonas.id], "whom most days are shared with"


def test_days_are_laid_once_and_again_the_same_and_published_weeks_keep_theirs(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team, works=None)
    shower = replace(a_template(ServiceCode.SHOWER, minutes=20), times=2, min_days_between=2)
    world.cared(team, templates=[shower])
    for number in range(14):
        world.shift(carer, "07:00", "15:00", on=MONDAY + timedelta(days=number))
    where = {"team_id": team.id, "first_on": MONDAY, "now": world.at("06:00")}
    first = lay_days(session, world.system(), **where)
    assert [len(week.days) for week in first] == [2, 2]
    assert lay_days(session, world.system(), **where) == first
    read = fortnight(session, world.as_coordinator(team), **where)
    assert read.chosen == {(week.template_id, week.week_on): week.days for week in first}
