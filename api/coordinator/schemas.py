"""A team's day as it is sent: what an open page is told, and what the same address answers to whoever asks again."""

import hashlib
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from api.coordinator.board import name_of
from api.coordinator.remedies import remedy_words
from api.coordinator.sayings import percent_of, progress_words, run_word
from api.live.snapshot import Snapshot, whose
from api.reasons import sentence
from api.words import words
from visits.guard.viewer import Viewer
from visits.planned.schedule import Placement, Schedule
from visits.store.runs import Run
from visits.store.team_days import TeamDay


class StopOut(BaseModel):
    """A carer's part in a visit. `expected_at` is when it will begin by reality so far, where that is not as planned.

    Whether it is late is for the reader to see by the clock: a snapshot changes only when the record does.
    """

    visit_id: UUID
    carer_id: UUID
    citizen: str
    help: str
    start_at: datetime
    end_at: datetime
    state: str
    expected_at: datetime | None


class UnplacedOut(BaseModel):
    visit_id: UUID
    citizen: str
    reasons: list[str]
    remedies: list[str]


class ScheduleOut(BaseModel):
    id: UUID
    made_at: datetime
    stops: list[StopOut]
    unplaced: list[UnplacedOut]


class RunOut(BaseModel):
    """The newest run: its state as a stable word and in the reader's language, and how far it has come."""

    id: UUID
    state: str
    word: str
    percent: int | None
    progress: list[str]
    is_over: bool


class TeamDaySnapshot(Snapshot):
    """`digest` changes with all that the page draws, but not with each step of a run: then only the progress is new."""

    team_id: UUID
    digest: str
    published: ScheduleOut | None
    draft: ScheduleOut | None
    run: RunOut | None


def snapshot_of(day: TeamDay, viewer: Viewer) -> TeamDaySnapshot:
    """The day as this coordinator is told it, in the reader's language."""
    run = _run_out(day.run) if day.run else None
    told = TeamDaySnapshot(
        of=whose(viewer.person_id) if viewer.person_id else "",
        on=day.on,
        revision=day.revision,
        at=day.now,
        team_id=day.team.id,
        digest="",
        published=_schedule_out(day, day.published) if day.published else None,
        draft=_schedule_out(day, day.draft) if day.draft else None,
        run=run,
    )
    still = run.model_copy(update={"percent": None, "progress": []}) if run else None
    drawn = told.model_copy(update={"run": still}).model_dump_json(exclude={"revision", "at", "of"})
    absent = ",".join(sorted(map(str, [*day.absent, *day.away])))
    digest = hashlib.sha256(f"{drawn}{absent}{day.acknowledged}".encode()).hexdigest()[:24]
    return told.model_copy(update={"digest": digest})


def _schedule_out(day: TeamDay, schedule: Schedule) -> ScheduleOut:
    return ScheduleOut(
        id=schedule.id,
        made_at=schedule.made_at,
        stops=[_stop_out(day, placement) for placement in schedule.placements],
        unplaced=[
            UnplacedOut(
                visit_id=visit.visit_id,
                citizen=name_of(day, visit.citizen_id),
                reasons=[sentence(reason) for reason in visit.reasons],
                remedies=[remedy_words(day, remedy) for remedy in visit.remedies],
            )
            for visit in schedule.unplaced
        ],
    )


def _stop_out(day: TeamDay, placement: Placement) -> StopOut:
    visit = day.visits.get(placement.visit_id)
    return StopOut(
        visit_id=placement.visit_id,
        carer_id=placement.carer_id,
        citizen=name_of(day, placement.citizen_id),
        help=words(visit.codes) if visit else "",
        start_at=placement.start_at,
        end_at=placement.end_at,
        state=visit.state.value if visit else "withdrawn",
        expected_at=day.estimates.get(placement.visit_id),
    )


def _run_out(run: Run) -> RunOut:
    return RunOut(
        id=run.id,
        state=run.state.value,
        word=run_word(run),
        percent=percent_of(run),
        progress=progress_words(run),
        is_over=run.state.is_over,
    )
