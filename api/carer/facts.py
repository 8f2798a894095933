"""From what a phone or a form sends to a fact of the record."""

from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.orm import Session

from api.carer.schemas import FactSent, Outcome
from api.problems import problem_of, readable
from visits.actions.record_fact import record_fact
from visits.errors import CareError, Invalid, NotFound
from visits.guard.viewer import Viewer
from visits.performed.checkins import Fact, Source
from visits.performed.time_rules import TimeRules
from visits.store import presence_tags
from visits.terms import CarerId, CitizenId, FactId, VisitId

MOST_AT_ONCE = 500


def read_fact(sent: object) -> FactSent:
    """A fact as sent, checked; `RequestValidationError` as FastAPI raises it for a body, naming each field."""
    try:
        return FactSent.model_validate(sent)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error


def record(session: Session, viewer: Viewer, sent: FactSent, *, rules: TimeRules, now: datetime) -> Fact:
    """Record what the signed-in carer sent; whole or not at all, also beside others in one request."""
    if viewer.person_id is None:
        raise NotFound(what="visit")
    fact = Fact(
        id=FactId(sent.id),
        visit_id=VisitId(sent.visit_id),
        carer_id=CarerId(viewer.person_id),
        kind=sent.kind,
        happened_at=sent.happened_at,
        received_at=now,
        source=sent.source,
        device=sent.device,
        code=sent.code,
        moved_to=sent.moved_to,
        note=sent.note,
        corrects=None if sent.corrects is None else FactId(sent.corrects),
        reason=sent.reason,
    )
    citizen_id = None if sent.citizen_id is None else CitizenId(sent.citizen_id)
    with session.begin_nested():
        stored = record_fact(session, viewer, fact, now=now, citizen_id=citizen_id, rules=rules)
        _check_presence(session, sent)
    return stored


def _check_presence(session: Session, sent: FactSent) -> None:
    """Whoever says that a tag proves it, shows the tag: one that hung in that home then, whenever the fact arrives."""
    if sent.source is not Source.TAG:
        return
    visit_id = VisitId(sent.visit_id)
    if sent.tag is None or not presence_tags.proves(session, sent.tag, visit_id=visit_id, at=sent.happened_at):
        raise Invalid(field="tag", value="…", why="is no tag that hung in that home then")


def outcome(
    request: Request,
    session: Session,
    viewer: Viewer,
    sent: Any,  # noqa: ANN401 - any JSON
    *,
    rules: TimeRules,
    now: datetime,
) -> Outcome:
    """What becomes of one of many facts: its problem is told in its place and stops none of the others."""
    name = readable(str(sent["id"])) if isinstance(sent, dict) and "id" in sent else None
    try:
        stored = record(session, viewer, read_fact(sent), rules=rules, now=now)
    except (CareError, RequestValidationError) as error:
        problem = problem_of(error)
        body = problem.body(f"urn:uuid:{request.state.request_id}")
        return Outcome(id=name, status=problem.status, problem=body)
    return Outcome(id=str(stored.id), status=200)
