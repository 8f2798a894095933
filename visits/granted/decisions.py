"""Decisions (beslut) and the services they grant, in the unit in which they were decided.

Granted time is the citizen's own: travel, documentation and planning are never taken from it, whoever gives the help (domain
reference 2.4, boendestöd 2.5). This is the one place where a granted unit becomes minutes of a period.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from visits.errors import Invalid, Refused
from visits.granted.catalogue import Category, category
from visits.terms import (
    CaseOfficerId,
    CitizenId,
    DecisionId,
    GrantedServiceId,
    Period,
    ServiceCode,
    ServiceKind,
    check_text,
)

OPEN_ENDED = frozenset({ServiceCode.ALARM_VISIT})
"""What is granted until further notice where the municipality says nothing else."""


class Per(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


DAYS_PER: dict[Per, Fraction] = {
    Per.DAY: Fraction(1),
    Per.WEEK: Fraction(7),
    Per.MONTH: Fraction(304, 10),
    Per.YEAR: 12 * Fraction(304, 10),
}
"""How many days each unit counts: a month is 30.4 (domain reference 2.2), a year twelve such months."""


class DecidedAs(StrEnum):
    """In which words the time was decided; it is always shown in them."""

    OCCASIONS = "occasions"
    """So many minutes each time, so often."""
    HOURS = "hours"
    """Hours a month, or a week."""
    MINUTES = "minutes"
    """Minutes a week."""
    FRAME = "frame"
    """Frame time (ramtid): a purpose and a frame; how and when is set in the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Granted time as it was decided: `occasions` times `minutes`, per day, week, month or year, or every `every` of them.

    Decided otherwise than by occasions, `minutes` is the whole of the day, week or month.
    """

    minutes: int
    per: Per
    occasions: int = 1
    every: int = 1
    decided_as: DecidedAs = DecidedAs.OCCASIONS

    def __post_init__(self) -> None:
        if self.minutes <= 0:
            raise Invalid(field="minutes", value=self.minutes, why="granted minutes must be more than none")
        if self.occasions <= 0:
            raise Invalid(field="occasions", value=self.occasions, why="there must be at least one occasion")
        if self.every <= 0:
            raise Invalid(field="every", value=self.every, why="must be at least every one")
        if self.decided_as is not DecidedAs.OCCASIONS and (self.occasions, self.every) != (1, 1):
            raise Invalid(field="occasions", value=self.occasions, why=f"{self.decided_as.value} has no occasions")

    def over(self, days: int) -> Fraction:
        """Granted minutes over so many days, exactly; rounding is for whoever shows it."""
        return Fraction(self.minutes * self.occasions * days) / (DAYS_PER[self.per] * self.every)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedService:
    """One line of a decision. `also` is further help for which the same time may be used.

    Double staffing is an attribute: it is counted once for the citizen, twice for staff. A household service may be shared with
    whoever lives there too (`shared_with`): both decisions hold the whole line, and each counts half of it, so that the household
    gets it once (docs/decisions/0011).
    """

    id: GrantedServiceId
    code: ServiceCode
    amount: Amount
    staff_required: int = 1
    also: tuple[ServiceCode, ...] = ()
    shared_with: CitizenId | None = None

    def __post_init__(self) -> None:
        if self.staff_required not in {1, 2}:
            raise Invalid(field="staff_required", value=self.staff_required, why="one or two carers come")
        if len(set(self.codes)) != len(self.codes):
            raise Invalid(field="also", value=[code.value for code in self.also], why="names the same help twice")
        if self.shared_with is not None and any(category(code) is not Category.HOUSEHOLD for code in self.codes):
            raise Invalid(field="shared_with", value=self.code.value, why="only household services can be shared")

    @property
    def codes(self) -> tuple[ServiceCode, ...]:
        return (self.code, *self.also)

    @property
    def share(self) -> Fraction:
        """How much of the line is this citizen's."""
        return Fraction(1) if self.shared_with is None else Fraction(1, 2)

    def over(self, days: int) -> Fraction:
        """The citizen's minutes over so many days."""
        return self.amount.over(days) * self.share


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
    purpose: str = ""

    def __post_init__(self) -> None:
        check_text(self.purpose, field="purpose", at_most=2000)
        if any(service.shared_with == self.citizen_id for service in self.services):
            raise Invalid(field="shared_with", value=self.citizen_id, why="a service is shared with somebody else")

    @property
    def is_carried_over(self) -> bool:
        """Whether what one week leaves unused may be used in another; housing support is granted week by week."""
        return self.kind is not ServiceKind.HOUSING_SUPPORT

    def granted_minutes(self, period: Period) -> Fraction:
        """Minutes granted to the citizen within `period`, which must be closed; a part of a week counts by its days."""
        return self._over(period, [service.over(1) for service in self.services])

    def staff_minutes(self, period: Period) -> Fraction:
        """Minutes that staff need for what is granted: twice where two come."""
        return self._over(period, [service.over(1) * service.staff_required for service in self.services])

    def frames(self, period: Period) -> Iterator[Period]:
        """The stretches of a closed `period` within which what is granted is used: each calendar week of housing support.

        What a frame leaves unused is gone with it: no other frame of the decision grows by it.
        """
        shared = self.valid.within(period)
        if shared is None:
            return
        if self.is_carried_over:
            yield shared
            return
        on = shared.first_on
        while shared.last_on is not None and on <= shared.last_on:
            sunday = on + timedelta(days=6 - on.weekday())
            yield Period(on, min(sunday, shared.last_on))
            on = sunday + timedelta(days=1)

    def _over(self, period: Period, daily: list[Fraction]) -> Fraction:
        shared = self.valid.within(period)
        return Fraction(0) if shared is None else sum(daily, start=Fraction(0)) * shared.days


def check_time_limited(decision: Decision, *, open_ended: Collection[ServiceCode]) -> None:
    """A decision has a last day (domain reference 11, rule 2), unless all it grants may be granted until further notice."""
    codes = {code for service in decision.services for code in service.codes}
    if decision.valid.last_on is None and not (codes and codes <= set(open_ended)):
        limited = sorted(code.value for code in codes - set(open_ended))
        raise Refused(rule="decision_without_end", services=", ".join(limited))
