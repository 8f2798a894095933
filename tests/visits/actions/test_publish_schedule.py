"""From draft to what people are told, against a real database."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories.world import MONDAY, World, a_template
from visits.actions.acknowledge_forgotten import acknowledge_forgotten
from visits.actions.publish_schedule import discard_draft, publish_schedule, publish_schedules
from visits.actions.regenerate_schedule import regenerate_schedule
from visits.actions.report_carer_absent import report_carer_absent
from visits.actions.report_citizen_away import report_citizen_away
from visits.errors import Conflict, Invalid, NotFound, Refused, Stale
from visits.events import CarerReportedAbsent, CitizenReportedAway, SchedulePublished
from visits.performed.visit import VisitState
from visits.planned.forgotten import ForgottenKind
from visits.planned.schedule import ChangeKind, PlannedBreak, Schedule, ScheduleState
from visits.planned.working_time import RosterRule
from visits.store import changes, estimates, forgotten, outbox, schedules, visits
from visits.store.database import session_factory
from visits.store.forgotten import Acknowledgement
from visits.store.outbox import Audience
from visits.store.working_days import plan_breaches_of
from visits.terms import Period, Place, Skill

TUESDAY = MONDAY.replace(day=24)


def planned(world: World, schedule_of: object, wall: str = "06:00", *, on: object = None) -> Schedule:
    day = on or MONDAY
    return regenerate_schedule(
        world.session,
        world.system(),
        team_id=schedule_of.id,  # type: ignore[attr-defined]
        on=day,  # type: ignore[arg-type]
        now=world.at(wall),
        seconds=0.2,
    )


def events_of(world: World, kind: type[object]) -> list[object]:
    return [stored.event for stored in outbox.visible_since(world.session, 0) if isinstance(stored.event, kind)]


def test_the_first_publication_makes_the_visits_and_changes_nothing_for_anybody(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    cared = world.cared(team)
    draft = planned(world, team)

    found = publish_schedule(session, world.as_coordinator(team), draft.id, now=world.at("06:05"))

    assert [change.kind for change in found.changes] == [ChangeKind.ADDED]
    (visit,) = visits.visits_of_team(session, world.system(), team_id=team.id, on=MONDAY)
    assert (visit.id, visit.state, visit.minutes) == (cared.visit(), VisitState.PLANNED, 30)
    assert changes.changes_of(session, [cared.id], on=MONDAY) == {}
    now_published = schedules.published(session, world.system(), team_id=team.id, on=MONDAY)
    assert now_published is not None
    assert (now_published.id, now_published.published_at) == (draft.id, world.at("06:05"))
    assert world.revision(Audience.CITIZEN, cared.id) == 1
    assert world.revision(Audience.CARER, carer.id) == 1
    assert world.revision(Audience.TEAM, team.id) == 1
    (event,) = events_of(world, SchedulePublished)
    assert isinstance(event, SchedulePublished)
    assert event.touched[0].citizens == (cared.id,)


def test_a_sick_carers_visits_go_to_another_and_the_citizens_are_told_when_it_changed(session: Session) -> None:
    world = World(session)
    team = world.team()
    ill, other = world.carer(team), world.carer(team, breaks=[("10:30", "12:00", 30)])
    done, waiting = world.cared(team), world.cared(team, templates=[a_template(window=("09:00", "12:00"))])
    untouched = world.cared(team, templates=[a_template(window=("13:00", "15:00"))])
    world.published(team, [(done, ill, "07:30"), (waiting, ill, "10:00"), (untouched, other, "14:00")])
    visits.set_state(session, [done.visit()], VisitState.COMPLETED)

    assert report_carer_absent(session, world.as_coordinator(team), carer_id=ill.id, on=MONDAY, reason="ill")
    draft = planned(world, team, "08:15")
    found = publish_schedule(session, world.system(), draft.id, now=world.at("08:20"))

    assert [(change.visit_id, change.old_carers, change.new_carers) for change in found.changes] == [
        (waiting.visit(), {ill.id}, {other.id})
    ]
    assert found.citizens_to_tell == {waiting.id}
    placed = {(one.visit_id, one.carer_id) for one in draft.placements}
    assert (done.visit(), ill.id) in placed, "what was done was done by whoever did it"
    ((changed_at, change),) = changes.changes_of(session, [waiting.id], on=MONDAY)[waiting.id]
    assert changed_at == world.at("08:20")
    assert change.other_carer
    states = visits.states_of_team(session, team.id, MONDAY)
    assert states[done.visit()] is VisitState.COMPLETED
    assert len(events_of(world, CarerReportedAbsent)) == 1


def test_reporting_the_same_absence_twice_is_one_absence(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    viewer = world.as_coordinator(team)
    assert report_carer_absent(session, viewer, carer_id=carer.id, on=MONDAY, reason="ill")
    assert not report_carer_absent(session, viewer, carer_id=carer.id, on=MONDAY, reason="ill")
    assert len(events_of(world, CarerReportedAbsent)) == 1


def test_a_carer_of_another_team_cannot_be_reported_ill(session: Session) -> None:
    world = World(session)
    carer = world.carer(world.team())
    with pytest.raises(NotFound):
        report_carer_absent(session, world.as_coordinator(world.team()), carer_id=carer.id, on=MONDAY, reason="ill")


def test_nobody_is_sent_to_a_citizen_who_is_away_from_that_moment_on(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    away, home = world.cared(team), world.cared(team, templates=[a_template(window=("08:00", "10:00"))])
    world.published(team, [(away, carer, "08:00"), (home, carer, "09:00")])

    cancelled = report_citizen_away(
        session, world.as_coordinator(team), citizen_id=away.id, period=Period(MONDAY, TUESDAY), reason="hospital"
    )

    assert [visit.id for visit in cancelled] == [away.visit()]
    assert visits.states_of_team(session, team.id, MONDAY)[away.visit()] is VisitState.CANCELLED
    assert world.revision(Audience.CARER, carer.id) == 1
    assert world.revision(Audience.CITIZEN, away.id) == 1
    draft = planned(world, team, "07:00")
    assert {one.citizen_id for one in draft.placements} == {home.id}
    found = publish_schedule(session, world.system(), draft.id, now=world.at("07:01"))
    assert away.id not in found.citizens_to_tell, "they said it themselves"
    assert visits.states_of_team(session, team.id, MONDAY)[away.visit()] is VisitState.CANCELLED
    assert len(events_of(world, CitizenReportedAway)) == 1


def test_two_absences_of_one_citizen_may_not_overlap(session: Session) -> None:
    world = World(session)
    team = world.team()
    cared = world.cared(team)
    viewer = world.as_coordinator(team)
    period = Period(MONDAY, TUESDAY)
    report_citizen_away(session, viewer, citizen_id=cared.id, period=period, reason="hospital")
    with pytest.raises(Conflict):
        report_citizen_away(session, viewer, citizen_id=cared.id, period=Period(TUESDAY, TUESDAY), reason="travel")
    with pytest.raises(Invalid):
        report_citizen_away(session, viewer, citizen_id=cared.id, period=Period(TUESDAY), reason="travel")


def test_a_stranger_cannot_be_reported_away(session: Session) -> None:
    world = World(session)
    cared = world.cared(world.team())
    with pytest.raises(NotFound):
        report_citizen_away(
            session,
            world.as_coordinator(world.team()),
            citizen_id=cared.id,
            period=Period(MONDAY, MONDAY),
            reason="hospital",
        )


def test_a_visit_that_no_longer_finds_a_place_is_withdrawn_and_comes_back_when_it_does(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team, works=("07:00", "08:00"))
    far = world.citizen(place=Place(59.30, 17.84))
    cared = world.cared(team, far)
    world.published(team, [(cared, carer, "07:00")])

    without = planned(world, team, "05:00")
    acknowledge_forgotten(session, world.system(), without.id, about=None, reason="för långt", now=world.at("05:01"))
    publish_schedule(session, world.system(), without.id, now=world.at("05:01"))
    assert visits.states_of_team(session, team.id, MONDAY)[cared.visit()] is VisitState.WITHDRAWN

    world.carer(team, works=("07:00", "16:00"))
    again = planned(world, team, "05:10")
    found = publish_schedule(session, world.system(), again.id, now=world.at("05:11"))
    assert visits.states_of_team(session, team.id, MONDAY)[cared.visit()] is VisitState.PLANNED
    assert [change.kind for change in found.changes] == [ChangeKind.ADDED]


def test_a_day_that_leaves_somebody_out_is_published_only_when_it_has_been_said_why(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    cared, left_out, without_plan = world.cared(team), world.cared(team), world.cared(team, templates=[])
    draft = world.published(team, [(cared, carer, "08:00")], state=ScheduleState.DRAFT)
    viewer = world.as_coordinator(team)
    with pytest.raises(Refused) as refused:
        publish_schedule(session, viewer, draft.id, now=world.at("06:00"))
    assert refused.value.params == {"rule": "somebody_forgotten", "on": MONDAY, "rows": 2}

    kinds = {row.forgotten.about: row.forgotten.kind for row in forgotten.left_out(session, viewer, draft)}
    assert kinds == {left_out.visit(): ForgottenKind.NOBODY_COMES, without_plan.order.id: ForgottenKind.NO_VISITS}
    for about in kinds:
        acknowledge_forgotten(
            session, viewer, draft.id, about=[about], reason=" ringt, vill ha i morgon ", now=world.at("06:01")
        )
    (row,) = [row for row in forgotten.left_out(session, viewer, draft) if row.forgotten.about == left_out.visit()]
    assert row.acknowledged == Acknowledgement(
        reason="ringt, vill ha i morgon", by=viewer.person_id, at=world.at("06:01")
    )
    publish_schedule(session, viewer, draft.id, now=world.at("06:02"))


def test_what_was_said_of_a_visit_falls_when_it_has_had_a_place_since(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    cared = world.cared(team)
    house = world.system()
    sunday = MONDAY - timedelta(days=1)
    first, second = (world.at(wall, on=sunday) for wall in ("05:00", "05:01"))
    empty = world.published(team, [], state=ScheduleState.DRAFT)
    acknowledge_forgotten(session, house, empty.id, about=None, reason="borta på förmiddagen", now=first)
    publish_schedule(session, house, empty.id, now=first)
    draft = world.published(team, [(cared, carer, "08:00")], state=ScheduleState.DRAFT)
    publish_schedule(session, house, draft.id, now=second)
    dropped = world.published(team, [], state=ScheduleState.DRAFT)
    assert [row.is_open for row in forgotten.left_out(session, house, dropped)] == [True]


def test_nobody_is_sent_to_work_six_hours_without_a_break_outside_a_shift_or_without_a_delegation(
    session: Session,
) -> None:
    """09.55 to 16.00 is 6 h 5 min in a row; 16.30 is after the shift; the medicine needs somebody delegated."""
    world = World(session)
    team = world.team()
    early, late = world.carer(team), world.carer(team, delegated=False)
    needed: tuple[frozenset[Skill], ...] = (frozenset(), frozenset(), frozenset({Skill.DELEGATION}))
    asked = [a_template(window=("07:00", "20:00"), skills=skills) for skills in needed]
    first, second, third = (world.cared(team, templates=[one]) for one in asked)
    draft = world.published(
        team,
        [(first, early, "10:00"), (second, early, "15:30"), (third, late, "16:30")],
        state=ScheduleState.DRAFT,
    )
    with pytest.raises(Refused) as refused:
        publish_schedule(session, world.system(), draft.id, now=world.at("06:00"))
    assert refused.value.params == {"rule": "working_time", "on": MONDAY, "rows": 3}
    found = plan_breaches_of(session, draft, before=None, needing={third.visit()}, settled=(), now=world.at("06:00"))
    assert [(one.rule, one.carer_id, one.found) for one in found] == [
        (RosterRule.BREAK, early.id, timedelta(hours=6, minutes=5)),
        (RosterRule.DELEGATION, late.id, timedelta(0)),
        (RosterRule.OUTSIDE_SHIFT, late.id, timedelta(0)),
    ]
    assert (
        plan_breaches_of(
            session,
            replace(
                draft, breaks=(PlannedBreak(carer_id=early.id, start_at=world.at("12:00"), end_at=world.at("12:30")),)
            ),
            before=None,
            needing=(),
            settled={third.visit()},
            now=world.at("06:00"),
        )
        == []
    )


def test_a_draft_older_than_what_has_been_published_since_is_stale(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    cared = world.cared(team)
    draft = planned(world, team)
    world.published(team, [(cared, carer, "09:00")])
    with pytest.raises(Stale):
        publish_schedule(session, world.system(), draft.id, now=world.at("06:05"))


def test_a_draft_for_which_somebody_has_fallen_ill_is_stale_and_nothing_is_written(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    world.cared(team)
    draft = planned(world, team)
    report_carer_absent(session, world.system(), carer_id=carer.id, on=MONDAY, reason="ill")
    session.commit()
    with pytest.raises(Stale):
        publish_schedule(session, world.system(), draft.id, now=world.at("06:05"))
    session.rollback()
    assert visits.visits_of_team(session, world.system(), team_id=team.id, on=MONDAY) == []


def test_a_schedule_is_published_once(session: Session) -> None:
    world = World(session)
    team = world.team()
    world.carer(team)
    world.cared(team)
    draft = planned(world, team)
    publish_schedule(session, world.system(), draft.id, now=world.at("06:05"))
    with pytest.raises(Stale):
        publish_schedule(session, world.system(), draft.id, now=world.at("06:06"))


def test_the_coordinator_of_another_team_finds_no_draft_to_publish(session: Session) -> None:
    world = World(session)
    team = world.team()
    world.carer(team)
    world.cared(team)
    draft = planned(world, team)
    with pytest.raises(NotFound):
        publish_schedule(session, world.as_coordinator(world.team()), draft.id, now=world.at("06:05"))


def test_several_days_are_published_in_one_go(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    world.shift(carer, "07:00", "16:00", on=TUESDAY)
    world.cared(team)
    drafts = [planned(world, team), planned(world, team, on=TUESDAY)]
    found = publish_schedules(session, world.system(), [draft.id for draft in drafts], now=world.at("06:05"))
    assert [len(one.changes) for one in found] == [1, 1]


def test_a_draft_that_is_put_aside_cannot_be_published(session: Session) -> None:
    world = World(session)
    team = world.team()
    world.carer(team)
    world.cared(team)
    draft = planned(world, team)
    discard_draft(session, world.as_coordinator(team), draft.id)
    assert schedules.schedule(session, world.system(), draft.id).state is ScheduleState.DISCARDED
    with pytest.raises(Stale):
        publish_schedule(session, world.system(), draft.id, now=world.at("06:05"))


def test_an_estimate_ends_where_the_visit_is_published_anew(session: Session) -> None:
    world = World(session)
    team = world.team()
    ill, _other = world.carer(team), world.carer(team)
    cared = world.cared(team, templates=[a_template(window=("09:00", "12:00"))])
    world.published(team, [(cared, ill, "10:00")])
    estimates.put(session, {cared.visit(): world.at("10:40")}, made_at=world.at("08:00"))
    report_carer_absent(session, world.system(), carer_id=ill.id, on=MONDAY, reason="ill")
    draft = planned(world, team, "08:10")
    publish_schedule(session, world.system(), draft.id, now=world.at("08:11"))
    assert estimates.estimates_of(session, [cared.visit()]) == {}


def test_of_two_who_publish_the_same_draft_at_once_one_is_told_that_it_is_done(
    session: Session, engine: Engine
) -> None:
    world = World(session)
    team = world.team()
    world.carer(team)
    world.cared(team)
    draft = planned(world, team)
    session.commit()
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def publish() -> None:
        with session_factory(engine)() as own:
            start.wait()
            try:
                publish_schedule(own, world.system(), draft.id, now=world.at("06:05"))
                own.commit()
                outcomes.append("published")
            except Stale:
                outcomes.append("stale")

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["published", "stale"]
    query = select(func.count()).select_from(schedules.schedules).where(schedules.schedules.c.state == "published")
    assert session.scalar(query) == 1


def test_a_draft_written_by_hand_may_only_place_what_is_due(session: Session) -> None:
    world = World(session)
    team = world.team()
    carer = world.carer(team)
    cared = world.cared(team)
    draft = world.published(team, [(cared, carer, "08:00")], state=ScheduleState.DRAFT)
    foreign = replace(cared, plan=replace(cared.plan, templates=(a_template(),)))
    other = world.published(team, [(foreign, carer, "08:00")], state=ScheduleState.DRAFT)
    publish_schedule(session, world.system(), draft.id, now=world.at("06:05"))
    with pytest.raises(Stale):
        publish_schedule(session, world.system(), other.id, now=world.at("06:05"))
