"""The coordinator's pages of orders and care plans: what awaits, one plan with its order, and the plan written anew."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.auth.access import CoordinatorViewer
from api.clock import Day
from api.coordinator.plan_forms import NEW_ROWS, templates_sent
from api.coordinator.plans import OnePlan, one_plan, team_plans
from api.filled_form import SentForm
from api.i18n import N_
from api.pages import render
from api.work import SessionDep
from visits.actions.acknowledge_order import acknowledge_order
from visits.actions.activate_plan import activate_plan
from visits.actions.commence_order import commence_order
from visits.actions.pause_orders import pause_orders
from visits.actions.propose_plan import propose_plan
from visits.actions.resume_orders import resume_orders
from visits.actions.review_plan import review_plan
from visits.actions.revise_plan import revise_plan
from visits.errors import Invalid
from visits.granted.care_plans import REVIEW_WITHIN_DAYS, Explanation, Participation, Signature
from visits.granted.plan_lines import NEEDS_WORDS
from visits.granted.visit_templates import Priority
from visits.store import orders
from visits.terms import AbsenceReason, CarePlanId, OrderId, ServiceCode, Skill

router = APIRouter(tags=["coordinator"])
PATH = "/planering/planer"


class PlanStep(StrEnum):
    """What was just done, as it stands in the address."""

    RECEIVED = "mottagen"
    BEGUN = "paborjad"
    RESTS = "vilar"
    GOES_ON = "ater"
    WRITTEN = "skriven"
    PROPOSED = "foreslagen"
    AGREED = "overenskommen"
    REVIEWED = "uppfoljd"


_NOTICES: dict[str, str] = {
    PlanStep.RECEIVED: N_("Beställningen är mottagen."),
    PlanStep.BEGUN: N_("Beställningen är påbörjad."),
    PlanStep.RESTS: N_("Beställningen vilar. Personens besök är inställda tills du säger att hen är tillbaka."),
    PlanStep.GOES_ON: N_("Beställningen gäller igen. De dagar som var publicerade planeras om."),
    PlanStep.WRITTEN: N_("Den nya versionen är sparad. Den gäller när den har föreslagits och ni är överens."),
    PlanStep.PROPOSED: N_("Planen är föreslagen för personen."),
    PlanStep.AGREED: N_("Planen är överenskommen. Den följs från sin första dag, tidigast i morgon."),
    PlanStep.REVIEWED: N_("Planen är uppföljd och gäller vidare."),
}


@router.get(PATH)
def plans_page(request: Request, session: SessionDep, viewer: CoordinatorViewer) -> Response:
    """Orders to receive, plans to draw up and to look at again, and all of the team's plans."""
    values = {"plans": team_plans(session, viewer), "today": viewer.today, "needs_words": NEEDS_WORDS}
    return render(request, "coordinator/plans.html", values)


@router.get(PATH + "/{order_id}")
def plan_page(
    request: Request,
    session: SessionDep,
    viewer: CoordinatorViewer,
    *,
    order_id: UUID,
    gjort: Annotated[str, Query()] = "",
) -> Response:
    """One order: how far it has come, its plan line by line, and what can be done next."""
    shown = one_plan(session, viewer, OrderId(order_id))
    values = {
        "shown": shown,
        "today": viewer.today,
        "needs_words": NEEDS_WORDS,
        "participations": list(Participation),
        "absence_reasons": list(AbsenceReason),
        "latest_review_on": viewer.today + timedelta(days=REVIEW_WITHIN_DAYS),
        "notice": _NOTICES.get(gjort),
        "address": f"{PATH}/{order_id}",
    }
    return render(request, "coordinator/plan.html", values)


@router.get(PATH + "/{order_id}/ny")
def new_version_page(request: Request, session: SessionDep, viewer: CoordinatorViewer, *, order_id: UUID) -> Response:
    """The newest version's visits as a form, with empty rows for more."""
    shown = one_plan(session, viewer, OrderId(order_id))
    values = {
        "shown": shown,
        "visits": list(shown.newest.templates) if shown.newest else [],
        "new_rows": NEW_ROWS,
        "from_on": max(viewer.today + timedelta(days=1), shown.order.valid.first_on),
        "codes": _codes(shown),
        "skills": list(Skill),
        "priorities": list(Priority),
        "address": f"{PATH}/{order_id}",
    }
    return render(request, "coordinator/plan_edit.html", values)


def _codes(shown: OnePlan) -> list[ServiceCode]:
    """The help that is granted first, then all else in the catalogue's order."""
    granted = [code for line in shown.at_hand.decision.services for code in line.codes]
    return list(dict.fromkeys([*granted, *ServiceCode]))


@router.post(PATH + "/{order_id}/ny")
def write_anew(
    session: SessionDep, viewer: CoordinatorViewer, form: SentForm, *, order_id: UUID, from_on: Annotated[Day, Form()]
) -> Response:
    shown = one_plan(session, viewer, OrderId(order_id))
    templates = templates_sent(form, shown.newest.templates if shown.newest else ())
    revise_plan(session, viewer, OrderId(order_id), from_on=from_on, templates=templates)
    return _back(order_id, PlanStep.WRITTEN)


@router.post(PATH + "/{order_id}/ta-emot")
def receive(session: SessionDep, viewer: CoordinatorViewer, *, order_id: UUID) -> Response:
    acknowledge_order(session, viewer, OrderId(order_id))
    return _back(order_id, PlanStep.RECEIVED)


@router.post(PATH + "/{order_id}/borja")
def begin(
    session: SessionDep, viewer: CoordinatorViewer, *, order_id: UUID, commenced_on: Annotated[Day, Form()]
) -> Response:
    """Help has come; the first check-in says so too."""
    commence_order(session, viewer, OrderId(order_id), on=commenced_on)
    return _back(order_id, PlanStep.BEGUN)


@router.post(PATH + "/{order_id}/vila")
def rest(
    session: SessionDep,
    viewer: CoordinatorViewer,
    *,
    order_id: UUID,
    from_on: Annotated[Day, Form()],
    reason: Annotated[AbsenceReason, Form()],
) -> Response:
    """The citizen is away, nobody knows for how long."""
    order = orders.order_at_team(session, viewer, OrderId(order_id))
    _not_before(viewer.today, from_on)
    pause_orders(session, viewer, citizen_id=order.citizen_id, from_on=from_on, reason=reason)
    return _back(order_id, PlanStep.RESTS)


@router.post(PATH + "/{order_id}/ater")
def go_on(
    session: SessionDep, viewer: CoordinatorViewer, *, order_id: UUID, first_on: Annotated[Day, Form()]
) -> Response:
    order = orders.order_at_team(session, viewer, OrderId(order_id))
    resume_orders(session, viewer, citizen_id=order.citizen_id, first_on=first_on)
    return _back(order_id, PlanStep.GOES_ON)


@router.post(PATH + "/{order_id}/{plan_id}/foresla")
def propose(
    session: SessionDep,
    viewer: CoordinatorViewer,
    form: SentForm,
    *,
    order_id: UUID,
    plan_id: UUID,
    goal: Annotated[str, Form()] = "",
) -> Response:
    """Put the version to the citizen, with an explanation (``why-<service>``) for each line that needs one."""
    said = [(code, form.get(f"why-{code.value}")) for code in ServiceCode]
    explanations = [
        Explanation(code=code, why=why.strip()) for code, why in said if isinstance(why, str) and why.strip()
    ]
    propose_plan(session, viewer, OrderId(order_id), CarePlanId(plan_id), goal=goal.strip(), explanations=explanations)
    return _back(order_id, PlanStep.PROPOSED)


@router.post(PATH + "/{order_id}/{plan_id}/overens")
def agree(
    session: SessionDep,
    viewer: CoordinatorViewer,
    *,
    order_id: UUID,
    plan_id: UUID,
    took_part: Annotated[Participation, Form()],
    participants: Annotated[str, Form()] = "",
    signed_by: Annotated[str, Form()] = "",
) -> Response:
    """The citizen and the provider agree; who took part is noted, and who has signed, if anybody."""
    signature = Signature(by=signed_by.strip(), on=viewer.today) if signed_by.strip() else None
    activate_plan(
        session,
        viewer,
        OrderId(order_id),
        CarePlanId(plan_id),
        took_part=took_part,
        participants=participants,
        signature=signature,
    )
    return _back(order_id, PlanStep.AGREED)


@router.post(PATH + "/{order_id}/{plan_id}/uppfolj")
def review(
    session: SessionDep,
    viewer: CoordinatorViewer,
    *,
    order_id: UUID,
    plan_id: UUID,
    review_on: Annotated[Day, Form()],
) -> Response:
    review_plan(session, viewer, OrderId(order_id), CarePlanId(plan_id), review_on=review_on)
    return _back(order_id, PlanStep.REVIEWED)


def _not_before(today: date, on: date) -> None:
    if on < today:
        raise Invalid(field="from_on", value=on, why=f"must be {today} or later")


def _back(order_id: UUID, step: PlanStep) -> Response:
    return RedirectResponse(f"{PATH}/{order_id}?gjort={step.value}", status_code=303)
