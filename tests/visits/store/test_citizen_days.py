"""Many citizens' days by one guarded question."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from tests.factories.a_day import LUNCH, MORNING, ADay, a_day
from tests.factories.world import MONDAY, Cared, a_template
from visits.actions.report_citizen_away import report_citizen_away
from visits.errors import NotFound
from visits.events import DaysTouched, EstimateMoved
from visits.guard.viewer import Role, Viewer
from visits.people import ProtectedIdentity
from visits.performed.checkins import FactKind
from visits.performed.citizen_day import CitizenDay, Comer, Punctuality
from visits.performed.visit import VisitState
from visits.planned.schedule import ChangeKind
from visits.store import estimates, outbox, visits
from visits.store.audit import audit_entries
from visits.store.citizen_days import citizen_days, day_revision
from visits.store.schedules import schedules
from visits.store.visits import visits as visit_rows
from visits.terms import AbsenceReason, CitizenId, Period, ServiceKind, TeamId, Title


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


def berits(day: ADay) -> CitizenDay:
    return citizen_days(day.session, [day.world.as_citizen(day.berit)], on=MONDAY)[day.berit.id]


def test_the_day_is_in_order_of_time_with_who_comes_and_about_when(day: ADay) -> None:
    found = berits(day)
    assert [(visit.told, visit.carers) for visit in found.visits] == [
        ((day.at("10:00"), day.at("10:30")), (Comer(shown_name="Jonas", title=Title.CARE_ASSISTANT),)),
        ((day.at("11:45"), day.at("12:15")), (Comer(shown_name="Jonas", title=Title.CARE_ASSISTANT),)),
        ((day.at("17:45"), day.at("18:15")), (Comer(shown_name="Amira", title=Title.ASSISTANT_NURSE),)),
    ]
    assert found.next is found.visits[0]
    assert found.revision == 0


def test_publishing_again_says_what_changed_and_raises_the_revision(day: ADay) -> None:
    day.swap_carer()
    found = berits(day)
    assert found.revision == 1
    assert [(change.kind, change.changed_at) for change in found.changes] == [(ChangeKind.MOVED, day.at("09:42"))]
    assert [comer.shown_name for comer in found.changes[0].old_carers] == ["Jonas"]
    assert [comer.shown_name for comer in found.changes[0].new_carers] == ["Amira"]


def test_a_visit_taken_out_is_not_in_the_day_but_among_the_changes(day: ADay) -> None:
    day.publish((day.berit, day.jonas, "10:15", MORNING), (day.berit, day.amira, "18:00", 2))
    found = berits(day)
    assert len(found.visits) == 2
    assert [(change.kind, bool(change.codes)) for change in found.changes] == [(ChangeKind.WITHDRAWN, True)]


def test_who_really_came_outweighs_who_was_planned(day: ADay) -> None:
    day.record(day.jonas, MORNING, FactKind.CHECK_IN, "10:12")
    day.record(day.jonas, MORNING, FactKind.CHECK_OUT, "10:58")
    done = berits(day).over[0]
    assert (done.state, done.came_at, done.left_at) == (VisitState.COMPLETED, day.at("10:12"), day.at("10:58"))
    assert [comer.shown_name for comer in done.carers] == ["Jonas"]


def test_an_estimate_moves_what_is_told_and_not_what_was_told_first(day: ADay) -> None:
    estimates.put(day.session, {day.berit.visit(MONDAY, LUNCH): day.at("12:40")}, made_at=day.at("11:00"))
    lunch = berits(day).visits[1]
    assert lunch.told == (day.at("12:25"), day.at("12:55"))
    assert lunch.told_first == (day.at("11:45"), day.at("12:15"))
    assert lunch.punctuality is Punctuality.DELAYED


def test_somebody_away_has_a_day_that_says_so(day: ADay) -> None:
    report_citizen_away(
        day.session,
        day.world.as_coordinator(day.team),
        citizen_id=day.berit.id,
        period=Period(MONDAY, MONDAY),
        reason=AbsenceReason.TRAVEL,
    )
    found = berits(day)
    assert found.away
    assert found.next is None
    assert {visit.state for visit in found.over} == {VisitState.CANCELLED}


def test_the_revision_counts_tomorrow_too_and_never_falls(day: ADay) -> None:
    seen = [berits(day).revision]
    for on in (MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)):
        touched = DaysTouched(on=on, citizens=(day.berit.id,))
        outbox.leave(day.session, EstimateMoved(team_id=day.team.id, on=on, touched=(touched,)))
        seen.append(berits(day).revision)
        assert seen[-1] == day_revision(day.session, day.world.as_citizen(day.berit), on=MONDAY)
    assert seen == [0, 1, 2, 2]


def test_many_days_cost_as_many_questions_as_one_and_leave_a_trace_each(day: ADay) -> None:
    crowd: list[Cared] = [day.world.cared(day.team) for _ in range(25)]
    day.world.published(day.team, [(one, day.amira, "13:00", 0) for one in crowd])
    viewers = [day.world.as_citizen(one) for one in crowd]
    assert questions(day.session, viewers[:1]) == questions(day.session, viewers)
    rows = day.session.execute(select(audit_entries).where(audit_entries.c.what == "citizen_days")).all()
    assert len(rows) == 26
    assert all(row.role is Role.CITIZEN and row.citizen_ids == [row.viewer_id] for row in rows)


def questions(session: Session, viewers: list[Viewer]) -> int:
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", count)
    try:
        found = citizen_days(session, viewers, on=MONDAY)
    finally:
        event.remove(bind, "before_cursor_execute", count)
    assert set(found) == {viewer.person_id for viewer in viewers}
    assert all(len(one.visits) == 1 for one in found.values())
    return len(asked)


def test_nobody_but_the_citizen_gets_a_citizens_day(day: ADay) -> None:
    world = day.world
    others = [
        world.as_carer(day.jonas),
        world.as_coordinator(day.team),
        world.as_case_officer(world.case_officer()),
        world.system(),
    ]
    for other in others:
        with pytest.raises(NotFound):
            citizen_days(day.session, [world.as_citizen(day.berit), other], on=MONDAY)
        with pytest.raises(NotFound):
            day_revision(day.session, other, on=MONDAY)


def test_whoever_is_no_longer_there_is_left_out(day: ADay) -> None:
    gone = Viewer(role=Role.CITIZEN, person_id=uuid4(), today=MONDAY)
    found = citizen_days(day.session, [gone, day.world.as_citizen(day.berit)], on=MONDAY)
    assert set(found) == {day.berit.id}


def test_protected_people_see_their_own_day_like_everybody_else(day: ADay) -> None:
    protected = day.world.citizen(protected=ProtectedIdentity.PROTECTED_REGISTRATION)
    cared = day.world.cared(day.team, protected)
    day.world.published(day.team, [(cared, day.amira, "13:00", 0)])
    found = citizen_days(day.session, [day.world.as_citizen(cared)], on=MONDAY)[CitizenId(protected.id)]
    assert len(found.visits) == 1


def test_a_visit_in_the_night_is_told_on_the_day_on_which_it_comes(day: ADay) -> None:
    """Planned with Sunday's night shift, it comes at 01.30 on Monday; Monday's own at 01.30 on Tuesday."""
    night = a_template(window=("01:00", "03:00"))
    cared = day.world.cared(day.team, templates=[night])
    sunday, tuesday = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)
    for planned_on, comes_on in ((sunday, MONDAY), (MONDAY, tuesday)):
        made = day.world.published(day.team, [(cared, day.amira, "01:30", 0)], on=comes_on)
        day.session.execute(
            update(schedules).where(schedules.c.id == made.id).values(on=planned_on, team_id=other(day))
        )
        day.session.execute(update(visit_rows).where(visit_rows.c.id == cared.visit(comes_on)).values(on=planned_on))
    found = citizen_days(day.session, [day.world.as_citizen(cared)], on=MONDAY)[cared.id]
    assert [visit.told[0] for visit in found.visits] == [day.at("01:15")]
    assert [visit.told[0] for visit in found.tomorrow] == [day.at("01:15") + timedelta(days=1)]


def other(day: ADay) -> TeamId:
    """The night has a team of its own."""
    return day.world.team(kind=ServiceKind.NIGHT_CARE).id


def test_withdrawn_visits_are_not_told(day: ADay) -> None:
    visits.set_state(day.session, [day.berit.visit(MONDAY, LUNCH)], VisitState.WITHDRAWN)
    assert len(berits(day).visits) == 2
