"""Reading the inputs of a day, solving it, storing the draft: against a real database."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from tests.factories.world import MONDAY, World, a_template
from visits.actions.regenerate_schedule import read_inputs, regenerate_schedule, solve, store_draft
from visits.errors import NotFound, Stale
from visits.performed.visit import VisitState
from visits.planned.carer_prices import known
from visits.planned.schedule import ScheduleState
from visits.store import carers, schedules, visits
from visits.terms import Period


def test_a_day_with_one_carer_and_two_visits_becomes_a_draft_with_both(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team, works=("07:00", "16:00"), breaks=[("11:00", "13:00", 30)])
    morning = world.cared(team)
    lunch = world.cared(team, templates=[a_template(window=("11:00", "13:30"), minutes=20)])

    draft = regenerate_schedule(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("06:00"), seconds=0.2)

    assert draft.state is ScheduleState.DRAFT
    assert {(one.visit_id, one.carer_id, one.minutes) for one in draft.placements} == {
        (morning.visit(), carer.id, 30),
        (lunch.visit(), carer.id, 20),
    }
    assert all(one.travel_seconds == 0 for one in draft.placements), "both live where the team starts"
    assert [(one.end_at - one.start_at).total_seconds() for one in draft.breaks] == [1800]
    assert draft.unplaced == ()
    assert draft.cost["total"] == 0
    assert schedules.newest_draft(session, world.system(), team_id=team.id, on=MONDAY) == draft


def test_a_visit_that_needs_two_is_made_by_two_at_the_same_time(session: Session) -> None:
    world = World(session)
    team = world.team()
    first, second = world.carer(team), world.carer(team)
    lifted = world.cared(team, templates=[a_template(staff=2)])

    draft = regenerate_schedule(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("06:00"), seconds=0.2)

    assert {one.carer_id for one in draft.placements} == {first.id, second.id}
    assert {one.part for one in draft.placements} == {1, 2}
    assert len({one.start_at for one in draft.placements}) == 1
    assert {one.visit_id for one in draft.placements} == {lifted.visit()}


def test_a_visit_for_which_nobody_works_is_unplaced_with_the_reason(session: Session) -> None:
    world = World(session)
    team = world.team()
    world.carer(team, works=("14:00", "20:00"))
    cared = world.cared(team)

    draft = regenerate_schedule(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("06:00"), seconds=0.2)

    assert [(one.visit_id, one.part) for one in draft.unplaced] == [(cared.visit(), 1)]
    assert draft.cost["unplaced"] == 120_000


def test_a_new_draft_takes_the_place_of_the_one_before(session: Session) -> None:
    world = World(session)
    team = world.team()
    world.carer(team)
    world.cared(team)
    viewer = world.system()

    first = regenerate_schedule(session, viewer, team_id=team.id, on=MONDAY, now=world.at("06:00"), seconds=0.1)
    second = regenerate_schedule(session, viewer, team_id=team.id, on=MONDAY, now=world.at("06:01"), seconds=0.1)

    assert schedules.schedule(session, viewer, first.id).state is ScheduleState.DISCARDED
    assert schedules.schedule(session, viewer, second.id).state is ScheduleState.DRAFT


def test_a_draft_made_from_inputs_that_no_longer_hold_is_not_stored(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    world.carer(team)
    world.cared(team)
    inputs = read_inputs(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("06:00"))
    draft = solve(inputs, seconds=0.1)

    carers.report_absent(session, carer.id, MONDAY, reason="ill")

    with pytest.raises(Stale):
        store_draft(session, world.system(), inputs, draft, now=world.at("06:01"))
    assert schedules.newest_draft(session, world.system(), team_id=team.id, on=MONDAY) is None


def test_the_version_of_the_inputs_is_the_same_however_often_they_are_read(session: Session) -> None:
    world = World(session)
    team = world.team()
    world.carer(team)
    world.cared(team)
    first = read_inputs(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("06:00"))
    later = read_inputs(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("07:00"))
    assert first.version == later.version
    assert replace(first.day, on=MONDAY.replace(day=24)).fingerprint() != first.version


def test_a_draft_that_would_move_a_visit_begun_meanwhile_is_not_stored(session: Session) -> None:
    world = World(session)
    team = world.team()
    first, second = world.carer(team), world.carer(team)
    cared = world.cared(team)
    world.published(team, [(cared, first, "08:00")])
    inputs = read_inputs(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("06:00"))
    draft = solve(inputs, seconds=0.1)
    moved = replace(draft, placements=tuple(replace(one, carer_id=second.id) for one in draft.placements))

    visits.set_state(session, [cared.visit()], VisitState.STARTED)

    with pytest.raises(Stale):
        store_draft(session, world.system(), inputs, moved, now=world.at("06:01"))


def test_a_citizen_whose_order_has_ended_is_not_planned(session: Session) -> None:
    world = World(session)
    team = world.team()
    world.carer(team)
    world.cared(team, valid=Period(MONDAY.replace(day=1), MONDAY.replace(day=22)))
    inputs = read_inputs(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("06:00"))
    assert inputs.day.demands == ()


def test_a_visit_that_was_cancelled_stays_cancelled(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    cared = world.cared(team)
    world.published(team, [(cared, carer, "08:00")])
    visits.set_state(session, [cared.visit()], VisitState.CANCELLED)
    inputs = read_inputs(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("06:00"))
    assert inputs.day.demands == ()


def test_a_coordinator_reads_the_day_of_the_own_team_only(session: Session) -> None:
    world = World(session)
    team, other = world.team(), world.team()
    world.carer(team)
    cared = world.cared(team)
    own = read_inputs(session, world.as_coordinator(team), team_id=team.id, on=MONDAY, now=world.at("06:00"))
    assert [one.citizen_id for one in own.day.demands] == [cared.id]
    with pytest.raises(NotFound):
        read_inputs(session, world.as_coordinator(other), team_id=team.id, on=MONDAY, now=world.at("06:00"))


def test_the_run_and_the_coordinator_see_the_same_version(session: Session) -> None:
    world = World(session)
    team = world.team()
    world.carer(team)
    world.cared(team)
    asked = {"team_id": team.id, "on": MONDAY, "now": world.at("06:00")}
    run = read_inputs(session, world.system(), **asked)
    coordinator = read_inputs(session, world.as_coordinator(team), **asked)
    assert run.version == coordinator.version


def test_whoever_came_in_the_last_two_weeks_is_known_to_the_citizen(session: Session) -> None:
    world = World(session)
    team = world.team()
    recent, long_ago = world.carer(team), world.carer(team)
    cared = world.cared(team)
    world.published(team, [(cared, recent, "08:00")], on=MONDAY.replace(day=9))
    world.published(team, [(cared, long_ago, "08:00")], on=MONDAY.replace(day=8))
    inputs = read_inputs(session, world.system(), team_id=team.id, on=MONDAY, now=world.at("06:00"))
    assert inputs.day.carer_prices == {cared.id: known([recent.id])}
