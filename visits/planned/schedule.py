"""Schedules: a draft, the published version, and what differs between two of them for the people concerned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from visits.terms import CarerId, CitizenId, ScheduleId, TeamId, VisitId


class ScheduleState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One carer's part in one visit. A double-staffed visit has parts 1 and 2, with the same start."""

    visit_id: VisitId
    citizen_id: CitizenId
    part: int
    carer_id: CarerId
    start_at: datetime
    minutes: int
    travel_seconds: int
    """Travel from the place before, by the carer's own mode."""

    @property
    def end_at(self) -> datetime:
        return self.start_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBreak:
    carer_id: CarerId
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedReason:
    """Why a visit found no place: the scheduler's code with its parameters, and the share of carers it excludes."""

    code: str
    share: float
    params: Mapping[str, object] = field(default_factory=dict)


class RemedyKind(StrEnum):
    PLACE = "place"
    WINDOW = "window"
    SKILL = "skill"
    SHIFT = "shift"
    MOVE = "move"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedRemedy:
    """What would give a visit a place: with which carer, and when.

    It fits as things are (`PLACE`), if its window opens or `helped` works so many minutes earlier or later (`WINDOW`, `SHIFT`), if
    `helped` has the `skill` (`SKILL`), or if `others` move or are left out (`MOVE`, `DROP`).
    """

    kind: RemedyKind
    carer_id: CarerId
    start_at: datetime
    extra_seconds: int
    """What all visits that have a place then cost more, in seconds of travel."""
    told: int
    """How many other citizens would have to be told."""
    earlier_minutes: int = 0
    later_minutes: int = 0
    skill: str = ""
    helped: CarerId | None = None
    others: tuple[VisitId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedVisit:
    visit_id: VisitId
    citizen_id: CitizenId
    part: int
    reasons: tuple[UnplacedReason, ...]
    remedies: tuple[UnplacedRemedy, ...] = ()
    """The cheapest first; of a double-staffed visit they stand with the first part that is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One version of one team's day. `cost` holds the scheduler's terms, in seconds of travel."""

    id: ScheduleId
    team_id: TeamId
    on: date
    state: ScheduleState
    made_at: datetime
    published_at: datetime | None = None
    placements: tuple[Placement, ...] = ()
    breaks: tuple[PlannedBreak, ...] = ()
    unplaced: tuple[UnplacedVisit, ...] = ()
    cost: Mapping[str, int] = field(default_factory=dict)
    home_travel_seconds: Mapping[CarerId, int] = field(default_factory=dict)
    """Travel from each carer's last visit back to the team's place."""
    inputs_version: str = ""
    """The fingerprint of what the draft was made from; empty where nobody planned it (a schedule written by hand)."""


class ChangeKind(StrEnum):
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChange:
    """What is different for the citizen of one visit: who comes, and when."""

    visit_id: VisitId
    citizen_id: CitizenId
    kind: ChangeKind
    old_start_at: datetime | None
    new_start_at: datetime | None
    old_carers: frozenset[CarerId]
    new_carers: frozenset[CarerId]

    @property
    def other_carer(self) -> bool:
        return self.kind is ChangeKind.MOVED and self.old_carers != self.new_carers


@dataclass(frozen=True, slots=True)
class Difference:
    """Between what is published and a draft, visit by visit; unchanged visits are left out."""

    changes: tuple[VisitChange, ...]

    @property
    def citizens_to_tell(self) -> frozenset[CitizenId]:
        return frozenset(change.citizen_id for change in self.changes)


SMALLEST_MOVE = timedelta(minutes=5)
"""What a citizen is told is an interval of half an hour in whole five minutes: a smaller move is no change to tell."""


def difference(
    published: Schedule | None, draft: Schedule, *, known_cancelled: frozenset[VisitId] = frozenset()
) -> Difference:
    """What publishing the draft would change for the people concerned; visits `known_cancelled` to them are left out.

    Against nothing published every visit is new. Changes stand in the order of time.
    """
    before = _visits(published.placements if published else ())
    after = _visits(draft.placements)
    found = [_change(before.get(key, ()), after.get(key, ())) for key in before.keys() | after.keys()]
    told = [change for change in found if change is not None and change.visit_id not in known_cancelled]
    return Difference(tuple(sorted(told, key=_in_order_of_time)))


def _visits(placements: Iterable[Placement]) -> dict[VisitId, tuple[Placement, ...]]:
    found: dict[VisitId, tuple[Placement, ...]] = {}
    for placement in placements:
        found[placement.visit_id] = (*found.get(placement.visit_id, ()), placement)
    return found


def _change(before: tuple[Placement, ...], after: tuple[Placement, ...]) -> VisitChange | None:
    """What differs for one visit, given its parts in both versions (not both empty); None when it is as it was told."""
    old_start_at, new_start_at = _start_at(before), _start_at(after)
    old_carers = frozenset(part.carer_id for part in before)
    new_carers = frozenset(part.carer_id for part in after)
    if old_start_at is None:
        kind = ChangeKind.ADDED
    elif new_start_at is None:
        kind = ChangeKind.WITHDRAWN
    elif abs(new_start_at - old_start_at) >= SMALLEST_MOVE or old_carers != new_carers:
        kind = ChangeKind.MOVED
    else:
        return None
    one = (before or after)[0]
    return VisitChange(
        visit_id=one.visit_id,
        citizen_id=one.citizen_id,
        kind=kind,
        old_start_at=old_start_at,
        new_start_at=new_start_at,
        old_carers=old_carers,
        new_carers=new_carers,
    )


def _start_at(parts: tuple[Placement, ...]) -> datetime | None:
    return min((part.start_at for part in parts), default=None)


def _in_order_of_time(change: VisitChange) -> tuple[datetime, VisitId]:
    start_at = change.new_start_at or change.old_start_at
    assert start_at is not None, "a change has a start before or after"  # noqa: S101 - for the type checker
    return start_at, change.visit_id
