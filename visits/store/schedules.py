"""Schedules, their placements and breaks. The database refuses two published schedules of one team's day."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject, check_day
from visits.guard.viewer import Role, Viewer
from visits.planned.schedule import (
    Placement,
    PlannedBreak,
    RemedyKind,
    Schedule,
    ScheduleState,
    UnplacedReason,
    UnplacedRemedy,
    UnplacedVisit,
)
from visits.store import audit
from visits.store.base import Base, Instant
from visits.store.columns import among, words
from visits.terms import CarerId, CitizenId, ScheduleId, TeamId, VisitId

schedules = Table(
    "schedules",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("state", words(ScheduleState), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("unplaced", JSONB, nullable=False),
    Column("cost", JSONB, nullable=False),
    Column("home_travel_seconds", JSONB, nullable=False),
    Column("inputs_version", String(64), nullable=False, server_default=""),
    Index("ix_schedules_team_id_on", "team_id", "on"),
    Index(
        "uq_schedules_published",
        "team_id",
        "on",
        unique=True,
        postgresql_where=text("state = 'published'"),
    ),
)

placements = Table(
    "placements",
    Base.metadata,
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True),
    Column("visit_id", Uuid, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False),
    Column("carer_id", ForeignKey("carers.id"), nullable=False),
    Column("start_at", Instant, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("travel_seconds", Integer, nullable=False),
    Index("ix_placements_citizen_id", "citizen_id"),
    Index("ix_placements_carer_id", "carer_id"),
    Index("ix_placements_visit_id", "visit_id"),
)

planned_breaks = Table(
    "planned_breaks",
    Base.metadata,
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True),
    Column("carer_id", ForeignKey("carers.id"), primary_key=True),
    Column("start_at", Instant, primary_key=True),
    Column("end_at", Instant, nullable=False),
)


def add(session: Session, schedule: Schedule) -> None:
    """Store a schedule with its placements and breaks."""
    add_many(session, [schedule])


def add_many(session: Session, rows: Sequence[Schedule]) -> None:
    """Store many schedules with their placements and breaks, in a few statements."""
    if not rows:
        return
    session.execute(insert(schedules), [_values(row) for row in rows])
    placed = [{"schedule_id": row.id, **_plain(placement)} for row in rows for placement in row.placements]
    if placed:
        session.execute(insert(placements), placed)
    breaks = [{"schedule_id": row.id, **_plain(planned)} for row in rows for planned in row.breaks]
    if breaks:
        session.execute(insert(planned_breaks), breaks)


def any_known(session: Session) -> bool:
    """Whether anything has been planned at all: a fact about the database, told of nobody."""
    return session.scalar(select(schedules.c.id).limit(1)) is not None


def set_state(
    session: Session, schedule_id: ScheduleId, state: ScheduleState, *, published_at: datetime | None = None
) -> None:
    values: dict[str, object] = {"state": state}
    if published_at is not None:
        values["published_at"] = published_at
    session.execute(update(schedules).where(schedules.c.id == schedule_id).values(**values))


def lock_day(session: Session, team_id: TeamId, on: date) -> None:
    """Hold the team's schedules of the day until the transaction ends, so that two publishers take turns."""
    query = select(schedules.c.id).where(schedules.c.team_id == team_id, schedules.c.on == on)
    session.execute(query.order_by(schedules.c.id).with_for_update()).all()


def schedule(session: Session, viewer: Viewer, schedule_id: ScheduleId) -> Schedule:
    """One schedule whole, for the team's coordinator or a run; else `NotFound`."""
    found = _found(session, viewer, schedules.c.id == schedule_id, what="schedule")
    if not found:
        raise NotFound(what="schedule")
    return found[0]


def published(session: Session, viewer: Viewer, *, team_id: TeamId, on: date) -> Schedule | None:
    """The team's published schedule of the day, whole, if there is one."""
    condition = (
        (schedules.c.team_id == team_id) & (schedules.c.on == on) & (schedules.c.state == ScheduleState.PUBLISHED)
    )
    found = _found(session, viewer, condition, what="published_schedule")
    return found[0] if found else None


def teams_with_published(session: Session, on: date) -> list[TeamId]:
    """The teams that have published the day."""
    query = select(schedules.c.team_id).where(schedules.c.on == on, schedules.c.state == ScheduleState.PUBLISHED)
    return list(session.scalars(query.order_by(schedules.c.team_id)))


def newest_draft(session: Session, viewer: Viewer, *, team_id: TeamId, on: date) -> Schedule | None:
    """The team's newest draft of the day, if there is one."""
    condition = (schedules.c.team_id == team_id) & (schedules.c.on == on) & (schedules.c.state == ScheduleState.DRAFT)
    found = _found(session, viewer, condition, what="draft_schedule")
    return found[0] if found else None


def drop_drafts(session: Session, team_id: TeamId, on: date) -> None:
    """Discard the drafts of the day that a newer one replaces."""
    condition = (schedules.c.team_id == team_id) & (schedules.c.on == on) & (schedules.c.state == ScheduleState.DRAFT)
    session.execute(update(schedules).where(condition).values(state=ScheduleState.DISCARDED))


def placements_of_citizens(
    session: Session, citizens: Collection[CitizenId], *, on: date, last_on: date | None = None
) -> dict[CitizenId, list[Placement]]:
    """The published placements per citizen of the day, or of the days up to `last_on`.

    Only for callers in this room who have asked `sight` and `audit`.
    """
    query = (
        select(placements)
        .join(schedules, schedules.c.id == placements.c.schedule_id)
        .where(schedules.c.state == ScheduleState.PUBLISHED, schedules.c.on.between(on, last_on or on))
        .where(among(placements.c.citizen_id, citizens))
        .order_by(placements.c.citizen_id, placements.c.start_at, placements.c.visit_id, placements.c.part)
    )
    rows = session.execute(query)
    return {key: [_placement(row) for row in group] for key, group in groupby(rows, key=lambda row: row.citizen_id)}


def carers_met(
    session: Session, citizens: Collection[CitizenId], *, first_on: date, last_on: date
) -> dict[CitizenId, frozenset[CarerId]]:
    """Who has visited each of these citizens, by the published schedules between two days, both included.

    Only for callers who have asked `sight` and leave the audit entry.
    """
    query = (
        select(placements.c.citizen_id, placements.c.carer_id)
        .join(schedules, schedules.c.id == placements.c.schedule_id)
        .where(schedules.c.state == ScheduleState.PUBLISHED, schedules.c.on.between(first_on, last_on))
        .where(among(placements.c.citizen_id, citizens))
        .distinct()
        .order_by(placements.c.citizen_id)
    )
    rows = session.execute(query)
    return {
        key: frozenset(row.carer_id for row in group) for key, group in groupby(rows, key=lambda row: row.citizen_id)
    }


def published_starts(session: Session, visit_ids: Collection[VisitId]) -> dict[VisitId, datetime]:
    """When each visit begins by what is published. For callers who have read the visits themselves as a `Viewer`."""
    query = (
        select(placements.c.visit_id, func.min(placements.c.start_at).label("start_at"))
        .join(schedules, schedules.c.id == placements.c.schedule_id)
        .where(schedules.c.state == ScheduleState.PUBLISHED, among(placements.c.visit_id, visit_ids))
        .group_by(placements.c.visit_id)
    )
    return {row.visit_id: row.start_at for row in session.execute(query)}


def route_of_carer(session: Session, viewer: Viewer, *, on: date) -> list[Placement]:
    """The published placements of the day of the carer who asks, in order. `NotFound` beyond today and tomorrow."""
    check_day(viewer, on)
    query = (
        select(placements)
        .join(schedules, schedules.c.id == placements.c.schedule_id)
        .where(schedules.c.state == ScheduleState.PUBLISHED, schedules.c.on == on)
        .where(placements.c.carer_id == viewer.person_id)
        .order_by(placements.c.start_at, placements.c.visit_id)
    )
    found = [_placement(row) for row in session.execute(query)]
    audit.record(session, viewer, Subject.DAY, what="route_of_carer", citizens=[stop.citizen_id for stop in found])
    return found


def _found(session: Session, viewer: Viewer, condition: ColumnElement[bool], *, what: str) -> list[Schedule]:
    """Whole schedules, newest first: for the coordinator of the team, and for runs."""
    query = select(schedules).where(condition)
    if viewer.role is Role.COORDINATOR:
        query = query.where(schedules.c.team_id == viewer.team_id)
    elif viewer.role is not Role.SYSTEM:
        raise NotFound(what="schedule")
    rows = session.execute(query.order_by(schedules.c.made_at.desc(), schedules.c.id)).all()
    keys = [row.id for row in rows]
    placed = _placements(session, keys)
    breaks = _breaks(session, keys)
    found = [_schedule(row, placed.get(row.id, ()), breaks.get(row.id, ())) for row in rows]
    seen = {placement.citizen_id for entry in found for placement in entry.placements}
    seen |= {visit.citizen_id for entry in found for visit in entry.unplaced}
    audit.record(session, viewer, Subject.DAY, what=what, citizens=seen)
    return found


def _values(schedule: Schedule) -> dict[str, object]:
    return {
        "id": schedule.id,
        "team_id": schedule.team_id,
        "on": schedule.on,
        "state": schedule.state,
        "made_at": schedule.made_at,
        "published_at": schedule.published_at,
        "unplaced": [_unplaced_json(visit) for visit in schedule.unplaced],
        "cost": dict(schedule.cost),
        "home_travel_seconds": {str(carer): seconds for carer, seconds in schedule.home_travel_seconds.items()},
        "inputs_version": schedule.inputs_version,
    }


def _plain(row: Placement | PlannedBreak) -> dict[str, object]:
    """The fields by name; what `dataclasses.asdict` would copy with all that is in them."""
    return {one.name: getattr(row, one.name) for one in fields(row)}


def _placements(session: Session, keys: Collection[UUID]) -> dict[UUID, tuple[Placement, ...]]:
    query = select(placements).where(placements.c.schedule_id.in_(keys))
    rows = session.execute(
        query.order_by(placements.c.schedule_id, placements.c.start_at, placements.c.visit_id, placements.c.part)
    )
    return {key: tuple(map(_placement, group)) for key, group in groupby(rows, key=lambda row: row.schedule_id)}


def _breaks(session: Session, keys: Collection[UUID]) -> dict[UUID, tuple[PlannedBreak, ...]]:
    query = select(planned_breaks).where(planned_breaks.c.schedule_id.in_(keys))
    rows = session.execute(query.order_by(planned_breaks.c.schedule_id, planned_breaks.c.start_at))
    return {
        key: tuple(PlannedBreak(carer_id=row.carer_id, start_at=row.start_at, end_at=row.end_at) for row in group)
        for key, group in groupby(rows, key=lambda row: row.schedule_id)
    }


def _schedule(row: Row[Any], placed: tuple[Placement, ...], breaks: tuple[PlannedBreak, ...]) -> Schedule:
    return Schedule(
        id=row.id,
        team_id=row.team_id,
        on=row.on,
        state=row.state,
        made_at=row.made_at,
        published_at=row.published_at,
        placements=placed,
        breaks=breaks,
        unplaced=tuple(_unplaced(item) for item in row.unplaced),
        cost=row.cost,
        home_travel_seconds={CarerId(UUID(key)): seconds for key, seconds in row.home_travel_seconds.items()},
        inputs_version=row.inputs_version,
    )


def _placement(row: Row[Any]) -> Placement:
    return Placement(
        visit_id=row.visit_id,
        citizen_id=row.citizen_id,
        part=row.part,
        carer_id=row.carer_id,
        start_at=row.start_at,
        minutes=row.minutes,
        travel_seconds=row.travel_seconds,
    )


def _unplaced_json(visit: UnplacedVisit) -> dict[str, object]:
    return {
        "visit_id": str(visit.visit_id),
        "citizen_id": str(visit.citizen_id),
        "part": visit.part,
        "reasons": [
            {"code": reason.code, "share": reason.share, "params": dict(reason.params)} for reason in visit.reasons
        ],
        "remedies": [_remedy_json(remedy) for remedy in visit.remedies],
    }


def _unplaced(item: dict[str, Any]) -> UnplacedVisit:
    return UnplacedVisit(
        visit_id=VisitId(UUID(item["visit_id"])),
        citizen_id=CitizenId(UUID(item["citizen_id"])),
        part=item["part"],
        reasons=tuple(UnplacedReason(**reason) for reason in item["reasons"]),
        remedies=tuple(_remedy(remedy) for remedy in item.get("remedies", ())),
    )


def _remedy_json(remedy: UnplacedRemedy) -> dict[str, object]:
    return {
        **asdict(remedy),
        "carer_id": str(remedy.carer_id),
        "start_at": remedy.start_at.isoformat(),
        "helped": str(remedy.helped) if remedy.helped else None,
        "others": [str(visit) for visit in remedy.others],
    }


def _remedy(item: dict[str, Any]) -> UnplacedRemedy:
    return UnplacedRemedy(
        **{
            **item,
            "kind": RemedyKind(item["kind"]),
            "carer_id": CarerId(UUID(item["carer_id"])),
            "start_at": datetime.fromisoformat(item["start_at"]),
            "helped": CarerId(UUID(item["helped"])) if item["helped"] else None,
            "others": tuple(VisitId(UUID(visit)) for visit in item["others"]),
        }
    )
