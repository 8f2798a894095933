"""Visit demands: care plans times days. The only place where a local wish becomes an instant."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from visits.granted.care_plans import Priority
from visits.terms import CitizenId, OrderId, ServiceCode, Skill, TeamId, VisitId, VisitTemplateId

VISIT_NAMESPACE = UUID("6f1b6c1e-3c0f-5c55-9d5b-7c2f4f0a1d10")


def visit_id(template_id: VisitTemplateId, on: date) -> VisitId:
    """The visit that a template asks for on a day has the same id however often the day is planned."""
    return VisitId(uuid5(VISIT_NAMESPACE, f"{template_id}/{on.isoformat()}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDemand:
    """A visit that is due on a day, before anybody has been chosen to make it.

    It must start within `[earliest_at, latest_at]` and should within `[wish_earliest_at, wish_latest_at]`.
    """

    visit_id: VisitId
    template_id: VisitTemplateId
    citizen_id: CitizenId
    order_id: OrderId
    team_id: TeamId
    on: date
    codes: tuple[ServiceCode, ...]
    instructions: str
    earliest_at: datetime
    latest_at: datetime
    wish_earliest_at: datetime
    wish_latest_at: datetime
    minutes: int
    staff_required: int
    skills: frozenset[Skill]
    priority: Priority
    after: VisitId | None = None
    min_gap_minutes: int = 0

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)
