"""What relatives who want to know have been told: that nobody had come to a visit. Kept, and told once for each visit."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, ForeignKey, Index, Table, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.performed.relative_day import UnattendedNotice
from visits.store.base import Base, Instant
from visits.store.columns import among
from visits.store.let_ins import let_ins
from visits.store.unattended import unattended_visits
from visits.store.visits import visits
from visits.terms import CitizenId, LetInId, RelativeId, VisitId

relative_notices = Table(
    "relative_notices",
    Base.metadata,
    Column("let_in_id", ForeignKey("let_ins.id"), primary_key=True),
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("told_at", Instant, nullable=False),
    Index("ix_relative_notices_visit_id", "visit_id"),
)


class Whose(NamedTuple):
    """A relative, and the citizen whose day it is."""

    relative_id: RelativeId
    citizen_id: CitizenId


def tell(session: Session, wanted: Collection[LetInId], visit_id: VisitId, *, now: datetime) -> list[LetInId]:
    """Note that these are told of the visit; whoever has been told already is left out of what is returned."""
    if not wanted:
        return []
    values = [{"let_in_id": key, "visit_id": visit_id, "told_at": now} for key in wanted]
    statement = upsert(relative_notices).values(values).on_conflict_do_nothing()
    return list(session.scalars(statement.returning(relative_notices.c.let_in_id)))


def notices_of(session: Session, wanted: Collection[Whose], *, since: datetime) -> dict[Whose, list[UnattendedNotice]]:
    """What each relative has been told about each citizen since then, newest first.

    Only for callers in this room who have asked `sight` and leave the audit entry.
    """
    query = (
        select(
            let_ins.c.relative_id,
            let_ins.c.citizen_id,
            relative_notices.c.visit_id,
            relative_notices.c.told_at,
            func.coalesce(unattended_visits.c.since, visits.c.latest_at).label("latest_at"),
        )
        .join(let_ins, let_ins.c.id == relative_notices.c.let_in_id)
        .join(visits, visits.c.id == relative_notices.c.visit_id)
        .outerjoin(unattended_visits, unattended_visits.c.visit_id == visits.c.id)
        .where(among(let_ins.c.relative_id, {one.relative_id for one in wanted}), relative_notices.c.told_at >= since)
        .order_by(relative_notices.c.told_at.desc(), relative_notices.c.visit_id)
    )
    found: dict[Whose, list[UnattendedNotice]] = {key: [] for key in wanted}
    for row in session.execute(query):
        key = Whose(row.relative_id, row.citizen_id)
        if key in found:
            told = UnattendedNotice(visit_id=row.visit_id, told_at=row.told_at, latest_at=row.latest_at)
            found[key].append(told)
    return found
