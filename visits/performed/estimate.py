"""When the next visits will really begin, and how that is said to the citizen: as an interval, never as a promise."""

from datetime import UTC, datetime, timedelta

TOLD_MARGIN = timedelta(minutes=15)
"""How much earlier or later than estimated a visit may begin without anybody having been told wrongly."""
_TOLD_STEP = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def told_interval(start_at: datetime) -> tuple[datetime, datetime]:
    """What the citizen is told about a visit expected at `start_at`: from and to, rounded outward to whole five minutes."""
    from_at = start_at.astimezone(UTC) - TOLD_MARGIN
    to_at = start_at.astimezone(UTC) + TOLD_MARGIN
    return from_at - (from_at - _EPOCH) % _TOLD_STEP, to_at + (_EPOCH - to_at) % _TOLD_STEP
