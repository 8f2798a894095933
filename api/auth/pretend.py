"""The demo's stand-in for an identity: choose who you are from a list. Refused unless the settings say demo."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.access import public
from api.auth.identity import Identified
from api.auth.routes import welcome
from api.clock import SWEDEN
from api.house import HouseDep
from api.pages import render
from api.problems import SIGN_IN_PATH
from api.settings import Settings, SettingsError
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Role, Viewer
from visits.store import carers, citizens, managers, officials, relatives, teams

_KEY_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Person:
    """One of the synthetic people, as the list shows them."""

    role: Role
    person_id: UUID
    name: str
    key: str


def key_of(settings: Settings, role: Role, person_id: UUID) -> str:
    """What stands in a sign-in address instead of a name or an id."""
    signed = hmac.new(settings.signing_key, f"pretend/{role.value}/{person_id}".encode(), hashlib.sha256)
    return signed.hexdigest()[:_KEY_LENGTH]


def sign_in_address(settings: Settings, role: Role, person_id: UUID) -> str:
    """The address that signs in as this person at once: for the demo to print, and for its simulator."""
    return f"{settings.base_url}{SIGN_IN_PATH}/som/{role.value}/{key_of(settings, role, person_id)}"


def people(session: Session, settings: Settings, role: Role, today: date) -> list[Person]:
    """Everybody of this role in the synthetic town, by name."""
    return [
        Person(role, person_id, name, key_of(settings, role, person_id))
        for person_id, name in sorted(_names(session, role, today), key=lambda row: (row[1], str(row[0])))
    ]


def _names(session: Session, role: Role, today: date) -> list[tuple[UUID, str]]:
    if role is Role.CITIZEN:
        viewer = Viewer.system(reason="the demo lists whom one can pretend to be", today=today)
        found = citizens.find(session, viewer, Subject.DAY)
        return [(one.id, f"{one.given_name} {one.family_name}") for one in found]
    if role is Role.CARER:
        return [
            (one.id, f"{one.given_name} {one.family_name} ({team.name})")
            for team in teams.all_teams(session)
            for one in carers.carers_of(session, team.id)
        ]
    if role is Role.COORDINATOR:
        names = {team.id: team.name for team in teams.all_teams(session)}
        return [
            (row.id, f"{row.given_name} {row.family_name} ({names[row.team_id]})")
            for row in session.execute(select(officials.coordinators))
        ]
    if role is Role.MANAGER:
        providers = {provider.id: provider.name for provider in teams.all_providers(session)}
        return [(one.id, f"{one.name} ({providers[one.provider_id]})") for one in managers.all_managers(session)]
    if role is Role.RELATIVE:
        return [(one.id, one.name) for one in relatives.all_relatives(session)]
    return [(row.id, f"{row.given_name} {row.family_name}") for row in session.execute(select(officials.case_officers))]


_ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
_FOR_THE_DEMO = "the demo's list of synthetic people; the router is not there in production"


class Pretend:
    """The `api.auth.identity.Identity` of the demo."""

    def __init__(self, settings: Settings) -> None:
        if not settings.pretend_sign_in:
            raise SettingsError("VARDAG_SIGN_IN='pretend' lets anybody be anybody: only with VARDAG_DEMO=true")

    def router(self) -> APIRouter:
        pages = APIRouter(prefix=SIGN_IN_PATH, tags=["auth"], dependencies=[public(reason=_FOR_THE_DEMO)])
        pages.add_api_route("/demo", _choose, methods=["GET"])
        pages.add_api_route("/demo", _chosen, methods=["POST"])
        pages.add_api_route("/som/{role}/{key}", _straight_in, methods=["GET"])
        return pages


def _choose(
    request: Request, house: HouseDep, session: SessionDep, now: NowDep, till: Annotated[str, Query()] = "/"
) -> Response:
    today = now.astimezone(SWEDEN).date()
    lists: dict[str, Any] = {role.value: people(session, house.settings, role, today) for role in _ROLES}
    return render(request, "auth/pretend.html", {"lists": lists, "till": till})


def _chosen(
    request: Request,
    house: HouseDep,
    session: SessionDep,
    now: NowDep,
    *,
    role: Annotated[Role, Form()],
    key: Annotated[str, Form()],
    till: Annotated[str, Form()] = "/",
) -> Response:
    who = _by_key(session, house.settings, role, key, now.astimezone(SWEDEN).date())
    return welcome(request, session, who, till=till)


def _straight_in(
    request: Request, house: HouseDep, session: SessionDep, now: NowDep, *, role: Role, key: str
) -> Response:
    who = _by_key(session, house.settings, role, key, now.astimezone(SWEDEN).date())
    return welcome(request, session, who, till="/")


def _by_key(session: Session, settings: Settings, role: Role, key: str, today: date) -> Identified:
    if role not in _ROLES:
        raise NotFound(what="person")
    for person in people(session, settings, role, today):
        if hmac.compare_digest(person.key.encode(), key.encode()):
            return Identified(role, person.person_id)
    raise NotFound(what="person")
