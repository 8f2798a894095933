"""The relatives as people of their own; whom they may look at stands in `let_ins`."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Column, Row, Table, Text, Uuid, insert, select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.people import Relative
from visits.store.base import Base
from visits.store.columns import among
from visits.terms import RelativeId

relatives = Table(
    "relatives",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
)


def add(session: Session, rows: Sequence[Relative]) -> None:
    if rows:
        values = [{"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in rows]
        session.execute(insert(relatives), values)


def relative(session: Session, relative_id: RelativeId) -> Relative:
    """The relative, or `NotFound`."""
    found = relatives_by_id(session, [relative_id])
    if not found:
        raise NotFound(what="relative")
    return found[relative_id]


def relatives_by_id(session: Session, wanted: Collection[RelativeId]) -> dict[RelativeId, Relative]:
    rows = session.execute(select(relatives).where(among(relatives.c.id, wanted)))
    return {row.id: _relative(row) for row in rows}


def all_relatives(session: Session) -> list[Relative]:
    rows = session.execute(select(relatives).order_by(relatives.c.given_name, relatives.c.id))
    return [_relative(row) for row in rows]


def _relative(row: Row[Any]) -> Relative:
    return Relative(id=row.id, given_name=row.given_name, family_name=row.family_name)
