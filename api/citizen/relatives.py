"""`/mina-narstaende`: whom the citizen has let in, what they see, and when they have looked."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.auth.access import CitizenViewer
from api.clock import SWEDEN, Clock
from api.house import HouseDep
from api.i18n import N_, _
from api.pages import clock_time, render
from api.pages import day as day_name
from api.work import NowDep, SessionDep
from visits.actions.let_in import let_in
from visits.actions.show_time import show_time
from visits.actions.shut_out import shut_out
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.representation import LONGEST_CALLED, LetIn, LetInState, written_out
from visits.guard.viewer import Role, Viewer
from visits.store import citizens, let_ins, relatives
from visits.store.looks import Look, looks_at
from visits.terms import CitizenId, LetInId, RelativeId

router = APIRouter(tags=["citizen"])
PATH = "/mina-narstaende"
_NOTICES = {
    "utestangd": N_("Klart. Personen ser inte längre dina besök."),
    "tid": N_("Ändrat."),
}
_MOST_LOOKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLetIn:
    """`name` is the relative's own, as they are signed in; empty until the code is used. `looked` are sentences, newest first."""

    let_in: LetIn
    state: LetInState
    name: str
    looked: tuple[str, ...]


@router.get(PATH)
def page(
    request: Request,
    session: SessionDep,
    viewer: CitizenViewer,
    house: HouseDep,
    *,
    gjort: Annotated[str, Query()] = "",
) -> Response:
    """Who is let in, who has a code, and who was let in before."""
    return _page(request, session, viewer, house.clock, notice=_NOTICES.get(gjort))


@router.post(PATH)
def let_somebody_in(
    request: Request,
    session: SessionDep,
    viewer: CitizenViewer,
    house: HouseDep,
    now: NowDep,
    *,
    called: Annotated[str, Form(max_length=LONGEST_CALLED)],
    sees_time: Annotated[bool, Form()] = False,
) -> Response:
    """Make a code, which is shown on this page only."""
    made, code = let_in(session, viewer, called=called, sees_time=sees_time, now=now)
    return _page(request, session, viewer, house.clock, made=made, code=written_out(code))


@router.post(PATH + "/{let_in_id}/stang-ute")
def shut_somebody_out(session: SessionDep, viewer: CitizenViewer, now: NowDep, *, let_in_id: UUID) -> Response:
    shut_out(session, viewer, LetInId(let_in_id), now=now)
    return RedirectResponse(f"{PATH}?gjort=utestangd", status_code=303)


@router.post(PATH + "/{let_in_id}/tid")
def choose_time(
    session: SessionDep, viewer: CitizenViewer, *, let_in_id: UUID, visa: Annotated[bool, Form()] = False
) -> Response:
    show_time(session, viewer, LetInId(let_in_id), sees_time=visa)
    return RedirectResponse(f"{PATH}?gjort=tid", status_code=303)


def _page(
    request: Request,
    session: Session,
    viewer: Viewer,
    clock: Clock,
    *,
    notice: str | None = None,
    made: LetIn | None = None,
    code: str = "",
) -> Response:
    if viewer.person_id is None:
        raise NotFound(what="citizen")
    who = citizens.citizen(session, viewer, Subject.RELATIVES, CitizenId(viewer.person_id))
    found = people_let_in(session, viewer, clock)
    values = {
        "protected": who.protected is not None,
        "inside": [one for one in found if one.state is LetInState.IN_FORCE],
        "invited": [one for one in found if one.state is LetInState.INVITED],
        "before": [one for one in found if one.state is LetInState.ENDED and one.name],
        "ended_by_relative": Role.RELATIVE,
        "notice": notice,
        "made": made,
        "code": code,
        "longest": LONGEST_CALLED,
    }
    return render(request, "citizen/relatives.html", values)


def people_let_in(session: Session, viewer: Viewer, clock: Clock) -> list[PersonLetIn]:
    """All of them, newest first, with when they have looked as the house's clock showed it."""
    rows = let_ins.let_ins_of(session, viewer)
    names = relatives.relatives_by_id(session, [one.relative_id for one in rows if one.relative_id])
    looked: dict[RelativeId, list[str]] = {}
    for look in looks_at(session, viewer):
        looked.setdefault(look.relative_id, []).append(_when(look, clock, today=viewer.today))
    return [
        PersonLetIn(
            let_in=one,
            state=one.state_at(clock.now()),
            name=names[one.relative_id].name if one.relative_id else "",
            looked=tuple(looked.get(one.relative_id, ())[:_MOST_LOOKS]) if one.relative_id else (),
        )
        for one in rows
    ]


def _when(look: Look, clock: Clock, *, today: date) -> str:
    """From the first time that day to the last: ``idag 08.12–10.40``."""
    first, last = (clock_time(clock.shown_at(at).astimezone(SWEDEN)) for at in (look.first_at, look.last_at))
    times = first if first == last else _("%(first)s–%(last)s", first=first, last=last)
    if look.on == today:
        return _("idag %(times)s", times=times)
    return _("%(day)s %(times)s", day=day_name(look.on, "d MMMM"), times=times)
