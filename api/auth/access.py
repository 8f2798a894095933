"""The door: which roles a route is for. The only maker of a `Viewer` from a session.

Every route names one policy: a parameter of type `CitizenViewer`, `CarerViewer`, `CoordinatorViewer`, `CaseOfficerViewer`
`ManagerViewer`, `RelativeViewer`
or `AnyViewer`; or, for the few that are for everybody, ``dependencies=[public(reason="…")]``. A WebSocket takes
``Depends(socket_policy(Role.CITIZEN))``. A house test walks all routes.

Without a session the answer is 401 (a browser is sent to sign in); with the wrong role it is 404, as for a stranger.
Whatever changes something also needs our own ``Origin`` and the session's token, as form field ``csrf`` or header
``X-CSRF-Token``.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from api.auth import sessions
from api.auth.sessions import SignedIn
from api.clock import SWEDEN, RealClock
from api.house import House, HouseDep, house_of
from api.problems import refuse
from api.work import SessionDep
from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.store import carers, managers, officials, relatives, shifts
from visits.terms import CarerId, CoordinatorId, ManagerId, ProviderId, RelativeId, TeamId

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom a route is for; `reason` says why, where it is for everybody."""

    roles: frozenset[Role]
    reason: str = ""


def cookie_name(house: House) -> str:
    """Outside the demo a name that browsers accept only over HTTPS, from this very host."""
    return sessions.COOKIE if house.settings.demo else f"__Host-{sessions.COOKIE}"


def signed_in_of(house: House, session: Session, connection: HTTPConnection) -> SignedIn | None:
    """Who sent this request. Sessions run on real time, also where a demo clock runs fast."""
    token = connection.cookies.get(cookie_name(house))
    if not token:
        return None
    found = sessions.find(session, token, now=RealClock().now(), key=house.settings.signing_key)
    connection.state.signed_in = found
    return found


def recognise(connection: HTTPConnection) -> None:
    """Note on a request who sent it, where no route has asked. Opens a short transaction."""
    house = house_of(connection)
    with house.sessions() as session:
        signed_in_of(house, session, connection)


def _maybe_signed_in(connection: HTTPConnection, house: HouseDep, session: SessionDep) -> SignedIn | None:
    return signed_in_of(house, session, connection)


MaybeSignedIn = Annotated[SignedIn | None, Depends(_maybe_signed_in)]
"""Whoever is signed in, or nobody. No policy: for pages that greet."""


async def _checked(request: Request, house: HouseDep, signed_in: MaybeSignedIn) -> SignedIn:
    if signed_in is None:
        refuse(401, "not_signed_in")
    check_origin(request, house)
    if request.method not in _SAFE_METHODS and not hmac.compare_digest(
        (await _token_sent(request)).encode(), signed_in.csrf.encode()
    ):
        refuse(403, "bad_token")
    return signed_in


def check_origin(connection: HTTPConnection, house: House) -> None:
    """Refuse what another site's page sends. A program that is no browser sends no ``Origin``, and has no cookies to abuse."""
    if connection.scope["type"] == "http" and connection.scope["method"] in _SAFE_METHODS:
        return
    origin = connection.headers.get("origin")
    if origin is None:
        if connection.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            refuse(403, "bad_origin")
        return
    sent, ours = urlsplit(origin), urlsplit(house.settings.base_url)
    if sent.scheme != ours.scheme or sent.netloc not in {ours.netloc, connection.headers.get("host")}:
        refuse(403, "bad_origin")


async def _token_sent(request: Request) -> str:
    header = request.headers.get(CSRF_HEADER)
    if header is not None:
        return header
    if request.headers.get("content-type", "").startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        sent = (await request.form()).get(CSRF_FIELD)
        return sent if isinstance(sent, str) else ""
    return ""


def make_viewer(house: House, session: Session, role: Role, person_id: UUID) -> Viewer:
    """On whose behalf a request is served, on today's Swedish date. `NotFound` if the person is no longer there.

    For a carer in a night shift it is still the day on which the shift began: that day's route is the one in hand.
    """
    team_id = _team_of(session, role, person_id)
    provider_id = _provider_of(session, role, person_id)
    if role is Role.RELATIVE:
        relatives.relative(session, RelativeId(person_id))
    now = house.clock.now()
    is_carer = role is Role.CARER
    today = shifts.working_day(session, CarerId(person_id), now=now) if is_carer else now.astimezone(SWEDEN).date()
    return Viewer(role=role, person_id=person_id, team_id=team_id, provider_id=provider_id, today=today)


def _team_of(session: Session, role: Role, person_id: UUID) -> TeamId | None:
    if role is Role.COORDINATOR:
        return officials.coordinator(session, CoordinatorId(person_id)).team_id
    if role is Role.CARER:
        return carers.carer(session, CarerId(person_id)).team_id
    return None


def _provider_of(session: Session, role: Role, person_id: UUID) -> ProviderId | None:
    return managers.manager(session, ManagerId(person_id)).provider_id if role is Role.MANAGER else None


def policy(*roles: Role) -> Callable[..., Viewer]:
    """A dependency that lets in only these roles, and says who came."""
    allowed = frozenset(roles)

    def enter(house: HouseDep, session: SessionDep, signed_in: Annotated[SignedIn, Depends(_checked)]) -> Viewer:
        return _let_in(house, session, signed_in, allowed)

    enter.policy = Policy(allowed)  # type: ignore[attr-defined]
    return enter


def _let_in(house: House, session: Session, signed_in: SignedIn, allowed: frozenset[Role]) -> Viewer:
    if signed_in.role not in allowed:
        raise NotFound(what="page")
    try:
        return make_viewer(house, session, signed_in.role, signed_in.person_id)
    except NotFound:
        refuse(401, "not_signed_in")


def public(*, reason: str) -> Any:  # noqa: ANN401 - what FastAPI's Depends returns is for its own eyes
    """The policy of a route that is for everybody; `reason` says why it may be. Still refuses other sites' forms."""

    def enter(connection: HTTPConnection, house: HouseDep) -> None:
        check_origin(connection, house)

    enter.policy = Policy(frozenset(), reason)  # type: ignore[attr-defined]
    return Depends(enter)


@dataclass(frozen=True, slots=True)
class SocketPass:
    """Let in on a WebSocket. The socket may stay open for hours, so ask `still` again before each thing that is sent."""

    house: House
    connection: HTTPConnection
    allowed: frozenset[Role]
    viewer: Viewer

    def still(self) -> Viewer | None:
        """The viewer as of now, or None when the session has ended. Opens a short transaction: call it in a thread."""
        with self.house.sessions() as session:
            signed_in = signed_in_of(self.house, session, self.connection)
            if signed_in is None or signed_in.role not in self.allowed:
                return None
            try:
                return make_viewer(self.house, session, signed_in.role, signed_in.person_id)
            except NotFound:
                return None


def still_many(house: House, session: Session, passes: Sequence[SocketPass]) -> list[Viewer | None]:
    """`SocketPass.still` for many sockets at once, in the order given."""
    name = cookie_name(house)
    tokens = [entered.connection.cookies.get(name, "") for entered in passes]
    known = sessions.in_force(session, tokens, now=RealClock().now())
    viewers: dict[tuple[Role, UUID], Viewer | None] = {}
    found: list[Viewer | None] = []
    for entered, token in zip(passes, tokens, strict=True):
        who = known.get(sessions.hash_of(token))
        if who is None or who[0] not in entered.allowed:
            found.append(None)
            continue
        if who not in viewers:
            try:
                viewers[who] = make_viewer(house, session, *who)
            except NotFound:
                viewers[who] = None
        found.append(viewers[who])
    return found


def socket_policy(*roles: Role) -> Callable[..., SocketPass]:
    """The policy of a WebSocket: session, role and origin. Holds no transaction once the socket is open."""
    allowed = frozenset(roles)

    def enter(connection: HTTPConnection) -> SocketPass:
        house = house_of(connection)
        check_origin(connection, house)
        with house.sessions() as session:
            signed_in = signed_in_of(house, session, connection)
            if signed_in is None:
                refuse(401, "not_signed_in")
            viewer = _let_in(house, session, signed_in, allowed)
        return SocketPass(house, connection, allowed, viewer)

    enter.policy = Policy(allowed)  # type: ignore[attr-defined]
    return enter


CitizenViewer = Annotated[Viewer, Depends(policy(Role.CITIZEN))]
CarerViewer = Annotated[Viewer, Depends(policy(Role.CARER))]
CoordinatorViewer = Annotated[Viewer, Depends(policy(Role.COORDINATOR))]
CaseOfficerViewer = Annotated[Viewer, Depends(policy(Role.CASE_OFFICER))]
ManagerViewer = Annotated[Viewer, Depends(policy(Role.MANAGER))]
RelativeViewer = Annotated[Viewer, Depends(policy(Role.RELATIVE))]
AnyViewer = Annotated[Viewer, Depends(policy(*(role for role in Role if role is not Role.SYSTEM)))]
"""Anybody who is signed in."""
