"""Deviations: where a visit did not go as it was published. What must be mended while it still can be comes first.

Deviations of time, not incidents: an incident (lex Sarah) is about harm, and goes another way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from visits.performed.attendance import Attendance
from visits.performed.checkins import Fact
from visits.performed.estimate import TOLD_MARGIN, told_interval
from visits.performed.folding import Performed
from visits.performed.performed_time import received_minutes
from visits.performed.time_rules import TimeRules
from visits.performed.visit import Visit, VisitState
from visits.terms import CarerId, VisitId

LATE = TOLD_MARGIN
"""Later than this is late: within it, nobody has been told wrongly (domain reference 4.3: on time is within 15 minutes)."""
VERY_LATE = 2 * TOLD_MARGIN
_FIFTH = 5
_SMALL = timedelta(minutes=5)
LEFT_OPEN = timedelta(minutes=60)
"""So long after its planned end a visit that nobody has checked out from is taken to be over, and the check-out forgotten."""


class DeviationKind(StrEnum):
    UNATTENDED = "unattended"
    """Nobody has come, and the latest start has passed by more than the municipality allows; it can still be made."""
    LATE_30 = "late_30"
    LATE_15 = "late_15"
    """Began, or is to begin, more than 30 or 15 minutes after the published start."""
    MISSED = "missed"
    """Nobody came, and its time is over."""
    SHORT = "short"
    LONG = "long"
    """By at least five minutes, and a fifth of what was planned."""
    NOT_CHECKED_OUT = "not_checked_out"
    """Somebody checked in and never out: it counts nothing until that is mended."""

    @property
    def can_be_mended(self) -> bool:
        """Whether something can still be done for the citizen, rather than for the record."""
        return self in {DeviationKind.UNATTENDED, DeviationKind.LATE_30, DeviationKind.LATE_15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """`minutes` says by how much: late, short or long by; since the latest start where nobody came; open for. Never negative.

    `is_open` as long as it is going on: nobody has come yet, or has not left. `carer_id` where it is one carer's.
    """

    kind: DeviationKind
    visit_id: VisitId
    minutes: int
    is_open: bool = False
    carer_id: CarerId | None = None

    @property
    def can_be_mended(self) -> bool:
        return self.is_open and self.kind.can_be_mended


def latest_start(visit: Visit, *, start_at: datetime) -> datetime:
    """When a visit published for `start_at` must have begun: at the end of what the citizen was told, and of the window."""
    return (
        min(visit.latest_at, told_interval(start_at)[1]) if visit.latest_at >= start_at else told_interval(start_at)[1]
    )


def unattended_at(visit: Visit, *, start_at: datetime, rules: TimeRules) -> datetime:
    """From when on a visit to which nobody has come is told as unattended."""
    return latest_start(visit, start_at=start_at) + rules.unattended_after


def deviations(
    visit: Visit, told: Performed, *, start_at: datetime, rules: TimeRules, now: datetime
) -> list[Deviation]:
    """How a visit published for `start_at` deviates at `now`; a visit that was moved is held against its new time."""
    due_at = told.moved_to or start_at
    if told.started_at is not None:
        return [*_late(visit, told.started_at - due_at), *_left_open(visit, told, now=now), *_length(visit, told)]
    if visit.state is not VisitState.PLANNED:
        return []
    if max(visit.latest_at, due_at) + timedelta(minutes=visit.minutes) <= now:
        return [Deviation(kind=DeviationKind.MISSED, visit_id=visit.id, minutes=_minutes(now - due_at))]
    if unattended_at(visit, start_at=due_at, rules=rules) <= now:
        since = _minutes(now - latest_start(visit, start_at=due_at))
        return [Deviation(kind=DeviationKind.UNATTENDED, visit_id=visit.id, minutes=since, is_open=True)]
    return _late(visit, now - due_at, is_open=True)


def next_deviation_at(
    visit: Visit, told: Performed, *, start_at: datetime, rules: TimeRules, now: datetime
) -> datetime | None:
    """When, if nothing happens, the next deviation of a visit to which nobody has come begins; None when none will."""
    if visit.state is not VisitState.PLANNED or told.started_at is not None:
        return None
    due_at = told.moved_to or start_at
    steps = [
        due_at + LATE,
        due_at + VERY_LATE,
        unattended_at(visit, start_at=due_at, rules=rules),
        max(visit.latest_at, due_at) + timedelta(minutes=visit.minutes),
    ]
    return min((at for at in steps if at > now), default=None)


def _late(visit: Visit, late: timedelta, *, is_open: bool = False) -> list[Deviation]:
    if late <= LATE:
        return []
    kind = DeviationKind.LATE_30 if late > VERY_LATE else DeviationKind.LATE_15
    return [Deviation(kind=kind, visit_id=visit.id, minutes=_minutes(late), is_open=is_open)]


def _left_open(visit: Visit, told: Performed, *, now: datetime) -> list[Deviation]:
    lasts = timedelta(minutes=visit.minutes)
    return [
        Deviation(
            kind=DeviationKind.NOT_CHECKED_OUT,
            visit_id=visit.id,
            minutes=_minutes(now - part.open_since),
            is_open=True,
            carer_id=part.carer_id,
        )
        for part in told.attendances
        if part.open_since is not None and part.open_since + lasts + LEFT_OPEN <= now
    ]


def _length(visit: Visit, told: Performed) -> list[Deviation]:
    if told.state is not VisitState.COMPLETED or told.is_extra or not told.intervals:
        return []
    planned = timedelta(minutes=visit.minutes)
    off = timedelta(minutes=received_minutes(told.intervals)) - planned
    if abs(off) < _SMALL or abs(off) * _FIFTH < planned:
        return []
    kind = DeviationKind.LONG if off > timedelta() else DeviationKind.SHORT
    return [Deviation(kind=kind, visit_id=visit.id, minutes=_minutes(abs(off)))]


def in_two_places(told: Mapping[VisitId, Performed]) -> list[tuple[VisitId, VisitId, CarerId]]:
    """The carers who, by what they say, were at two visits at once: the earlier visit, the later one, and who."""
    stays: dict[CarerId, list[tuple[datetime, datetime | None, VisitId]]] = {}
    for visit_id, performed in told.items():
        for part in performed.attendances:
            stays.setdefault(part.carer_id, []).extend(_stays(visit_id, part))
    found = []
    for carer_id, own in stays.items():
        own.sort(key=lambda stay: (stay[0], stay[2]))
        for (_, left_at, before), (came_at, _, after) in pairwise(own):
            if before != after and (left_at is None or came_at < left_at):
                found.append((before, after, carer_id))
    return found


def _stays(visit_id: VisitId, part: Attendance) -> Iterable[tuple[datetime, datetime | None, VisitId]]:
    for interval in part.intervals:
        yield interval.start_at, interval.end_at, visit_id
    if part.open_since is not None:
        yield part.open_since, None, visit_id


def _minutes(time: timedelta) -> int:
    return max(0, time // timedelta(minutes=1))


def flagged(told: Performed) -> list[Fact]:
    """The facts of a visit that do not fit with the others, by when they happened."""
    ids = {one.fact_id for one in told.contradictions}
    return [fact for fact in told.standing if fact.id in ids]
