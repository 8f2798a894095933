"""Whom a team's day leaves out, and who has said why that may be: kept for as long as the record is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, PrimaryKeyConstraint, Row, Table, Text, Uuid, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.granted.care_plans import CarePlan
from visits.granted.orders import ServiceOrder
from visits.guard.confidentiality import Subject, check_team
from visits.guard.viewer import Viewer
from visits.performed.visit import VisitState
from visits.planned.due_days import usual_days
from visits.planned.forgotten import Forgotten, ForgottenKind, Planned, forgotten
from visits.planned.holidays import keeps_off_holidays
from visits.planned.schedule import Placement, Schedule, ScheduleState
from visits.store import audit, care_plans, chosen_days, citizen_absences, orders
from visits.store.base import Base, Instant
from visits.store.columns import among, words
from visits.store.schedules import placements, schedules
from visits.store.visits import visits
from visits.terms import CitizenId, Period, TeamId, VisitId, VisitTemplateId

_NOT_EXPLAINED = frozenset({VisitState.PLANNED, VisitState.WITHDRAWN})
"""What has begun, is over or was cancelled needs no plan; what was only taken out of one does."""

acknowledgements = Table(
    "forgotten_acknowledgements",
    Base.metadata,
    Column("team_id", ForeignKey("teams.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("about", Uuid, nullable=False),
    Column("kind", words(ForgottenKind), nullable=False),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("order_id", ForeignKey("service_orders.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Uuid),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("team_id", "on", "about", "at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Why somebody may be left out that day: who has said so (None: the house itself), and when."""

    reason: str
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One row of the check, with its acknowledgement if it has one."""

    forgotten: Forgotten
    acknowledged: Acknowledgement | None

    @property
    def is_open(self) -> bool:
        """Whether it still keeps the day from being published."""
        return self.acknowledged is None


def left_out(session: Session, viewer: Viewer, schedule: Schedule) -> list[LeftOut]:
    """Whom this schedule leaves out of its team's day. `NotFound` unless the team is the viewer's.

    An acknowledgement no longer counts once its visit has had a place in something published since: what then drops out is new.
    """
    check_team(viewer, schedule.team_id)
    team_id, on = schedule.team_id, schedule.on
    in_force = orders.orders_in_force(session, viewer, team_id=team_id, on=on)
    keys = [order.id for order in in_force]
    plans = care_plans.plans_of_orders(session, viewer, orders=keys, on=on, versions=True)
    away = citizen_absences.away_on(session, {order.citizen_id for order in in_force}, on)
    planned = _planned(session, schedule.placements, in_force, plans, on=on)
    found = forgotten(in_force, plans, planned, away=away, on=on)
    known = _known(session, team_id, on, about=[one.about for one in found])
    audit.record(session, viewer, Subject.CARE, what="left_out", citizens=[one.citizen_id for one in found])
    return [LeftOut(forgotten=one, acknowledged=known.get(one.about)) for one in found]


def acknowledge(session: Session, team_id: TeamId, rows: Collection[Forgotten], given: Acknowledgement) -> None:
    """Keep why these may be left out. For `actions`, which have asked whom the viewer may plan for."""
    values = [
        {
            "team_id": team_id,
            "on": row.on,
            "about": row.about,
            "kind": row.kind,
            "citizen_id": row.citizen_id,
            "order_id": row.order_id,
            "reason": given.reason,
            "by": given.by,
            "at": given.at,
        }
        for row in rows
    ]
    if values:
        session.execute(upsert(acknowledgements).values(values).on_conflict_do_nothing())


def times_acknowledged(session: Session, team_id: TeamId, on: date) -> int:
    """How often somebody has said of a row of the day why it may stand: counts, nobody's name."""
    query = select(func.count()).where(acknowledgements.c.team_id == team_id, acknowledgements.c.on == on)
    return session.scalar(query) or 0


def _known(session: Session, team_id: TeamId, on: date, *, about: Collection[UUID]) -> dict[UUID, Acknowledgement]:
    """The newest acknowledgement of each, if it was given after the last publication in which the visit had a place."""
    query = select(acknowledgements).where(acknowledgements.c.team_id == team_id, acknowledgements.c.on == on)
    rows = session.execute(query.where(among(acknowledgements.c.about, about)).order_by(acknowledgements.c.at))
    newest: dict[UUID, Acknowledgement] = {row.about: _acknowledgement(row) for row in rows}
    told_at = _last_told(session, team_id, on, newest.keys())
    return {key: one for key, one in newest.items() if key not in told_at or told_at[key] < one.at}


def _last_told(session: Session, team_id: TeamId, on: date, about: Collection[UUID]) -> dict[UUID, datetime]:
    """When each visit was last published with a place."""
    query = (
        select(placements.c.visit_id, schedules.c.published_at)
        .join(schedules, schedules.c.id == placements.c.schedule_id)
        .where(schedules.c.team_id == team_id, schedules.c.on == on, schedules.c.published_at.is_not(None))
        .where(among(placements.c.visit_id, about))
        .order_by(schedules.c.published_at)
    )
    return {row.visit_id: row.published_at for row in session.execute(query)}


def _acknowledgement(row: Row[Any]) -> Acknowledgement:
    return Acknowledgement(reason=row.reason, by=row.by, at=row.at)


def _planned(
    session: Session, placed: tuple[Placement, ...], in_force: list[ServiceOrder], plans: list[CarePlan], *, on: date
) -> Planned:
    week = Period(on - timedelta(days=on.weekday()), on - timedelta(days=on.weekday()) + timedelta(days=6))
    movable = [one for plan in plans for one in plan.templates if one.is_movable or keeps_off_holidays(one)]
    teams = {order.team_id for order in in_force}
    return Planned(
        placements=placed,
        explained=_explained(session, teams, on),
        chosen={(one.id, week.first_on): usual_days(one, week_on=week.first_on) for one in movable}
        | dict(chosen_days.chosen_on(session, plans, on=on)),
        came=_came(session, [one.id for one in movable], week),
        published=_published(session, teams, week),
        away=_away(session, {order.citizen_id for order in in_force}, week),
    )


def _away(session: Session, citizens: Collection[CitizenId], week: Period) -> dict[CitizenId, frozenset[date]]:
    days: dict[CitizenId, set[date]] = {}
    for absence in citizen_absences.absences_in(session, citizens, week):
        shared = absence.period.within(week)
        days.setdefault(absence.citizen_id, set()).update(shared or ())
    return {key: frozenset(found) for key, found in days.items()}


def _explained(session: Session, teams: Collection[TeamId], on: date) -> frozenset[VisitId]:
    query = select(visits.c.id).where(among(visits.c.team_id, teams), visits.c.on == on)
    return frozenset(session.scalars(query.where(visits.c.state.not_in(_NOT_EXPLAINED))))


def _came(
    session: Session, templates: Collection[VisitTemplateId], week: Period
) -> Mapping[VisitTemplateId, frozenset[date]]:
    """On which days these were published and not withdrawn since."""
    query = select(visits.c.template_id, visits.c.on).where(among(visits.c.template_id, templates))
    query = query.where(visits.c.on.between(week.first_on, week.last_on), visits.c.state != VisitState.WITHDRAWN)
    days: dict[VisitTemplateId, set[date]] = {}
    for row in session.execute(query):
        days.setdefault(row.template_id, set()).add(row.on)
    return {key: frozenset(found) for key, found in days.items()}


def _published(session: Session, teams: Collection[TeamId], week: Period) -> frozenset[date]:
    query = select(schedules.c.on).where(schedules.c.on.between(week.first_on, week.last_on))
    query = query.where(among(schedules.c.team_id, teams))
    return frozenset(session.scalars(query.where(schedules.c.state == ScheduleState.PUBLISHED)))
