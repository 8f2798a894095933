"""Visit templates (besöksmallar): the recurring visits of a care plan, in local time."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from visits.errors import Invalid
from visits.terms import ServiceCode, Skill, VisitTemplateId


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
    week of the plan's first day. With `times` it comes only that often in such a week: on which of the weekdays is chosen by the
    fortnight's plan, with at least `min_days_between` days from one to the next (2: never on days in a row). `after` names an
    earlier visit of the same day that must have started `min_gap_minutes` before.
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
    times: int | None = None
    min_days_between: int = 1

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
        if self.min_days_between < 1:
            raise Invalid(field="min_days_between", value=self.min_days_between, why="must be at least one day")
        if self.times is not None and not 1 <= self.times <= self._most_times:
            why = f"must be 1 to {self._most_times}: so many of the weekdays lie far enough apart"
            raise Invalid(field="times", value=self.times, why=why)

    @property
    def is_movable(self) -> bool:
        """Whether the day is for the fortnight's plan to choose."""
        return self.times is not None

    @property
    def times_a_week(self) -> int:
        """How often it comes in a week of its rhythm."""
        return len(self.weekdays) if self.times is None else self.times

    @property
    def _most_times(self) -> int:
        """How many of the weekdays lie at least `min_days_between` from each other, one week like the next."""
        most = 0
        for first in self.weekdays:
            taken = [first]
            for day in sorted(self.weekdays):
                if day >= taken[-1] + self.min_days_between and first + 7 >= day + self.min_days_between:
                    taken.append(day)
            most = max(most, len(taken))
        return most
