"""Shifts and the breaks in them. The database refuses two shifts of one carer at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Row, Table, Uuid, delete, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Session

from visits.planned.staffing import BreakRule, Shift
from visits.store.base import Base
from visits.store.carers import carers
from visits.store.columns import among
from visits.terms import CarerId, Period, ShiftId, TeamId, local_day

_AFTER_A_NIGHT = timedelta(hours=2)
"""Time to write down what was left, and to check out late."""

shifts = Table(
    "shifts",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("carer_id", ForeignKey("carers.id"), nullable=False, index=True),
    Column("on", Date, nullable=False, index=True),
    Column("during", TSTZRANGE, nullable=False),
    Column("breaks", JSONB, nullable=False),
    ExcludeConstraint(("carer_id", "="), ("during", "&&"), name="ex_shifts_one_at_a_time", using="gist"),
)


def add(session: Session, rows: Sequence[Shift]) -> None:
    if rows:
        session.execute(insert(shifts), [_values(row) for row in rows])


def remove(session: Session, keys: Collection[ShiftId]) -> int:
    """Take shifts away; how many there were of those named."""
    return len(session.scalars(delete(shifts).where(among(shifts.c.id, keys)).returning(shifts.c.id)).all())


def as_json(row: Shift) -> dict[str, Any]:
    """A shift as an import keeps it, so that it can be taken back."""
    return {
        "id": str(row.id),
        "carer_id": str(row.carer_id),
        "on": row.on.isoformat(),
        "start_at": row.start_at.isoformat(),
        "end_at": row.end_at.isoformat(),
        "breaks": [rule.as_json() for rule in row.breaks],
    }


def from_json(stored: Mapping[str, Any]) -> Shift:
    return Shift(
        id=ShiftId(UUID(stored["id"])),
        carer_id=CarerId(UUID(stored["carer_id"])),
        on=date.fromisoformat(stored["on"]),
        start_at=datetime.fromisoformat(stored["start_at"]),
        end_at=datetime.fromisoformat(stored["end_at"]),
        breaks=tuple(BreakRule.from_json(rule) for rule in stored["breaks"]),
    )


def shifts_on(session: Session, team_id: TeamId, on: date) -> list[Shift]:
    """The shifts of the team's carers that begin on the day, by start."""
    query = (
        select(shifts)
        .join(carers, carers.c.id == shifts.c.carer_id)
        .where(carers.c.team_id == team_id, shifts.c.on == on)
        .order_by(shifts.c.during, shifts.c.carer_id)
    )
    return [_shift(row) for row in session.execute(query)]


def shifts_of(session: Session, carer_id: CarerId, first_on: date, last_on: date) -> list[Shift]:
    query = select(shifts).where(shifts.c.carer_id == carer_id, shifts.c.on.between(first_on, last_on))
    return [_shift(row) for row in session.execute(query.order_by(shifts.c.during))]


def shifts_of_team(session: Session, team_id: TeamId, first_on: date, last_on: date) -> list[Shift]:
    """The shifts of the team's carers that begin between two days, both included, by start."""
    query = select(shifts).join(carers, carers.c.id == shifts.c.carer_id)
    query = query.where(carers.c.team_id == team_id, shifts.c.on.between(first_on, last_on))
    return [_shift(row) for row in session.execute(query.order_by(shifts.c.during, shifts.c.carer_id))]


def rostered_days(session: Session) -> Period | None:
    """From the first to the last day on which anybody has a shift; None when nobody has."""
    first_on, last_on = session.execute(select(func.min(shifts.c.on), func.max(shifts.c.on))).one()
    return None if first_on is None else Period(first_on, last_on)


def working_day(session: Session, carer_id: CarerId, *, now: datetime) -> date:
    """The day that it is for a carer at `now`: in a night shift still the one on which it began, until two hours after it."""
    today = local_day(now)
    for shift in shifts_of(session, carer_id, today - timedelta(days=1), today - timedelta(days=1)):
        if local_day(shift.end_at) == today and now < shift.end_at + _AFTER_A_NIGHT:
            return shift.on
    return today


def _values(row: Shift) -> dict[str, object]:
    return {
        "id": row.id,
        "carer_id": row.carer_id,
        "on": row.on,
        "during": Range(row.start_at, row.end_at, bounds="[)"),
        "breaks": [rule.as_json() for rule in row.breaks],
    }


def _shift(row: Row[Any]) -> Shift:
    return Shift(
        id=row.id,
        carer_id=row.carer_id,
        on=row.on,
        start_at=row.during.lower,
        end_at=row.during.upper,
        breaks=tuple(BreakRule.from_json(item) for item in row.breaks),
    )
