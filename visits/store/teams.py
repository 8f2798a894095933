"""The teams and providers: no personal data, so no viewer is asked for."""

from typing import Any

from sqlalchemy import Column, Float, ForeignKey, Row, Table, Text, Uuid, insert, select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.organisation import Provider, ProviderKind, Team
from visits.store.base import Base
from visits.store.columns import STRINGS, plain, words
from visits.terms import District, Place, ProviderId, ServiceKind, TeamId

providers = Table(
    "providers",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", words(ProviderKind), nullable=False),
)

teams = Table(
    "teams",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("provider_id", ForeignKey("providers.id"), nullable=False, index=True),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", words(ServiceKind), nullable=False),
    Column("districts", STRINGS, nullable=False),
    Column("start_lat", Float, nullable=False),
    Column("start_lon", Float, nullable=False),
)


def add_providers(session: Session, rows: list[Provider]) -> None:
    if rows:
        session.execute(insert(providers), [{"id": row.id, "name": row.name, "kind": row.kind} for row in rows])


def add_teams(session: Session, rows: list[Team]) -> None:
    values = [
        {
            "id": row.id,
            "provider_id": row.provider_id,
            "name": row.name,
            "kind": row.kind,
            "districts": plain(row.districts),
            "start_lat": row.start.lat,
            "start_lon": row.start.lon,
        }
        for row in rows
    ]
    if values:
        session.execute(insert(teams), values)


def team(session: Session, team_id: TeamId) -> Team:
    """The team, or `NotFound`."""
    row = session.execute(select(teams).where(teams.c.id == team_id)).one_or_none()
    if row is None:
        raise NotFound(what="team")
    return _team(row)


def all_teams(session: Session) -> list[Team]:
    return [_team(row) for row in session.execute(select(teams).order_by(teams.c.name))]


def teams_of(session: Session, provider_id: ProviderId) -> list[Team]:
    query = select(teams).where(teams.c.provider_id == provider_id).order_by(teams.c.name)
    return [_team(row) for row in session.execute(query)]


def provider(session: Session, provider_id: ProviderId) -> Provider:
    """The provider, or `NotFound`."""
    row = session.execute(select(providers).where(providers.c.id == provider_id)).one_or_none()
    if row is None:
        raise NotFound(what="provider")
    return Provider(id=row.id, name=row.name, kind=row.kind)


def all_providers(session: Session) -> list[Provider]:
    rows = session.execute(select(providers).order_by(providers.c.name))
    return [Provider(id=row.id, name=row.name, kind=row.kind) for row in rows]


def _team(row: Row[Any]) -> Team:
    return Team(
        id=row.id,
        provider_id=row.provider_id,
        name=row.name,
        kind=row.kind,
        districts=frozenset(District(name) for name in row.districts),
        start=Place(row.start_lat, row.start_lon),
    )
