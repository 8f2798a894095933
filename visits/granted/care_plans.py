"""Care plans (genomförandeplaner): how, when and by whom the order is carried out, agreed with the citizen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from visits.granted.visit_templates import VisitTemplate
from visits.terms import CarePlanId, CitizenId, OrderId


class CarePlanState(StrEnum):
    """A plan may be preliminary first, and is completed as knowledge of the person grows."""

    PRELIMINARY = "preliminary"
    ACTIVE = "active"
    SUPERSEDED = "superseded"


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
