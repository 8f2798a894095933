"""What is said over HTTP about runs and schedules: ids, instants and codes; whoever shows them finds the words."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.clock import Day
from visits.planned.schedule import Difference, Schedule, VisitChange
from visits.store.runs import Run
from visits.terms import AbsenceReason


class _Asked(BaseModel):
    """What is sent to us: a field that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class RunsAsked(_Asked):
    days: Annotated[int, Field(ge=1, le=14)] = 1
    """How many days in a row, from the one in the address."""


class SchedulesAsked(_Asked):
    schedule_ids: Annotated[list[UUID], Field(min_length=1, max_length=31)]


class CarerAbsent(_Asked):
    carer_id: UUID
    on: Day
    reason: Literal["ill", "child_ill", "other"] = "ill"


class CitizenAway(_Asked):
    citizen_id: UUID
    first_on: Day
    last_on: Day
    reason: AbsenceReason = AbsenceReason.OTHER

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last_on < self.first_on:
            raise ValueError("last_on lies before first_on")
        return self


class RunTold(_Told):
    id: UUID
    team_id: UUID
    on: date
    state: str
    why: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    progress: dict[str, float | int | str] | None
    cancel_asked: bool
    schedule_id: UUID | None
    error: str

    @classmethod
    def of(cls, run: Run) -> Self:
        return cls(**{name: getattr(run, name) for name in cls.model_fields})


class RunsTold(_Told):
    runs: list[RunTold]


class PlacementTold(_Told):
    visit_id: UUID
    citizen_id: UUID
    part: int
    carer_id: UUID
    start_at: datetime
    end_at: datetime
    minutes: int
    travel_seconds: int


class BreakTold(_Told):
    carer_id: UUID
    start_at: datetime
    end_at: datetime


class ReasonTold(_Told):
    code: str
    share: float
    params: dict[str, object]


class RemedyTold(_Told):
    """What would give the visit a place; `extra_seconds` of travel for all others, `told` other citizens who must know."""

    kind: str
    carer_id: UUID
    start_at: datetime
    extra_seconds: int
    told: int
    earlier_minutes: int
    later_minutes: int
    skill: str
    helped: UUID | None
    others: list[UUID]


class UnplacedTold(_Told):
    visit_id: UUID
    citizen_id: UUID
    part: int
    reasons: list[ReasonTold]
    remedies: list[RemedyTold]


class ScheduleTold(_Told):
    id: UUID
    team_id: UUID
    on: date
    state: str
    made_at: datetime
    published_at: datetime | None
    placements: list[PlacementTold]
    breaks: list[BreakTold]
    unplaced: list[UnplacedTold]
    home_travel_seconds: dict[UUID, int]

    @classmethod
    def of(cls, schedule: Schedule) -> Self:
        return cls(
            id=schedule.id,
            team_id=schedule.team_id,
            on=schedule.on,
            state=schedule.state.value,
            made_at=schedule.made_at,
            published_at=schedule.published_at,
            placements=[
                PlacementTold(**{name: getattr(one, name) for name in PlacementTold.model_fields})
                for one in schedule.placements
            ],
            breaks=[
                BreakTold(carer_id=one.carer_id, start_at=one.start_at, end_at=one.end_at) for one in schedule.breaks
            ],
            unplaced=unplaced_told(schedule),
            home_travel_seconds=dict(schedule.home_travel_seconds.items()),
        )


class ExplanationTold(_Told):
    """`cost` in seconds of travel, term by term; why each unplaced visit found no place, and what would help."""

    schedule_id: UUID
    cost: dict[str, int]
    unplaced: list[UnplacedTold]


class ChangeTold(_Told):
    visit_id: UUID
    citizen_id: UUID
    kind: str
    old_start_at: datetime | None
    new_start_at: datetime | None
    old_carers: list[UUID]
    new_carers: list[UUID]
    other_carer: bool

    @classmethod
    def of(cls, change: VisitChange) -> Self:
        return cls(
            visit_id=change.visit_id,
            citizen_id=change.citizen_id,
            kind=change.kind.value,
            old_start_at=change.old_start_at,
            new_start_at=change.new_start_at,
            old_carers=sorted(change.old_carers),
            new_carers=sorted(change.new_carers),
            other_carer=change.other_carer,
        )


class DifferenceTold(_Told):
    schedule_id: UUID
    citizens_to_tell: int
    changes: list[ChangeTold]

    @classmethod
    def of(cls, schedule_id: UUID, found: Difference) -> Self:
        return cls(
            schedule_id=schedule_id,
            citizens_to_tell=len(found.citizens_to_tell),
            changes=[ChangeTold.of(change) for change in found.changes],
        )


class DifferencesTold(_Told):
    published: list[DifferenceTold]


class DayTold(_Told):
    """What there is of a team's day: the ids to ask on with."""

    published_id: UUID | None
    draft_id: UUID | None
    run: RunTold | None


class AbsenceTold(_Told):
    """`is_new` is false when it was known already; the day is planned anew by a run that follows."""

    is_new: bool
    cancelled_visits: int = 0


def unplaced_told(schedule: Schedule) -> list[UnplacedTold]:
    return [
        UnplacedTold(
            visit_id=one.visit_id,
            citizen_id=one.citizen_id,
            part=one.part,
            reasons=[
                ReasonTold(code=reason.code, share=reason.share, params=dict(reason.params)) for reason in one.reasons
            ],
            remedies=[
                RemedyTold(**{name: getattr(remedy, name) for name in RemedyTold.model_fields})
                for remedy in one.remedies
            ],
        )
        for one in schedule.unplaced
    ]
