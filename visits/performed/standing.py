"""How a visit stands at this moment, as whoever plans the day needs to see it."""

from datetime import datetime, timedelta
from enum import StrEnum

from visits.performed.estimate import TOLD_MARGIN
from visits.performed.visit import VisitState


class Standing(StrEnum):
    """The states of a visit, and the two that only the clock knows."""

    PLANNED = "planned"
    DELAYED = "delayed"
    """Expected to begin later than the citizen was told when the day was published."""
    LATE = "late"
    """Has not begun although the time that the citizen was told has passed."""
    STARTED = "started"
    COMPLETED = "completed"
    NOBODY_HOME = "nobody_home"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


def standing(state: VisitState, *, start_at: datetime, estimated_at: datetime | None, now: datetime) -> Standing:
    """How a visit stands that was to begin at `start_at` and, by reality so far, begins at `estimated_at` (None: as planned)."""
    if state is not VisitState.PLANNED:
        return Standing(state.value)
    if now - start_at > TOLD_MARGIN:
        return Standing.LATE
    if estimated_at is not None and estimated_at - start_at > TOLD_MARGIN:
        return Standing.DELAYED
    return Standing.PLANNED


def minutes_late(*, start_at: datetime, estimated_at: datetime | None, now: datetime) -> int:
    """By how many whole minutes a visit that has not begun is behind its published start, at least; never negative."""
    expected = max(now, estimated_at or start_at)
    return max(0, (expected - start_at) // timedelta(minutes=1))
