"""The managers, each of one provider. Staff: read without a viewer."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ForeignKey, Row, Table, Text, Uuid, insert, select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.people import Manager
from visits.store.base import Base
from visits.terms import ManagerId, ProviderId

managers = Table(
    "managers",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("provider_id", ForeignKey("providers.id"), nullable=False, index=True),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
)


def add(session: Session, rows: Sequence[Manager]) -> None:
    if rows:
        values = [
            {"id": row.id, "provider_id": row.provider_id, "given_name": row.given_name, "family_name": row.family_name}
            for row in rows
        ]
        session.execute(insert(managers), values)


def manager(session: Session, manager_id: ManagerId) -> Manager:
    """The manager, or `NotFound`."""
    row = session.execute(select(managers).where(managers.c.id == manager_id)).one_or_none()
    if row is None:
        raise NotFound(what="manager")
    return _manager(row)


def managers_of(session: Session, provider_id: ProviderId) -> list[Manager]:
    """The provider's managers, by name."""
    query = select(managers).where(managers.c.provider_id == provider_id)
    return [_manager(row) for row in session.execute(query.order_by(managers.c.given_name, managers.c.id))]


def all_managers(session: Session) -> list[Manager]:
    return [_manager(row) for row in session.execute(select(managers).order_by(managers.c.given_name, managers.c.id))]


def _manager(row: Row[Any]) -> Manager:
    return Manager(id=row.id, provider_id=row.provider_id, given_name=row.given_name, family_name=row.family_name)
