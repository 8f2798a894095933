"""A team's day whole, for the coordinator who plans it: what holds, what is proposed, and how it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import Carer, Citizen
from visits.performed.deviations import Deviation, DeviationKind, deviations, next_deviation_at
from visits.performed.folding import Performed
from visits.performed.key_figures import CONTINUITY_DAYS, KeyFigures, key_figures
from visits.performed.standing import Standing, standing
from visits.performed.time_rules import TimeRules
from visits.performed.visit import Visit, VisitState, visit_due
from visits.planned.demands import demands_of_day
from visits.planned.schedule import Difference, Placement, Schedule, ScheduleState, difference
from visits.planned.staffing import Shift, StaffedShift, staffed
from visits.store import (
    care_plans,
    carers,
    checkins,
    chosen_days,
    citizen_absences,
    citizens,
    estimates,
    forgotten,
    orders,
    outbox,
    runs,
    schedules,
    shifts,
    teams,
    visits,
)
from visits.store.runs import Run
from visits.terms import CarerId, CitizenId, ScheduleId, TeamId, VisitId

_NOTHING = Performed()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDay:
    """One day of one team, as of `now`.

    `visits` holds every visit that is due or was published, `citizens` those of them that are in sight. `estimates` are the
    expected starts that differ from what is published; `met_before` says whom each citizen met in the thirteen days before.
    """

    team: Team
    on: date
    now: datetime
    revision: int
    carers: Mapping[CarerId, Carer]
    rostered: tuple[Shift, ...]
    staff: tuple[StaffedShift, ...]
    absent: frozenset[CarerId]
    published: Schedule | None
    draft: Schedule | None
    run: Run | None
    visits: Mapping[VisitId, Visit]
    citizens: Mapping[CitizenId, Citizen]
    away: frozenset[CitizenId]
    performed: Mapping[VisitId, Performed]
    estimates: Mapping[VisitId, datetime]
    met_before: Mapping[CitizenId, frozenset[CarerId]]
    acknowledged: int
    """How often it has been said of somebody why nobody comes that day."""

    def due_at(self, placement: Placement) -> datetime:
        """When the visit is to begin: as published, or as was agreed with the citizen since."""
        told = self.performed.get(placement.visit_id)
        return told.moved_to if told and told.moved_to else placement.start_at

    def standing(self, placement: Placement) -> Standing:
        """How the visit of a published placement stands now."""
        visit = self.visits.get(placement.visit_id)
        if visit is None:
            return Standing.WITHDRAWN
        return standing(
            visit.state,
            start_at=self.due_at(placement),
            estimated_at=self.estimates.get(placement.visit_id),
            now=self.now,
        )

    def unattended(self, rules: TimeRules) -> frozenset[VisitId]:
        """The visits to which nobody has come although they must have begun, and that can still be made."""
        return frozenset(
            deviation.visit_id
            for placement in (self.published.placements if self.published else ())
            for deviation in self._deviations(placement, rules)
            if deviation.kind is DeviationKind.UNATTENDED
        )

    def next_deviation_at(self, rules: TimeRules) -> datetime | None:
        """When, if nothing happens, the next published visit becomes late, or unattended."""
        found = [
            next_deviation_at(
                self.visits[placement.visit_id],
                self.performed.get(placement.visit_id, _NOTHING),
                start_at=placement.start_at,
                rules=rules,
                now=self.now,
            )
            for placement in (self.published.placements if self.published else ())
            if placement.visit_id in self.visits
        ]
        return min((at for at in found if at is not None), default=None)

    def _deviations(self, placement: Placement, rules: TimeRules) -> list[Deviation]:
        visit = self.visits.get(placement.visit_id)
        if visit is None:
            return []
        told = self.performed.get(visit.id, _NOTHING)
        return deviations(visit, told, start_at=placement.start_at, rules=rules, now=self.now)

    def figures(self, schedule: Schedule) -> KeyFigures:
        """The key figures of one of the day's schedules; what is late is late by the published one."""
        late = {
            placement.visit_id
            for placement in (self.published.placements if self.published else ())
            if self.standing(placement) is Standing.LATE
        }
        worked = [entry.shift for entry in self.staff]
        return key_figures(schedule, shifts=worked, met_before=self.met_before, late_now=len(late))

    def difference(self) -> Difference | None:
        """What publishing the draft would change for people; None without a draft, or when nothing is published yet."""
        if self.draft is None or self.published is None:
            return None
        known = frozenset(visit.id for visit in self.visits.values() if visit.state is VisitState.CANCELLED)
        return difference(self.published, self.draft, known_cancelled=known)


def team_day(session: Session, viewer: Viewer, *, on: date, now: datetime) -> TeamDay:
    """The day of the coordinator's own team; `NotFound` for whoever has no team."""
    team_id = _team_of(viewer)
    published = schedules.published(session, viewer, team_id=team_id, on=on)
    draft = schedules.newest_draft(session, viewer, team_id=team_id, on=on)
    due = _visits_due(session, viewer, team_id=team_id, on=on)
    named = _citizens_named(published, draft, due)
    rostered = shifts.shifts_on(session, team_id, on)
    own_carers = {carer.id: carer for carer in carers.carers_of(session, team_id)}
    absent = carers.absent_on(session, team_id, on)
    delegations = carers.delegations_on(session, team_id, on)
    return TeamDay(
        team=teams.team(session, team_id),
        on=on,
        now=now,
        revision=outbox.revisions(session, outbox.Audience.TEAM, [team_id], on).get(team_id, 0),
        carers=own_carers,
        rostered=tuple(rostered),
        staff=staffed(rostered, carers=own_carers, delegations=delegations, absent=absent),
        absent=absent,
        published=published,
        draft=draft,
        run=runs.newest(session, team_id, on),
        visits=due,
        citizens={row.id: row for row in citizens.find(session, viewer, Subject.DAY, only=named, on=on)},
        away=citizen_absences.away_on(session, named, on),
        performed=checkins.performed_of(session, due.keys()),
        estimates=estimates.estimates_of(session, due.keys()),
        met_before=_met_before(session, named, on),
        acknowledged=forgotten.times_acknowledged(session, team_id, on),
    )


def _team_of(viewer: Viewer) -> TeamId:
    if viewer.team_id is None:
        raise NotFound(what="team")
    return viewer.team_id


def _visits_due(session: Session, viewer: Viewer, *, team_id: TeamId, on: date) -> dict[VisitId, Visit]:
    """What the day asks for by the care plans, and over that what has been published of it and how it stands."""
    in_force = orders.orders_in_force(session, viewer, team_id=team_id, on=on)
    plans = care_plans.plans_of_orders(session, viewer, orders=[order.id for order in in_force], on=on)
    away = citizen_absences.away_on(session, {order.citizen_id for order in in_force}, on)
    chosen = chosen_days.chosen_on(session, plans, on=on)
    demands = demands_of_day(in_force, plans, away=away, on=on, chosen=chosen)
    due = {demand.visit_id: visit_due(demand) for demand in demands}
    return due | {visit.id: visit for visit in visits.visits_of_team(session, viewer, team_id=team_id, on=on)}


def _citizens_named(
    published: Schedule | None, draft: Schedule | None, due: Mapping[VisitId, Visit]
) -> frozenset[CitizenId]:
    named = {visit.citizen_id for visit in due.values()}
    for schedule in (published, draft):
        if schedule is not None:
            named |= {placement.citizen_id for placement in schedule.placements}
            named |= {visit.citizen_id for visit in schedule.unplaced}
    return frozenset(named)


def _met_before(session: Session, named: frozenset[CitizenId], on: date) -> dict[CitizenId, frozenset[CarerId]]:
    first_on = on - timedelta(days=CONTINUITY_DAYS - 1)
    return schedules.carers_met(session, named, first_on=first_on, last_on=on - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayInBrief:
    """How far the planning of one day has come; no personal data."""

    on: date
    published: bool
    draft_id: ScheduleId | None
    unplaced: int
    """Of the published schedule, or of the draft where nothing is published."""
    shifts: int
    run: Run | None


def days_in_brief(session: Session, viewer: Viewer, *, first_on: date, days: int) -> list[DayInBrief]:
    """How far the planning of the coordinator's team has come, day by day."""
    team_id = _team_of(viewer)
    return [_in_brief(session, team_id, first_on + timedelta(days=ahead)) for ahead in range(days)]


def _in_brief(session: Session, team_id: TeamId, on: date) -> DayInBrief:
    entries = schedules.schedules.c
    query = (
        select(entries.id, entries.state, func.jsonb_array_length(entries.unplaced).label("unplaced"))
        .where(entries.team_id == team_id, entries.on == on)
        .where(entries.state.in_([ScheduleState.PUBLISHED, ScheduleState.DRAFT]))
        .order_by(entries.made_at)
    )
    newest = {row.state: row for row in session.execute(query)}
    published, draft = newest.get(ScheduleState.PUBLISHED), newest.get(ScheduleState.DRAFT)
    return DayInBrief(
        on=on,
        published=published is not None,
        draft_id=draft.id if draft else None,
        unplaced=next((row.unplaced for row in (published, draft) if row), 0),
        shifts=len(shifts.shifts_on(session, team_id, on)),
        run=runs.newest(session, team_id, on),
    )
