"""Decisions that nobody has begun to carry out (ej verkställda beslut).

A favourable decision applies at once. One that is not carried out within three months is reported to the authority (IVO) every
quarter; the municipality is warned before (domain reference 2.1 and 11, rule 4).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from visits.granted.decisions import Decision
from visits.granted.orders import ServiceOrder

WARN_AFTER_DAYS = 60
REPORT_AFTER_DAYS = 90


class Delay(StrEnum):
    """Why help has not begun, as far as the orders tell."""

    NOT_ORDERED = "not_ordered"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NOT_COMMENCED = "not_commenced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexecuted:
    """A decision that nobody has begun; `days` since it was made. `order` is the newest one, None where there is none."""

    decision: Decision
    order: ServiceOrder | None
    days: int

    @property
    def is_reported(self) -> bool:
        """Whether it stands on the list that goes to the authority."""
        return self.days >= REPORT_AFTER_DAYS

    @property
    def delay(self) -> Delay:
        if self.order is None:
            return Delay.NOT_ORDERED
        return Delay.NOT_ACKNOWLEDGED if self.order.acknowledged_on is None else Delay.NOT_COMMENCED


def unexecuted(decisions: Collection[Decision], orders: Collection[ServiceOrder], *, today: date) -> list[Unexecuted]:
    """Of the decisions that have not run out: those not begun 60 days after they were made, the oldest first."""
    found = []
    for decision in decisions:
        own = sorted(
            (order for order in orders if order.decision_id == decision.id), key=lambda order: order.valid.first_on
        )
        days = (today - decision.decided_on).days
        is_over = decision.valid.last_on is not None and decision.valid.last_on < today
        if days < WARN_AFTER_DAYS or is_over or any(order.has_begun for order in own):
            continue
        found.append(Unexecuted(decision=decision, order=own[-1] if own else None, days=days))
    return sorted(found, key=lambda late: (-late.days, late.decision.id))
