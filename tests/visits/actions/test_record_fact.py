"""Recording facts and moving estimates, on a real database."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories.world import Cared, World
from visits.actions.move_estimates import move_estimates
from visits.actions.record_fact import record_fact
from visits.errors import Conflict, Invalid, NotFound
from visits.events import EstimateMoved, FactRecorded
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import Carer
from visits.performed.checkins import Fact, FactKind
from visits.performed.visit import VisitState
from visits.store import audit, checkins, estimates, outbox
from visits.store import visits as visits_store
from visits.store.database import session_factory
from visits.store.outbox import Audience, Position
from visits.terms import CarerId, FactId, VisitId

IN, OUT = FactKind.CHECK_IN, FactKind.CHECK_OUT


class Morning:
    """Amira visits Elsa at 08:00 (30 minutes) and then Folke at 08:35; Jonas is on the same team."""

    def __init__(self, session: Session) -> None:
        self.world = world = World(session)
        self.team: Team = world.team()
        self.amira: Carer = world.carer(self.team, "Amira")
        self.jonas: Carer = world.carer(self.team, "Jonas")
        self.elsa: Cared = world.cared(self.team, world.citizen("Elsa"))
        self.folke: Cared = world.cared(self.team, world.citizen("Folke"))
        world.published(self.team, [(self.elsa, self.amira, "08:00"), (self.folke, self.amira, "08:35")])
        self.session = session

    def record(self, kind: FactKind, wall: str, *, at: Cared | None = None, by: Carer | None = None) -> Fact:
        """Amira says so at Elsa's, at once."""
        carer = by or self.amira
        made = a_fact(kind, (at or self.elsa).visit(), carer.id, self.world.at(wall))
        return record_fact(self.session, self.world.as_carer(carer), made, now=self.world.at(wall))

    def state(self, cared: Cared) -> VisitState:
        return visits_store.visit(self.session, self.world.system(), cared.visit()).state

    def estimate(self, cared: Cared) -> datetime | None:
        return estimates.estimates_of(self.session, [cared.visit()]).get(cared.visit())


def a_fact(kind: FactKind, visit_id: VisitId, carer_id: CarerId, at: datetime, note: str = "") -> Fact:
    return Fact(
        id=FactId(uuid4()),
        visit_id=visit_id,
        carer_id=carer_id,
        kind=kind,
        happened_at=at,
        received_at=at,
        note=note,
    )


@pytest.fixture
def morning(session: Session) -> Morning:
    return Morning(session)


def events(session: Session) -> list[object]:
    session.commit()
    return [stored.event for stored in outbox.after(session, Position(transaction=0, id=0))]


def test_checking_in_and_out_moves_the_visit_and_tells_those_concerned(morning: Morning) -> None:
    world = morning.world
    morning.record(IN, "08:02")
    assert morning.state(morning.elsa) is VisitState.STARTED
    morning.record(OUT, "08:30")
    assert morning.state(morning.elsa) is VisitState.COMPLETED
    assert morning.state(morning.folke) is VisitState.PLANNED
    assert world.revision(Audience.CITIZEN, morning.elsa.id) == 2
    assert world.revision(Audience.CARER, morning.amira.id) == 2
    assert world.revision(Audience.TEAM, morning.team.id) == 2
    assert world.revision(Audience.CITIZEN, morning.folke.id) == 0
    found = events(morning.session)
    assert [type(one) for one in found] == [FactRecorded, FactRecorded]


def test_sending_again_is_harmless_and_gives_the_fact_as_first_stored(morning: Morning) -> None:
    first = morning.record(IN, "08:02")
    later = replace(first, received_at=morning.world.at("09:00"))
    viewer = morning.world.as_carer(morning.amira)
    again = record_fact(morning.session, viewer, later, now=morning.world.at("09:00"))
    assert again == first
    assert checkins.facts_of(morning.session, [first.visit_id]) == {first.visit_id: [first]}
    assert len(events(morning.session)) == 1


def test_one_id_for_two_things_is_a_conflict(morning: Morning) -> None:
    first = morning.record(IN, "08:02")
    viewer = morning.world.as_carer(morning.amira)
    with pytest.raises(Conflict):
        record_fact(morning.session, viewer, replace(first, kind=OUT), now=morning.world.at("08:03"))


def test_a_visit_on_somebody_elses_route_is_not_found(morning: Morning) -> None:
    with pytest.raises(NotFound):
        morning.record(IN, "08:02", by=morning.jonas)
    assert morning.state(morning.elsa) is VisitState.PLANNED


def test_nobody_records_in_somebody_elses_name(morning: Morning) -> None:
    world = morning.world
    made = a_fact(IN, morning.elsa.visit(), morning.amira.id, world.at("08:00"))
    for viewer in (world.as_carer(morning.jonas), world.as_citizen(morning.elsa), world.system()):
        with pytest.raises(NotFound):
            record_fact(morning.session, viewer, made, now=world.at("08:00"))


def test_an_unknown_visit_is_not_found(morning: Morning) -> None:
    made = a_fact(IN, VisitId(uuid4()), morning.amira.id, morning.world.at("08:00"))
    with pytest.raises(NotFound):
        record_fact(morning.session, morning.world.as_carer(morning.amira), made, now=morning.world.at("08:00"))


@pytest.mark.parametrize(
    ("shift", "why"),
    [(timedelta(minutes=3), "future"), (timedelta(days=-4), "days back"), (timedelta(days=-1), "before the day")],
)
def test_a_fact_dated_where_it_cannot_be_is_refused_by_name(morning: Morning, shift: timedelta, why: str) -> None:
    now = morning.world.at("08:00")
    made = a_fact(IN, morning.elsa.visit(), morning.amira.id, now + shift)
    with pytest.raises(Invalid, match=why) as refused:
        record_fact(morning.session, morning.world.as_carer(morning.amira), made, now=now)
    assert refused.value.params["field"] == "happened_at"


def test_a_phone_clock_a_minute_ahead_is_forgiven(morning: Morning) -> None:
    now = morning.world.at("08:00")
    made = a_fact(IN, morning.elsa.visit(), morning.amira.id, now + timedelta(minutes=1))
    assert record_fact(morning.session, morning.world.as_carer(morning.amira), made, now=now) == made


def test_a_fact_may_come_the_day_after_but_the_route_may_not_be_seen_then(morning: Morning) -> None:
    tomorrow = replace(morning.world.as_carer(morning.amira), today=morning.world.on + timedelta(days=1))
    made = a_fact(IN, morning.elsa.visit(), morning.amira.id, morning.world.at("08:00"))
    assert record_fact(morning.session, tomorrow, made, now=morning.world.at("08:00") + timedelta(days=1)) == made
    with pytest.raises(NotFound):
        visits_store.visit(morning.session, tomorrow, morning.elsa.visit())


def test_a_check_out_without_a_check_in_is_kept(morning: Morning) -> None:
    morning.record(OUT, "08:30")
    assert morning.state(morning.elsa) is VisitState.COMPLETED


def test_taking_a_check_in_back_leaves_the_visit_as_planned(morning: Morning) -> None:
    wrong = morning.record(IN, "08:02")
    said = a_fact(FactKind.NOTE, wrong.visit_id, morning.amira.id, morning.world.at("08:03"), note="Fel besök.")
    taken_back = replace(said, corrects=wrong.id, reason="fel besök")
    viewer = morning.world.as_carer(morning.amira)
    record_fact(morning.session, viewer, taken_back, now=morning.world.at("08:03"))
    assert morning.state(morning.elsa) is VisitState.PLANNED


def test_only_ones_own_facts_about_the_same_visit_are_corrected(morning: Morning) -> None:
    world = morning.world
    world.published(morning.team, [(morning.elsa, morning.amira, "08:00"), (morning.elsa, morning.jonas, "08:00")])
    first = morning.record(IN, "08:02")
    for corrects, carer in ((first.id, morning.jonas), (FactId(uuid4()), morning.amira)):
        made = replace(
            a_fact(IN, first.visit_id, carer.id, world.at("08:01")), corrects=corrects, reason="fel klockslag"
        )
        with pytest.raises(Invalid) as refused:
            record_fact(morning.session, world.as_carer(carer), made, now=world.at("08:05"))
        assert refused.value.params["field"] == "corrects"


def test_whoever_has_checked_in_may_check_out_although_the_visit_was_given_to_another(morning: Morning) -> None:
    morning.record(IN, "08:00")
    morning.world.published(morning.team, [(morning.elsa, morning.jonas, "08:00")])
    morning.record(OUT, "08:30")
    assert morning.state(morning.elsa) is VisitState.COMPLETED
    assert morning.world.revision(Audience.CARER, morning.jonas.id) == 1


def test_a_late_check_in_moves_the_next_visit_and_tells_only_its_citizen(morning: Morning) -> None:
    world = morning.world
    morning.record(IN, "08:20")
    # 08:20 + 30 minutes + 5 minutes of travel, instead of 08:35.
    assert morning.estimate(morning.folke) == world.at("08:55")
    assert morning.estimate(morning.elsa) is None
    moved = [one for one in events(morning.session) if isinstance(one, EstimateMoved)]
    assert [days.citizens for one in moved for days in one.touched] == [(morning.folke.id,)]
    assert [days.carers for one in moved for days in one.touched] == [(morning.amira.id,)]


def test_the_clock_alone_moves_a_visit_that_is_due_and_small_moves_are_not_told(morning: Morning) -> None:
    world, session = morning.world, morning.session
    for wall, estimate, told in (
        ("08:04", None, 0),
        ("08:06", "08:41", 1),
        ("08:09", "08:41", 1),
        ("08:12", "08:47", 2),
    ):
        move_estimates(session, world.system(), team_id=morning.team.id, on=world.on, now=world.at(wall))
        assert morning.estimate(morning.folke) == (world.at(estimate) if estimate else None)
        assert len(events(session)) == told


def test_an_estimate_goes_back_when_the_day_has_caught_up(morning: Morning) -> None:
    morning.record(IN, "08:20")
    morning.record(OUT, "08:25")
    assert morning.estimate(morning.folke) == morning.world.at("08:35")


def test_what_is_recorded_leaves_a_trace(morning: Morning) -> None:
    morning.record(IN, "08:00")
    traces = morning.session.execute(
        select(audit.audit_entries.c.citizen_ids)
        .where(audit.audit_entries.c.viewer_id == morning.amira.id)
        .where(audit.audit_entries.c.what == "visit_to_record")
    ).scalars()
    assert [morning.elsa.id] in list(traces)


def test_two_carers_who_check_in_at_once_both_get_through(morning: Morning, engine: Engine) -> None:
    world = morning.world
    world.published(
        morning.team,
        [
            (morning.elsa, morning.amira, "08:00"),
            (morning.elsa, morning.jonas, "08:00"),
            (morning.folke, morning.amira, "08:35"),
        ],
    )
    world.session.commit()
    at_once, failed = threading.Barrier(4), list[BaseException]()
    shared = a_fact(IN, morning.elsa.visit(), morning.amira.id, world.at("08:01"))
    jonas = a_fact(IN, morning.elsa.visit(), morning.jonas.id, world.at("08:02"))

    def send(viewer: Viewer, fact: Fact) -> None:
        try:
            with session_factory(engine)() as session, session.begin():
                at_once.wait(timeout=10)
                record_fact(session, viewer, fact, now=world.at("08:20"))
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failed.append(error)

    amira_says = [(world.as_carer(morning.amira), shared)] * 3
    threads = [
        threading.Thread(target=send, args=args) for args in [*amira_says, (world.as_carer(morning.jonas), jonas)]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert failed == []
    stored = checkins.facts_of(world.session, [morning.elsa.visit()])[morning.elsa.visit()]
    assert {fact.id for fact in stored} == {shared.id, jonas.id}
