"""What a day must pass before it is published: nobody left out unsaid, nobody at work against the rules."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth.access import CoordinatorViewer
from api.clock import Day
from api.coordinator.notices import Done
from api.i18n import N_, _
from api.pages import minutes
from api.rosters.working_words import rule_words
from api.words import words
from api.work import NowDep, SessionDep
from visits.actions.acknowledge_forgotten import LONGEST_REASON, acknowledge_forgotten
from visits.actions.regenerate_schedule import BEGUN
from visits.errors import Invalid
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.planned.forgotten import Forgotten, ForgottenKind
from visits.planned.working_day import PlanBreach
from visits.store import citizens, officials, schedules
from visits.store.forgotten import LeftOut, left_out
from visits.store.team_days import TeamDay
from visits.store.working_days import plan_breaches_of
from visits.terms import ScheduleId, Skill

router = APIRouter(tags=["coordinator"])

WHAT_IS_MISSING: dict[ForgottenKind, str] = {
    ForgottenKind.NO_PLAN: N_("beställning som gäller, men ingen genomförandeplan"),
    ForgottenKind.NO_VISITS: N_("genomförandeplan utan besök"),
    ForgottenKind.NOBODY_COMES: N_("ingen kommer"),
    ForgottenKind.TOO_FEW_COME: N_("bara en av två kommer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the check as it is read. `visit_id` is None where there is no visit, `by` empty for the house itself."""

    about: UUID
    name: str
    missing: str
    help: str
    from_to: tuple[str, str] | None
    visit_id: UUID | None
    reason: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    name: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What stands in the way of the newest plan of the day, and what has been said of it."""

    schedule_id: UUID
    is_draft: bool
    open: tuple[Line, ...]
    acknowledged: tuple[Line, ...]
    working_time: tuple[WorkLine, ...]

    @property
    def left(self) -> int:
        """How many rows are to be mended or answered."""
        return len(self.open) + len(self.working_time)

    @property
    def is_shut(self) -> bool:
        return self.left > 0


def gate_of(session: Session, viewer: Viewer, day: TeamDay) -> Gate | None:
    """What keeps the day's draft, or else what would keep its published plan, from being published; None without either."""
    newest = day.draft or day.published
    if newest is None:
        return None
    rows = left_out(session, viewer, newest)
    breaches = plan_breaches_of(
        session,
        newest,
        before=day.published,
        needing={visit.id for visit in day.visits.values() if Skill.DELEGATION in visit.skills},
        settled={visit.id for visit in day.visits.values() if visit.state in BEGUN},
        now=day.now,
    )
    lines = _lines(session, viewer, day, rows)
    return Gate(
        schedule_id=newest.id,
        is_draft=day.draft is not None,
        open=tuple(line for line in lines if line.at is None),
        acknowledged=tuple(line for line in lines if line.at is not None),
        working_time=tuple(_work_line(day, breach) for breach in breaches),
    )


def _lines(session: Session, viewer: Viewer, day: TeamDay, rows: list[LeftOut]) -> list[Line]:
    named = {row.forgotten.citizen_id for row in rows}
    known = {one.id: one.name for one in citizens.find(session, viewer, Subject.DAY, only=named, on=day.on)}
    staff: dict[UUID, str] = {one.id: one.name for one in officials.coordinators_of(session, day.team.id)}
    found = [_line(row, known.get(row.forgotten.citizen_id, ""), staff) for row in rows]
    return sorted(found, key=lambda line: (line.name, line.from_to or ()))


def _line(row: LeftOut, name: str, staff: dict[UUID, str]) -> Line:
    one, given = row.forgotten, row.acknowledged
    return Line(
        about=one.about,
        name=name,
        missing=_(WHAT_IS_MISSING[one.kind]),
        help=_help(one),
        from_to=_from_to(one),
        visit_id=one.about if one.template else None,
        reason=given.reason if given else "",
        by=(staff.get(given.by, "") if given.by else "") if given else "",
        at=given.at if given else None,
    )


def _help(one: Forgotten) -> str:
    return f"{words(one.template.codes)}, {minutes(one.template.minutes)}" if one.template else ""


def _from_to(one: Forgotten) -> tuple[str, str] | None:
    """Between which times of day the visit is to begin."""
    if one.template is None:
        return None
    return one.template.earliest.strftime("%H.%M"), one.template.latest.strftime("%H.%M")


def _work_line(day: TeamDay, breach: PlanBreach) -> WorkLine:
    carer = day.carers.get(breach.carer_id)
    what = rule_words(breach.rule, found=breach.found, limit=breach.limit)
    return WorkLine(name=carer.name if carer else "–", what=what, at=breach.at)


class Acknowledged(BaseModel):
    """The form: one reason for the rows that are ticked, or for all."""

    schedule_id: UUID
    reason: str = Field(max_length=LONGEST_REASON)
    about: list[UUID] = Field(default_factory=list)
    alla: bool = False


@router.post("/planering/{on}/kvittera")
def acknowledge(
    session: SessionDep, viewer: CoordinatorViewer, now: NowDep, *, on: Day, given: Annotated[Acknowledged, Form()]
) -> Response:
    """Say with one reason why the rows that are ticked, or all, may stand."""
    if not given.alla and not given.about:
        raise Invalid(field="about", value="", why="tick the rows that the reason is for")
    about = None if given.alla else given.about
    acknowledge_forgotten(session, viewer, ScheduleId(given.schedule_id), about=about, reason=given.reason, now=now)
    return RedirectResponse(f"/planering/{on.isoformat()}?gjort={Done.ACKNOWLEDGED.value}#glomda", status_code=303)


class LeftOutTold(BaseModel):
    """One person or visit that the schedule leaves out; `acknowledged_at` is None while it keeps the day from being published."""

    about: UUID
    kind: str
    citizen_id: UUID
    order_id: UUID
    reason: str | None
    acknowledged_at: datetime | None


class LeftOutList(BaseModel):
    rows: list[LeftOutTold]


class Reason(BaseModel):
    """`about` names rows; without it the reason is for all that are open."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)
    about: list[UUID] | None = None


@router.get("/api/v1/schedules/{schedule_id}/left-out")
def whom_it_leaves_out(session: SessionDep, viewer: CoordinatorViewer, schedule_id: UUID) -> LeftOutList:
    """Whom the schedule leaves out, and what has been said of it."""
    return _told(left_out(session, viewer, schedules.schedule(session, viewer, ScheduleId(schedule_id))))


@router.post("/api/v1/schedules/{schedule_id}/left-out")
def say_why(
    session: SessionDep, viewer: CoordinatorViewer, now: NowDep, schedule_id: UUID, given: Reason
) -> LeftOutList:
    """Say why somebody may be left out."""
    key = ScheduleId(schedule_id)
    acknowledge_forgotten(session, viewer, key, about=given.about, reason=given.reason, now=now)
    return _told(left_out(session, viewer, schedules.schedule(session, viewer, key)))


def _told(rows: list[LeftOut]) -> LeftOutList:
    return LeftOutList(
        rows=[
            LeftOutTold(
                about=row.forgotten.about,
                kind=row.forgotten.kind.value,
                citizen_id=row.forgotten.citizen_id,
                order_id=row.forgotten.order_id,
                reason=row.acknowledged.reason if row.acknowledged else None,
                acknowledged_at=row.acknowledged.at if row.acknowledged else None,
            )
            for row in rows
        ]
    )
