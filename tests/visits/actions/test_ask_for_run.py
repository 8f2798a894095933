"""Asking for a run, and taking it back."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories.world import MONDAY, World
from visits.actions.ask_for_run import ask_for_run
from visits.actions.cancel_run import cancel_run
from visits.errors import NotFound, Refused
from visits.events import RunChanged
from visits.store import outbox, runs
from visits.store.outbox import Audience
from visits.store.runs import RunState


def test_however_often_a_day_is_asked_for_one_run_waits(session: Session) -> None:
    world = World(session)
    team = world.team()
    viewer = world.as_coordinator(team)
    first = ask_for_run(session, viewer, team_id=team.id, on=MONDAY, why="asked", now=world.at("09:00"))
    again = ask_for_run(session, viewer, team_id=team.id, on=MONDAY, why="asked", now=world.at("09:01"))
    tomorrow = ask_for_run(
        session, viewer, team_id=team.id, on=MONDAY + timedelta(days=1), why="asked", now=world.at("09:01")
    )
    assert first.id == again.id != tomorrow.id
    assert (first.state, first.asked_by) == (RunState.WAITING, viewer.person_id)
    assert world.revision(Audience.TEAM, team.id) == 1
    session.commit()
    found = [stored.event for stored in outbox.after(session, outbox.Position(transaction=0, id=0))]
    assert [event.run_id for event in found if isinstance(event, RunChanged)] == [first.id, tomorrow.id]


def test_while_one_runs_another_may_wait(session: Session) -> None:
    world = World(session)
    team = world.team()
    viewer = world.as_coordinator(team)
    asked = {"team_id": team.id, "on": MONDAY, "why": "asked", "now": world.at("09:00")}
    first = ask_for_run(session, viewer, **asked)
    runs.change(session, first.id, state=RunState.RUNNING)
    assert ask_for_run(session, viewer, **asked).id != first.id


def test_a_day_that_is_over_is_refused(session: Session) -> None:
    world = World(session)
    team = world.team()
    with pytest.raises(Refused) as refusal:
        ask_for_run(
            session,
            world.as_coordinator(team),
            team_id=team.id,
            on=MONDAY - timedelta(days=1),
            why="asked",
            now=world.at("00:10"),
        )
    assert refusal.value.params["rule"] == "day_is_over"


def test_another_teams_day_is_not_found(session: Session) -> None:
    world = World(session)
    team, other = world.team(), world.team()
    with pytest.raises(NotFound):
        ask_for_run(
            session, world.as_coordinator(other), team_id=team.id, on=MONDAY, why="asked", now=world.at("09:00")
        )


def test_a_waiting_run_is_cancelled_at_once_and_a_running_one_is_asked_to_end(session: Session) -> None:
    world = World(session)
    team = world.team()
    viewer = world.as_coordinator(team)
    asked = {"team_id": team.id, "on": MONDAY, "why": "asked", "now": world.at("09:00")}
    waiting = ask_for_run(session, viewer, **asked)
    cancelled = cancel_run(session, viewer, waiting.id, now=world.at("09:01"))
    assert (cancelled.state, cancelled.ended_at) == (RunState.CANCELLED, world.at("09:01"))

    running = ask_for_run(session, viewer, **asked)
    runs.change(session, running.id, state=RunState.RUNNING)
    asked_to_end = cancel_run(session, viewer, running.id, now=world.at("09:02"))
    assert (asked_to_end.state, asked_to_end.cancel_asked) == (RunState.RUNNING, True)


def test_a_run_of_another_team_cannot_be_cancelled(session: Session) -> None:
    world = World(session)
    team, other = world.team(), world.team()
    run = ask_for_run(
        session, world.as_coordinator(team), team_id=team.id, on=MONDAY, why="asked", now=world.at("09:00")
    )
    with pytest.raises(NotFound):
        cancel_run(session, world.as_coordinator(other), run.id, now=world.at("09:01"))
