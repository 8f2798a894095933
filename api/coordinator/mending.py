"""The forms by which a coordinator puts right what is told: each becomes facts of hers, with a reason."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.auth.access import CoordinatorViewer
from api.clock import Day
from api.coordinator.deviations import PATH, show
from api.coordinator.notices import Done
from api.house import HouseDep
from api.problems import problem_of
from api.work import NowDep, SessionDep
from visits.actions.approve_correction import approve_correction
from visits.actions.correct_fact import correct_fact
from visits.errors import Invalid, NotFound
from visits.guard.viewer import Viewer
from visits.performed.checkins import Fact, FactKind
from visits.performed.folding import Performed
from visits.performed.visit import Visit
from visits.store import checkins
from visits.store import visits as visits_store
from visits.terms import CarerId, CoordinatorId, FactId, VisitId, instant, local_day, nearest

router = APIRouter(tags=["coordinator"])


class Mending(StrEnum):
    """What is put right, as it stands in the form."""

    CHECKED_OUT = "utcheckning"
    """A check-out that was forgotten, at `clock`."""
    MADE = "utfort"
    """A visit that was made without anybody checking in, from `clock` to `until`."""
    CANCELLED = "installt"
    """The citizen said no, too late for the plan."""
    MOVED = "flyttat"
    """Another time was agreed on: today at `clock`."""
    OTHER_TIME = "annan-tid"
    """What the fact `corrects` says happened at `clock`."""
    TAKEN_BACK = "rakna-inte"
    """What the fact `corrects` says does not count."""


class MendingForm(BaseModel):
    """`id` is made with the form, so that sending it twice is harmless. Times are Swedish, on the day nearest to the visit."""

    id: UUID
    visit_id: UUID
    what: Mending
    reason: str
    on: Day
    carer_id: UUID | None = None
    corrects: UUID | None = None
    clock: time | None = None
    until: time | None = None


@router.post(f"{PATH}/ratta")
def mend(
    request: Request,
    house: HouseDep,
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    *,
    form: Annotated[MendingForm, Form()],
) -> Response:
    """Put something right, and show the day again; what cannot be is said on the page. Sent twice it is done once."""
    if checkins.fact(session, FactId(form.id)) is not None:
        return _back(form.on, Done.MENDED)
    try:
        with session.begin_nested():
            facts = _facts(session, viewer, form, now=now)
            rules = house.settings.time_rules
            stored = [correct_fact(session, viewer, fact, rules=rules, now=now) for fact in facts]
    except Invalid as error:
        return show(request, session, viewer, on=form.on, now=now, problem=problem_of(error))
    return _back(form.on, Done.WAITS_FOR_ANOTHER if any(one.needs_approval for one in stored) else Done.MENDED)


@router.post(f"{PATH}/beslut")
def decide(
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    *,
    fact_id: Annotated[UUID, Form()],
    svar: Annotated[bool, Form()],
    on: Annotated[Day, Form()],
) -> Response:
    """Say yes or no to what somebody else has put right."""
    approve_correction(session, viewer, FactId(fact_id), is_approved=svar, now=now)
    return _back(on, Done.AGREED if svar else Done.DISAGREED)


def _back(on: date, done: Done) -> Response:
    return RedirectResponse(f"{PATH}?dag={on.isoformat()}&gjort={done.value}", status_code=303)


def _facts(session: Session, viewer: Viewer, form: MendingForm, *, now: datetime) -> list[Fact]:
    """What the form says, as facts of the coordinator's."""
    if viewer.person_id is None:
        raise NotFound(what="visit")
    visit = visits_store.visit(session, viewer, VisitId(form.visit_id))
    blank = Fact(
        id=FactId(form.id),
        visit_id=visit.id,
        carer_id=None if form.carer_id is None else CarerId(form.carer_id),
        kind=FactKind.NOTE,
        happened_at=now,
        received_at=now,
        note=form.reason,
        reason=form.reason,
        coordinator_id=CoordinatorId(viewer.person_id),
    )
    match form.what:
        case Mending.CHECKED_OUT:
            left_at = _nearest("clock", form.clock, _came_at(session, visit, form) + timedelta(minutes=visit.minutes))
            return [replace(blank, kind=FactKind.CHECK_OUT, happened_at=left_at, note="")]
        case Mending.MADE:
            return _made(blank, visit, form)
        case Mending.CANCELLED:
            return [replace(blank, kind=FactKind.CANCELLED_LATE, carer_id=None, note="")]
        case Mending.MOVED:
            moved_to = instant(local_day(visit.earliest_at), _given("clock", form.clock))
            return [replace(blank, kind=FactKind.MOVED, moved_to=moved_to, carer_id=None, note="")]
        case Mending.OTHER_TIME | Mending.TAKEN_BACK:
            return [_instead_of(_corrected(session, visit, form), blank, form)]


def _made(blank: Fact, visit: Visit, form: MendingForm) -> list[Fact]:
    came_at = _nearest("clock", form.clock, visit.earliest_at)
    left_at = _nearest("until", form.until, came_at + timedelta(minutes=visit.minutes))
    if left_at < came_at:
        raise Invalid(field="until", value=form.until, why="lies before the beginning")
    left_id = FactId(uuid5(form.id, FactKind.CHECK_OUT.value))
    return [
        replace(blank, kind=FactKind.CHECK_IN, happened_at=came_at, note=""),
        replace(blank, id=left_id, kind=FactKind.CHECK_OUT, happened_at=left_at, note=""),
    ]


def _instead_of(corrected: Fact, blank: Fact, form: MendingForm) -> Fact:
    """The same at another time, or nothing at all in its place."""
    said = replace(blank, carer_id=corrected.carer_id, corrects=corrected.id, note="")
    if form.what is Mending.TAKEN_BACK:
        return replace(said, happened_at=corrected.happened_at)
    return replace(
        said,
        kind=corrected.kind,
        happened_at=_nearest("clock", form.clock, corrected.happened_at),
        code=corrected.code,
        moved_to=corrected.moved_to,
        note=corrected.note,
    )


def _corrected(session: Session, visit: Visit, form: MendingForm) -> Fact:
    known = None if form.corrects is None else checkins.fact(session, FactId(form.corrects))
    if known is None or known.visit_id != visit.id:
        raise Invalid(field="corrects", value=form.corrects, why="is no known fact about this visit")
    return known


def _came_at(session: Session, visit: Visit, form: MendingForm) -> datetime:
    """Since when the carer is there, by what is told; else when the visit was to begin."""
    told = checkins.performed_of(session, [visit.id]).get(visit.id, Performed())
    carer_id = None if form.carer_id is None else CarerId(form.carer_id)
    here = [part.open_since for part in told.attendances if part.carer_id == carer_id and part.open_since]
    return min(here, default=visit.earliest_at)


def _given(field: str, wall: time | None) -> time:
    if wall is None:
        raise Invalid(field=field, value="", why="a time is needed")
    return wall


def _nearest(field: str, wall: time | None, to: datetime) -> datetime:
    return nearest(_given(field, wall), to)
