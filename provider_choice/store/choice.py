"""The requests. The database refuses a second request of a citizen while one is open."""

from dataclasses import asdict
from typing import Any

from psycopg.errors import ExclusionViolation
from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Row, Select, Table, Uuid, insert, select, update
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from provider_choice.choice import ChoiceRequest, DeclineReason, RequestId, RequestKind, RequestState
from visits.errors import Conflict, NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import audit
from visits.store.base import Base, Instant
from visits.store.columns import Days, words
from visits.store.sight import in_sight
from visits.terms import CitizenId

choice_requests = Table(
    "choice_requests",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False),
    Column("provider_id", ForeignKey("providers.id"), nullable=False),
    Column("kind", words(RequestKind), nullable=False),
    Column("state", words(RequestState), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("answered_at", Instant),
    Column("answered_by", ForeignKey("case_officers.id")),
    Column("first_on", Date),
    Column("order_id", ForeignKey("service_orders.id"), unique=True),
    Column("reason", words(DeclineReason)),
    Column("open_days", Days),
    ExcludeConstraint(("citizen_id", "="), ("open_days", "&&"), name="ex_choice_requests_one_open", using="gist"),
    CheckConstraint("(state = 'confirmed') = (first_on IS NOT NULL AND order_id IS NOT NULL)", name="first_day"),
    CheckConstraint("(state = 'declined') = (reason IS NOT NULL)", name="reason"),
    CheckConstraint("(state IN ('submitted', 'confirmed')) = (open_days IS NOT NULL)", name="open_days"),
)


def add(session: Session, request: ChoiceRequest) -> None:
    """Store a new request; `Conflict` when the citizen has an open one already."""
    try:
        with session.begin_nested():
            session.execute(insert(choice_requests).values(**_values(request)))
    except IntegrityError as error:
        if isinstance(error.orig, ExclusionViolation):
            raise Conflict(what="open_choice_request") from error
        raise


def save(session: Session, request: ChoiceRequest) -> None:
    """Store a request that has been answered or withdrawn."""
    session.execute(update(choice_requests).where(choice_requests.c.id == request.id).values(**_values(request)))


def request(session: Session, viewer: Viewer, request_id: RequestId, *, lock: bool = False) -> ChoiceRequest:
    """One request in the viewer's sight, or `NotFound`; `lock` lets one at a time answer it."""
    query = select(choice_requests).where(choice_requests.c.id == request_id)
    found = _found(session, viewer, query.with_for_update() if lock else query, what="choice_request")
    if not found:
        raise NotFound(what="choice_request")
    return found[0]


def requests_of(session: Session, viewer: Viewer, citizen_id: CitizenId) -> list[ChoiceRequest]:
    """The citizen's requests, newest first."""
    query = select(choice_requests).where(choice_requests.c.citizen_id == citizen_id)
    return _found(session, viewer, query, what="choice_requests_of")[::-1]


def requests_waiting(session: Session, viewer: Viewer) -> list[ChoiceRequest]:
    """The requests in the viewer's sight that wait for an answer, those that have waited longest first."""
    query = select(choice_requests).where(choice_requests.c.state == RequestState.SUBMITTED)
    return _found(session, viewer, query, what="choice_requests_waiting")


def _found(session: Session, viewer: Viewer, query: Select[Any], *, what: str) -> list[ChoiceRequest]:
    query = query.where(choice_requests.c.citizen_id.in_(in_sight(viewer, Subject.CHOICE)))
    rows = session.execute(query.order_by(choice_requests.c.asked_at, choice_requests.c.id))
    found = [_request(row) for row in rows]
    audit.record(session, viewer, Subject.CHOICE, what=what, citizens=[row.citizen_id for row in found])
    return found


def _values(row: ChoiceRequest) -> dict[str, object]:
    return {**asdict(row), "open_days": row.open_days}


def _request(row: Row[Any]) -> ChoiceRequest:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    del values["open_days"]
    return ChoiceRequest(**values)
