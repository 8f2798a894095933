"""What the coordinator does, as plain forms: each leads back to the day, which then shows what has come of it."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from api.auth.access import CoordinatorViewer
from api.clock import Day
from api.coordinator.notices import Done
from api.work import NowDep, SessionDep
from visits.actions.ask_for_run import ask_for_run
from visits.actions.cancel_run import cancel_run
from visits.actions.publish_schedule import discard_draft, publish_schedules
from visits.actions.report_carer_absent import report_carer_absent
from visits.actions.report_citizen_away import report_citizen_away
from visits.errors import NotFound
from visits.guard.viewer import Viewer
from visits.terms import AbsenceReason, CarerId, CitizenId, Period, RunId, ScheduleId, TeamId

router = APIRouter(prefix="/planering/{on}", tags=["coordinator"])

MOST_DAYS = 7
CarerReason = Literal["ill", "child_ill", "other"]


@router.post("/planera")
def plan(
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    *,
    on: Day,
    days: Annotated[int, Form(ge=1, le=MOST_DAYS)],
) -> Response:
    """Ask that this day, or this and the following ones, be planned anew."""
    for ahead in range(days):
        ask_for_run(session, viewer, team_id=_team(viewer), on=on + timedelta(days=ahead), why="asked", now=now)
    return _back(on, Done.PLANNING)


@router.post("/avbryt")
def cancel(
    session: SessionDep, viewer: CoordinatorViewer, now: NowDep, *, on: Day, run_id: Annotated[UUID, Form()]
) -> Response:
    cancel_run(session, viewer, RunId(run_id), now=now)
    return _back(on, Done.CANCELLING)


@router.post("/publicera")
def publish(
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    *,
    on: Day,
    schedule_id: Annotated[list[UUID], Form(min_length=1, max_length=MOST_DAYS)],
) -> Response:
    """Publish a day's draft, or the drafts of several days: all of them or none."""
    publish_schedules(session, viewer, [ScheduleId(one) for one in schedule_id], now=now)
    return _back(on, Done.PUBLISHED)


@router.post("/kassera")
def discard(
    session: SessionDep, viewer: CoordinatorViewer, *, on: Day, schedule_id: Annotated[UUID, Form()]
) -> Response:
    discard_draft(session, viewer, ScheduleId(schedule_id))
    return _back(on, Done.DISCARDED)


@router.post("/franvaro")
def carer_absent(
    session: SessionDep,
    viewer: CoordinatorViewer,
    *,
    on: Day,
    carer_id: Annotated[UUID, Form()],
    reason: Annotated[CarerReason, Form()],
) -> Response:
    """A carer cannot come that day; what follows from it stands in `api/reactions.py`."""
    report_carer_absent(session, viewer, carer_id=CarerId(carer_id), on=on, reason=reason)
    return _back(on, Done.CARER_ABSENT)


@router.post("/borta")
def citizen_away(
    session: SessionDep,
    viewer: CoordinatorViewer,
    *,
    on: Day,
    citizen_id: Annotated[UUID, Form()],
    last_on: Annotated[Day, Form()],
    reason: Annotated[AbsenceReason, Form()],
) -> Response:
    """A citizen is away from that day to `last_on`, both included."""
    period = Period(on, last_on)
    report_citizen_away(session, viewer, citizen_id=CitizenId(citizen_id), period=period, reason=reason)
    return _back(on, Done.CITIZEN_AWAY)


def _team(viewer: Viewer) -> TeamId:
    if viewer.team_id is None:
        raise NotFound(what="team")
    return viewer.team_id


def _back(on: Day, done: Done) -> Response:
    return RedirectResponse(f"/planering/{on.isoformat()}?gjort={done.value}", status_code=303)
