"""Decisions (beslut) and the services they grant, in the unit in which they were decided."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from visits.errors import Invalid
from visits.terms import (
    CaseOfficerId,
    CitizenId,
    DecisionId,
    GrantedServiceId,
    Period,
    ServiceCode,
    ServiceKind,
)


class Per(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


DAYS_PER: dict[Per, Fraction] = {Per.DAY: Fraction(1), Per.WEEK: Fraction(7), Per.MONTH: Fraction(304, 10)}
"""How many days each unit counts: a month is 30.4 (domain reference 2.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Granted time as it was decided: `occasions` times `minutes`, per day, week or month."""

    minutes: int
    occasions: int
    per: Per

    def __post_init__(self) -> None:
        if self.minutes <= 0:
            raise Invalid(field="minutes", value=self.minutes, why="granted minutes must be more than none")
        if self.occasions <= 0:
            raise Invalid(field="occasions", value=self.occasions, why="there must be at least one occasion")

    def over(self, days: int) -> Fraction:
        """Granted minutes over so many days, exactly; rounding is for whoever shows it."""
        return Fraction(self.minutes * self.occasions * days) / DAYS_PER[self.per]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedService:
    """One line of a decision. Double staffing is an attribute: it is counted once for the citizen, twice for staff."""

    id: GrantedServiceId
    code: ServiceCode
    amount: Amount
    staff_required: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A favourable decision under 11 kap. 1 § socialtjänstlagen (2025:400), with what it grants and for how long."""

    id: DecisionId
    citizen_id: CitizenId
    case_officer_id: CaseOfficerId
    kind: ServiceKind
    decided_on: date
    valid: Period
    services: tuple[GrantedService, ...]

    def granted_minutes(self, period: Period) -> Fraction:
        """Minutes granted within `period`, which must be closed."""
        shared = self.valid.within(period)
        if shared is None:
            return Fraction(0)
        return sum((service.amount.over(shared.days) for service in self.services), start=Fraction(0))
