"""Close the months whose day has come: from then on what is told of them is seen to have come later."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.performed.months import ClosedMonth, months_due
from visits.performed.time_rules import TimeRules
from visits.store import months


def close_months(session: Session, *, rules: TimeRules, now: datetime) -> list[ClosedMonth]:
    """Close every month that is due, from that of the oldest visit on; those newly closed are returned. Touches nobody's data."""
    first_on = months.first_day(session)
    if first_on is None:
        return []
    due = months_due(first_on, closed=months.closed(session), rules=rules, now=now)
    months.close(session, due)
    return due
