"""When the next visits are expected, now that the day has met reality. Without a row, the published start holds."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Table, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.performed.estimate import Route, Stop
from visits.performed.outcome import NOT_PLANNED
from visits.planned.schedule import PlannedBreak, ScheduleState
from visits.store.base import Base, Instant
from visits.store.columns import among
from visits.store.schedules import placements, planned_breaks, schedules
from visits.store.visits import visits
from visits.terms import TeamId, VisitId

visit_estimates = Table(
    "visit_estimates",
    Base.metadata,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("start_at", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
)


def put(session: Session, starts: Mapping[VisitId, datetime], *, made_at: datetime) -> None:
    if not starts:
        return
    statement = upsert(visit_estimates).values(
        [{"visit_id": key, "start_at": start_at, "made_at": made_at} for key, start_at in sorted(starts.items())]
    )
    changing = {"start_at": statement.excluded.start_at, "made_at": statement.excluded.made_at}
    session.execute(statement.on_conflict_do_update(index_elements=["visit_id"], set_=changing))


def estimates_of(session: Session, visit_ids: Collection[VisitId]) -> dict[VisitId, datetime]:
    """The estimated starts that differ from what is published. For callers who have read the visits as a `Viewer`."""
    query = select(visit_estimates).where(among(visit_estimates.c.visit_id, visit_ids))
    return {row.visit_id: row.start_at for row in session.execute(query)}


def route_of_day(session: Session, *, team_id: TeamId, on: date) -> Route:
    """The team's published day as far as time goes, visits that are cancelled or withdrawn left out.

    The house's own reckoning: whom the visits are for is not read, so no viewer is asked for.
    """
    published = (schedules.c.team_id == team_id) & (schedules.c.on == on)
    published &= schedules.c.state == ScheduleState.PUBLISHED
    stops = session.execute(
        select(
            placements.c.visit_id,
            placements.c.carer_id,
            placements.c.start_at,
            placements.c.minutes,
            placements.c.travel_seconds,
        )
        .join(schedules, schedules.c.id == placements.c.schedule_id)
        .join(visits, visits.c.id == placements.c.visit_id)
        .where(published, visits.c.state.not_in(NOT_PLANNED))
    )
    breaks = session.execute(
        select(planned_breaks.c.carer_id, planned_breaks.c.start_at, planned_breaks.c.end_at)
        .join(schedules, schedules.c.id == planned_breaks.c.schedule_id)
        .where(published)
    )
    return Route(
        stops=tuple(
            Stop(
                visit_id=row.visit_id,
                carer_id=row.carer_id,
                start_at=row.start_at,
                minutes=row.minutes,
                travel_seconds=row.travel_seconds,
            )
            for row in stops
        ),
        breaks=tuple(PlannedBreak(carer_id=row.carer_id, start_at=row.start_at, end_at=row.end_at) for row in breaks),
    )


def forget(session: Session, visit_ids: Collection[VisitId]) -> None:
    """The published start holds again, because it has just been published anew."""
    session.execute(delete(visit_estimates).where(among(visit_estimates.c.visit_id, visit_ids)))
