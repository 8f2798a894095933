"""What phones were not allowed to tell, handed to the coordinator instead: nothing that a carer said is thrown away unread."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Row, Table, Text, Uuid, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.performed.checkins import FactKind
from visits.store import audit
from visits.store.base import Base, Instant
from visits.store.carers import carers
from visits.store.columns import words
from visits.store.sight import in_sight
from visits.store.visits import visits
from visits.terms import CarerId, CitizenId, FactId, ServiceCode, VisitId

refused_facts = Table(
    "refused_facts",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("carer_id", ForeignKey("carers.id"), nullable=False, index=True),
    # Of whatever visit the phone believed in: it may never have been.
    Column("visit_id", Uuid, nullable=False),
    Column("kind", words(FactKind), nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("code", words(ServiceCode)),
    Column("note", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("settled_at", Instant),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFact:
    """A fact that could not be taken, as the phone had it. `citizen_id` is None where the visit is not in the reader's sight."""

    id: FactId
    carer_id: CarerId
    visit_id: VisitId
    kind: FactKind
    happened_at: datetime
    code: ServiceCode | None
    note: str
    received_at: datetime
    citizen_id: CitizenId | None = None


def add(session: Session, fact: RefusedFact) -> None:
    """Store it; harmless to repeat."""
    statement = upsert(refused_facts).values(
        id=fact.id,
        carer_id=fact.carer_id,
        visit_id=fact.visit_id,
        kind=fact.kind,
        happened_at=fact.happened_at,
        code=fact.code,
        note=fact.note,
        received_at=fact.received_at,
    )
    session.execute(statement.on_conflict_do_nothing(index_elements=["id"]))


def refused_in_team(session: Session, viewer: Viewer) -> list[RefusedFact]:
    """What the team's carers have handed in and nobody has settled, oldest first. Leaves an audit entry."""
    known = visits.c.citizen_id.in_(in_sight(viewer, Subject.DAY))
    query = (
        select(refused_facts, visits.c.citizen_id)
        .join(carers, carers.c.id == refused_facts.c.carer_id)
        .outerjoin(visits, (visits.c.id == refused_facts.c.visit_id) & known)
        .where(carers.c.team_id == viewer.team_id, refused_facts.c.settled_at.is_(None))
        .order_by(refused_facts.c.happened_at, refused_facts.c.id)
    )
    found = [_fact(row) for row in session.execute(query)]
    citizens = [fact.citizen_id for fact in found if fact.citizen_id is not None]
    audit.record(session, viewer, Subject.DAY, what="refused_in_team", citizens=citizens)
    return found


def settle(session: Session, viewer: Viewer, fact_id: UUID, *, at: datetime) -> None:
    """The coordinator has dealt with it; `NotFound` unless a carer of the team's handed it in. Leaves an audit entry."""
    own = select(carers.c.id).where(carers.c.team_id == viewer.team_id)
    query = update(refused_facts).where(refused_facts.c.id == fact_id, refused_facts.c.carer_id.in_(own))
    settled = session.scalar(query.values(settled_at=at).returning(refused_facts.c.id))
    audit.record(session, viewer, Subject.DAY, what="settle_refused_fact", citizens=[])
    if settled is None:
        raise NotFound(what="fact")


def _fact(row: Row[Any]) -> RefusedFact:
    return RefusedFact(
        id=row.id,
        carer_id=row.carer_id,
        visit_id=row.visit_id,
        kind=row.kind,
        happened_at=row.happened_at,
        code=row.code,
        note=row.note,
        received_at=row.received_at,
        citizen_id=row.citizen_id,
    )
