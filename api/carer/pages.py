"""The carer's pages: everything works as plain forms; the script only adds."""

from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.auth.access import CarerViewer
from api.carer.day import told
from api.carer.facts import record
from api.carer.schemas import BreakTold, CarerDayTold, FactSent, StopTold
from api.house import HouseDep
from api.i18n import _
from api.live.snapshot import etag
from api.pages import render
from api.problems import Problem, problem_of
from api.work import NowDep, SessionDep
from visits.errors import Conflict, Invalid
from visits.guard.viewer import Viewer
from visits.performed.checkins import Fact, FactKind, Source
from visits.store import checkins, presence_tags
from visits.store.carer_days import carer_day
from visits.terms import FactId, ServiceCode, instant, local_day, nearest

router = APIRouter(tags=["carer"])

TOMORROW = "imorgon"
MAY_SCAN = {"Permissions-Policy": "camera=(self), geolocation=(), microphone=()"}
"""On the carer's page alone the camera may be asked for: it reads the square code of a tag, and nothing leaves the phone."""


@router.get("/pass")
def route_of_day(
    request: Request,
    session: SessionDep,
    viewer: CarerViewer,
    now: NowDep,
    dag: Annotated[str, Query()] = "",
) -> Response:
    """The route, the next step first; tomorrow's with ``?dag=imorgon``."""
    return _show(request, session, viewer, now=now, tomorrow=dag == TOMORROW)


@router.get("/pass/tagg/{secret}")
def tag(request: Request, session: SessionDep, viewer: CarerViewer, now: NowDep, secret: str) -> Response:
    """Where a tag in a home leads: the route, with the step for that home first. Reading it changes nothing; the step does."""
    return _show(request, session, viewer, now=now, secret=secret)


class FactForm(BaseModel):
    """What a plain form says. It happened now, unless a correction brings another time (`clock`, Swedish).

    `moved_clock` is the time, today and Swedish, to which a visit is moved; `tag` is what the tag in the home says.
    """

    id: UUID
    visit_id: UUID
    kind: FactKind
    note: str = ""
    corrects: UUID | None = None
    reason: str = ""
    clock: time | None = None
    code: ServiceCode | None = None
    citizen_id: UUID | None = None
    moved_clock: time | None = None
    tag: str | None = None


@router.post("/pass/fakta")
def tell(
    request: Request,
    house: HouseDep,
    session: SessionDep,
    viewer: CarerViewer,
    now: NowDep,
    *,
    form: Annotated[FactForm, Form()],
) -> Response:
    """Take in what a form says, and show the route again. Sent twice it is one fact."""
    known = checkins.fact(session, FactId(form.id))
    if known is not None and _is_the_same_form(known, viewer, form):
        return _back()
    try:
        happened_at = _corrected_at(session, form) or now
        sent = FactSent(
            happened_at=happened_at,
            moved_to=None if form.moved_clock is None else instant(local_day(now), form.moved_clock),
            source=Source.MANUAL if form.tag is None else Source.TAG,
            **form.model_dump(exclude={"clock", "moved_clock"}),
        )
        record(session, viewer, sent, rules=house.settings.time_rules, now=now)
    except (Invalid, Conflict) as error:
        return _show(request, session, viewer, now=now, problem=problem_of(error))
    return _back()


def _back() -> Response:
    return RedirectResponse("/pass", status_code=303)


def _is_the_same_form(known: Fact, viewer: Viewer, form: FactForm) -> bool:
    """A form that was sent twice: the time is ours, so it is not compared."""
    return (known.carer_id, known.visit_id, known.kind) == (viewer.person_id, form.visit_id, form.kind)


def _corrected_at(session: Session, form: FactForm) -> datetime | None:
    """When the corrected thing really happened: at the time given, nearest to what was said; else when it was said to."""
    if form.corrects is None:
        return None
    said = checkins.fact(session, FactId(form.corrects))
    if said is None:
        return None
    return said.happened_at if form.clock is None else nearest(form.clock, said.happened_at)


def _show(
    request: Request,
    session: Session,
    viewer: Viewer,
    *,
    now: datetime,
    tomorrow: bool = False,
    secret: str = "",
    problem: Problem | None = None,
) -> Response:
    on = viewer.today + timedelta(days=1) if tomorrow else viewer.today
    record_of_day = carer_day(session, viewer, on=on)
    day = told(record_of_day, now=now)
    values = {
        "day": day,
        "carer": record_of_day.carer,
        "tomorrow": tomorrow,
        "rows": _rows(day),
        "over": [stop for stop in day.stops if stop.part in _OVER],
        "next": None if tomorrow else next((one for one in day.stops if one.visit_id == day.next_visit_id), None),
        "etag": etag(record_of_day.carer.id, on=on, revision=day.revision),
        "new_id": uuid4,
        "secret": secret,
        "met": _met(day, secret) if secret else None,
        "problem": problem,
        "told_field": _told_field,
    }
    return render(request, "carer/pass.html", values, status=problem.status if problem else 200, headers=MAY_SCAN)


def _met(day: CarerDayTold, secret: str) -> StopTold | None:
    """The visit for which a tag stands: where the carer is, else the first one still to make in that home."""
    there = [stop for stop in day.stops if presence_tags.hash_of(secret).hex() in stop.tags]
    here = [stop for stop in there if stop.part == "here"]
    return next(iter([*here, *(stop for stop in there if stop.part == "waiting")]), None)


_OVER = frozenset({"done", "off"})


def _rows(day: CarerDayTold) -> list[StopTold | BreakTold]:
    """What is left of the day: where the carer is, then visits and breaks in order of time."""
    over_until = max((stop.start_at for stop in day.stops if stop.part in _OVER), default=None)
    here = [stop for stop in day.stops if stop.part == "here"]
    waiting = [stop for stop in day.stops if stop.part == "waiting"]
    if not here and not waiting:
        return []
    ahead: list[StopTold | BreakTold] = [*waiting]
    ahead += [pause for pause in day.breaks if over_until is None or pause.start_at > over_until]
    return [*here, *sorted(ahead, key=lambda row: row.start_at)]


def _told_field(field: str) -> str:
    """Which field of a form was wrong, as the form calls it."""
    names = {
        "happened_at": _("Klockslaget går inte: det ligger i framtiden, eller för långt tillbaka."),
        "note": _("Anteckningen är tom eller för lång."),
        "reason": _("Skriv varför du rättar."),
        "corrects": _("Det du vill rätta finns inte längre."),
    }
    return names.get(field, field)
