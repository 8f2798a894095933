"""The case officer's JSON: the list of cases, and the answers to requests."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.auth.access import CaseOfficerViewer
from api.case_officer.cases import Case, cases, suggested_first_day
from api.clock import Day
from api.house import HouseDep
from api.work import NowDep, SessionDep
from provider_choice.actions.confirm_request import confirm_request
from provider_choice.actions.decline_request import decline_request
from provider_choice.choice import ChoiceRequest, DeclineReason, RequestId, RequestKind, RequestState
from provider_choice.store import choice
from visits.terms import ServiceKind

router = APIRouter(prefix="/api/v1", tags=["case_officer"])


class AskedTold(BaseModel):
    id: UUID
    kind: RequestKind
    state: RequestState
    provider_id: UUID
    asked_at: datetime
    answered_at: datetime | None
    first_on: date | None
    reason: DeclineReason | None

    @classmethod
    def of(cls, request: ChoiceRequest, *, today: date) -> "AskedTold":
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


class CaseTold(BaseModel):
    """`ends_on` and `days_left` tell of the decision that runs out first within 90 days, if one does."""

    citizen_id: UUID
    name: str
    services: list[ServiceKind]
    asked: AskedTold | None
    ends_on: date | None
    days_left: int | None

    @classmethod
    def of(cls, case: Case, *, today: date) -> "CaseTold":
        return cls(
            citizen_id=case.citizen.id,
            name=case.citizen.name,
            services=sorted({decision.kind for decision in case.decisions}),
            asked=None if case.asked is None else AskedTold.of(case.asked, today=today),
            ends_on=None if case.expiry is None else case.expiry.decision.valid.last_on,
            days_left=None if case.expiry is None else case.expiry.days_left,
        )


class Confirmation(BaseModel):
    """Without `first_on`: the first day by the municipality's rule."""

    model_config = ConfigDict(extra="forbid")

    first_on: Day | None = None


class Declining(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: DeclineReason


@router.get("/cases")
def my_cases(session: SessionDep, viewer: CaseOfficerViewer) -> list[CaseTold]:
    """The officer's own citizens, by name, with what awaits."""
    return [CaseTold.of(case, today=viewer.today) for case in cases(session, viewer).everybody]


@router.post("/choice-requests/{request_id}/confirm")
def confirm(
    session: SessionDep,
    viewer: CaseOfficerViewer,
    now: NowDep,
    house: HouseDep,
    *,
    request_id: UUID,
    answer: Confirmation,
) -> AskedTold:
    """Confirm with a first day by the rule, or later."""
    rules = house.settings.first_days
    asked = choice.request(session, viewer, RequestId(request_id))
    first_on = answer.first_on or suggested_first_day(session, viewer, asked, rules)
    confirmed = confirm_request(session, viewer, asked.id, first_on=first_on, rules=rules, now=now)
    return AskedTold.of(confirmed, today=viewer.today)


@router.post("/choice-requests/{request_id}/decline")
def decline(
    session: SessionDep, viewer: CaseOfficerViewer, now: NowDep, house: HouseDep, *, request_id: UUID, answer: Declining
) -> AskedTold:
    """Decline for one of the reasons that there are."""
    declined = decline_request(
        session, viewer, RequestId(request_id), reason=answer.reason, rules=house.settings.first_days, now=now
    )
    return AskedTold.of(declined, today=viewer.today)
