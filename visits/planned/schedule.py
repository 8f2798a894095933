"""Schedules: a draft, the published version, and what differs between two of them for the people concerned."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedVisit:
    visit_id: VisitId
    citizen_id: CitizenId
    part: int
    reasons: tuple[UnplacedReason, ...]


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
