"""The citizens."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Float, Index, Row, String, Table, Text, Uuid, insert, select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.people import Citizen, Personnummer, ProtectedIdentity
from visits.store import audit
from visits.store.base import Base
from visits.store.columns import among, words
from visits.store.sight import in_sight
from visits.terms import CitizenId, District, Place

citizens = Table(
    "citizens",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("personnummer", String(12), nullable=False, unique=True),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("district", words(District), nullable=False),
    Column("phone", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("access_notes", Text, nullable=False),
    Column("protected", words(ProtectedIdentity)),
    Column("fixed_care_contact", Uuid),
    Index("ix_citizens_district", "district"),
)


def add(session: Session, rows: Sequence[Citizen]) -> None:
    if rows:
        session.execute(insert(citizens), [_values(row) for row in rows])


def any_known(session: Session) -> bool:
    """Whether there is anybody at all: a fact about the database, told of nobody."""
    return session.scalar(select(citizens.c.id).limit(1)) is not None


def citizen(session: Session, viewer: Viewer, subject: Subject, citizen_id: CitizenId) -> Citizen:
    """One citizen, if the viewer may see this `subject` about them; else `NotFound`."""
    found = find(session, viewer, subject, only=[citizen_id])
    if not found:
        raise NotFound(what="citizen")
    return found[0]


def find(
    session: Session,
    viewer: Viewer,
    subject: Subject,
    *,
    only: Collection[CitizenId] | None = None,
    on: date | None = None,
) -> list[Citizen]:
    """The citizens in the viewer's sight on the day `on` (default: today), by name; `only` narrows further. Audited."""
    query = select(citizens).where(citizens.c.id.in_(in_sight(viewer, subject, on=on)))
    if only is not None:
        query = query.where(among(citizens.c.id, only))
    rows = session.execute(query.order_by(citizens.c.family_name, citizens.c.given_name, citizens.c.id))
    found = [_citizen(row) for row in rows]
    audit.record(session, viewer, subject, what="citizens", citizens=[citizen.id for citizen in found])
    return found


def _values(row: Citizen) -> dict[str, object]:
    return {
        "id": row.id,
        "personnummer": row.personnummer.reveal(),
        "given_name": row.given_name,
        "family_name": row.family_name,
        "address": row.address,
        "lat": row.place.lat,
        "lon": row.place.lon,
        "district": row.district,
        "phone": row.phone,
        "language": row.language,
        "access_notes": row.access_notes,
        "protected": row.protected,
        "fixed_care_contact": row.fixed_care_contact,
    }


def _citizen(row: Row[Any]) -> Citizen:
    return Citizen(
        id=row.id,
        personnummer=Personnummer(row.personnummer),
        given_name=row.given_name,
        family_name=row.family_name,
        address=row.address,
        place=Place(row.lat, row.lon),
        district=row.district,
        phone=row.phone,
        language=row.language,
        access_notes=row.access_notes,
        protected=row.protected,
        fixed_care_contact=row.fixed_care_contact,
    )
