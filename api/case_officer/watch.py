"""What a case officer must not forget: decisions that run out, help that has not begun, plans that are not drawn up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.auth.access import CaseOfficerViewer
from api.i18n import _
from api.pages import render
from api.spreadsheet import spreadsheet
from api.words import word
from api.work import SessionDep
from visits.granted.care_plans import CarePlan, CarePlanState, drawn_up_by
from visits.granted.commencement import REPORT_AFTER_DAYS, Unexecuted, unexecuted
from visits.granted.expiry import WARN_WITHIN_DAYS, Expiry, expiries
from visits.granted.orders import ServiceOrder
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.people import Citizen
from visits.store import care_plans, citizens, decisions, orders, teams
from visits.terms import CitizenId, Period, ProviderId

router = APIRouter(tags=["case_officer"])
PATH = "/arenden/bevakning"


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePlan:
    """An order whose plan nobody has agreed on in time, or that is past its review."""

    order: ServiceOrder
    plan: CarePlan | None
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Own citizens' matters with a day attached; `ending` by the narrowest warning, `warned` and `reported` oldest first."""

    people: Mapping[CitizenId, Citizen]
    ending: Mapping[int, tuple[Expiry, ...]]
    warned: tuple[Unexecuted, ...]
    reported: tuple[Unexecuted, ...]
    late_plans: tuple[LatePlan, ...]
    providers: Mapping[ProviderId, str]


def watched(session: Session, viewer: Viewer) -> Watched:
    """What awaits among the viewer's own citizens."""
    people = {one.id: one for one in citizens.find(session, viewer, Subject.CARE)}
    since_today = Period(viewer.today)
    granted = decisions.decisions_in(session, viewer, citizens=people, period=since_today)
    ordered = orders.orders_of(session, viewer, citizens=people)
    plans = care_plans.plans_of_orders(
        session, viewer, orders=[one.id for one in ordered if one.in_force(viewer.today)]
    )
    late = unexecuted(granted, ordered, today=viewer.today)
    ending = expiries(granted, today=viewer.today)
    return Watched(
        people=people,
        ending={within: tuple(one for one in ending if one.within_days == within) for within in WARN_WITHIN_DAYS},
        warned=tuple(one for one in late if not one.is_reported),
        reported=tuple(one for one in late if one.is_reported),
        late_plans=tuple(_late_plans(ordered, plans, today=viewer.today)),
        providers={provider.id: provider.name for provider in teams.all_providers(session)},
    )


def _late_plans(ordered: Iterable[ServiceOrder], plans: Iterable[CarePlan], *, today: date) -> list[LatePlan]:
    active = {plan.order_id: plan for plan in plans if plan.state is CarePlanState.ACTIVE}
    found = []
    for order in ordered:
        if not order.in_force(today) or not order.has_begun:
            continue
        plan = active.get(order.id)
        due_on = drawn_up_by(order.valid.first_on) if plan is None else plan.review_on
        if due_on is not None and due_on < today:
            found.append(LatePlan(order=order, plan=plan, due_on=due_on))
    return sorted(found, key=lambda late: (late.due_on, late.order.id))


@router.get(PATH)
def watch_page(request: Request, session: SessionDep, viewer: CaseOfficerViewer) -> Response:
    """Decisions that run out within 7, 30 and 90 days, help not begun after 60 and 90 days, and plans that are late."""
    values = {
        "watched": watched(session, viewer),
        "today": viewer.today,
        "report_after": REPORT_AFTER_DAYS,
        "path": PATH,
    }
    return render(request, "case_officer/watch.html", values)


@router.get(PATH + "/ivo.csv")
def report_file(session: SessionDep, viewer: CaseOfficerViewer) -> Response:
    """The list that goes to the authority: own citizens' decisions that nobody has begun within 90 days.

    Of a protected identity neither name nor number leaves the house in a file (domain reference 6.7): those are reported by hand.
    """
    found = watched(session, viewer)
    return spreadsheet(
        "ej-verkstallda-beslut",
        heading=[_("Person"), _("Personnummer"), _("Insats"), _("Beslutsdatum"), _("Dagar"), _("Utförare"), _("Skäl")],
        rows=[_reported(one, found) for one in found.reported],
    )


def _reported(late: Unexecuted, found: Watched) -> list[str | int | None]:
    person = found.people[late.decision.citizen_id]
    return [
        _("Skyddade personuppgifter") if person.protected else person.name,
        None if person.protected else person.personnummer.reveal(),
        word(late.decision.kind),
        late.decision.decided_on.isoformat(),
        late.days,
        None if late.order is None else found.providers[late.order.provider_id],
        word(late.delay),
    ]
