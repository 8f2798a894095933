"""The trace that seeing leaves: who looked at what about whom. No audit, no answer.

Kept at least five years (Socialstyrelsen's regulation on access to social-service data, domain reference 6.6).
"""

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Date, Identity, Index, String, Table, Text, Uuid, func, insert
from sqlalchemy.orm import Session

from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.store.base import Base, Instant
from visits.store.columns import UUIDS, ids, words
from visits.terms import CitizenId

audit_entries = Table(
    "audit_entries",
    Base.metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", Instant, nullable=False, server_default=func.clock_timestamp()),
    Column("role", words(Role), nullable=False),
    Column("viewer_id", Uuid),
    Column("team_id", Uuid),
    Column("reason", Text, nullable=False, server_default=""),
    Column("subject", words(Subject), nullable=False),
    Column("what", String(80), nullable=False),
    Column("on", Date),
    Column("citizen_ids", UUIDS, nullable=False),
    Index("ix_audit_entries_citizen_ids", "citizen_ids", postgresql_using="gin"),
    Index("ix_audit_entries_viewer_id_at", "viewer_id", "at"),
)


def record(session: Session, viewer: Viewer, subject: Subject, *, what: str, citizens: Iterable[CitizenId]) -> None:
    """Leave one entry: `viewer` saw `what` (the name of the query or action) about these citizens.

    An answer about nobody leaves an entry too: looking for somebody in vain is also looking.
    """
    session.execute(insert(audit_entries).values(**entry(viewer, subject, what=what, citizens=citizens)))


def record_many(session: Session, entries: list[dict[str, object]]) -> None:
    """Leave many entries (see `entry`) in one statement, for answers that are prepared for many viewers at once."""
    if entries:
        session.execute(insert(audit_entries), entries)


def entry(viewer: Viewer, subject: Subject, *, what: str, citizens: Iterable[CitizenId]) -> dict[str, object]:
    return {
        "role": viewer.role,
        "viewer_id": viewer.person_id,
        "team_id": viewer.team_id,
        "reason": viewer.reason,
        "subject": subject,
        "what": what,
        "on": viewer.today,
        "citizen_ids": ids(citizens),
    }
