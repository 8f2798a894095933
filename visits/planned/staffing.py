"""Staffing: who works when, with which breaks, and what each carer may be sent to on the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from visits.errors import Invalid
from visits.people import Carer, HealthDelegation
from visits.terms import CarerId, ShiftId, Skill, Title, local_day


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRule:
    """A break (rast) of `minutes` that must begin within `[earliest_at, latest_at]` (arbetstidslagen 15 §: after at most 5 h)."""

    earliest_at: datetime
    latest_at: datetime
    minutes: int

    def __post_init__(self) -> None:
        if self.latest_at < self.earliest_at:
            raise Invalid(field="latest_at", value=self.latest_at, why=f"lies before earliest_at {self.earliest_at}")
        if self.minutes <= 0:
            raise Invalid(field="minutes", value=self.minutes, why="a break takes time")

    def as_json(self) -> dict[str, object]:
        return {
            "earliest_at": self.earliest_at.isoformat(),
            "latest_at": self.latest_at.isoformat(),
            "minutes": self.minutes,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, str | int]) -> Self:
        return cls(
            earliest_at=datetime.fromisoformat(str(stored["earliest_at"])),
            latest_at=datetime.fromisoformat(str(stored["latest_at"])),
            minutes=int(stored["minutes"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A carer's working time on a day, `[start_at, end_at)`; it belongs to the day on which it begins."""

    id: ShiftId
    carer_id: CarerId
    on: date
    start_at: datetime
    end_at: datetime
    breaks: tuple[BreakRule, ...] = ()

    def __post_init__(self) -> None:
        if self.end_at <= self.start_at:
            raise Invalid(field="end_at", value=self.end_at, why=f"a shift ends after it has begun ({self.start_at})")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffedShift:
    """A shift with whoever works it, and the skills that hold on that day."""

    shift: Shift
    carer: Carer
    skills: frozenset[Skill]


def staffed(
    shifts: Iterable[Shift],
    *,
    carers: Mapping[CarerId, Carer],
    delegations: Iterable[HealthDelegation],
    absent: frozenset[CarerId],
) -> tuple[StaffedShift, ...]:
    """The shifts that are really worked on their day: absent carers left out, expired delegations without effect.

    In a shift that goes on past midnight a delegation counts that still holds when it ends.
    """
    delegated = tuple(delegations)
    return tuple(
        StaffedShift(
            shift=shift,
            carer=carers[shift.carer_id],
            skills=skills_of(carers[shift.carer_id], delegated, on=shift.on, until=local_day(shift.end_at)),
        )
        for shift in shifts
        if shift.carer_id not in absent
    )


def skills_of(
    carer: Carer, delegations: Iterable[HealthDelegation], *, on: date, until: date | None = None
) -> frozenset[Skill]:
    """What the carer may be sent to: by title, by a delegation valid from the day to `until`, and by health."""
    skills = set()
    if carer.title is Title.ASSISTANT_NURSE:
        skills.add(Skill.ASSISTANT_NURSE)
    if carer.title is Title.HOUSING_SUPPORT_WORKER:
        skills.add(Skill.HOUSING_SUPPORT)
    if carer.can_lift:
        skills.add(Skill.LIFT)
    own = [delegation.valid for delegation in delegations if delegation.carer_id == carer.id]
    if all(any(day in valid for valid in own) for day in (on, until or on)):
        skills.add(Skill.DELEGATION)
    return frozenset(skills)
