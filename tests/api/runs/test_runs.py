"""Runs over HTTP, with a real worker and a real solver: asked for, followed, drafted, published; and all that can go wrong."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.settings import Settings
from tests.factories.coordinating import Planned, sign_in
from tests.factories.world import MONDAY
from tests.patience import SECONDS
from tests.serving import Server
from visits.guard.viewer import Role
from visits.store import runs, schedules, visits
from visits.store.runs import RunState
from visits.terms import RunId


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With a worker inside, and short solving: the worlds of these tests are small."""
    return settings.model_copy(update={"worker_inside": True, "plan_seconds": 1.0, "replan_seconds": 1.0})


def test_a_day_is_asked_for_planned_compared_and_published(planned: Planned) -> None:
    path = planned.ask()
    run = planned.wait_for(path, "done")
    assert (run["why"], run["error"], run["cancel_asked"]) == ("asked", "", False)
    draft = planned.get(f"/schedules/{run['schedule_id']}")
    assert draft["state"] == "draft"
    assert {one["citizen_id"] for one in draft["placements"]} == {str(cared.id) for cared in planned.cared}
    difference = planned.get(f"/schedules/{run['schedule_id']}/difference")
    assert [change["kind"] for change in difference["changes"]] == ["added"] * 3
    assert difference["citizens_to_tell"] == 3
    explanation = planned.get(f"/schedules/{run['schedule_id']}/explanation")
    assert explanation["unplaced"] == []
    assert explanation["cost"]["total"] == 0

    published = planned.post(f"/schedules/{run['schedule_id']}/publish")

    assert (published.status_code, published.json()["citizens_to_tell"]) == (200, 3)
    day = planned.get(f"/teams/{planned.team.id}/schedules/{MONDAY}")
    assert (day["published_id"], day["draft_id"]) == (run["schedule_id"], None)
    again = planned.post(f"/schedules/{run['schedule_id']}/publish")
    assert (again.status_code, again.json()["code"]) == (409, "stale")


def test_the_run_tells_how_far_it_has_come(planned: Planned) -> None:
    path = planned.ask()
    ends_at = time.monotonic() + 60
    seen: dict[str, Any] | None = None
    while (run := planned.get(path))["state"] != "done":
        seen = run["progress"] or seen
        assert time.monotonic() < ends_at
        time.sleep(0.05)
    assert seen is not None
    assert (seen["placed"], seen["unplaced"], seen["limit_seconds"]) == (3, 0, 1.0)


def test_several_days_are_planned_and_published_in_one_go(planned: Planned) -> None:
    reply = planned.post(f"/teams/{planned.team.id}/schedules/{MONDAY}/runs", {"days": 2})
    found = [run["id"] for run in reply.json()["runs"]]
    done = [planned.wait_for(f"/runs/{key}", "done") for key in found]
    wanted = {"schedule_ids": [run["schedule_id"] for run in done]}
    assert planned.post("/publications", wanted).json()["code"] == "somebody_forgotten"
    path = f"/schedules/{done[1]['schedule_id']}/left-out"
    assert [row["kind"] for row in planned.get(path)["rows"]] == ["nobody_comes"] * 3
    assert planned.post(path, {"reason": "Röd dag, alla har sagt ja till onsdag"}).status_code == 200
    told = planned.post("/publications", wanted)
    assert told.status_code == 200, told.text
    assert [one["citizens_to_tell"] for one in told.json()["published"]] == [3, 0], "nobody works on Tuesday"


def test_a_carer_reported_ill_is_planned_around_by_itself(planned: Planned, session: Session) -> None:
    run = planned.wait_for(planned.ask(), "done")
    planned.post(f"/schedules/{run['schedule_id']}/publish")
    gone = planned.get(f"/schedules/{run['schedule_id']}")["placements"][0]["carer_id"]

    reply = planned.post(f"/teams/{planned.team.id}/absences/carers", {"carer_id": gone, "on": str(MONDAY)})

    assert (reply.status_code, reply.json()["is_new"]) == (202, True)
    draft_id = wait_for_draft(planned)
    draft = planned.get(f"/schedules/{draft_id}")
    assert len(draft["placements"]) == 3
    assert gone not in {one["carer_id"] for one in draft["placements"]}
    newest = runs.newest(session, planned.team.id, MONDAY)
    assert newest is not None
    assert newest.why == "carer_absent"


def test_a_citizen_reported_away_is_visited_by_nobody_at_once_and_the_day_is_planned_around_it(
    planned: Planned, session: Session
) -> None:
    run = planned.wait_for(planned.ask(), "done")
    planned.post(f"/schedules/{run['schedule_id']}/publish")
    away = planned.cared[0]
    body = {"citizen_id": str(away.id), "first_on": str(MONDAY), "last_on": str(MONDAY), "reason": "hospital"}

    reply = planned.post(f"/teams/{planned.team.id}/absences/citizens", body)

    assert (reply.status_code, reply.json()["cancelled_visits"]) == (202, 1)
    assert visits.states_of_team(session, planned.team.id, MONDAY)[away.visit()] == "cancelled"
    draft = planned.get(f"/schedules/{wait_for_draft(planned)}")
    assert str(away.id) not in {one["citizen_id"] for one in draft["placements"]}
    twice = planned.post(f"/teams/{planned.team.id}/absences/citizens", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "conflict")


def wait_for_draft(planned: Planned) -> str:
    ends_at = time.monotonic() + 60
    while (day := planned.get(f"/teams/{planned.team.id}/schedules/{MONDAY}"))["draft_id"] is None:
        assert time.monotonic() < ends_at, f"no draft came: {day}"
        time.sleep(0.1)
    draft_id: str = day["draft_id"]
    return draft_id


class TestWithLongSolving:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"plan_seconds": 60.0})

    def test_a_run_that_is_taken_back_ends_at_once_and_leaves_nothing(self, planned: Planned, session: Session) -> None:
        path = planned.ask()
        planned.wait_for(path, "running")
        while planned.get(path)["progress"] is None:
            time.sleep(0.05)
        asked_at = time.monotonic()
        assert planned.post(f"{path}/cancel").json()["cancel_asked"] is True
        planned.wait_for(path, "cancelled")
        assert time.monotonic() - asked_at < 10, (
            "a second on a machine that is free, and far from the minute it had left"
        )
        assert schedules.newest_draft(session, planned.world.system(), team_id=planned.team.id, on=MONDAY) is None
        second = planned.ask()
        planned.wait_for(second, "running")

    def test_a_run_that_waits_is_taken_back_at_once(self, planned: Planned) -> None:
        running = planned.ask()
        planned.wait_for(running, "running")
        waiting = planned.ask()
        assert waiting != running
        assert planned.ask() == waiting, "one waits already"
        assert planned.post(f"{waiting}/cancel").json()["state"] == "cancelled"


class TestWithTimeToChange:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"plan_seconds": 3.0})

    def test_what_changes_while_the_solver_works_is_read_anew(self, planned: Planned) -> None:
        path = planned.ask()
        planned.wait_for(path, "running")
        while planned.get(path)["progress"] is None:
            time.sleep(0.05)
        body = {"carer_id": str(planned.vera.id), "on": str(MONDAY)}
        assert planned.post(f"/teams/{planned.team.id}/absences/carers", body).status_code == 202
        run = planned.wait_for(path, "done")
        draft = planned.get(f"/schedules/{run['schedule_id']}")
        assert {one["carer_id"] for one in draft["placements"]} == {str(planned.jonas.id)}

    def test_a_run_outlives_a_database_that_drops_every_connection(self, planned: Planned, session: Session) -> None:
        path = planned.ask()
        planned.wait_for(path, "running")
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        session.commit()
        assert planned.wait_for(path, "done")["schedule_id"] is not None
        again = planned.ask()
        planned.wait_for(again, "done")

    def test_a_draft_whose_day_has_changed_is_not_published(self, planned: Planned) -> None:
        run = planned.wait_for(planned.ask(), "done")
        body = {"carer_id": str(planned.vera.id), "on": str(MONDAY)}
        planned.post(f"/teams/{planned.team.id}/absences/carers", body)
        reply = planned.post(f"/schedules/{run['schedule_id']}/publish")
        assert (reply.status_code, reply.json()["code"]) == (409, "stale")
        assert reply.headers["content-type"] == "application/problem+json"


class TestWithoutAWorkerInside:
    """The workers are processes of their own, as on another machine."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"worker_inside": False})

    @pytest.mark.slow
    def test_the_run_of_a_worker_that_is_killed_is_taken_up_again(
        self, planned: Planned, server: Server, session: Session
    ) -> None:
        path = planned.ask()
        with a_worker(server.settings, plan_seconds=60) as first:
            planned.wait_for(path, "running")
            first.send_signal(signal.SIGKILL)
            first.wait(timeout=10)
        assert planned.get(path)["state"] == "running", "nobody knows yet"
        with a_worker(server.settings, plan_seconds=1) as second:
            run = planned.wait_for(path, "done")
            stop(second)
        assert run["schedule_id"] is not None
        assert runs.run(session, RunId(UUID(run["id"]))).attempts == 2

    @pytest.mark.slow
    def test_a_worker_that_is_stopped_puts_its_run_back_first(self, planned: Planned, server: Server) -> None:
        path = planned.ask()
        with a_worker(server.settings, plan_seconds=60) as worker:
            planned.wait_for(path, "running")
            stop(worker)
        assert planned.get(path)["state"] == "waiting"

    def test_a_run_that_has_cost_three_workers_is_given_up_with_the_reason(
        self, planned: Planned, server: Server, session: Session
    ) -> None:
        path = planned.ask()
        run_id = RunId(UUID(path.rpartition("/")[2]))
        runs.change(session, run_id, state=RunState.RUNNING, attempts=3)
        session.commit()
        with a_worker(server.settings, plan_seconds=1) as worker:
            run = planned.wait_for(path, "failed")
            stop(worker)
        assert run["error"] == "worker_lost"

    def test_asking_puts_ids_and_nothing_else_into_the_queue(self, planned: Planned, session: Session) -> None:
        planned.ask()
        planned.ask()
        jobs = session.execute(text("SELECT args, queueing_lock FROM procrastinate_jobs")).all()
        assert [tuple(job) for job in jobs] == [
            ({"team_id": str(planned.team.id), "on": "2026-11-23"}, f"{planned.team.id}/2026-11-23")
        ]


@contextmanager
def a_worker(settings: Settings, *, plan_seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "VARDAG_DEMO": "true",
        "VARDAG_DATABASE_URL": settings.database_url or "",
        "VARDAG_VAR": str(settings.var),
        "VARDAG_CLOCK": settings.clock or "",
        "VARDAG_PLAN_SECONDS": str(plan_seconds),
    }
    command = [sys.executable, "-m", "api.cli", "work"]
    worker = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.kill()
        worker.wait(timeout=10)


def stop(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=15) == 0


def test_another_teams_runs_and_schedules_are_not_found(planned: Planned, server: Server, session: Session) -> None:
    run = planned.wait_for(planned.ask(), "done")
    stranger = planned.world.coordinator(planned.world.team())
    session.commit()
    with httpx.Client(base_url=server.url, timeout=SECONDS) as other:
        csrf = sign_in(other, server, Role.COORDINATOR, stranger.id)
        replies = [
            other.get(f"/api/v1/runs/{run['id']}"),
            other.get(f"/api/v1/schedules/{run['schedule_id']}"),
            other.get(f"/api/v1/teams/{planned.team.id}/schedules/{MONDAY}"),
            *(
                other.post(f"/api/v1{path}", json=body, headers={"X-CSRF-Token": csrf})
                for path, body in (
                    (f"/schedules/{run['schedule_id']}/publish", None),
                    (f"/runs/{run['id']}/cancel", None),
                    (f"/teams/{planned.team.id}/schedules/{MONDAY}/runs", {"days": 1}),
                    (
                        f"/teams/{planned.team.id}/absences/carers",
                        {"carer_id": str(planned.vera.id), "on": str(MONDAY)},
                    ),
                )
            ),
        ]
    assert [(reply.status_code, reply.json()["code"]) for reply in replies] == [(404, "not_found")] * 7
