"""The case officer's pages: the list of cases, and one case with the request that awaits an answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.auth.access import CaseOfficerViewer
from api.case_officer import deciding, watch
from api.case_officer.cases import cases, provider_names, whole_case
from api.clock import Day
from api.house import HouseDep
from api.i18n import N_, _, ngettext
from api.pages import render
from api.work import NowDep, SessionDep
from provider_choice.actions.confirm_request import confirm_request
from provider_choice.actions.decline_request import decline_request
from provider_choice.choice import DeclineReason, RequestId
from provider_choice.first_day import FirstDayRule, FixedDays, MonthCutoff, WorkingDays
from visits.granted.plan_lines import NEEDS_WORDS
from visits.terms import CitizenId

router = APIRouter(tags=["case_officer"])
router.include_router(deciding.router)
router.include_router(watch.router)  # before one's case, so that "bevakning" is not read as somebody's id
PATH = "/arenden"
_NOTICES = {
    "bekraftat": N_("Begäran är bekräftad. Den nya utföraren har fått beställningen."),
    "beslutat": N_("Beslutet är fattat. Utföraren har fått beställningen i en ny version."),
    "beslutat-bestallt": N_("Beslutet är fattat och beställt."),
    "beslutat-val": N_("Beslutet är fattat. Personen kan nu välja utförare."),
    "avslaget": N_("Begäran är avslagen. Personen ser skälet på sin sida."),
}


@router.get(PATH)
def list_page(request: Request, session: SessionDep, viewer: CaseOfficerViewer) -> Response:
    """Own citizens: first those who wait for an answer, then decisions that run out, then everybody."""
    values = {"cases": cases(session, viewer), "names": provider_names(session), "today": viewer.today}
    return render(request, "case_officer/cases.html", values)


@router.get(PATH + "/{citizen_id}")
def case_page(
    request: Request,
    session: SessionDep,
    viewer: CaseOfficerViewer,
    house: HouseDep,
    now: NowDep,
    *,
    citizen_id: UUID,
    gjort: Annotated[str, Query()] = "",
) -> Response:
    """One case: the request first, then decisions, orders, plan, and granted beside planned and performed time."""
    rules = house.settings.first_days
    case = whole_case(session, viewer, CitizenId(citizen_id), rules=rules, now=now)
    rule = rules.switch if case.answering is None or case.answering.request.kind == "switch" else rules.wish
    values = {
        "case": case,
        "names": provider_names(session),
        "today": viewer.today,
        "needs_words": NEEDS_WORDS,
        "rule": rule_in_words(rule),
        "notice": _NOTICES.get(gjort),
    }
    return render(request, "case_officer/case.html", values)


@router.post(PATH + "/{citizen_id}/begaran/{request_id}/bekrafta")
def confirm(
    session: SessionDep,
    viewer: CaseOfficerViewer,
    now: NowDep,
    house: HouseDep,
    *,
    citizen_id: UUID,
    request_id: UUID,
    first_on: Annotated[Day, Form()],
) -> Response:
    confirm_request(session, viewer, RequestId(request_id), first_on=first_on, rules=house.settings.first_days, now=now)
    return RedirectResponse(f"{PATH}/{citizen_id}?gjort=bekraftat", status_code=303)


@router.post(PATH + "/{citizen_id}/begaran/{request_id}/avsla")
def decline(
    session: SessionDep,
    viewer: CaseOfficerViewer,
    now: NowDep,
    house: HouseDep,
    *,
    citizen_id: UUID,
    request_id: UUID,
    reason: Annotated[DeclineReason, Form()],
) -> Response:
    decline_request(session, viewer, RequestId(request_id), reason=reason, rules=house.settings.first_days, now=now)
    return RedirectResponse(f"{PATH}/{citizen_id}?gjort=avslaget", status_code=303)


def rule_in_words(rule: FirstDayRule) -> str:
    """The municipality's rule as a sentence."""
    match rule:
        case FixedDays(days):
            return ngettext(
                "Kommunens regel: första dagen kommer %(num)s dag efter begäran.",
                "Kommunens regel: första dagen kommer %(num)s dagar efter begäran.",
                days,
            )
        case MonthCutoff(cutoff):
            return _(
                "Kommunens regel: den som ber senast den %(cutoff)s får byta den första i månaden efter nästa.",
                cutoff=cutoff,
            )
        case WorkingDays(days):
            return ngettext(
                "Kommunens regel: första dagen kommer %(num)s arbetsdag efter begäran.",
                "Kommunens regel: första dagen kommer %(num)s arbetsdagar efter begäran.",
                days,
            )
