"""Service orders. The database refuses two orders of one service at once, and a gap where one order succeeds another."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Integer,
    Row,
    Select,
    Table,
    Uuid,
    cast,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.granted.orders import OrderState, ServiceOrder
from visits.guard.confidentiality import Subject, check_team
from visits.guard.viewer import Viewer
from visits.store import audit
from visits.store.base import Base
from visits.store.columns import Days, words
from visits.store.sight import in_sight
from visits.terms import CitizenId, OrderId, Period, ServiceKind, TeamId

service_orders = Table(
    "service_orders",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False, index=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("kind", words(ServiceKind), nullable=False),
    Column("provider_id", ForeignKey("providers.id"), nullable=False, index=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False, index=True),
    Column("state", words(OrderState), nullable=False),
    Column("valid", Days, nullable=False),
    Column("succeeds", ForeignKey("service_orders.id"), unique=True),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("sent_on", Date),
    Column("acknowledged_on", Date),
    Column("commenced_on", Date),
    ExcludeConstraint(
        ("citizen_id", "="),
        ("kind", "="),
        ("valid", "&&"),
        name="ex_service_orders_one_at_a_time",
        using="gist",
        deferrable=True,
        initially="IMMEDIATE",
    ),
)

NO_GAP_BETWEEN_ORDERS = """
CREATE OR REPLACE FUNCTION service_orders_without_gap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gaps integer;
BEGIN
    SELECT count(*) INTO gaps
    FROM service_orders newer JOIN service_orders older ON older.id = newer.succeeds
    WHERE (newer.id = NEW.id OR older.id = NEW.id)
      AND (lower(newer.valid) IS DISTINCT FROM upper(older.valid) OR newer.citizen_id <> older.citizen_id);
    IF gaps > 0 THEN
        RAISE EXCEPTION 'an order must begin the day after the one it succeeds has ended'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'service_orders_without_gap';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER service_orders_without_gap AFTER INSERT OR UPDATE ON service_orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION service_orders_without_gap();
"""
"""Run by the migration: never two (the exclusion above), never none (this), whatever a program does."""

WITHIN_DECISION = """
CREATE OR REPLACE FUNCTION service_orders_within_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beyond integer;
BEGIN
    SELECT count(*) INTO beyond
    FROM service_orders ordered JOIN decisions decided ON decided.id = ordered.decision_id
    WHERE (TG_TABLE_NAME = 'service_orders' AND ordered.id = NEW.id
           OR TG_TABLE_NAME = 'decisions' AND decided.id = NEW.id)
      AND NOT ordered.valid <@ decided.valid;
    IF beyond > 0 THEN
        RAISE EXCEPTION 'an order must lie within the days of its decision'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'service_orders_within_decision';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER service_orders_within_decision AFTER INSERT OR UPDATE ON service_orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION service_orders_within_decision();
CREATE CONSTRAINT TRIGGER decisions_around_orders AFTER UPDATE OF valid ON decisions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION service_orders_within_decision();
"""
"""Run by the migration: an order never outlives its decision, nor begins before it, whatever a program does."""


def add(session: Session, rows: Sequence[ServiceOrder]) -> None:
    if rows:
        session.execute(insert(service_orders), [_values(row) for row in rows])


def save(session: Session, order: ServiceOrder) -> None:
    """Store an order that has changed; `NotFound` when there is none of that id."""
    changed = session.execute(update(service_orders).where(service_orders.c.id == order.id).values(**_values(order)))
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(what="order")


def orders_in_force(session: Session, viewer: Viewer, *, team_id: TeamId, on: date) -> list[ServiceOrder]:
    """The team's orders in force on the day, for citizens in the viewer's sight."""
    query = select(service_orders).where(service_orders.c.team_id == team_id, _valid_on(on))
    return _found(session, viewer, query.where(_sighted(viewer, on)), what="orders_in_force")


def citizens_helped(session: Session, team_id: TeamId, period: Period) -> list[CitizenId]:
    """Whose orders at the team touch the period. Only for callers in this room who sum over them and name nobody."""
    query = select(service_orders.c.citizen_id).where(service_orders.c.team_id == team_id)
    query = query.where(service_orders.c.valid.op("&&")(cast(period, Days))).distinct()
    return list(session.scalars(query.order_by(service_orders.c.citizen_id)))


def orders_of(
    session: Session, viewer: Viewer, *, citizens: Collection[CitizenId], period: Period | None = None
) -> list[ServiceOrder]:
    """The citizens' orders, oldest first; those touching `period` when one is given."""
    query = select(service_orders).where(service_orders.c.citizen_id.in_(citizens), _sighted(viewer, None))
    if period is not None:
        query = query.where(service_orders.c.valid.op("&&")(cast(period, Days)))
    return _found(session, viewer, query, what="orders_of")


def order(session: Session, viewer: Viewer, order_id: OrderId) -> ServiceOrder:
    """One order, or `NotFound`."""
    query = select(service_orders).where(service_orders.c.id == order_id, _sighted(viewer, None))
    found = _found(session, viewer, query, what="order")
    if not found:
        raise NotFound(what="order")
    return found[0]


def orders_of_team(session: Session, viewer: Viewer, *, team_id: TeamId) -> list[ServiceOrder]:
    """The team's orders that are in force or to come, soonest first; `NotFound` unless the team is the viewer's."""
    check_team(viewer, team_id)
    query = select(service_orders).where(service_orders.c.team_id == team_id)
    return _found(session, viewer, query.where(~_over_before(viewer.today)), what="orders_of_team")


def order_at_team(session: Session, viewer: Viewer, order_id: OrderId, *, lock: bool = False) -> ServiceOrder:
    """One order at the viewer's own team, in force, to come or ended; `lock` holds it until the transaction ends."""
    query = select(service_orders).where(service_orders.c.id == order_id)
    found = _found(session, viewer, query.with_for_update() if lock else query, what="order_at_team")
    if not found:
        raise NotFound(what="order")
    check_team(viewer, found[0].team_id)
    return found[0]


def _over_before(on: date) -> ColumnElement[bool]:
    return service_orders.c.valid.op("<<")(cast(Period(on), Days))


def _valid_on(on: date) -> ColumnElement[bool]:
    return service_orders.c.valid.op("@>")(cast(on, Date))


def _sighted(viewer: Viewer, on: date | None) -> ColumnElement[bool]:
    return service_orders.c.citizen_id.in_(in_sight(viewer, Subject.CARE, on=on))


def _found(session: Session, viewer: Viewer, query: Select[Any], *, what: str) -> list[ServiceOrder]:
    rows = session.execute(query.order_by(service_orders.c.valid, service_orders.c.id))
    found = [_order(row) for row in rows]
    audit.record(session, viewer, Subject.CARE, what=what, citizens=[row.citizen_id for row in found])
    return found


def _values(row: ServiceOrder) -> dict[str, object]:
    return {
        "id": row.id,
        "decision_id": row.decision_id,
        "citizen_id": row.citizen_id,
        "kind": row.kind,
        "provider_id": row.provider_id,
        "team_id": row.team_id,
        "state": row.state,
        "valid": row.valid,
        "succeeds": row.succeeds,
        "version": row.version,
        "sent_on": row.sent_on,
        "acknowledged_on": row.acknowledged_on,
        "commenced_on": row.commenced_on,
    }


def _order(row: Row[Any]) -> ServiceOrder:
    return ServiceOrder(
        id=row.id,
        decision_id=row.decision_id,
        citizen_id=row.citizen_id,
        kind=row.kind,
        provider_id=row.provider_id,
        team_id=row.team_id,
        state=row.state,
        valid=row.valid,
        succeeds=row.succeeds,
        version=row.version,
        sent_on=row.sent_on,
        acknowledged_on=row.acknowledged_on,
        commenced_on=row.commenced_on,
    )
