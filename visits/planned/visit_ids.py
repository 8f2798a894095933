"""Which visit it is: known before anybody plans it, and the same however often the day is planned."""

from datetime import date
from uuid import UUID, uuid5

from visits.terms import VisitId, VisitTemplateId

VISIT_NAMESPACE = UUID("6f1b6c1e-3c0f-5c55-9d5b-7c2f4f0a1d10")


def visit_id(template_id: VisitTemplateId, on: date) -> VisitId:
    """The visit that a template asks for on a day."""
    return VisitId(uuid5(VISIT_NAMESPACE, f"{template_id}/{on.isoformat()}"))
