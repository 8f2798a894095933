"""The citizen's day, as it is told to the citizen: who comes about when with what help, what is done, and what has changed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from visits.performed.estimate import TOLD_MARGIN, WORTH_TELLING, told_interval
from visits.performed.visit import VisitState
from visits.planned.schedule import ChangeKind
from visits.terms import CitizenId, ServiceCode, Title, VisitId


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Comer:
    """A carer as citizens know them: by given name and title."""

    shown_name: str
    title: Title


class Punctuality(StrEnum):
    """How the time that is expected now stands to the time that was published."""

    AS_PLANNED = "as_planned"
    A_LITTLE_LATER = "a_little_later"
    """Later, but still within what the citizen was told."""
    DELAYED = "delayed"
    """Later than the citizen was told: somebody is waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenVisit:
    """One visit. Without `planned_at` nobody has been chosen yet; `earliest_at` and `latest_at` are then all that is known.

    `came_at` and `left_at` are when somebody really was there.
    """

    id: VisitId
    on: date
    state: VisitState
    codes: tuple[ServiceCode, ...]
    minutes: int
    earliest_at: datetime
    latest_at: datetime
    carers: tuple[Comer, ...] = ()
    planned_at: datetime | None = None
    expected_at: datetime | None = None
    came_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def told(self) -> tuple[datetime, datetime]:
        """From and to: about when the visit begins, as far as that is known."""
        return told_interval(self.expected_at) if self.expected_at else (self.earliest_at, self.latest_at)

    @property
    def told_first(self) -> tuple[datetime, datetime] | None:
        """What was told when the day was published."""
        return told_interval(self.planned_at) if self.planned_at else None

    @property
    def punctuality(self) -> Punctuality:
        if self.planned_at is None or self.expected_at is None or self.state is not VisitState.PLANNED:
            return Punctuality.AS_PLANNED
        later = self.expected_at - self.planned_at
        if later > TOLD_MARGIN:
            return Punctuality.DELAYED
        return Punctuality.A_LITTLE_LATER if later >= WORTH_TELLING else Punctuality.AS_PLANNED

    @property
    def sorts_by(self) -> tuple[datetime, VisitId]:
        return self.came_at or self.expected_at or self.earliest_at, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """What publishing changed for one visit, and when."""

    changed_at: datetime
    kind: ChangeKind
    codes: tuple[ServiceCode, ...]
    old_start_at: datetime | None
    new_start_at: datetime | None
    old_carers: tuple[Comer, ...]
    new_carers: tuple[Comer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenDay:
    """A day and the one after it, by the clock on the wall: a visit at two in the morning is that day's.

    `visits` in order of time; `changes` newest first.

    `revision` rises with every change to what is told here, and never falls.
    """

    citizen_id: CitizenId
    on: date
    revision: int
    away: bool
    visits: tuple[CitizenVisit, ...]
    changes: tuple[DayChange, ...]
    tomorrow: tuple[CitizenVisit, ...]

    @property
    def next(self) -> CitizenVisit | None:
        """The visit under way, else the first still to come."""
        open_ones = [visit for visit in self.visits if not visit.state.is_over]
        under_way = [visit for visit in open_ones if visit.state is VisitState.STARTED]
        return next(iter(under_way or open_ones), None)

    @property
    def later(self) -> tuple[CitizenVisit, ...]:
        """Still to come after the next one."""
        return tuple(visit for visit in self.visits if not visit.state.is_over and visit is not self.next)

    @property
    def over(self) -> tuple[CitizenVisit, ...]:
        """What has been done today, or came to nothing."""
        return tuple(visit for visit in self.visits if visit.state.is_over)
