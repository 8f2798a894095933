"""Publish a draft: from then on it is what the citizens are told and where the carers go."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from visits.actions.regenerate_schedule import BEGUN, Inputs, check_still_holds, read_inputs
from visits.errors import Refused, Stale
from visits.events import DaysTouched, SchedulePublished
from visits.guard.confidentiality import check_team
from visits.guard.viewer import Viewer
from visits.performed.visit import Visit, VisitState, visit_due
from visits.planned.demands import VisitDemand
from visits.planned.schedule import Difference, Placement, PlannedBreak, Schedule, ScheduleState, difference
from visits.store import changes, estimates, forgotten, outbox, schedules, visits
from visits.store.working_days import plan_breaches_of
from visits.terms import CarerId, CitizenId, ScheduleId, Skill, TeamId, VisitId


def publish_schedule(session: Session, viewer: Viewer, schedule_id: ScheduleId, *, now: datetime) -> Difference:
    """Publish the draft and return what it changed for whom.

    `NotFound` unless the viewer plans the team's day; `Stale` when it is no draft any more, when something else has been published
    since, or when what it was made from no longer holds; `Refused` while somebody is left out without a reason that has been given,
    or somebody would work against the rules of working time. A first publication changes nothing: nobody had been told anything.
    """
    draft = _locked_draft(session, viewer, schedule_id)
    states = visits.states_of_team(session, draft.team_id, draft.on, lock=True)
    current = read_inputs(session, viewer, team_id=draft.team_id, on=draft.on, now=now)
    before = current.day.published
    _check(draft, current)
    _check_nobody_forgotten(session, viewer, draft)
    _check_working_time(session, draft, current, now=now)
    cancelled = frozenset(key for key, state in states.items() if state is VisitState.CANCELLED)
    found = difference(before, draft, known_cancelled=cancelled)
    _store_visits(session, draft, current.day.demands, states)
    if before is not None:
        schedules.set_state(session, before.id, ScheduleState.SUPERSEDED)
        changes.add(session, found.changes, schedule_id=draft.id, on=draft.on, changed_at=now)
    schedules.set_state(session, draft.id, ScheduleState.PUBLISHED, published_at=now)
    estimates.forget(session, _moved(before, draft) - current.day.begun)
    outbox.leave(
        session,
        SchedulePublished(schedule_id=draft.id, team_id=draft.team_id, on=draft.on, touched=(_touched(before, draft),)),
    )
    return found


def publish_schedules(
    session: Session, viewer: Viewer, schedule_ids: Collection[ScheduleId], *, now: datetime
) -> list[Difference]:
    """Publish several days in one go: all of them, or none."""
    return [publish_schedule(session, viewer, schedule_id, now=now) for schedule_id in schedule_ids]


def discard_draft(session: Session, viewer: Viewer, schedule_id: ScheduleId) -> None:
    """Put a draft aside; nobody has been told of it. `Stale` when it is no draft any more."""
    draft = _locked_draft(session, viewer, schedule_id)
    schedules.set_state(session, draft.id, ScheduleState.DISCARDED)
    outbox.raise_revisions(session, (DaysTouched(on=draft.on, teams=(draft.team_id,)),))


def _locked_draft(session: Session, viewer: Viewer, schedule_id: ScheduleId) -> Schedule:
    known = schedules.schedule(session, viewer, schedule_id)
    check_team(viewer, known.team_id)
    schedules.lock_day(session, known.team_id, known.on)
    draft = schedules.schedule(session, viewer, schedule_id)
    if draft.state is not ScheduleState.DRAFT:
        raise Stale(what="schedule", on=draft.on, state=draft.state.value)
    return draft


def _check(draft: Schedule, current: Inputs) -> None:
    """A draft that was planned must stand on what holds now; one written by hand at least not be older than what is published."""
    if draft.inputs_version:
        check_still_holds(draft, current)
        return
    before = current.day.published
    is_older = before is not None and before.published_at is not None and draft.made_at < before.published_at
    if is_older or not {one.visit_id for one in draft.placements} <= current.day.due:
        raise Stale(what="schedule", on=draft.on)


def _check_nobody_forgotten(session: Session, viewer: Viewer, draft: Schedule) -> None:
    """No names in the refusal: they stand on the day's page, where a reason can be given."""
    rows = sum(row.is_open for row in forgotten.left_out(session, viewer, draft))
    if rows:
        raise Refused(rule="somebody_forgotten", on=draft.on, rows=rows)


def _check_working_time(session: Session, draft: Schedule, current: Inputs, *, now: datetime) -> None:
    needing = {demand.visit_id for demand in current.day.demands if Skill.DELEGATION in demand.skills}
    found = plan_breaches_of(
        session, draft, before=current.day.published, needing=needing, settled=current.day.begun, now=now
    )
    if found:
        raise Refused(rule="working_time", on=draft.on, rows=len(found))


def _store_visits(
    session: Session, draft: Schedule, demands: Iterable[VisitDemand], states: dict[VisitId, VisitState]
) -> None:
    """The visits that the draft makes, as they are due now; those that it no longer makes are withdrawn."""
    placed = {placement.visit_id for placement in draft.placements}
    visits.put(
        session,
        [
            _visit(demand, states.get(demand.visit_id))
            for demand in demands
            if demand.visit_id in placed and states.get(demand.visit_id) not in BEGUN
        ],
    )
    gone = [key for key, state in states.items() if state is VisitState.PLANNED and key not in placed]
    visits.set_state(session, gone, VisitState.WITHDRAWN)


def _visit(demand: VisitDemand, state: VisitState | None) -> Visit:
    """What was withdrawn before is planned again."""
    due = visit_due(demand)
    return due if state is None or state is VisitState.WITHDRAWN else replace(due, state=state)


def _moved(before: Schedule | None, after: Schedule) -> set[VisitId]:
    """The visits that are not placed exactly as they were."""
    return {one.visit_id for one in _placed(before) ^ _placed(after)}


def _touched(before: Schedule | None, after: Schedule) -> DaysTouched:
    """Everybody whose day looks different, be it by a minute: other visits, other ways, other breaks."""
    visits_differ = _placed(before) ^ _placed(after)
    breaks_differ = _breaks(before) ^ _breaks(after)
    citizens: set[CitizenId] = {one.citizen_id for one in visits_differ}
    carers: set[CarerId] = {one.carer_id for one in visits_differ} | {one.carer_id for one in breaks_differ}
    teams: tuple[TeamId, ...] = (after.team_id,)
    return DaysTouched(on=after.on, citizens=tuple(sorted(citizens)), carers=tuple(sorted(carers)), teams=teams)


def _placed(schedule: Schedule | None) -> set[Placement]:
    return set(schedule.placements) if schedule else set()


def _breaks(schedule: Schedule | None) -> set[PlannedBreak]:
    return set(schedule.breaks) if schedule else set()
