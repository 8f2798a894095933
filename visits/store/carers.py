"""The carers, their health delegations and their absences. Staff, not citizens: read within the house without a viewer."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Row,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    cast,
    delete,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.people import Carer, HealthDelegation
from visits.store.base import Base
from visits.store.columns import STRINGS, Days, among, words
from visits.terms import CarerId, TeamId, Title, TravelMode

carers = Table(
    "carers",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False, index=True),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("title", words(Title), nullable=False),
    Column("mode", words(TravelMode), nullable=False),
    Column("languages", STRINGS, nullable=False),
    Column("can_lift", Boolean, nullable=False),
)

health_delegations = Table(
    "health_delegations",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("carer_id", ForeignKey("carers.id"), nullable=False, index=True),
    Column("task", Text, nullable=False),
    Column("valid", Days, nullable=False),
)

carer_absences = Table(
    "carer_absences",
    Base.metadata,
    Column("carer_id", ForeignKey("carers.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("carer_id", "on"),
)


def add(session: Session, rows: Sequence[Carer]) -> None:
    if rows:
        session.execute(insert(carers), [_values(row) for row in rows])


def carer(session: Session, carer_id: CarerId) -> Carer:
    """The carer, or `NotFound`."""
    row = session.execute(select(carers).where(carers.c.id == carer_id)).one_or_none()
    if row is None:
        raise NotFound(what="carer")
    return _carer(row)


def carers_of(session: Session, team_id: TeamId) -> list[Carer]:
    """The team's carers, by name."""
    query = select(carers).where(carers.c.team_id == team_id)
    return [_carer(row) for row in session.execute(query.order_by(carers.c.given_name, carers.c.id))]


def carers_by_id(session: Session, wanted: Collection[CarerId]) -> dict[CarerId, Carer]:
    rows = session.execute(select(carers).where(among(carers.c.id, wanted)))
    return {row.id: _carer(row) for row in rows}


def add_delegations(session: Session, rows: Sequence[HealthDelegation], *, make_id: Callable[[], UUID]) -> None:
    """Store delegations under ids from `make_id()`."""
    values = [{"id": make_id(), "carer_id": row.carer_id, "task": row.task, "valid": row.valid} for row in rows]
    if values:
        session.execute(insert(health_delegations), values)


def delegations_on(session: Session, team_id: TeamId, on: date) -> list[HealthDelegation]:
    """The delegations of the team's carers that hold on the day."""
    query = (
        select(health_delegations)
        .join(carers, carers.c.id == health_delegations.c.carer_id)
        .where(carers.c.team_id == team_id, health_delegations.c.valid.op("@>")(cast(on, Date)))
    )
    return [HealthDelegation(carer_id=row.carer_id, task=row.task, valid=row.valid) for row in session.execute(query)]


def report_absent(session: Session, carer_id: CarerId, on: date, *, reason: str) -> bool:
    """Note that the carer does not work that day; False when it was already known."""
    statement = upsert(carer_absences).values(carer_id=carer_id, on=on, reason=reason).on_conflict_do_nothing()
    # The rowcount of an insert is not to be relied on; what comes back is.
    return session.scalar(statement.returning(carer_absences.c.carer_id)) is not None


def take_back_absent(session: Session, carer_id: CarerId, on: date) -> None:
    """The carer works that day after all."""
    known = (carer_absences.c.carer_id == carer_id) & (carer_absences.c.on == on)
    session.execute(delete(carer_absences).where(known))


def absent_between(session: Session, team_id: TeamId, first_on: date, last_on: date) -> dict[CarerId, list[date]]:
    """The days on which the team's carers are absent, both ends included."""
    query = select(carer_absences.c.carer_id, carer_absences.c.on).join(
        carers, carers.c.id == carer_absences.c.carer_id
    )
    query = query.where(carers.c.team_id == team_id, carer_absences.c.on.between(first_on, last_on))
    days: dict[CarerId, list[date]] = {}
    for row in session.execute(query.order_by(carer_absences.c.on)):
        days.setdefault(row.carer_id, []).append(row.on)
    return days


def delegations_of(session: Session, team_id: TeamId) -> list[HealthDelegation]:
    """All delegations of the team's carers, also those that are over or have not begun."""
    query = select(health_delegations).join(carers, carers.c.id == health_delegations.c.carer_id)
    rows = session.execute(query.where(carers.c.team_id == team_id).order_by(health_delegations.c.valid))
    return [HealthDelegation(carer_id=row.carer_id, task=row.task, valid=row.valid) for row in rows]


def absent_on(session: Session, team_id: TeamId, on: date) -> frozenset[CarerId]:
    query = (
        select(carer_absences.c.carer_id)
        .join(carers, carers.c.id == carer_absences.c.carer_id)
        .where(carers.c.team_id == team_id, carer_absences.c.on == on)
    )
    return frozenset(session.scalars(query))


def _values(row: Carer) -> dict[str, object]:
    return {
        "id": row.id,
        "team_id": row.team_id,
        "given_name": row.given_name,
        "family_name": row.family_name,
        "title": row.title,
        "mode": row.mode,
        "languages": list(row.languages),
        "can_lift": row.can_lift,
    }


def _carer(row: Row[Any]) -> Carer:
    return Carer(
        id=row.id,
        team_id=row.team_id,
        given_name=row.given_name,
        family_name=row.family_name,
        title=row.title,
        mode=row.mode,
        languages=tuple(row.languages),
        can_lift=row.can_lift,
    )
