from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.world import Cared, World, a_template
from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.organisation import Team
from visits.people import Carer
from visits.performed.standing import Standing
from visits.performed.visit import VisitState
from visits.planned.schedule import Schedule, ScheduleState
from visits.store import audit, carers, citizen_absences, estimates, visits
from visits.store.team_days import TeamDay, days_in_brief, team_day
from visits.terms import Period


@dataclass
class Small:
    """Two carers and two citizens on a Monday; what they do is up to the test."""

    world: World
    team: Team
    amira: Carer
    jonas: Carer
    astrid: Cared
    bertil: Cared
    viewer: Viewer

    def day(self, clock: str = "06:00") -> TeamDay:
        return team_day(self.world.session, self.viewer, on=self.world.on, now=self.world.at(clock))

    def publish(self, *stops: tuple[Cared, Carer, str], state: ScheduleState = ScheduleState.PUBLISHED) -> Schedule:
        return self.world.published(self.team, stops, state=state)


@pytest.fixture
def small(session: Session) -> Small:
    world = World(session)
    team = world.team()
    return Small(
        world=world,
        team=team,
        amira=world.carer(team, "Amira"),
        jonas=world.carer(team, "Jonas"),
        astrid=world.cared(team, world.citizen("Astrid")),
        bertil=world.cared(team, world.citizen("Bertil")),
        viewer=world.as_coordinator(team),
    )


def test_before_anything_is_planned_the_day_shows_what_is_due(small: Small) -> None:
    day = small.day()
    assert day.published is None
    assert day.draft is None
    assert set(day.visits) == {small.astrid.visit(), small.bertil.visit()}
    assert {citizen.given_name for citizen in day.citizens.values()} == {"Astrid", "Bertil"}


def test_a_planned_visit_becomes_late_when_its_told_time_has_passed(small: Small) -> None:
    held = small.publish((small.astrid, small.amira, "08:00"), (small.bertil, small.jonas, "09:00"))
    first, second = held.placements
    assert small.day("08:15").standing(first) is Standing.PLANNED
    late = small.day("08:16")
    assert late.standing(first) is Standing.LATE
    assert late.standing(second) is Standing.PLANNED
    assert late.figures(held).late_now == 1


def test_an_estimate_beyond_what_was_told_is_seen_before_the_visit_is_late(small: Small) -> None:
    held = small.publish((small.astrid, small.amira, "08:00"))
    estimates.put(small.world.session, {small.astrid.visit(): small.world.at("08:20")}, made_at=small.world.at("07:00"))
    assert small.day("07:00").standing(held.placements[0]) is Standing.DELAYED


def test_a_visit_in_progress_is_not_late(small: Small) -> None:
    held = small.publish((small.astrid, small.amira, "08:00"))
    visits.set_state(small.world.session, [small.astrid.visit()], VisitState.STARTED)
    day = small.day("09:00")
    assert day.standing(held.placements[0]) is Standing.STARTED
    assert day.figures(held).late_now == 0


def test_the_draft_stands_beside_what_holds_with_what_it_changes(small: Small) -> None:
    small.publish((small.astrid, small.amira, "08:00"), (small.bertil, small.jonas, "09:00"))
    small.publish((small.astrid, small.jonas, "08:00"), (small.bertil, small.jonas, "09:00"), state=ScheduleState.DRAFT)
    found = small.day().difference()
    assert found is not None
    assert found.citizens_to_tell == {small.astrid.id}
    assert found.changes[0].other_carer


def test_against_nothing_published_a_draft_changes_nothing_for_anybody(small: Small) -> None:
    small.publish((small.astrid, small.amira, "08:00"), state=ScheduleState.DRAFT)
    assert small.day().difference() is None


def test_whose_visits_are_cancelled_need_not_be_told_again(small: Small) -> None:
    small.publish((small.astrid, small.amira, "08:00"), (small.bertil, small.jonas, "09:00"))
    visits.set_state(small.world.session, [small.astrid.visit()], VisitState.CANCELLED)
    small.publish((small.bertil, small.jonas, "09:00"), state=ScheduleState.DRAFT)
    found = small.day().difference()
    assert found is not None
    assert found.changes == ()


def test_an_absent_carer_counts_neither_as_staff_nor_as_paid_time(small: Small) -> None:
    held = small.publish((small.astrid, small.amira, "08:00"))
    carers.report_absent(small.world.session, small.jonas.id, small.world.on, reason="ill")
    day = small.day()
    assert [entry.carer.id for entry in day.staff] == [small.amira.id]
    assert len(day.rostered) == 2
    assert day.figures(held).paid_minutes == 9 * 60


def test_whoever_is_away_is_not_due(small: Small) -> None:
    away = Period(small.world.on, small.world.on)
    citizen_absences.add(small.world.session, uuid4(), small.astrid.id, away, reason="hospital")
    assert set(small.day().visits) == {small.bertil.visit()}


def test_continuity_looks_thirteen_days_back_and_no_further(small: Small) -> None:
    monday = small.world.on
    small.world.published(small.team, [(small.astrid, small.jonas, "08:00")], on=monday - timedelta(days=13))
    small.world.published(small.team, [(small.bertil, small.jonas, "08:00")], on=monday - timedelta(days=14))
    held = small.publish((small.astrid, small.amira, "08:00"), (small.bertil, small.amira, "09:00"))
    day = small.day()
    assert day.met_before == {small.astrid.id: frozenset({small.jonas.id})}
    assert day.figures(held).carers_met == pytest.approx(1.5)


def test_looking_at_the_day_leaves_a_trace_of_everybody_on_it(small: Small) -> None:
    small.publish((small.astrid, small.amira, "08:00"))
    small.day()
    entries = small.world.session.execute(
        select(audit.audit_entries.c.what, audit.audit_entries.c.citizen_ids).where(
            audit.audit_entries.c.viewer_id == small.viewer.person_id
        )
    ).all()
    seen = {entry.what: set(entry.citizen_ids) for entry in entries}
    assert seen["citizens"] == {small.astrid.id, small.bertil.id}
    assert seen["published_schedule"] == {small.astrid.id}


def test_another_teams_coordinator_sees_nothing_of_it(small: Small) -> None:
    small.publish((small.astrid, small.amira, "08:00"))
    stranger = small.world.as_coordinator(small.world.team())
    day = team_day(small.world.session, stranger, on=small.world.on, now=small.world.at("08:00"))
    assert day.published is None
    assert not day.visits
    assert not day.citizens


def test_whoever_has_no_team_has_no_day(small: Small) -> None:
    nobody = Viewer(role=Role.CITIZEN, person_id=small.astrid.id, today=small.world.on)
    with pytest.raises(NotFound):
        team_day(small.world.session, nobody, on=small.world.on, now=small.world.at("08:00"))


def test_the_week_in_brief_tells_how_far_each_day_has_come(small: Small) -> None:
    small.publish((small.astrid, small.amira, "08:00"))
    draft = small.publish((small.astrid, small.jonas, "08:00"), state=ScheduleState.DRAFT)
    monday, tuesday = days_in_brief(small.world.session, small.viewer, first_on=small.world.on, days=2)
    assert (monday.published, monday.draft_id, monday.shifts) == (True, draft.id, 2)
    assert (tuesday.published, tuesday.draft_id, tuesday.shifts) == (False, None, 0)


def test_a_visit_that_no_plan_asks_for_any_more_is_still_shown_where_it_was_published(session: Session) -> None:
    world = World(session)
    team = world.team()
    amira = world.carer(team)
    tuesdays = world.cared(team, templates=[a_template(weekdays=frozenset({1}))])
    held = world.published(team, [(tuesdays, amira, "08:00")])
    day = team_day(session, world.as_coordinator(team), on=world.on, now=world.at("07:00"))
    assert day.standing(held.placements[0]) is Standing.PLANNED
