"""What a new plan of the day leaves as it is: what has begun, and what is so near that nobody should be told otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from visits.planned.schedule import Placement, Schedule
from visits.planned.staffing import StaffedShift
from visits.terms import CarerId, VisitId

FREEZE = timedelta(minutes=30)
"""A published visit that begins within this time is no longer moved: whoever waits for it has no time to be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Placements that stay.

    `pinned` keep carer and start within the new plan; `carried` stand as they are beside it: begun by somebody who is no longer at
    work today, or for a visit that is no longer due.
    """

    pinned: tuple[Placement, ...] = ()
    carried: tuple[Placement, ...] = ()

    @property
    def visit_ids(self) -> frozenset[VisitId]:
        return frozenset(placement.visit_id for placement in (*self.pinned, *self.carried))


def held(
    published: Schedule | None,
    *,
    begun: frozenset[VisitId],
    due: frozenset[VisitId],
    staffing: tuple[StaffedShift, ...],
    now: datetime,
) -> Held:
    """Whatever has begun is held, by whoever began it; what begins within `FREEZE` is, where all who make it are at work."""
    pinned: list[Placement] = []
    carried: list[Placement] = []
    for visit_id, parts in _by_visit(published):
        staffed = [shift_at(staffing, part.carer_id, part.start_at) is not None for part in parts]
        is_due = visit_id in due
        if visit_id in begun:
            for part, is_staffed in zip(parts, staffed, strict=True):
                (pinned if is_due and is_staffed else carried).append(part)
        elif is_due and all(staffed) and parts[0].start_at <= now + FREEZE:
            pinned.extend(parts)
    return Held(pinned=tuple(pinned), carried=tuple(carried))


def shift_at(staffing: Iterable[StaffedShift], carer_id: CarerId, at: datetime) -> StaffedShift | None:
    """The carer's shift that is under way at that moment, if there is one."""
    return next(
        (
            worked
            for worked in staffing
            if worked.carer.id == carer_id and worked.shift.start_at <= at < worked.shift.end_at
        ),
        None,
    )


def _by_visit(published: Schedule | None) -> list[tuple[VisitId, tuple[Placement, ...]]]:
    parts = sorted(published.placements if published else (), key=lambda part: (part.visit_id, part.part))
    return [(key, tuple(group)) for key, group in groupby(parts, key=lambda part: part.visit_id)]
