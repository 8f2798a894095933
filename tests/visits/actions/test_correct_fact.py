"""Putting right what is told, extra visits, closing months and watching for visits to which nobody comes, on a real database."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories.world import Cared, World
from visits.actions.approve_correction import approve_correction
from visits.actions.close_months import close_months
from visits.actions.correct_fact import correct_fact
from visits.actions.note_unattended import note_unattended
from visits.actions.record_fact import record_fact
from visits.errors import Conflict, Invalid, NotFound, Refused, Stale
from visits.events import Event, VisitUnattended
from visits.guard.viewer import Viewer
from visits.performed.checkins import Fact, FactKind
from visits.performed.folding import Performed
from visits.performed.performed_time import received_minutes
from visits.performed.time_rules import TimeRules
from visits.performed.visit import VisitState
from visits.store import checkins, months, outbox
from visits.store import visits as visits_store
from visits.store.checkins import visit_facts
from visits.store.outbox import Audience
from visits.terms import CarerId, CoordinatorId, FactId, ServiceCode, VisitId

IN, OUT = FactKind.CHECK_IN, FactKind.CHECK_OUT
RULES = TimeRules()


class Morning:
    """Amira visits Elsa 08:00-08:30; Vera and Bo coordinate the team."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.world = world = World(session)
        self.team = world.team()
        self.vera, self.bo = world.as_coordinator(self.team), world.as_coordinator(self.team)
        self.amira = world.carer(self.team, "Amira")
        self.jonas = world.carer(self.team, "Jonas")
        self.elsa: Cared = world.cared(self.team, world.citizen("Elsa"))
        world.published(self.team, [(self.elsa, self.amira, "08:00")])

    @property
    def visit(self) -> VisitId:
        return self.elsa.visit()

    def says(self, kind: FactKind, wall: str, *, now: str | None = None, **more: Any) -> Fact:
        """What Amira's phone says; for `citizen_id`, an extra visit."""
        at, citizen_id = self.world.at(wall), more.pop("citizen_id", None)
        fact = blank(more.pop("visit_id", self.visit), kind, at, carer_id=self.amira.id, **more)
        then = self.world.at(now or wall)
        viewer = self.world.as_carer(self.amira)
        return record_fact(self.session, viewer, fact, now=then, citizen_id=citizen_id, rules=RULES)

    def puts_right(self, viewer: Viewer, kind: FactKind, at: datetime, *, now: datetime, **more: Any) -> Fact:
        by = CoordinatorId(viewer.person_id) if viewer.person_id else None
        fact = blank(self.visit, kind, at, **{"coordinator_id": by, "reason": "glömde", **more})
        return correct_fact(self.session, viewer, fact, now=now, rules=RULES)

    def told(self, *, as_of: datetime | None = None) -> Performed:
        return checkins.performed_of(self.session, [self.visit], as_of=as_of).get(self.visit, Performed())

    def state(self) -> VisitState:
        return visits_store.visit(self.session, self.world.system(), self.visit).state

    def told_of(self, kind: type[Event]) -> list[Any]:
        """What was left in the outbox of this kind."""
        rows = outbox.event_rows.c
        return list(self.session.scalars(select(rows.payload).where(rows.kind == kind.__name__)))


def blank(visit_id: VisitId, kind: FactKind, at: datetime, **more: Any) -> Fact:
    made = {"id": FactId(uuid4()), "visit_id": visit_id, "carer_id": None, "received_at": at, **more}
    return Fact(kind=kind, happened_at=at, **made)


@pytest.fixture
def morning(session: Session) -> Morning:
    return Morning(session)


def test_a_forgotten_check_out_is_put_in_by_the_coordinator_and_everybody_is_told(morning: Morning) -> None:
    morning.says(IN, "08:02")
    at = morning.world.at
    left = morning.puts_right(morning.vera, OUT, at("08:31"), now=at("11:00"), carer_id=morning.amira.id)
    assert (left.needs_approval, left.is_manual_edit) == (False, True)
    assert morning.state() is VisitState.COMPLETED
    assert received_minutes(morning.told().intervals) == 29
    assert morning.world.revision(Audience.CARER, morning.amira.id) == 2
    assert morning.world.revision(Audience.CITIZEN, morning.elsa.id) == 2


def test_putting_right_twice_by_one_form_is_once_and_one_id_for_two_things_a_conflict(morning: Morning) -> None:
    morning.says(IN, "08:02")
    now = morning.world.at("11:00")
    left = morning.puts_right(morning.vera, OUT, morning.world.at("08:31"), now=now, carer_id=morning.amira.id)
    assert correct_fact(morning.session, morning.vera, left, now=now) == left
    with pytest.raises(Conflict):
        correct_fact(morning.session, morning.vera, replace(left, kind=IN), now=now)
    assert len(morning.told().facts) == 2


def test_what_is_a_day_old_waits_for_another_coordinator_and_counts_only_then(morning: Morning) -> None:
    morning.says(IN, "08:02")
    now = morning.world.at("09:00") + timedelta(days=1)
    left = morning.puts_right(morning.vera, OUT, morning.world.at("08:31"), now=now, carer_id=morning.amira.id)
    assert left.needs_approval
    assert (morning.state(), morning.told().waiting) == (VisitState.STARTED, (left,))
    with pytest.raises(Refused):
        approve_correction(morning.session, morning.vera, left.id, is_approved=True, now=now)
    stranger = morning.world.as_coordinator(morning.world.team())
    with pytest.raises(NotFound):
        approve_correction(morning.session, stranger, left.id, is_approved=True, now=now)
    yes = approve_correction(morning.session, morning.bo, left.id, is_approved=True, now=now)
    assert approve_correction(morning.session, morning.bo, left.id, is_approved=True, now=now) == yes
    with pytest.raises(Stale):
        approve_correction(morning.session, morning.bo, left.id, is_approved=False, now=now)
    assert (morning.state(), received_minutes(morning.told().intervals)) == (VisitState.COMPLETED, 29)


def test_a_carer_who_corrects_an_old_fact_waits_for_the_coordinator_too(morning: Morning) -> None:
    morning.says(IN, "08:02")
    left = morning.says(OUT, "08:50")
    late = morning.world.at("09:00") + timedelta(days=1)
    fact = blank(
        morning.visit,
        OUT,
        morning.world.at("08:30"),
        carer_id=morning.amira.id,
        corrects=left.id,
        reason="fel klockslag",
        received_at=late,
    )
    viewer = replace(morning.world.as_carer(morning.amira), today=morning.world.on + timedelta(days=1))
    assert record_fact(morning.session, viewer, fact, now=late, rules=RULES).needs_approval
    assert received_minutes(morning.told().intervals) == 48
    approve_correction(morning.session, morning.vera, fact.id, is_approved=True, now=late)
    assert received_minutes(morning.told().intervals) == 28


def test_a_coordinator_puts_right_only_her_own_teams_visits_in_her_own_name_and_with_people_of_the_team(
    morning: Morning,
) -> None:
    world = morning.world
    now = world.at("11:00")
    stranger = world.as_coordinator(world.team())
    with pytest.raises(NotFound):
        morning.puts_right(stranger, OUT, now, now=now, carer_id=morning.amira.id)
    other = CoordinatorId(uuid4())
    with pytest.raises(NotFound):
        morning.puts_right(morning.vera, OUT, now, now=now, carer_id=morning.amira.id, coordinator_id=other)
    elsewhere = world.carer(world.team(), "Nils")
    with pytest.raises(Invalid, match="nobody in the team"):
        morning.puts_right(morning.vera, OUT, now, now=now, carer_id=elsewhere.id)
    with pytest.raises(NotFound):
        morning.puts_right(world.as_carer(morning.amira), OUT, now, now=now, carer_id=morning.amira.id)


def test_a_carer_says_nothing_in_a_coordinators_name_and_takes_nothing_back_of_hers(morning: Morning) -> None:
    now = morning.world.at("11:00")
    morning.says(IN, "08:02")
    with pytest.raises(NotFound):
        morning.says(OUT, "08:30", coordinator_id=CoordinatorId(morning.vera.person_id), reason="x")  # type: ignore[arg-type]
    left = morning.puts_right(morning.vera, OUT, morning.world.at("08:31"), now=now, carer_id=morning.amira.id)
    with pytest.raises(Invalid, match="somebody else"):
        morning.says(OUT, "08:30", now="11:05", corrects=left.id, reason="nej")


def test_a_citizen_who_telephones_cancels_the_visit_until_that_is_taken_back(morning: Morning) -> None:
    now = morning.world.at("07:00")
    phoned = morning.puts_right(morning.vera, FactKind.CANCELLED_LATE, now, now=now)
    assert morning.state() is VisitState.CANCELLED
    morning.puts_right(morning.vera, FactKind.NOTE, now, now=now, corrects=phoned.id)
    assert morning.state() is VisitState.PLANNED


def test_no_program_overwrites_or_takes_away_what_was_told(morning: Morning) -> None:
    told = morning.says(IN, "08:02")
    morning.session.commit()
    for statement in (
        update(visit_facts).where(visit_facts.c.id == told.id).values(note="annat"),
        delete(visit_facts),
        delete(checkins.correction_approvals),
    ):
        with pytest.raises(IntegrityError, match="never overwritten"):
            morning.session.execute(statement)
        morning.session.rollback()
    assert checkins.fact(morning.session, told.id) == told


def test_an_extra_visit_begins_by_being_told_and_then_takes_facts_like_any_other(morning: Morning) -> None:
    extra = VisitId(uuid4())
    with pytest.raises(NotFound):
        morning.says(IN, "14:00", visit_id=extra)
    begun = {"visit_id": extra, "citizen_id": morning.elsa.id, "code": ServiceCode.CHECK, "id": FactId(uuid4())}
    assert morning.says(FactKind.EXTRA_VISIT, "14:00", **begun) == morning.says(FactKind.EXTRA_VISIT, "14:00", **begun)
    morning.says(IN, "14:00", visit_id=extra)
    morning.says(OUT, "14:20", visit_id=extra)
    visit = visits_store.visit(morning.session, morning.vera, extra)
    told = checkins.performed_of(morning.session, [extra])[extra]
    assert (visit.citizen_id, visit.order_id, visit.minutes) == (morning.elsa.id, morning.elsa.order.id, 0)
    assert (visit.state, told.is_extra, received_minutes(told.intervals)) == (VisitState.COMPLETED, True, 20)


def test_an_extra_visit_may_be_told_the_day_after_and_only_at_somebody_on_ones_own_route(morning: Morning) -> None:
    world = morning.world
    other = world.cared(morning.team, world.citizen("Folke"))
    with pytest.raises(NotFound):
        morning.says(FactKind.EXTRA_VISIT, "14:00", visit_id=VisitId(uuid4()), citizen_id=other.id)
    fact = blank(VisitId(uuid4()), FactKind.EXTRA_VISIT, world.at("14:00"), carer_id=morning.amira.id)
    tomorrow = replace(world.as_carer(morning.amira), today=world.on + timedelta(days=1))
    later = world.at("07:00") + timedelta(days=1)
    stored = record_fact(morning.session, tomorrow, fact, now=later, citizen_id=morning.elsa.id)
    assert visits_store.visit(morning.session, morning.vera, stored.visit_id).on == world.on
    jonas = world.as_carer(morning.jonas)
    said = blank(stored.visit_id, IN, world.at("14:01"), carer_id=CarerId(morning.jonas.id))
    with pytest.raises(NotFound):
        record_fact(morning.session, jonas, said, now=later)


def test_nobody_coming_is_told_once_while_it_can_be_mended_and_not_of_a_visit_that_was_moved(morning: Morning) -> None:
    """Published for 08:00, told 07:45-08:15, may begin until 10:30: unattended from 08:30."""

    def watch(wall: str) -> list[VisitId]:
        system, now = morning.world.system(), morning.world.at(wall)
        on, team_id = morning.world.on, morning.team.id
        return note_unattended(morning.session, system, team_id=team_id, on=on, rules=RULES, now=now)

    assert watch("08:29") == []
    now = morning.world.at("08:29")
    moved = morning.puts_right(morning.vera, FactKind.MOVED, now, now=now, moved_to=morning.world.at("09:00"))
    assert watch("08:45") == []
    morning.puts_right(morning.vera, FactKind.NOTE, now, now=now, corrects=moved.id)
    assert watch("08:45") == [morning.visit]
    assert watch("08:46") == []
    told = morning.told_of(VisitUnattended)
    assert [(one["visit_id"], one["touched"][0]["teams"]) for one in told] == [
        (str(morning.visit), [str(morning.team.id)])
    ]


def test_a_month_is_closed_at_its_hour_and_its_figures_stay_as_they_were(morning: Morning) -> None:
    november, closing = date(2026, 11, 1), morning.world.at("18:00", on=date(2026, 12, 6))
    came, left = morning.says(IN, "08:00"), morning.says(OUT, "08:30")
    assert came.received_at < left.received_at
    assert close_months(morning.session, rules=RULES, now=closing) == []
    late = closing + timedelta(hours=20)
    assert [one.closed_at for one in close_months(morning.session, rules=RULES, now=late)] == [closing]
    assert close_months(morning.session, rules=RULES, now=late) == []
    assert months.closed(morning.session) == {november: closing}
    longer = morning.puts_right(
        morning.vera, OUT, morning.world.at("08:45"), now=late, corrects=left.id, carer_id=morning.amira.id
    )
    longer = replace(longer, received_at=late)
    approve_correction(morning.session, morning.bo, longer.id, is_approved=True, now=late)
    assert received_minutes(morning.told(as_of=closing).intervals) == 30
    assert received_minutes(morning.told().intervals) == 45
