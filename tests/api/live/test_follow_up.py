"""What follows from an event is done once, by one process of all, and tried again until it is done."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from api.app import create_app
from api.house import House
from api.live.bell import Bell
from api.live.follow_up import Follows, FollowUp
from api.reactions import REACTIONS
from api.settings import Settings
from tests.factories.a_day import a_day
from tests.factories.world import MONDAY
from visits.actions.report_carer_absent import report_carer_absent
from visits.events import CarerReportedAbsent, Event, RunChanged
from visits.store import outbox
from visits.store.outbox_readers import overdue_reactions
from visits.store.runs import newest, runs
from visits.terms import CarerId, RunId, TeamId


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    made: House = create_app(settings).state.house
    yield made
    made.engine.dispose()


def follow_up(house: House, reactions: Mapping[type[Event], Follows]) -> FollowUp:
    return FollowUp(house, Bell(house).ear(), {**REACTIONS, **reactions})


def turn_until(part: FollowUp, is_done: Callable[[], bool]) -> None:
    """Other databases of the same server may hold events back for a moment, as in a real house."""
    ends_at = time.monotonic() + 20
    while not is_done():
        assert time.monotonic() < ends_at, "it was never followed"
        part.turn()
        time.sleep(0.01)


def an_absence() -> CarerReportedAbsent:
    return CarerReportedAbsent(carer_id=CarerId(uuid4()), team_id=TeamId(uuid4()), on=MONDAY)


def leave(session: Session, *events: Event) -> None:
    for event in events:
        outbox.leave(session, event)
        session.commit()


def test_each_event_is_followed_once_and_in_order(house: House, session: Session) -> None:
    absences = [an_absence() for _ in range(250)]
    leave(session, *absences)
    seen: list[Event] = []
    part = follow_up(house, {CarerReportedAbsent: Follows(then=lambda _s, event, _n: seen.append(event))})
    turn_until(part, lambda: len(seen) == len(absences))
    part.turn()
    assert seen == absences


def test_two_processes_at_once_share_the_events_and_do_none_twice(house: House, session: Session) -> None:
    absences = [an_absence() for _ in range(30)]
    leave(session, *absences)
    seen: list[Event] = []
    begin = Barrier(2)

    def process() -> None:
        part = follow_up(house, {CarerReportedAbsent: Follows(then=lambda _s, event, _n: seen.append(event))})
        begin.wait()
        turn_until(part, lambda: len(seen) >= len(absences))

    threads = [Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == absences


def test_a_reaction_that_fails_undoes_only_itself_holds_up_nobody_and_is_tried_again(
    house: House, session: Session
) -> None:
    poor, fine = an_absence(), an_absence()
    leave(session, poor, fine)
    attempts: list[Event] = []

    def then(session: Session, event: Any, _now: datetime) -> None:
        attempts.append(event)
        outbox.leave(session, RunChanged(run_id=RunId(uuid4()), team_id=event.team_id, on=event.on))
        if event == poor and attempts.count(poor) < 3:
            session.execute(text("SELECT 1 / 0"))

    part = follow_up(house, {CarerReportedAbsent: Follows(then=then), RunChanged: Follows()})
    turn_until(part, lambda: len(attempts) == 2)
    assert attempts == [poor, fine]
    assert overdue(session) == [(1, "DataError")]
    part.turn()
    assert attempts == [poor, fine], "tried again before it was time"
    for tried in (2, 3):
        session.execute(update(overdue_reactions).values(next_at=func.now()))
        session.commit()
        turn_until(part, lambda tried=tried: attempts.count(poor) == tried)
    assert overdue(session) == []
    kinds = session.scalars(select(outbox.event_rows.c.kind)).all()
    assert sorted(kinds) == ["CarerReportedAbsent", "CarerReportedAbsent", "RunChanged", "RunChanged"]


def overdue(session: Session) -> list[tuple[int, str]]:
    session.rollback()
    rows = session.execute(select(overdue_reactions.c.attempts, overdue_reactions.c.error))
    return [(row.attempts, row.error) for row in rows]


def test_an_event_whose_transaction_ends_late_is_not_passed_over(
    house: House, session: Session, engine: Engine
) -> None:
    late, early = an_absence(), an_absence()
    seen: list[Event] = []
    part = follow_up(house, {CarerReportedAbsent: Follows(then=lambda _s, event, _n: seen.append(event))})
    with Session(engine) as slow:
        outbox.leave(slow, late)
        slow.flush()
        leave(session, early)
        assert part.turn() is True, "something is held back, so look again soon"
        assert seen == []
        slow.commit()
    turn_until(part, lambda: len(seen) == 2)
    assert seen == [late, early]


def test_a_carer_who_falls_ill_makes_a_run_be_asked_for_once(house: House, session: Session) -> None:
    day = a_day(session)
    viewer = day.world.as_coordinator(day.team)
    report_carer_absent(session, viewer, carer_id=day.jonas.id, on=MONDAY, reason="sick")
    report_carer_absent(session, viewer, carer_id=day.amira.id, on=MONDAY, reason="sick")
    session.commit()
    part = follow_up(house, {RunChanged: Follows()})
    turn_until(part, lambda: newest(session, day.team.id, MONDAY) is not None)
    part.turn()
    run = newest(session, day.team.id, MONDAY)
    assert run is not None
    assert run.why == "carer_absent"
    assert session.scalar(select(func.count()).select_from(runs)) == 1
