"""Facts about providers. No personal data, so no viewer is asked for; how many places are taken is told as a number only."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Integer,
    Row,
    Table,
    Text,
    Time,
    cast,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session

from provider_choice.providers import ProviderFacts
from visits.errors import NotFound
from visits.store.base import Base
from visits.store.columns import STRINGS, Days
from visits.store.orders import service_orders
from visits.terms import Period, ProviderId, ServiceKind

provider_facts = Table(
    "provider_facts",
    Base.metadata,
    Column("provider_id", ForeignKey("providers.id"), primary_key=True),
    Column("about", Text, nullable=False),
    Column("languages", STRINGS, nullable=False),
    Column("carers", Integer, nullable=False),
    Column("continuity", Float),
    Column("opens", Time, nullable=False),
    Column("closes", Time, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("phone", Text, nullable=False),
    Column("email", Text, nullable=False),
    CheckConstraint("capacity >= 0", name="capacity"),
)


def add(session: Session, rows: Sequence[ProviderFacts]) -> None:
    if rows:
        session.execute(insert(provider_facts), [_values(row) for row in rows])


def all_facts(session: Session) -> dict[ProviderId, ProviderFacts]:
    return {row.provider_id: _facts(row) for row in session.execute(select(provider_facts))}


def facts(session: Session, provider_id: ProviderId, *, lock: bool = False) -> ProviderFacts:
    """The provider's facts, or `NotFound`; `lock` lets one place at a time be given away."""
    query = select(provider_facts).where(provider_facts.c.provider_id == provider_id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(what="provider")
    return _facts(row)


def places_taken(session: Session, *, from_on: date) -> dict[ProviderId, int]:
    """How many citizens have home care ordered from each provider on `from_on` or later."""
    query = (
        select(service_orders.c.provider_id, func.count(service_orders.c.citizen_id.distinct()).label("taken"))
        .where(service_orders.c.kind == ServiceKind.HOME_CARE)
        .where(service_orders.c.valid.op("&&")(cast(Period(from_on), Days)))
        .group_by(service_orders.c.provider_id)
    )
    return {row.provider_id: row.taken for row in session.execute(query)}


def _values(row: ProviderFacts) -> dict[str, object]:
    return {
        "provider_id": row.provider_id,
        "about": row.about,
        "languages": list(row.languages),
        "carers": row.carers,
        "continuity": row.continuity,
        "opens": row.opens,
        "closes": row.closes,
        "capacity": row.capacity,
        "phone": row.phone,
        "email": row.email,
    }


def _facts(row: Row[Any]) -> ProviderFacts:
    return ProviderFacts(
        provider_id=row.provider_id,
        about=row.about,
        languages=tuple(row.languages),
        carers=row.carers,
        continuity=row.continuity,
        opens=row.opens,
        closes=row.closes,
        capacity=row.capacity,
        phone=row.phone,
        email=row.email,
    )
