"""The fortnight of a team: all that planning it needs to know, and the days that were chosen in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from visits.granted.care_plans import CarePlan, in_force
from visits.granted.decisions import Decision
from visits.granted.orders import ServiceOrder
from visits.granted.visit_templates import VisitTemplate
from visits.planned.due_days import Chosen, is_due, monday
from visits.planned.staffing import StaffedShift
from visits.terms import CarerId, CitizenId, OrderId, Period, TeamId, VisitTemplateId

FORTNIGHT_DAYS = 14


class Shortage(StrEnum):
    """Why a visit that the plan asks for does not come in a week."""

    AWAY = "away"
    """The citizen is away on the days on which it could come."""
    FRAME = "frame"
    """It would go beyond what is granted, and nobody has explained why it should."""
    NO_DAY = "no_day"
    """No day lies far enough from the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenWeek:
    """On which days of a week a template is to come, and how often less than the plan asks, by reason."""

    template_id: VisitTemplateId
    week_on: date
    days: frozenset[date]
    left_out: Mapping[Shortage, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One order with its decision and every version of its care plan."""

    order: ServiceOrder
    decision: Decision
    plans: tuple[CarePlan, ...]

    def plan_on(self, on: date) -> CarePlan | None:
        """The plan that holds on the day, if the order is in force and has one."""
        return in_force(self.plans, on=on).get(self.order.id) if self.order.in_force(on) else None

    def due_on(self, on: date, chosen: Chosen) -> list[VisitTemplate]:
        """What the plan that holds on the day asks for on it, whether the citizen is at home or not."""
        plan = self.plan_on(on)
        if plan is None:
            return []
        return [template for template in plan.templates if is_due(plan, template, on=on, chosen=chosen)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fortnight:
    """Fourteen days of one team from `first_on`.

    `settled` are days whose visits stand: over, or published. `chosen` says what earlier plans have chosen, also in the weeks
    around. `usual` are the carers whom each citizen knows. `staffing` holds who works on each day.
    """

    team_id: TeamId
    first_on: date
    cases: tuple[Case, ...]
    staffing: Mapping[date, tuple[StaffedShift, ...]]
    away: Mapping[CitizenId, tuple[Period, ...]] = field(default_factory=dict)
    usual: Mapping[CitizenId, frozenset[CarerId]] = field(default_factory=dict)
    chosen: Chosen = field(default_factory=dict)
    settled: frozenset[date] = frozenset()

    @property
    def last_on(self) -> date:
        return self.first_on + timedelta(days=FORTNIGHT_DAYS - 1)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(Period(self.first_on, self.last_on))

    @property
    def whole_weeks(self) -> Period:
        """The fortnight with the rest of its first and its last week: days are chosen for whole weeks."""
        return Period(monday(self.first_on), monday(self.last_on) + timedelta(days=6))

    @property
    def by_order(self) -> Mapping[OrderId, Case]:
        return {case.order.id: case for case in self.cases}

    def is_away(self, citizen_id: CitizenId, on: date) -> bool:
        return any(on in period for period in self.away.get(citizen_id, ()))

    def stands(self, on: date) -> bool:
        """Whether the day's visits are no longer to be chosen."""
        return on < self.first_on or on in self.settled


def as_chosen(weeks: Iterable[ChosenWeek]) -> Chosen:
    """The days by template and week."""
    return {(week.template_id, week.week_on): week.days for week in weeks}
