"""The coordinators and case officers."""

from collections.abc import Sequence

from sqlalchemy import Column, ForeignKey, Table, Text, Uuid, insert, select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.people import CaseOfficer, Coordinator
from visits.store.base import Base
from visits.terms import CaseOfficerId, CoordinatorId, TeamId

coordinators = Table(
    "coordinators",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False, index=True),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
)

case_officers = Table(
    "case_officers",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
)


def add_coordinators(session: Session, rows: Sequence[Coordinator]) -> None:
    if rows:
        values = [
            {"id": row.id, "team_id": row.team_id, "given_name": row.given_name, "family_name": row.family_name}
            for row in rows
        ]
        session.execute(insert(coordinators), values)


def add_case_officers(session: Session, rows: Sequence[CaseOfficer]) -> None:
    if rows:
        values = [{"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in rows]
        session.execute(insert(case_officers), values)


def coordinator(session: Session, coordinator_id: CoordinatorId) -> Coordinator:
    """The coordinator, or `NotFound`."""
    row = session.execute(select(coordinators).where(coordinators.c.id == coordinator_id)).one_or_none()
    if row is None:
        raise NotFound(what="coordinator")
    return Coordinator(id=row.id, team_id=row.team_id, given_name=row.given_name, family_name=row.family_name)


def coordinators_of(session: Session, team_id: TeamId) -> list[Coordinator]:
    """The team's coordinators, by name."""
    query = select(coordinators).where(coordinators.c.team_id == team_id)
    rows = session.execute(query.order_by(coordinators.c.given_name, coordinators.c.id))
    return [
        Coordinator(id=row.id, team_id=row.team_id, given_name=row.given_name, family_name=row.family_name)
        for row in rows
    ]


def case_officer(session: Session, case_officer_id: CaseOfficerId) -> CaseOfficer:
    """The case officer, or `NotFound`."""
    row = session.execute(select(case_officers).where(case_officers.c.id == case_officer_id)).one_or_none()
    if row is None:
        raise NotFound(what="case_officer")
    return CaseOfficer(id=row.id, given_name=row.given_name, family_name=row.family_name)
