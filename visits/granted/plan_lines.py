"""A care plan against its order, line by line: planned minutes stay within what is granted, or somebody explains why they do not.

(Domain reference 11, rule 5.) Both sides are minutes a week, for the citizen: two carers at once count once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from visits.granted.care_plans import CarePlan
from visits.granted.decisions import DecidedAs, Decision, GrantedService, Per
from visits.granted.visit_templates import VisitTemplate
from visits.terms import GrantedServiceId, ServiceCode

WEEKS_PLANNED_AS: Mapping[Per, int] = {Per.MONTH: 4, Per.YEAR: 52}
"""A plan knows weeks only: what is granted once a month recurs in it every fourth week, thirteen times a year."""


class LineFinding(StrEnum):
    WITHIN = "within"
    UNUSED = "unused"
    """Granted, but no visit gives it."""
    BEYOND = "beyond"
    """More minutes than are granted."""
    NOT_GRANTED = "not_granted"
    """Help that is not in the decision at all."""
    STAFF_NOT_GRANTED = "staff_not_granted"
    """Two carers come where one is granted."""


NEEDS_WORDS = frozenset({LineFinding.BEYOND, LineFinding.NOT_GRANTED, LineFinding.STAFF_NOT_GRANTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One line of the decision, or help that has none (`service` None), with what the plan holds of it, a week."""

    code: ServiceCode
    service: GrantedService | None
    granted_weekly: Fraction
    planned_weekly: Fraction
    finding: LineFinding
    why: str = ""

    @property
    def lacks_words(self) -> bool:
        """Whether the plan goes beyond the order here and nobody has said why."""
        return self.finding in NEEDS_WORDS and not self.why


def plan_lines(plan: CarePlan, decision: Decision) -> list[PlanLine]:
    """Every line of the decision, in its order, and then the help that the plan holds besides.

    A visit that gives several kinds of help fills its first line, then the next; what no line has room for is its first line's.
    """
    tally = _Tally(decision)
    for template in sorted(plan.templates, key=lambda each: (len(each.codes), each.earliest, each.id)):
        tally.take(template)
    said = {explained.code: explained.why for explained in plan.explanations}
    return [_granted_line(service, tally, said) for service in decision.services] + [
        PlanLine(
            code=code,
            service=None,
            granted_weekly=Fraction(0),
            planned_weekly=minutes,
            finding=LineFinding.NOT_GRANTED,
            why=said.get(code, ""),
        )
        for code, minutes in tally.besides.items()
    ]


def unexplained(lines: Iterable[PlanLine]) -> list[PlanLine]:
    """The lines on which somebody must still say why."""
    return [line for line in lines if line.lacks_words]


class _Tally:
    """What the plan's visits take from each line of the decision, in minutes a week."""

    def __init__(self, decision: Decision) -> None:
        self._decision = decision
        self.room = {service.id: _granted_weekly(service) for service in decision.services}
        self.planned = {service.id: Fraction(0) for service in decision.services}
        self.doubled: set[GrantedServiceId] = set()
        self.besides: dict[ServiceCode, Fraction] = {}

    def take(self, template: VisitTemplate) -> None:
        minutes = _weekly_minutes(template, carried_over=self._decision.is_carried_over)
        lines = _lines_for(template, self._decision.services)
        if not lines:
            self.besides[template.codes[0]] = self.besides.get(template.codes[0], Fraction(0)) + minutes
            return
        if template.staff_required > max(line.staff_required for line in lines):
            self.doubled.add(lines[0].id)
        for line in lines:
            taken = min(minutes, max(Fraction(0), self.room[line.id] - self.planned[line.id]))
            self.planned[line.id] += taken
            minutes -= taken
        self.planned[lines[0].id] += minutes


def _granted_line(service: GrantedService, tally: _Tally, said: Mapping[ServiceCode, str]) -> PlanLine:
    planned, granted = tally.planned[service.id], tally.room[service.id]
    if planned > granted:
        finding = LineFinding.BEYOND
    elif service.id in tally.doubled:
        finding = LineFinding.STAFF_NOT_GRANTED
    else:
        finding = LineFinding.WITHIN if planned else LineFinding.UNUSED
    return PlanLine(
        code=service.code,
        service=service,
        granted_weekly=granted,
        planned_weekly=planned,
        finding=finding,
        why=said.get(service.code, ""),
    )


def _lines_for(template: VisitTemplate, services: Iterable[GrantedService]) -> list[GrantedService]:
    """The lines from which the visit may take its time, that of its first help first."""
    found = [(code, service) for code in template.codes for service in services if code in service.codes]
    return list({service.id: service for _, service in found}.values())


def _weekly_minutes(template: VisitTemplate, *, carried_over: bool) -> Fraction:
    """Minutes in a week on the average; in the fullest week where a week's time must be used in that week."""
    weekly = Fraction(template.minutes * template.times_a_week)
    return weekly / template.every_weeks if carried_over else weekly


def _granted_weekly(service: GrantedService) -> Fraction:
    amount = service.amount
    weeks = WEEKS_PLANNED_AS.get(amount.per) if amount.decided_as is DecidedAs.OCCASIONS else None
    whole = amount.over(7) if weeks is None else Fraction(amount.minutes * amount.occasions, weeks * amount.every)
    return whole * service.share
