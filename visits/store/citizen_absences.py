"""When citizens are away from home: their visits are not due then."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Table, Uuid, cast, delete, insert, select, update
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Session

from visits.planned.register import CitizenAbsence
from visits.store.base import Base
from visits.store.columns import Days, among, words
from visits.terms import AbsenceReason, CitizenId, Period

citizen_absences = Table(
    "citizen_absences",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("period", Days, nullable=False),
    Column("reason", words(AbsenceReason), nullable=False),
    ExcludeConstraint(("citizen_id", "="), ("period", "&&"), name="ex_citizen_absences_one_at_a_time", using="gist"),
)


def add(session: Session, absence_id: UUID, citizen_id: CitizenId, period: Period, *, reason: AbsenceReason) -> None:
    values = {"id": absence_id, "citizen_id": citizen_id, "period": period, "reason": reason}
    session.execute(insert(citizen_absences).values(**values))


def end_before(session: Session, absence: CitizenAbsence, first_on: date) -> None:
    """Let an absence end the day before `first_on`; one that would then never have been is taken away."""
    mine = citizen_absences.c.id == absence.id
    if first_on <= absence.period.first_on:
        session.execute(delete(citizen_absences).where(mine))
        return
    kept = Period(absence.period.first_on, first_on - timedelta(days=1))
    session.execute(update(citizen_absences).where(mine).values(period=kept))


def remove(session: Session, citizen_id: CitizenId, period: Period) -> None:
    """The citizen is at home after all."""
    known = (citizen_absences.c.citizen_id == citizen_id) & (citizen_absences.c.period == period)
    session.execute(delete(citizen_absences).where(known))


def away_on(session: Session, citizens: Collection[CitizenId], on: date) -> frozenset[CitizenId]:
    """Which of these citizens are away on the day: a fact for planning, told to nobody."""
    query = select(citizen_absences.c.citizen_id).where(among(citizen_absences.c.citizen_id, citizens))
    return frozenset(session.scalars(query.where(citizen_absences.c.period.op("@>")(cast(on, Date)))))


def absences_in(session: Session, citizens: Collection[CitizenId], period: Period) -> list[CitizenAbsence]:
    """The absences of these citizens that touch the period. Only for callers who have asked `sight` and leave the audit entry."""
    query = select(citizen_absences).where(among(citizen_absences.c.citizen_id, citizens))
    rows = session.execute(query.where(citizen_absences.c.period.op("&&")(cast(period, Days))))
    return [CitizenAbsence(id=row.id, citizen_id=row.citizen_id, period=row.period, reason=row.reason) for row in rows]
