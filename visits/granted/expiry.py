"""Decisions that run out: somebody must look at the need again in time (domain reference 11, rule 2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from visits.granted.decisions import Decision

WARN_WITHIN_DAYS = (7, 30, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """A decision that nothing follows. `days_left` are the days after today on which it is still in force: 0 on its last."""

    decision: Decision
    days_left: int

    @property
    def within_days(self) -> int:
        """The narrowest of the three warnings."""
        return next(days for days in WARN_WITHIN_DAYS if self.days_left <= days)


def expiries(decisions: Collection[Decision], *, today: date) -> list[Expiry]:
    """Those in force that end within 90 days without another for the same service after them, soonest first."""
    found = []
    for decision in decisions:
        last_on = decision.valid.last_on
        if last_on is None or today not in decision.valid or _is_followed(decision, decisions):
            continue
        days_left = (last_on - today).days
        if days_left <= WARN_WITHIN_DAYS[-1]:
            found.append(Expiry(decision=decision, days_left=days_left))
    return sorted(found, key=lambda expiry: (expiry.days_left, expiry.decision.id))


def _is_followed(decision: Decision, decisions: Collection[Decision]) -> bool:
    last_on = decision.valid.last_on
    return last_on is not None and any(
        other.citizen_id == decision.citizen_id
        and other.kind is decision.kind
        and (other.valid.last_on is None or other.valid.last_on > last_on)
        for other in decisions
    )
