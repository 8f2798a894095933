"""Care plans (genomförandeplaner): how, when and by whom the order is carried out, agreed with the citizen."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from visits.errors import Invalid
from visits.terms import CarePlanId, CitizenId, OrderId, ServiceCode, Skill, VisitTemplateId


class CarePlanState(StrEnum):
    """A plan may be preliminary first, and is completed as knowledge of the person grows."""

    PRELIMINARY = "preliminary"
    ACTIVE = "active"
    SUPERSEDED = "superseded"


class Priority(StrEnum):
    """What may wait when not everything fits."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTemplate:
    """A recurring visit (besöksmall), in local time.

    The visit must *start* within `[earliest, latest]` and should start within `[wish_earliest, wish_latest]`. A `latest` before
    `earliest` lies on the next day (night visits). It comes on `weekdays` (0 is Monday), every `every_weeks` week counted from the
    week of the plan's first day. `after` names an earlier visit of the same day that must have started `min_gap_minutes` before.
    """

    id: VisitTemplateId
    codes: tuple[ServiceCode, ...]
    instructions: str
    weekdays: frozenset[int]
    earliest: time
    latest: time
    wish_earliest: time
    wish_latest: time
    minutes: int
    staff_required: int = 1
    skills: frozenset[Skill] = frozenset()
    priority: Priority = Priority.MUST
    every_weeks: int = 1
    after: VisitTemplateId | None = None
    min_gap_minutes: int = 0

    def __post_init__(self) -> None:
        if not self.codes:
            raise Invalid(field="codes", value=self.codes, why="a visit must say what help it gives")
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise Invalid(field="weekdays", value=sorted(self.weekdays), why="must be days 0 (Monday) to 6")
        if self.minutes <= 0:
            raise Invalid(field="minutes", value=self.minutes, why="a visit takes time")
        if self.staff_required not in {1, 2}:
            raise Invalid(field="staff_required", value=self.staff_required, why="one or two carers come")
        if self.every_weeks < 1:
            raise Invalid(field="every_weeks", value=self.every_weeks, why="must be at least every week")


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePlan:
    """One version of a citizen's plan under one order."""

    id: CarePlanId
    order_id: OrderId
    citizen_id: CitizenId
    version: int
    state: CarePlanState
    from_on: date
    templates: tuple[VisitTemplate, ...]
