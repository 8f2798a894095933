"""`/narstaende`: those who have let the relative in, and the day of each."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.auth.access import RelativeViewer
from api.citizen.schemas import ChangeTold, VisitTold
from api.i18n import N_
from api.live.snapshot import etag
from api.pages import render
from api.problems import problem_of
from api.relative.schemas import NoticeTold
from api.relative.today import notice_text, shown, snapshots
from api.work import NowDep, SessionDep
from visits.actions.choose_to_be_told import choose_to_be_told
from visits.actions.come_in import come_in
from visits.actions.shut_out import shut_out
from visits.errors import NotFound, Refused
from visits.guard.confidentiality import Subject
from visits.guard.representation import LetIn
from visits.guard.viewer import Viewer
from visits.store import citizens, let_ins
from visits.store.relative_days import older_notices
from visits.store.relative_notices import Whose
from visits.terms import CitizenId, LetInId, RelativeId

router = APIRouter(tags=["relative"])
PATH = "/narstaende"
_NOTICES = {
    "inne": N_("Nu kan du se dagens besök."),
    "lamnat": N_("Du ser inte längre den personens besök."),
    "valt": N_("Ditt val är sparat."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who has let the relative in."""

    let_in: LetIn
    given_name: str


def people(session: Session, viewer: Viewer) -> list[Person]:
    """By name."""
    found = let_ins.let_ins_of(session, viewer)
    known = {
        one.id: one.given_name
        for one in citizens.find(session, viewer, Subject.DAY, only=[one.citizen_id for one in found])
    }
    shown_ones = [Person(let_in=one, given_name=known[one.citizen_id]) for one in found if one.citizen_id in known]
    return sorted(shown_ones, key=lambda one: (one.given_name, one.let_in.id))


@router.get(PATH)
def people_page(
    request: Request, session: SessionDep, viewer: RelativeViewer, *, gjort: Annotated[str, Query()] = ""
) -> Response:
    """Everybody who has let the relative in, and where to enter a code."""
    return _people(request, session, viewer, notice=_NOTICES.get(gjort))


@router.post(PATH)
def enter_code(
    request: Request, session: SessionDep, viewer: RelativeViewer, now: NowDep, *, kod: Annotated[str, Form()]
) -> Response:
    """Come in with a code. A wrong one is told where it was typed, and nothing of it is repeated."""
    try:
        with session.begin_nested():
            accepted = come_in(session, viewer, code=kod, now=now)
    except Refused as refused:
        problem = problem_of(refused)
        return _people(request, session, viewer, problem=problem.detail, status=problem.status)
    return RedirectResponse(f"{PATH}/{accepted.citizen_id}?gjort=inne", status_code=303)


def _people(
    request: Request,
    session: Session,
    viewer: Viewer,
    *,
    notice: str | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    values = {"people": people(session, viewer), "notice": notice, "problem": problem}
    return render(request, "relative/people.html", values, status=status)


@router.get(PATH + "/{citizen_id}")
def day_page(
    request: Request,
    session: SessionDep,
    viewer: RelativeViewer,
    now: NowDep,
    *,
    citizen_id: UUID,
    gjort: Annotated[str, Query()] = "",
) -> Response:
    """Who comes to the citizen today, about when; what the relative has been told; and what they want to be told."""
    if viewer.person_id is None:
        raise NotFound(what="day")
    key = Whose(RelativeId(viewer.person_id), CitizenId(citizen_id))
    day = snapshots(session, [(viewer, citizen_id)], on=viewer.today, now=now).get(key)
    mine = {one.let_in.citizen_id: one for one in people(session, viewer)}
    if day is None or key.citizen_id not in mine:
        raise NotFound(what="day")
    older = older_notices(session, viewer, key.citizen_id, before=viewer.today)
    values = {
        "day": day,
        "etag": etag(shown(key), on=day.on, revision=day.revision),
        "person": mine[key.citizen_id],
        "several": len(mine) > 1,
        "older": [(one.told_at, notice_text(one, day.name)) for one in older],
        "notice": _NOTICES.get(gjort),
        "blank_visit": VisitTold(),
        "blank_change": ChangeTold(),
        "blank_notice": NoticeTold(),
    }
    return render(request, "relative/day.html", values)


@router.post(PATH + "/{citizen_id}/besked")
def choose(
    session: SessionDep, viewer: RelativeViewer, *, citizen_id: UUID, vill: Annotated[bool, Form()] = False
) -> Response:
    """Whether to be told when nobody has come."""
    choose_to_be_told(session, viewer, _mine(session, viewer, citizen_id), wants_to_know=vill)
    return RedirectResponse(f"{PATH}/{citizen_id}?gjort=valt#besked", status_code=303)


@router.post(PATH + "/{citizen_id}/lamna")
def leave(session: SessionDep, viewer: RelativeViewer, now: NowDep, *, citizen_id: UUID) -> Response:
    """The relative wants to see no more."""
    shut_out(session, viewer, _mine(session, viewer, citizen_id), now=now)
    return RedirectResponse(f"{PATH}?gjort=lamnat", status_code=303)


def _mine(session: Session, viewer: Viewer, citizen_id: UUID) -> LetInId:
    for one in let_ins.let_ins_of(session, viewer):
        if one.citizen_id == citizen_id:
            return one.id
    raise NotFound(what="citizen")
