"""Incidents and the journal of each: rows are added and never changed. Who sees: who reported, and the provider's manager."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Row,
    Select,
    Table,
    Text,
    Uuid,
    insert,
    select,
)
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Reach, Subject, reach
from visits.guard.viewer import Role, Viewer
from visits.organisation import ProviderKind
from visits.performed.incidents import Actor, Incident, IncidentStep, StepKind
from visits.store import audit
from visits.store.base import Base, Instant
from visits.store.columns import among, words
from visits.store.teams import providers
from visits.terms import CitizenId, IncidentId

incidents = Table(
    "incidents",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("provider_id", ForeignKey("providers.id"), nullable=False, index=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False),
    Column("citizen_id", ForeignKey("citizens.id")),
    Column("happened_on", Date, nullable=False),
    Column("reported_by", words(Role), nullable=False),
    Column("reporter_id", Uuid, nullable=False),
    Index("ix_incidents_reporter_id", "reporter_id"),
)

incident_steps = Table(
    "incident_steps",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("nth", BigInteger, Identity(), nullable=False),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False, index=True),
    Column("kind", words(StepKind), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", words(Actor), nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("text", Text, nullable=False),
)

INCIDENTS_ARE_KEPT = """
CREATE TRIGGER incidents_are_kept BEFORE UPDATE OR DELETE ON incidents
    FOR EACH STATEMENT EXECUTE FUNCTION facts_are_kept();
CREATE TRIGGER incident_steps_are_kept BEFORE UPDATE OR DELETE ON incident_steps
    FOR EACH STATEMENT EXECUTE FUNCTION facts_are_kept();
"""
"""Run by the migration, after the one that makes the function: no program changes or takes away a journal."""


def add(session: Session, incident: Incident) -> None:
    """Store a new one, with its report."""
    session.execute(
        insert(incidents).values(
            id=incident.id,
            provider_id=incident.provider_id,
            team_id=incident.team_id,
            citizen_id=incident.citizen_id,
            happened_on=incident.happened_on,
            reported_by=Role(incident.report.by.value),
            reporter_id=incident.report.by_id,
        )
    )
    for step in incident.steps:
        add_step(session, incident.id, step)


def add_step(session: Session, incident_id: IncidentId, step: IncidentStep) -> None:
    session.execute(
        insert(incident_steps).values(
            id=step.id,
            incident_id=incident_id,
            kind=step.kind,
            at=step.at,
            by=step.by,
            by_id=step.by_id,
            text=step.text,
        )
    )


def incidents_of(session: Session, viewer: Viewer) -> list[Incident]:
    """A provider's for its manager, else those that the viewer has reported; newest first."""
    return _found(session, viewer, _sighted(viewer), what="incidents_of")


def incident(session: Session, viewer: Viewer, incident_id: IncidentId, *, lock: bool = False) -> Incident:
    """One of them, or `NotFound`; `lock` holds it until the transaction ends."""
    query = _sighted(viewer).where(incidents.c.id == incident_id)
    found = _found(session, viewer, query.with_for_update(of=incidents) if lock else query, what="incident")
    if not found:
        raise NotFound(what="incident")
    return found[0]


def _sighted(viewer: Viewer) -> Select[Any]:
    query = select(incidents, providers.c.kind.label("provider_kind"))
    query = query.join(providers, providers.c.id == incidents.c.provider_id)
    match reach(viewer, Subject.INCIDENT):
        case Reach.OWN_PROVIDER:
            return query.where(incidents.c.provider_id == viewer.provider_id)
        case Reach.OWN_REPORTS:
            return query.where(incidents.c.reported_by == viewer.role, incidents.c.reporter_id == viewer.person_id)
        case _:
            return query


def _found(session: Session, viewer: Viewer, query: Select[Any], *, what: str) -> list[Incident]:
    rows = session.execute(query).all()
    steps: dict[IncidentId, list[IncidentStep]] = {row.id: [] for row in rows}
    journal = select(incident_steps).where(among(incident_steps.c.incident_id, steps)).order_by(incident_steps.c.nth)
    for row in session.execute(journal):
        steps[row.incident_id].append(
            IncidentStep(id=row.id, kind=row.kind, at=row.at, by=row.by, by_id=row.by_id, text=row.text)
        )
    found = [_incident(row, steps[row.id]) for row in rows]
    about = [CitizenId(one.citizen_id) for one in found if one.citizen_id is not None]
    audit.record(session, viewer, Subject.INCIDENT, what=what, citizens=about)
    return sorted(found, key=lambda one: one.report.at, reverse=True)


def _incident(row: Row[Any], steps: list[IncidentStep]) -> Incident:
    return Incident(
        id=row.id,
        provider_id=row.provider_id,
        is_private=row.provider_kind is ProviderKind.PRIVATE,
        team_id=row.team_id,
        citizen_id=row.citizen_id,
        happened_on=row.happened_on,
        steps=tuple(steps),
    )
