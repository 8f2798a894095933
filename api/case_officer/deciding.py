"""The case officer decides: the lines of a decision as a plain form, in the unit in which each is decided."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from api.auth.access import CaseOfficerViewer
from api.clock import Day
from api.filled_form import Row, SentForm
from api.house import HouseDep
from api.pages import render
from api.work import NowDep, SessionDep
from visits.actions.begin_order import begin_order
from visits.actions.decide import decide
from visits.errors import Invalid
from visits.granted.catalogue import CATALOGUE
from visits.granted.decisions import Amount, DecidedAs, Decision, GrantedService, Per
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import Citizen
from visits.store import citizens, decisions, teams
from visits.terms import (
    CaseOfficerId,
    CitizenId,
    DecisionId,
    GrantedServiceId,
    Period,
    ServiceCode,
    ServiceKind,
)

router = APIRouter(tags=["case_officer"])
PATH = "/arenden/{citizen_id}/beslut"
NEW_ROWS = 3
MOST_ROWS = 30
_LASTS = timedelta(days=364)


class Deciding(BaseModel):
    """What a decision says besides its lines, which are numbered rows. Without `last_on`: until further notice."""

    kind: ServiceKind
    first_on: Day
    last_on: Day | None = None
    purpose: str = ""


@router.get(PATH)
def form_page(
    request: Request,
    session: SessionDep,
    viewer: CaseOfficerViewer,
    house: HouseDep,
    *,
    citizen_id: UUID,
    fran: Annotated[UUID | None, Query()] = None,
) -> Response:
    """An empty decision, or one that continues the decision `fran` with the same lines."""
    person = citizens.citizen(session, viewer, Subject.CARE, CitizenId(citizen_id))
    before = None if fran is None else decisions.decision(session, viewer, DecisionId(fran))
    first_on = _begins(before, viewer.today)
    values = {
        "person": person,
        "before": before,
        "lines": before.services if before else (),
        "new_rows": NEW_ROWS,
        "kinds": list(ServiceKind),
        "codes": list(ServiceCode),
        "usual": {code: entry.minutes for code, entry in CATALOGUE.items() if entry.minutes},
        "pers": list(Per),
        "ways": list(DecidedAs),
        "household": _household(session, viewer, person),
        "first_on": first_on,
        "last_on": first_on + _LASTS,
        "open_ended": house.settings.open_ended_services,
    }
    return render(request, "case_officer/deciding.html", values)


def _begins(before: Decision | None, today: date) -> date:
    if before is None or before.valid.last_on is None:
        return today + timedelta(days=1)
    return max(before.valid.last_on, today) + timedelta(days=1)


def _household(session: Session, viewer: Viewer, person: Citizen) -> list[Citizen]:
    """Whom of the officer's own citizens the home is shared with; of a protected identity nothing is told by its address."""
    known = citizens.find(session, viewer, Subject.CARE)
    return [
        one
        for one in known
        if one.address == person.address and one.id != person.id and not (one.protected or person.protected)
    ]


@router.post(PATH)
def make(
    session: SessionDep,
    viewer: CaseOfficerViewer,
    house: HouseDep,
    now: NowDep,
    form: SentForm,
    *,
    citizen_id: UUID,
    sent: Annotated[Deciding, Form()],
) -> Response:
    """Decide. The order in force goes over; help that only the municipality gives is ordered at once, home care is chosen."""
    person = citizens.citizen(session, viewer, Subject.CARE, CitizenId(citizen_id))
    decision = Decision(
        id=DecisionId(uuid4()),
        citizen_id=person.id,
        case_officer_id=CaseOfficerId(viewer.person_id or UUID(int=0)),
        kind=sent.kind,
        decided_on=viewer.today,
        valid=_valid(sent.first_on, sent.last_on, today=viewer.today),
        services=_services(form),
        purpose=sent.purpose.strip(),
    )
    open_ended = frozenset(house.settings.open_ended_services)
    order = decide(session, viewer, decision, open_ended=open_ended, now=now)
    if order is not None:
        return _back(citizen_id, "beslutat")
    team = _only_team(session, person, sent.kind)
    if team is None:
        return _back(citizen_id, "beslutat-val")
    begin_order(session, viewer, decision=decision, team=team, first_on=sent.first_on)
    return _back(citizen_id, "beslutat-bestallt")


def _valid(first_on: date, last_on: date | None, *, today: date) -> Period:
    if first_on < today:
        raise Invalid(field="first_on", value=first_on, why=f"must be {today} or later")
    return Period(first_on, last_on)


def _services(form: FormData) -> tuple[GrantedService, ...]:
    rows = [row for row in (Row(number, form) for number in range(MOST_ROWS)) if row.text("minutes")]
    if not rows:
        raise Invalid(field="minutes-0", value="", why="a decision grants at least one service")
    return tuple(_service(row) for row in rows)


def _service(row: Row) -> GrantedService:
    codes = list(dict.fromkeys(row.words("code", ServiceCode)))
    if not codes:
        raise row.wrong("code", "say which help is granted")
    way = row.word("decided_as", DecidedAs)
    is_by_occasion = way is DecidedAs.OCCASIONS
    with row.named():
        return GrantedService(
            id=GrantedServiceId(uuid4()),
            code=codes[0],
            also=tuple(codes[1:]),
            amount=Amount(
                minutes=row.whole("minutes", at_least=1, at_most=60_000),
                per=row.word("per", Per),
                occasions=row.whole("occasions", at_least=1, at_most=100) if is_by_occasion else 1,
                every=row.whole("every", at_least=1, at_most=52) if is_by_occasion else 1,
                decided_as=way,
            ),
            staff_required=row.whole("staff", at_least=1, at_most=2),
            shared_with=_shared_with(row),
        )


def _shared_with(row: Row) -> CitizenId | None:
    text = row.text("shared_with")
    if not text:
        return None
    try:
        return CitizenId(UUID(text))
    except ValueError:
        raise row.wrong("shared_with", "must be somebody of the household") from None


def _only_team(session: Session, person: Citizen, kind: ServiceKind) -> Team | None:
    """The one team that gives this help where the citizen lives; None for home care, which the citizen chooses."""
    if kind is ServiceKind.HOME_CARE:
        return None
    fitting = [team for team in teams.all_teams(session) if team.kind is kind and person.district in team.districts]
    return fitting[0] if len(fitting) == 1 else None


def _back(citizen_id: UUID, done: str) -> Response:
    return RedirectResponse(f"/arenden/{citizen_id}?gjort={done}", status_code=303)
