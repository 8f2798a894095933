"""The choice of provider as JSON, for the citizen."""

from datetime import date, datetime, time
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.auth.access import CitizenViewer
from api.citizen.choosing import ASK, choosing, citizen_of
from api.house import HouseDep
from api.work import NowDep, SessionDep
from provider_choice.actions.withdraw_request import withdraw_request
from provider_choice.choice import (
    ChoiceRequest,
    DeclineReason,
    RequestId,
    RequestKind,
    RequestState,
    earliest_first_day,
)
from provider_choice.providers import Offer
from visits.organisation import ProviderKind
from visits.terms import District, ProviderId

router = APIRouter(prefix="/api/v1/me", tags=["citizen"])


class ProviderTold(BaseModel):
    """One provider. `opens` and `closes` are local times on weekdays; `continuity` is carers met in 14 days, on average."""

    id: UUID
    name: str
    kind: ProviderKind
    about: str
    languages: list[str]
    carers: int
    continuity: float | None
    opens: time
    closes: time
    districts: list[District]
    phone: str
    email: str
    open_places: int
    is_present: bool

    @classmethod
    def of(cls, offer: Offer, *, is_present: bool) -> "ProviderTold":
        facts = offer.facts
        return cls(
            id=offer.provider.id,
            name=offer.provider.name,
            kind=offer.provider.kind,
            about=facts.about,
            languages=list(facts.languages),
            carers=facts.carers,
            continuity=facts.continuity,
            opens=facts.opens,
            closes=facts.closes,
            districts=sorted(offer.districts),
            phone=facts.phone,
            email=facts.email,
            open_places=offer.open_places,
            is_present=is_present,
        )


class RequestTold(BaseModel):
    id: UUID
    kind: RequestKind
    state: RequestState
    provider_id: UUID
    asked_at: datetime
    answered_at: datetime | None
    first_on: date | None
    reason: DeclineReason | None

    @classmethod
    def of(cls, request: ChoiceRequest, *, today: date) -> "RequestTold":
        return cls(
            id=request.id,
            kind=request.kind,
            state=request.state_on(today),
            provider_id=request.provider_id,
            asked_at=request.asked_at,
            answered_at=request.answered_at,
            first_on=request.first_on,
            reason=request.reason,
        )


class ProvidersTold(BaseModel):
    """In alphabetical order, which favours nobody. `earliest_on` is the first day if the citizen asked today."""

    kind: RequestKind
    may_ask: bool
    earliest_on: date
    providers: list[ProviderTold]
    request: RequestTold | None


class RequestAsked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider_id: UUID
    kind: RequestKind


@router.get("/providers")
def my_providers(session: SessionDep, viewer: CitizenViewer, house: HouseDep) -> ProvidersTold:
    """The providers open to the citizen; none for whoever has no home care granted."""
    shown = choosing(session, viewer, house.settings.first_days)
    granted = bool(shown.situation.decisions)
    offers = shown.situation.offers if granted else ()
    return ProvidersTold(
        kind=shown.situation.kind,
        may_ask=granted and not shown.waits,
        earliest_on=earliest_first_day(shown.situation, house.settings.first_days, asked_on=viewer.today),
        providers=[ProviderTold.of(offer, is_present=shown.is_present(offer)) for offer in offers],
        request=None if shown.request is None else RequestTold.of(shown.request, today=viewer.today),
    )


@router.post("/choice-requests", status_code=201)
def ask(session: SessionDep, viewer: CitizenViewer, now: NowDep, asked: RequestAsked) -> RequestTold:
    """State a wish, or ask to switch."""
    made = ASK[asked.kind](
        session, viewer, citizen_id=citizen_of(viewer), provider_id=ProviderId(asked.provider_id), now=now
    )
    return RequestTold.of(made, today=viewer.today)


@router.post("/choice-requests/{request_id}/withdraw")
def withdraw(session: SessionDep, viewer: CitizenViewer, now: NowDep, request_id: UUID) -> RequestTold:
    return RequestTold.of(withdraw_request(session, viewer, RequestId(request_id), now=now), today=viewer.today)
