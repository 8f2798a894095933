"""Signing in and out, the start page, the choice of language, and what a program needs to know about its session."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api import i18n
from api.auth import phone_key, sessions
from api.auth.access import AnyViewer, MaybeSignedIn, cookie_name, public
from api.auth.identity import Identified
from api.clock import RealClock
from api.house import House, HouseDep, house_of
from api.navigation import home_of
from api.pages import render
from api.problems import SIGN_IN_PATH
from api.work import SessionDep

router = APIRouter(tags=["auth"])
_A_YEAR = 31_536_000


class SessionInfo(BaseModel):
    """What a program that is signed in needs: its role, until when, and the token to send as ``X-CSRF-Token``."""

    role: str
    expires_at: str
    csrf: str


@router.get("/", dependencies=[public(reason="sends each to their own start page, or to sign in")])
def start(signed_in: MaybeSignedIn) -> Response:
    return RedirectResponse(SIGN_IN_PATH if signed_in is None else home_of(signed_in.role), status_code=303)


@router.get(SIGN_IN_PATH, dependencies=[public(reason="one must be able to sign in")])
def sign_in_page(request: Request, house: HouseDep, till: Annotated[str, Query()] = "/") -> Response:
    if house.settings.pretend_sign_in:
        return RedirectResponse(f"{SIGN_IN_PATH}/demo?{urlencode({'till': local_path(till)})}", status_code=303)
    return render(request, "auth/sign_in.html")


@router.post("/logga-ut")
def sign_out(request: Request, house: HouseDep, session: SessionDep, _viewer: AnyViewer) -> Response:
    sessions.end(session, request.cookies.get(cookie_name(house), ""))
    response = RedirectResponse(SIGN_IN_PATH, status_code=303)
    response.delete_cookie(cookie_name(house), path="/", secure=not house.settings.demo, httponly=True)
    phone_key.take_back(response, house)
    return response


@router.post("/sprak", dependencies=[public(reason="changes only the language of the reader's own pages")])
def choose_language(sprak: Annotated[str, Form()], till: Annotated[str, Form()] = "/") -> Response:
    response = RedirectResponse(local_path(till), status_code=303)
    chosen = sprak if sprak in i18n.LANGUAGES else i18n.SOURCE_LANGUAGE
    response.set_cookie(i18n.COOKIE, chosen, max_age=_A_YEAR, path="/", samesite="lax", httponly=True)
    return response


@router.get("/api/v1/session")
def session_info(request: Request, _viewer: AnyViewer) -> SessionInfo:
    signed_in: sessions.SignedIn = request.state.signed_in
    return SessionInfo(role=signed_in.role.value, expires_at=signed_in.expires_at.isoformat(), csrf=signed_in.csrf)


def welcome(request: Request, session: Session, who: Identified, *, till: str) -> Response:
    """Begin a session for somebody who has shown who they are, and lead them in."""
    house = house_of(request)
    lasts = timedelta(hours=house.settings.session_hours)
    previous = request.cookies.get(cookie_name(house))
    if previous:
        sessions.end(session, previous)
    token = sessions.begin(session, role=who.role, person_id=who.person_id, now=RealClock().now(), lasts=lasts)
    wished = local_path(till)
    response = RedirectResponse(home_of(who.role) if wished == "/" else wished, status_code=303)
    _set_cookie(response, house, token, lasts)
    return response


def _set_cookie(response: Response, house: House, token: str, lasts: timedelta) -> None:
    response.set_cookie(
        cookie_name(house),
        token,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=not house.settings.demo,
        httponly=True,
        samesite="lax",
    )


def local_path(wished: str) -> str:
    """`wished` if it leads to a page of ours, else the start: nobody is led away to another site by our own link."""
    parts = urlsplit(wished)
    is_ours = wished.startswith("/") and not wished.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wished if is_ours and wished.isprintable() else "/"
