"""What a team has to follow up: visits that do not go as published, what contradicts itself, and what was told too late."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.people import Carer, Citizen, Coordinator
from visits.performed.checkins import TASKS, FactKind
from visits.performed.deviations import Deviation, deviations, in_two_places, next_deviation_at
from visits.performed.folding import Performed
from visits.performed.performed_time import counted, received_minutes
from visits.performed.time_rules import TimeRules
from visits.performed.visit import Visit
from visits.planned.schedule import ScheduleState
from visits.store import carers, checkins, citizens, months, officials
from visits.store import visits as visits_store
from visits.store.checkins import visit_facts
from visits.store.columns import among
from visits.store.schedules import placements, schedules
from visits.store.visits import visits
from visits.terms import CarerId, CitizenId, CoordinatorId, Minutes, TeamId, VisitId

DOUBTFUL_DAYS = 42
"""How far back contradictions are looked for: a month that is still open, and the one before it."""
_NOTHING = Performed()
_Part = tuple[CarerId, datetime]
"""A carer's part in a visit by what is published, and its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedVisit:
    """A visit, what is told about it, and how it deviates. `start_at` is None for one that has no place in what is published."""

    visit: Visit
    told: Performed
    start_at: datetime | None
    placed: tuple[CarerId, ...]
    deviations: tuple[Deviation, ...] = ()

    @property
    def carers(self) -> tuple[CarerId, ...]:
        """Who was there, or was to be."""
        came = [part.carer_id for part in self.told.attendances]
        return tuple(dict.fromkeys([*came, *self.placed]))

    @property
    def can_be_mended(self) -> bool:
        return any(one.can_be_mended for one in self.deviations)

    @property
    def is_doubtful(self) -> bool:
        """Whether a human must look at what is told: it contradicts itself, waits for a second person, or has no end."""
        open_ends = any(one.is_open and not one.kind.can_be_mended for one in self.deviations)
        return bool(self.told.contradictions or self.told.waiting or open_ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A team's day, `now`. `of_day` are the day's visits; `doubtful` those up to it about which a human must look at what is told.

    `in_two_places` names the earlier and the later visit at which one carer, by what is said, was at once. `next_at` is when, if
    nothing happens, the next deviation begins.
    """

    on: date
    now: datetime
    of_day: tuple[FollowedVisit, ...]
    doubtful: tuple[FollowedVisit, ...]
    in_two_places: tuple[tuple[VisitId, VisitId, CarerId], ...]
    citizens: Mapping[CitizenId, Citizen]
    carers: Mapping[CarerId, Carer]
    coordinators: Mapping[CoordinatorId, Coordinator]
    next_at: datetime | None

    def visit(self, visit_id: VisitId) -> FollowedVisit | None:
        return next((one for one in (*self.of_day, *self.doubtful) if one.visit.id == visit_id), None)


def follow_up(session: Session, viewer: Viewer, *, on: date, rules: TimeRules, now: datetime) -> FollowUp:
    """What the coordinator's own team has to follow up; `NotFound` for whoever has no team. Leaves audit entries."""
    team_id = _team_of(viewer)
    of_day = visits_store.visits_of_team(session, viewer, team_id=team_id, on=on)
    older = _doubtful_ids(session, team_id, first_on=on - timedelta(days=DOUBTFUL_DAYS), last_on=on)
    older -= {visit.id for visit in of_day}
    before = list(visits_store.visits_by_id(session, viewer, older).values()) if older else []
    found = _followed(session, [*of_day, *before], rules=rules, now=now)
    today = [found[visit.id] for visit in of_day]
    doubtful = sorted((one for one in found.values() if one.is_doubtful), key=_newest_first, reverse=True)
    who = {one.visit.citizen_id for one in found.values()}
    starts = [
        next_deviation_at(one.visit, one.told, start_at=one.start_at, rules=rules, now=now)
        for one in today
        if one.start_at is not None
    ]
    return FollowUp(
        on=on,
        now=now,
        of_day=tuple(sorted(today, key=lambda one: (one.start_at or one.visit.earliest_at, one.visit.id))),
        doubtful=tuple(doubtful),
        in_two_places=tuple(in_two_places({one.visit.id: one.told for one in today})),
        citizens={row.id: row for row in citizens.find(session, viewer, Subject.DAY, only=who, on=on)},
        carers=_carers(session, team_id, found.values()),
        coordinators={row.id: row for row in officials.coordinators_of(session, team_id)},
        next_at=min((at for at in starts if at is not None), default=None),
    )


def _team_of(viewer: Viewer) -> TeamId:
    if viewer.team_id is None:
        raise NotFound(what="team")
    return viewer.team_id


def _newest_first(one: FollowedVisit) -> tuple[date, datetime, VisitId]:
    return one.visit.on, one.start_at or one.visit.earliest_at, one.visit.id


def _carers(session: Session, team_id: TeamId, found: Collection[FollowedVisit]) -> dict[CarerId, Carer]:
    own = {carer.id: carer for carer in carers.carers_of(session, team_id)}
    named = {carer_id for one in found for carer_id in one.carers}
    return own | carers.carers_by_id(session, named - own.keys())


def _followed(
    session: Session, rows: Collection[Visit], *, rules: TimeRules, now: datetime
) -> dict[VisitId, FollowedVisit]:
    keys = [row.id for row in rows]
    told = checkins.performed_of(session, keys)
    query = (
        select(placements.c.visit_id, placements.c.carer_id, placements.c.start_at)
        .join(schedules, schedules.c.id == placements.c.schedule_id)
        .where(schedules.c.state == ScheduleState.PUBLISHED, among(placements.c.visit_id, keys))
        .order_by(placements.c.part)
    )
    placed: dict[VisitId, list[_Part]] = {}
    for part in session.execute(query):
        placed.setdefault(part.visit_id, []).append((part.carer_id, part.start_at))
    return {row.id: _one(row, told.get(row.id, _NOTHING), placed.get(row.id, []), rules=rules, now=now) for row in rows}


def _one(visit: Visit, told: Performed, parts: list[_Part], *, rules: TimeRules, now: datetime) -> FollowedVisit:
    start_at = min((at for _, at in parts), default=None)
    # An extra visit was published for no time at all: what there is to hold it against is when it began.
    held_to = start_at or told.started_at
    found = deviations(visit, told, start_at=held_to, rules=rules, now=now) if held_to else []
    return FollowedVisit(
        visit=visit,
        told=told,
        start_at=start_at,
        placed=tuple(carer_id for carer_id, _ in parts),
        deviations=tuple(found),
    )


def _doubtful_ids(session: Session, team_id: TeamId, *, first_on: date, last_on: date) -> set[VisitId]:
    """The visits whose facts are not plainly one check-in and one check-out of each carer: those that are worth folding."""
    query = (
        select(visit_facts.c.visit_id)
        .join(visits, visits.c.id == visit_facts.c.visit_id)
        .where(visits.c.team_id == team_id, visits.c.on.between(first_on, last_on))
        .group_by(visit_facts.c.visit_id, visit_facts.c.carer_id)
        .having(
            or_(
                _number(FactKind.CHECK_IN) != 1,
                _number(FactKind.CHECK_OUT) != 1,
                _number(*(set(FactKind) - _PLAIN)) > 0,
                (_number(FactKind.TASK_DONE) > 0) & (_number(FactKind.TASK_DECLINED) > 0),
                _first(FactKind.CHECK_IN) > _first(FactKind.CHECK_OUT),
                func.bool_or(visit_facts.c.needs_approval),
            )
        )
    )
    return set(session.scalars(query))


_PLAIN = {FactKind.CHECK_IN, FactKind.CHECK_OUT, FactKind.NOTE, *TASKS}


def _number(*kinds: FactKind) -> ColumnElement[int]:
    return func.count().filter(visit_facts.c.kind.in_(sorted(kinds)))


def _first(kind: FactKind) -> ColumnElement[datetime]:
    return func.min(visit_facts.c.happened_at).filter(visit_facts.c.kind == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLate:
    """A visit of a closed month about which something was told, or agreed to, after the closing; before and after it."""

    visit: Visit
    closed_at: datetime
    as_closed: Performed
    as_now: Performed
    rules: TimeRules

    @property
    def minutes_as_closed(self) -> Minutes:
        return self._received(self.as_closed)

    @property
    def minutes_now(self) -> Minutes:
        return self._received(self.as_now)

    def _received(self, told: Performed) -> Minutes:
        return received_minutes(counted(told.intervals, planned_minutes=self.visit.minutes, rules=self.rules))


def told_after_closing(
    session: Session, viewer: Viewer, *, first_on: date, last_on: date, rules: TimeRules
) -> list[ToldLate]:
    """The team's visits between two days, both included, on which a closed month has changed since; by day."""
    team_id = _team_of(viewer)
    closed = months.closed(session)
    keys = _told_late_ids(session, team_id, first_on=first_on, last_on=last_on)
    rows = visits_store.visits_by_id(session, viewer, keys)
    as_now = checkins.performed_of(session, keys)
    found = []
    for month_on, closed_at in closed.items():
        of_month = {key: row for key, row in rows.items() if row.on.replace(day=1) == month_on}
        before = checkins.performed_of(session, of_month, as_of=closed_at)
        found += [
            ToldLate(
                visit=row,
                closed_at=closed_at,
                as_closed=before.get(key, _NOTHING),
                as_now=as_now.get(key, _NOTHING),
                rules=rules,
            )
            for key, row in of_month.items()
        ]
    return sorted(found, key=lambda one: (one.visit.on, one.visit.earliest_at, one.visit.id))


def _told_late_ids(session: Session, team_id: TeamId, *, first_on: date, last_on: date) -> set[VisitId]:
    approvals, closings = checkins.correction_approvals, months.closed_months
    query = (
        select(visit_facts.c.visit_id)
        .join(visits, visits.c.id == visit_facts.c.visit_id)
        .join(closings, closings.c.month_on == func.date_trunc("month", visits.c.on))
        .outerjoin(approvals, approvals.c.fact_id == visit_facts.c.id)
        .where(visits.c.team_id == team_id, visits.c.on.between(first_on, last_on))
        .where(or_(visit_facts.c.received_at > closings.c.closed_at, approvals.c.decided_at > closings.c.closed_at))
    )
    return set(session.scalars(query))
