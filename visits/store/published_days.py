"""What a team has published from a day on, and how visits that are no longer its own are taken out of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from visits.planned.schedule import Placement, ScheduleState
from visits.store.schedules import placements, schedules
from visits.terms import ScheduleId, TeamId, VisitId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """A placement that no longer stands, and whose published day it stood in."""

    schedule_id: ScheduleId
    team_id: TeamId
    on: date
    placement: Placement


def days_of(session: Session, team_id: TeamId, *, from_on: date) -> list[date]:
    """The days from `from_on` on that the team has published, in order."""
    query = select(schedules.c.on).where(schedules.c.team_id == team_id, schedules.c.on >= from_on)
    return list(session.scalars(query.where(schedules.c.state == ScheduleState.PUBLISHED).order_by(schedules.c.on)))


def published_since(session: Session, team_id: TeamId, days: Collection[date], *, since: datetime) -> list[date]:
    """Which of these days the team has published after `since`, in order."""
    query = select(schedules.c.on).where(schedules.c.team_id == team_id, schedules.c.on.in_(days))
    return list(session.scalars(query.where(schedules.c.published_at > since).distinct().order_by(schedules.c.on)))


def lock_days_from(session: Session, teams: Collection[TeamId], from_on: date) -> None:
    """Hold the teams' schedules from a day on, drafts too, so that nobody publishes them until the transaction ends."""
    query = select(schedules.c.id).where(schedules.c.team_id.in_(teams), schedules.c.on >= from_on)
    session.execute(query.order_by(schedules.c.id).with_for_update()).all()


def take_out(session: Session, visits: Collection[VisitId]) -> list[TakenOut]:
    """Take these visits out of whatever is published, so that no carer is sent, or sees whom they were to visit."""
    statement = (
        delete(placements)
        .where(placements.c.schedule_id == schedules.c.id, schedules.c.state == ScheduleState.PUBLISHED)
        .where(placements.c.visit_id.in_(visits))
        .returning(*placements.c, schedules.c.team_id, schedules.c.on)
    )
    return [
        TakenOut(
            schedule_id=row.schedule_id,
            team_id=row.team_id,
            on=row.on,
            placement=Placement(
                visit_id=row.visit_id,
                citizen_id=row.citizen_id,
                part=row.part,
                carer_id=row.carer_id,
                start_at=row.start_at,
                minutes=row.minutes,
                travel_seconds=row.travel_seconds,
            ),
        )
        for row in session.execute(statement)
    ]
