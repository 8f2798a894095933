"""A visit and its states."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from visits.granted.visit_templates import Priority
from visits.planned.demands import VisitDemand
from visits.terms import CitizenId, OrderId, ServiceCode, Skill, TeamId, VisitId, VisitTemplateId


class VisitState(StrEnum):
    PLANNED = "planned"
    STARTED = "started"
    COMPLETED = "completed"
    NOBODY_HOME = "nobody_home"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    """By the citizen or because the citizen is away."""
    WITHDRAWN = "withdrawn"
    """No longer this provider's to make: the order has ended or the plan was changed."""

    @property
    def is_over(self) -> bool:
        return self not in {VisitState.PLANNED, VisitState.STARTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit on one day, as it was due when it was published. Who comes and when stands in the published schedule."""

    id: VisitId
    template_id: VisitTemplateId | None
    citizen_id: CitizenId
    order_id: OrderId
    team_id: TeamId
    on: date
    codes: tuple[ServiceCode, ...]
    instructions: str
    earliest_at: datetime
    latest_at: datetime
    minutes: int
    staff_required: int
    skills: frozenset[Skill]
    priority: Priority
    state: VisitState


def visit_due(demand: VisitDemand) -> Visit:
    """The visit that a demand asks for, before anything has happened to it."""
    return Visit(
        id=demand.visit_id,
        template_id=demand.template_id,
        citizen_id=demand.citizen_id,
        order_id=demand.order_id,
        team_id=demand.team_id,
        on=demand.on,
        codes=demand.codes,
        instructions=demand.instructions,
        earliest_at=demand.earliest_at,
        latest_at=demand.latest_at,
        minutes=demand.minutes,
        staff_required=demand.staff_required,
        skills=demand.skills,
        priority=demand.priority,
        state=VisitState.PLANNED,
    )
