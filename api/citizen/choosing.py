"""`/utforare`: the citizen compares providers, asks for one, and sees how far the request has come."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from babel import Locale
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.auth.access import CitizenViewer
from api.house import HouseDep
from api.i18n import N_, _, locale
from api.pages import render
from api.work import NowDep, SessionDep
from provider_choice.actions.ask_to_switch import ask_to_switch
from provider_choice.actions.state_wish import state_wish
from provider_choice.actions.withdraw_request import withdraw_request
from provider_choice.choice import (
    ChoiceRequest,
    DeclineReason,
    RequestId,
    RequestKind,
    RequestState,
    Situation,
    earliest_first_day,
)
from provider_choice.first_day import FirstDays
from provider_choice.providers import Offer
from provider_choice.store import choice
from provider_choice.store.situation import situation_at_start
from visits.errors import NotFound
from visits.guard.viewer import Viewer
from visits.store import teams
from visits.terms import CitizenId, ProviderId

router = APIRouter(tags=["citizen"])
PATH = "/utforare"
_BELONGS_TO = {"kmr": "ku"}
"""Languages that CLDR names only together with their kin."""
_DECLINED_BECAUSE: dict[DeclineReason, str] = {
    DeclineReason.PROVIDER_FULL: N_("Utföraren har inga lediga platser."),
    DeclineReason.OUTSIDE_AREA: N_("Utföraren kommer inte till området där du bor."),
    DeclineReason.NO_DECISION: N_("Du har inget beslut om hemtjänst som gäller."),
    DeclineReason.CHANGED_MIND: N_("Du har sagt att du inte längre vill."),
    DeclineReason.NOT_ENTITLED: N_("Den som bad om det får inte bestämma det åt dig."),
}
ASK = {RequestKind.WISH: state_wish, RequestKind.SWITCH: ask_to_switch}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """Where a citizen stands: `request` is the newest one, open or answered; `names` of all providers."""

    situation: Situation
    request: ChoiceRequest | None
    names: dict[ProviderId, str]

    @property
    def state(self) -> RequestState | None:
        return None if self.request is None else self.request.state_on(self.situation.on)

    @property
    def declined_because(self) -> str:
        """Why not, as it is said to the one it concerns."""
        reason = None if self.request is None else self.request.reason
        return "" if reason is None else _(_DECLINED_BECAUSE[reason])

    @property
    def waits(self) -> bool:
        return self.state is not None and self.state.is_open

    def is_present(self, offer: Offer) -> bool:
        present = self.situation.present
        return present is not None and present.provider_id == offer.provider.id

    def may_ask_for(self, offer: Offer) -> bool:
        return bool(self.situation.decisions) and not self.waits and not self.is_present(offer)


def choosing(session: Session, viewer: Viewer, rules: FirstDays) -> Choosing:
    """How the viewer's own choice looks today, with the places that are free when a request of today would begin."""
    citizen_id = citizen_of(viewer)
    requests = choice.requests_of(session, viewer, citizen_id)
    return Choosing(
        situation=situation_at_start(session, viewer, citizen_id, rules=rules, asked_on=viewer.today),
        request=requests[0] if requests else None,
        names={provider.id: provider.name for provider in teams.all_providers(session)},
    )


def citizen_of(viewer: Viewer) -> CitizenId:
    if viewer.person_id is None:
        raise NotFound(what="citizen")
    return CitizenId(viewer.person_id)


@router.get(PATH)
def providers_page(
    request: Request,
    session: SessionDep,
    viewer: CitizenViewer,
    house: HouseDep,
    *,
    gjort: Annotated[str, Query()] = "",
) -> Response:
    """The providers that come to the citizen's home, and the way of a request. Those without home care are told why not."""
    shown = choosing(session, viewer, house.settings.first_days)
    first_on = None
    if shown.request is not None:
        first_on = shown.request.first_on or earliest_first_day(
            shown.situation, house.settings.first_days, asked_on=shown.request.asked_on
        )
    values = {"choosing": shown, "first_on": first_on, "done": gjort, "spoken": spoken}
    return render(request, "citizen/choosing.html", values)


@router.get(PATH + "/{provider_id}")
def ask_page(
    request: Request, session: SessionDep, viewer: CitizenViewer, house: HouseDep, *, provider_id: UUID
) -> Response:
    """The one step before asking: what will happen, and when."""
    shown = choosing(session, viewer, house.settings.first_days)
    offer = shown.situation.find(ProviderId(provider_id))
    if offer is None:
        raise NotFound(what="provider")
    if not shown.may_ask_for(offer):
        return RedirectResponse(PATH, status_code=303)
    first_on = earliest_first_day(shown.situation, house.settings.first_days, asked_on=viewer.today)
    values = {"choosing": shown, "offer": offer, "first_on": first_on}
    return render(request, "citizen/choosing_ask.html", values)


@router.post(PATH + "/{provider_id}")
def ask(
    session: SessionDep, viewer: CitizenViewer, now: NowDep, *, provider_id: UUID, kind: Annotated[RequestKind, Form()]
) -> Response:
    ASK[kind](session, viewer, citizen_id=citizen_of(viewer), provider_id=ProviderId(provider_id), now=now)
    return RedirectResponse(f"{PATH}?gjort=skickat", status_code=303)


@router.post(PATH + "/begaran/{request_id}/ta-tillbaka")
def withdraw(session: SessionDep, viewer: CitizenViewer, now: NowDep, *, request_id: UUID) -> Response:
    withdraw_request(session, viewer, RequestId(request_id), now=now)
    return RedirectResponse(f"{PATH}?gjort=aterkallat", status_code=303)


def spoken(languages: tuple[str, ...]) -> str:
    """Languages by their names in the reader's own language: "svenska, finska"."""
    return ", ".join(_language_name(tag, locale()) for tag in languages)


def _language_name(tag: str, reader: Locale) -> str:
    """By its own name, else by that of the language it belongs to (Kurmanji is told as Kurdish)."""
    names = reader.languages
    return str(names.get(tag) or names.get(_BELONGS_TO.get(tag, tag), tag))
