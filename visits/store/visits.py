"""The visits of published days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Row, Select, Table, Text, Uuid, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.granted.orders import OrderState
from visits.granted.visit_templates import Priority
from visits.guard.confidentiality import Subject, check_day
from visits.guard.viewer import Role, Viewer
from visits.performed.checkins import FactKind
from visits.performed.visit import Visit, VisitState
from visits.planned.schedule import ScheduleState
from visits.store import audit
from visits.store.base import Base, Instant
from visits.store.checkins import visit_facts
from visits.store.columns import STRINGS, among, plain, words
from visits.store.orders import service_orders
from visits.store.schedules import placements, schedules
from visits.store.sight import in_sight
from visits.terms import CitizenId, OrderId, Period, ServiceCode, Skill, TeamId, VisitId, VisitTemplateId

visits = Table(
    "visits",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("template_id", Uuid),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False),
    Column("order_id", ForeignKey("service_orders.id"), nullable=False, index=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("codes", STRINGS, nullable=False),
    Column("instructions", Text, nullable=False),
    Column("earliest_at", Instant, nullable=False),
    Column("latest_at", Instant, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("staff_required", Integer, nullable=False),
    Column("skills", STRINGS, nullable=False),
    Column("priority", words(Priority), nullable=False),
    Column("state", words(VisitState), nullable=False),
    Index("ix_visits_citizen_id_on", "citizen_id", "on"),
    Index("ix_visits_team_id_on", "team_id", "on"),
)


def put(session: Session, rows: Sequence[Visit]) -> None:
    """Store visits as they are due now; one that is known already is brought up to date."""
    if not rows:
        return
    statement = upsert(visits)
    changing = {name: statement.excluded[name] for name in visits.c.keys() if name != "id"}  # noqa: SIM118 - columns
    # The rows go beside the statement: written into it, a thousand take half a second before they are sent.
    session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=changing), [_values(row) for row in rows]
    )


def begin_extra(session: Session, row: Visit) -> None:
    """Store a visit that nobody had planned; nothing when its id is known."""
    session.execute(upsert(visits).values(**_values(row)).on_conflict_do_nothing(index_elements=["id"]))


def is_known(session: Session, visit_id: VisitId) -> bool:
    return session.scalar(select(visits.c.id).where(visits.c.id == visit_id)) is not None


def has_visit_that_day(session: Session, viewer: Viewer, citizen_id: CitizenId, *, on: date) -> bool:
    """Whether the carer is to visit the citizen that day by the published schedule; a night belongs to the day it began on."""
    if viewer.role is not Role.CARER:
        raise NotFound(what="visit")
    query = _own_placements(viewer).where(
        placements.c.citizen_id == citizen_id, schedules.c.on.between(on - timedelta(days=1), on)
    )
    found = session.execute(query.limit(1)).first() is not None
    audit.record(session, viewer, Subject.DAY, what="has_visit_that_day", citizens=[citizen_id] if found else [])
    return found


def _own_placements(viewer: Viewer) -> Select[Any]:
    return (
        select(placements.c.visit_id)
        .join(schedules, schedules.c.id == placements.c.schedule_id)
        .where(schedules.c.state == ScheduleState.PUBLISHED, placements.c.carer_id == viewer.person_id)
    )


def set_state(session: Session, visit_ids: Collection[VisitId], state: VisitState) -> None:
    session.execute(update(visits).where(among(visits.c.id, visit_ids)).values(state=state))


def states_of_team(session: Session, team_id: TeamId, on: date, *, lock: bool = False) -> dict[VisitId, VisitState]:
    """How far each visit of the team's day has come; `lock` holds them until the transaction ends. Names nobody."""
    query = select(visits.c.id, visits.c.state).where(visits.c.team_id == team_id, visits.c.on == on)
    query = query.order_by(visits.c.id)
    return {row.id: row.state for row in session.execute(query.with_for_update() if lock else query)}


def visit(session: Session, viewer: Viewer, visit_id: VisitId, *, lock: bool = False) -> Visit:
    """One visit in the viewer's sight, or `NotFound`; `lock` holds it until the transaction ends."""
    query = select(visits).where(visits.c.id == visit_id)
    found = _found(session, viewer, query.with_for_update() if lock else query, what="visit")
    if not found:
        raise NotFound(what="visit")
    check_day(viewer, found[0].on)
    return found[0]


def visit_to_record(
    session: Session, viewer: Viewer, visit_id: VisitId, *, first_on: date, lock: bool = False
) -> Visit:
    """A visit of which the carer may say what happened, or `NotFound`.

    It is on the carer's own published route of `first_on` to tomorrow, or the carer has begun to tell about it: whoever has
    checked in may check out, whatever has been planned meanwhile. Or it is an extra visit to a citizen on that route.
    """
    if viewer.role is not Role.CARER:
        raise NotFound(what="visit")
    placed = _own_placements(viewer)
    that_day = schedules.c.on.between(visits.c.on - 1, visits.c.on)
    extra = placed.where(placements.c.citizen_id == visits.c.citizen_id, that_day).correlate(visits).exists()
    told = select(visit_facts.c.visit_id).where(visit_facts.c.carer_id == viewer.person_id)
    query = select(visits).where(
        visits.c.id == visit_id,
        visits.c.on.between(first_on, viewer.today + timedelta(days=1)),
        or_(visits.c.id.in_(placed), visits.c.id.in_(told), visits.c.template_id.is_(None) & extra),
    )
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    found = [] if row is None else [_visit(row)]
    audit.record(session, viewer, Subject.DAY, what="visit_to_record", citizens=[one.citizen_id for one in found])
    if not found:
        raise NotFound(what="visit")
    return found[0]


def order_begun_by(session: Session, visit_id: VisitId) -> tuple[OrderId, date] | None:
    """The order that this visit, where somebody has checked in, is the first to begin, and the visit's day; told to nobody."""
    query = (
        select(visits.c.order_id, visits.c.on)
        .join(service_orders, service_orders.c.id == visits.c.order_id)
        .join(visit_facts, visit_facts.c.visit_id == visits.c.id)
        .where(visits.c.id == visit_id, visit_facts.c.kind == FactKind.CHECK_IN)
        .where(service_orders.c.state.in_((OrderState.SENT, OrderState.ACKNOWLEDGED)))
    )
    row = session.execute(query.limit(1)).one_or_none()
    return None if row is None else (row.order_id, row.on)


def visits_of_team(session: Session, viewer: Viewer, *, team_id: TeamId, on: date) -> list[Visit]:
    """The team's visits of the day, whatever their state."""
    return _found(
        session, viewer, select(visits).where(visits.c.team_id == team_id, visits.c.on == on), what="team_day"
    )


def visits_of_citizens(
    session: Session, viewer: Viewer, *, citizens: Collection[CitizenId], first_on: date, last_on: date
) -> list[Visit]:
    """The citizens' visits between two days, both included."""
    query = select(visits).where(visits.c.citizen_id.in_(citizens), visits.c.on.between(first_on, last_on))
    return _found(session, viewer, query, what="visits_of_citizens")


@dataclass(frozen=True, slots=True)
class DueRow:
    """As much of a visit as counting months of it asks for (`visits.performed.outcome.WasDue`)."""

    id: VisitId
    citizen_id: CitizenId
    template_id: VisitTemplateId | None
    on: date
    latest_at: datetime
    minutes: int
    state: VisitState


_DUE = tuple(visits.c[one.name] for one in fields(DueRow))


def visits_made_or_due(
    session: Session, *, citizens: Collection[CitizenId], period: Period, team_ids: Collection[TeamId] | None = None
) -> list[DueRow]:
    """The citizens' published visits in the period, but for those that were withdrawn: of these teams, or of all.

    Only for callers in this room who have asked `sight` and leave the audit entry.
    """
    query = select(*_DUE).where(
        among(visits.c.citizen_id, citizens),
        visits.c.on.between(period.first_on, period.last_on),
        visits.c.state != VisitState.WITHDRAWN,
    )
    if team_ids is not None:
        query = query.where(among(visits.c.team_id, team_ids))
    return [DueRow(*row) for row in session.execute(query)]


def visits_of_team_in(session: Session, team_id: TeamId, period: Period) -> list[DueRow]:
    """The team's published visits in the period, but for those that were withdrawn. For sums, in which nobody is named."""
    query = select(*_DUE).where(visits.c.team_id == team_id, visits.c.on.between(period.first_on, period.last_on))
    return [DueRow(*row) for row in session.execute(query.where(visits.c.state != VisitState.WITHDRAWN))]


def visits_by_id(session: Session, viewer: Viewer, wanted: Collection[VisitId]) -> dict[VisitId, Visit]:
    found = _found(session, viewer, select(visits).where(visits.c.id.in_(wanted)), what="visits_by_id")
    return {row.id: row for row in found}


def _found(session: Session, viewer: Viewer, query: Select[Any], *, what: str) -> list[Visit]:
    if viewer.role is Role.COORDINATOR:
        query = query.where(visits.c.team_id == viewer.team_id)
    else:
        query = query.where(visits.c.citizen_id.in_(in_sight(viewer, Subject.DAY)))
    rows = session.execute(query.order_by(visits.c.earliest_at, visits.c.id))
    found = [_visit(row) for row in rows]
    audit.record(session, viewer, Subject.DAY, what=what, citizens=[row.citizen_id for row in found])
    return found


def _values(row: Visit) -> dict[str, object]:
    return {
        "id": row.id,
        "template_id": row.template_id,
        "citizen_id": row.citizen_id,
        "order_id": row.order_id,
        "team_id": row.team_id,
        "on": row.on,
        "codes": [code.value for code in row.codes],
        "instructions": row.instructions,
        "earliest_at": row.earliest_at,
        "latest_at": row.latest_at,
        "minutes": row.minutes,
        "staff_required": row.staff_required,
        "skills": plain(row.skills),
        "priority": row.priority,
        "state": row.state,
    }


def _visit(row: Row[Any]) -> Visit:
    return Visit(
        id=row.id,
        template_id=row.template_id,
        citizen_id=row.citizen_id,
        order_id=row.order_id,
        team_id=row.team_id,
        on=row.on,
        codes=tuple(ServiceCode(code) for code in row.codes),
        instructions=row.instructions,
        earliest_at=row.earliest_at,
        latest_at=row.latest_at,
        minutes=row.minutes,
        staff_required=row.staff_required,
        skills=frozenset(Skill(skill) for skill in row.skills),
        priority=row.priority,
        state=row.state,
    )
