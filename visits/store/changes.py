"""What publishing changed for each citizen: shown to them with the time at which it changed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Row,
    Table,
    Uuid,
    any_,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from visits.planned.schedule import ChangeKind, VisitChange
from visits.store.base import Base, Instant
from visits.store.columns import UUIDS, among, ids, words
from visits.terms import CarerId, CitizenId, ScheduleId

visit_changes = Table(
    "visit_changes",
    Base.metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("visit_id", Uuid, nullable=False),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("kind", words(ChangeKind), nullable=False),
    Column("old_start_at", Instant),
    Column("new_start_at", Instant),
    Column("old_carers", UUIDS, nullable=False),
    Column("new_carers", UUIDS, nullable=False),
    Index("ix_visit_changes_citizen_id_on", "citizen_id", "on"),
)


def add(
    session: Session, rows: Sequence[VisitChange], *, schedule_id: ScheduleId, on: date, changed_at: datetime
) -> None:
    values = [
        {
            "schedule_id": schedule_id,
            "visit_id": row.visit_id,
            "citizen_id": row.citizen_id,
            "on": on,
            "changed_at": changed_at,
            "kind": row.kind,
            "old_start_at": row.old_start_at,
            "new_start_at": row.new_start_at,
            "old_carers": ids(row.old_carers),
            "new_carers": ids(row.new_carers),
        }
        for row in rows
    ]
    if values:
        session.execute(insert(visit_changes), values)


def changes_of(
    session: Session, citizens: Collection[CitizenId], *, on: date, last_on: date | None = None
) -> dict[CitizenId, list[tuple[datetime, VisitChange]]]:
    """When what changed on the day, or on the days up to `last_on`, newest first, per citizen.

    For callers who have asked `sight` and `audit`.
    """
    query = select(visit_changes).where(
        among(visit_changes.c.citizen_id, citizens), visit_changes.c.on.between(on, last_on or on)
    )
    rows = session.execute(query.order_by(visit_changes.c.citizen_id, visit_changes.c.id.desc()))
    return {
        key: [(row.changed_at, _change(row)) for row in group]
        for key, group in groupby(rows, key=lambda row: row.citizen_id)
    }


def changes_of_carer(session: Session, carer_id: CarerId, *, on: date) -> list[tuple[datetime, VisitChange]]:
    """When what changed in this carer's route, newest first. For callers who are the carer, by `sight` and `audit`."""
    me = literal(carer_id, Uuid)
    theirs = or_(me == any_(visit_changes.c.old_carers), me == any_(visit_changes.c.new_carers))
    query = select(visit_changes).where(visit_changes.c.on == on, theirs).order_by(visit_changes.c.id.desc())
    return [(row.changed_at, _change(row)) for row in session.execute(query)]


def _change(row: Row[Any]) -> VisitChange:
    return VisitChange(
        visit_id=row.visit_id,
        citizen_id=row.citizen_id,
        kind=row.kind,
        old_start_at=row.old_start_at,
        new_start_at=row.new_start_at,
        old_carers=frozenset(row.old_carers),
        new_carers=frozenset(row.new_carers),
    )
