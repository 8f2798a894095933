"""Ask for a day to be planned, follow it, take it back, look at the draft, publish it. For the team's coordinator; others: 404."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth.access import CoordinatorViewer
from api.clock import Day
from api.runs.queue import defer_run
from api.runs.schemas import (
    AbsenceTold,
    CarerAbsent,
    CitizenAway,
    DayTold,
    DifferencesTold,
    DifferenceTold,
    ExplanationTold,
    RunsAsked,
    RunsTold,
    RunTold,
    SchedulesAsked,
    ScheduleTold,
    unplaced_told,
)
from api.work import NowDep, SessionDep
from visits.actions.ask_for_run import ask_for_run
from visits.actions.cancel_run import cancel_run
from visits.actions.publish_schedule import discard_draft, publish_schedule, publish_schedules
from visits.actions.report_carer_absent import report_carer_absent
from visits.actions.report_citizen_away import report_citizen_away
from visits.errors import NotFound
from visits.guard.confidentiality import check_team
from visits.performed.visit import VisitState
from visits.planned.schedule import Schedule, difference
from visits.store import runs, schedules, visits
from visits.terms import CarerId, CitizenId, Period, RunId, ScheduleId, TeamId

router = APIRouter(prefix="/api/v1", tags=["runs"])


@router.post("/teams/{team_id}/schedules/{on}/runs", status_code=202)
def ask(
    *,
    response: Response,
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    team_id: UUID,
    on: Day,
    asked: RunsAsked | None = None,
) -> RunsTold:
    """Ask for the day, and as many after it as wished. A day that waits already is not asked for twice."""
    days = [on + timedelta(days=number) for number in range((asked or RunsAsked()).days)]
    found = []
    for day in days:
        found.append(ask_for_run(session, viewer, team_id=TeamId(team_id), on=day, why="asked", now=now))
        defer_run(session, team_id=TeamId(team_id), on=day)
    response.headers["Location"] = f"/api/v1/runs/{found[0].id}"
    return RunsTold(runs=[RunTold.of(run) for run in found])


@router.get("/runs/{run_id}")
def status(session: SessionDep, viewer: CoordinatorViewer, run_id: UUID) -> RunTold:
    """How far the run has come."""
    run = runs.run(session, RunId(run_id))
    try:
        check_team(viewer, run.team_id)
    except NotFound:
        raise NotFound(what="run") from None
    return RunTold.of(run)


@router.post("/runs/{run_id}/cancel")
def cancel(session: SessionDep, viewer: CoordinatorViewer, now: NowDep, run_id: UUID) -> RunTold:
    """Take the run back; a running one ends within a second."""
    return RunTold.of(cancel_run(session, viewer, RunId(run_id), now=now))


@router.get("/teams/{team_id}/schedules/{on}")
def day(session: SessionDep, viewer: CoordinatorViewer, team_id: UUID, on: Day) -> DayTold:
    """What is published, what is drafted, and the newest run."""
    check_team(viewer, TeamId(team_id))
    published = schedules.published(session, viewer, team_id=TeamId(team_id), on=on)
    draft = schedules.newest_draft(session, viewer, team_id=TeamId(team_id), on=on)
    run = runs.newest(session, TeamId(team_id), on)
    return DayTold(
        published_id=published.id if published else None,
        draft_id=draft.id if draft else None,
        run=RunTold.of(run) if run else None,
    )


@router.get("/schedules/{schedule_id}")
def schedule(session: SessionDep, viewer: CoordinatorViewer, schedule_id: UUID) -> ScheduleTold:
    """One version of the day, whole."""
    return ScheduleTold.of(_schedule(session, viewer, schedule_id))


@router.get("/schedules/{schedule_id}/difference")
def what_differs(session: SessionDep, viewer: CoordinatorViewer, schedule_id: UUID) -> DifferenceTold:
    """What publishing it would change for whom, against what is published now."""
    draft = _schedule(session, viewer, schedule_id)
    published = schedules.published(session, viewer, team_id=draft.team_id, on=draft.on)
    states = visits.states_of_team(session, draft.team_id, draft.on)
    cancelled = frozenset(key for key, state in states.items() if state is VisitState.CANCELLED)
    return DifferenceTold.of(schedule_id, difference(published, draft, known_cancelled=cancelled))


@router.get("/schedules/{schedule_id}/explanation")
def explanation(session: SessionDep, viewer: CoordinatorViewer, schedule_id: UUID) -> ExplanationTold:
    """What it costs, and why what is unplaced is."""
    found = _schedule(session, viewer, schedule_id)
    return ExplanationTold(schedule_id=found.id, cost=dict(found.cost), unplaced=unplaced_told(found))


@router.post("/schedules/{schedule_id}/publish")
def publish(session: SessionDep, viewer: CoordinatorViewer, now: NowDep, schedule_id: UUID) -> DifferenceTold:
    """Publish the draft: what it changed for whom."""
    return DifferenceTold.of(schedule_id, publish_schedule(session, viewer, ScheduleId(schedule_id), now=now))


@router.post("/schedules/{schedule_id}/discard", status_code=204)
def discard(session: SessionDep, viewer: CoordinatorViewer, schedule_id: UUID) -> None:
    """Put the draft aside."""
    discard_draft(session, viewer, ScheduleId(schedule_id))


@router.post("/publications")
def publish_several(
    session: SessionDep, viewer: CoordinatorViewer, now: NowDep, asked: SchedulesAsked
) -> DifferencesTold:
    """Publish several days: all of them, or none."""
    wanted = [ScheduleId(key) for key in asked.schedule_ids]
    found = publish_schedules(session, viewer, wanted, now=now)
    told = [DifferenceTold.of(key, one) for key, one in zip(wanted, found, strict=True)]
    return DifferencesTold(published=told)


@router.post("/teams/{team_id}/absences/carers", status_code=202)
def carer_absent(session: SessionDep, viewer: CoordinatorViewer, team_id: UUID, absent: CarerAbsent) -> AbsenceTold:
    """A carer is ill: what remains of the day is planned anew."""
    check_team(viewer, TeamId(team_id))
    is_new = report_carer_absent(session, viewer, carer_id=CarerId(absent.carer_id), on=absent.on, reason=absent.reason)
    return AbsenceTold(is_new=is_new)


@router.post("/teams/{team_id}/absences/citizens", status_code=202)
def citizen_away(session: SessionDep, viewer: CoordinatorViewer, team_id: UUID, away: CitizenAway) -> AbsenceTold:
    """A citizen is away: the visits are cancelled at once, and the days are planned anew."""
    check_team(viewer, TeamId(team_id))
    period = Period(away.first_on, away.last_on)
    cancelled = report_citizen_away(
        session, viewer, citizen_id=CitizenId(away.citizen_id), period=period, reason=away.reason
    )
    return AbsenceTold(is_new=True, cancelled_visits=len(cancelled))


def _schedule(session: SessionDep, viewer: CoordinatorViewer, schedule_id: UUID) -> Schedule:
    return schedules.schedule(session, viewer, ScheduleId(schedule_id))
