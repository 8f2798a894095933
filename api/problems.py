"""Which error is which status, and how it is said: the one table (RFC 9457, ``application/problem+json``).

A browser that asks for HTML gets the same as a page. Nothing else in `api` turns an error into a reply.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError, WebSocketRequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from api.i18n import N_, _
from api.pages import render
from visits.errors import CareError, Conflict, Invalid, NotFound, Refused, Stale, Unavailable

MEDIA_TYPE = "application/problem+json"
SIGN_IN_PATH = "/logga-in"
_LONGEST_VALUE = 200

STATUS: dict[type[CareError], int] = {
    NotFound: 404,  # also what exists but is not yours: the two are never told apart
    Invalid: 422,
    Conflict: 409,
    Stale: 409,
    Refused: 403,
    Unavailable: 503,
    CareError: 500,
}

TITLES: dict[int, str] = {
    400: N_("Det gick inte att förstå"),
    401: N_("Logga in först"),
    403: N_("Det går inte"),
    404: N_("Sidan finns inte"),
    405: N_("Så kan man inte göra här"),
    409: N_("Något har ändrats"),
    413: N_("För mycket på en gång"),
    415: N_("Formatet går inte att läsa"),
    422: N_("Något är fel ifyllt"),
    429: N_("Lite för fort"),
    500: N_("Något gick fel hos oss"),
    503: N_("Vi når inte allt just nu"),
}

DETAILS: dict[str, str] = {
    "bad_host": N_("Adressen är inte vår."),
    "bad_origin": N_("Anropet kom från en annan webbplats och har stoppats. Ladda om sidan och försök igen."),
    "bad_token": N_("Sidan har varit öppen för länge. Ladda om den och försök igen."),
    "conflict": N_("Det krockar med något som redan gäller. Ladda om sidan och se hur det ser ut nu."),
    "database_unavailable": N_("Vi når inte databasen just nu. Ingenting har sparats. Försök igen om en stund."),
    "gap_between_orders": N_(
        "Mellan två beställningar som följer på varandra får ingen dag vara utan. Ingenting har sparats."
    ),
    "phone_wiped": N_("Telefonen skulle tömmas. Det den hade kvar är borta; logga in och börja om."),
    "other_carer": N_("Någon annan har loggat in på telefonen. Ladda om sidan."),
    "overlapping_orders": N_(
        "Personen har redan en beställning på samma insats under de dagarna. Ingenting har sparats."
    ),
    "overlapping_shifts": N_("Medarbetaren har redan ett arbetspass under den tiden. Ingenting har sparats."),
    "day_is_over": N_("Dagen är redan över och går inte att planera om."),
    "internal": N_("Ingenting har sparats. Försök igen; hör av dig om det fortsätter."),
    "import_cancelled_visits": N_(
        "Inläsningen har ställt in %(visits)s besök, så den går inte att ta tillbaka. Rätta frånvaron person för person."
    ),
    "import_changed_since": N_("En senare inläsning har ändrat samma pass. Ta tillbaka den först."),
    "import_published_on": N_(
        "Dagen %(on)s har publicerats efter inläsningen, så den går inte att ta tillbaka. Läs in en rättad fil i stället."
    ),
    "import_refused": N_("%(rows)s rader går inte att läsa in. Ingenting har sparats."),
    "import_taken_back": N_("Inläsningen är redan tillbakatagen."),
    "invalid": N_("Värdet i fältet %(field)s går inte att använda."),
    "malformed_json": N_("Innehållet är inte giltig JSON."),
    "method_not_allowed": N_("Adressen finns, men inte för det sättet att anropa den."),
    "no_order_in_force": N_("Det finns ingen beställning som gäller den dagen, så besöket går inte att planera."),
    "not_found": N_("Det du söker finns inte, eller är inte till för dig."),
    "not_signed_in": N_("Du är inte inloggad, eller så har inloggningen gått ut."),
    "own_correction": N_("Du har själv gjort rättelsen, så någon annan får säga ja eller nej."),
    "refused": N_("Reglerna tillåter det inte."),
    "somebody_forgotten": N_(
        "%(rows)s rader återstår för %(on)s: någon har ett besök eller en beställning som planen inte tar hand om. "
        "De står på dagens sida. Planera om, eller skriv varför det är som det ska; sedan går dagen att publicera."
    ),
    "stale": N_("Det du utgick från har ändrats sedan dess. Ladda om sidan och gör om."),
    "too_long": N_("Det som skickades är för stort."),
    "unavailable": N_("Något som behövs går inte att nå just nu. Försök igen om en stund."),
    # Relatives
    "already_let_in": N_("Du är redan insläppt av den personen. Koden är inte använd."),
    "code_not_open": N_(
        "Koden går inte att använda. Kanske är den felskriven, redan använd eller för gammal: be om en ny."
    ),
    "no_relatives_for_protected_identity": N_(
        "Du har skyddade personuppgifter. Därför går det inte att släppa in någon här. Tala med din biståndshandläggare."
    ),
    "too_many_let_in": N_("Du har redan släppt in %(most)s personer. Stäng ute någon först."),
    # What is granted, ordered and agreed
    "decision_follows": N_("Det finns redan ett beslut om samma insats från %(first_on)s. Ändra det i stället."),
    "decision_without_end": N_("Ett beslut har en sista dag. Tills vidare beviljas bara det som kommunen har bestämt."),
    "no_order_has_begun": N_("Ingen av personens beställningar har påbörjats, så ingen kan vila."),
    "no_order_rests": N_("Ingen av personens beställningar är vilande."),
    "order_outside_decision": N_("En beställning måste ligga inom beslutets dagar. Ingenting har sparats."),
    "order_state": N_("Beställningen har hunnit förändras. Ladda om sidan och se vad som gäller."),
    "plan_beyond_order": N_("Planen går utöver beställningen. Skriv en förklaring på varje rad där den gör det."),
    "plan_state": N_("Planen har hunnit förändras. Ladda om sidan och se vad som gäller."),
    "plan_without_goal": N_("Skriv planens mål först: vad hjälpen ska leda till."),
    # Incidents
    "step_not_now": N_("Det steget går inte att ta nu. Ladda om sidan och se hur långt ärendet har kommit."),
    "working_time": N_(
        "Planen för %(on)s bryter mot arbetstidsreglerna på %(rows)s ställen. De står på dagens sida, med vem och vad. "
        "Planera om, eller ändra passen."
    ),
    # The choice of provider
    "already_has_provider": N_("Du har redan en utförare. Be om att byta i stället."),
    "already_your_provider": N_("Den utföraren kommer redan till dig."),
    "choice_already_answered": N_("Begäran är redan besvarad. Ladda om sidan och se vad som gäller."),
    "decision_has_ended": N_("Inget beslut om hemtjänst gäller den dagen."),
    "first_day_too_early": N_("Första dagen kan vara tidigast %(earliest_on)s."),
    "no_home_care_granted": N_("Valet gäller hemtjänst, och det finns inget beslut om hemtjänst som gäller."),
    "no_provider_to_leave": N_("Det finns ingen utförare att byta från. Önska en utförare i stället."),
    "open_choice_request": N_("Du har redan bett om en utförare. Vänta på svaret, eller ta tillbaka det först."),
    "order_would_never_begin": N_("Den nuvarande utföraren börjar först %(began_on)s. Välj en senare dag."),
    "provider_is_full": N_("Utföraren har inga lediga platser den dagen."),
    "provider_outside_area": N_("Utföraren kommer inte till det område där du bor."),
    "reason_does_not_hold": N_("Skälet stämmer inte: en utförare som har plats i området tar emot den som väljer den."),
}
"""What to say for each code. A code of its own (``provider_is_full``) stands here too; without a line of its own an
error is said with the words of its family. Values come from the error's ``params``."""

CONSTRAINTS: dict[str, str] = {
    "ex_service_orders_one_at_a_time": "overlapping_orders",
    "ex_shifts_one_at_a_time": "overlapping_shifts",
    "service_orders_within_decision": "order_outside_decision",
    "service_orders_without_gap": "gap_between_orders",
    "uq_let_ins_open": "already_let_in",
}
"""What the database itself refuses, by the name of the constraint: a conflict, whatever an action has overlooked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error as it is told."""

    status: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    errors: Sequence[Mapping[str, object]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return _(TITLES.get(self.status, TITLES[400 if self.status < 500 else 500]))

    @property
    def detail(self) -> str:
        return _(DETAILS[self.code if self.code in DETAILS else _family_code(self.status)], **self.params)

    def body(self, instance: str) -> dict[str, object]:
        told: dict[str, object] = {
            "type": f"urn:vardag:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "instance": instance,
        }
        if self.errors:
            told["errors"] = list(self.errors)
        return told


class DoorError(Exception):
    """Refused at the door, before any rule of the field was asked: not signed in, wrong origin, wrong token."""

    def __init__(self, status: int, code: str) -> None:
        self.status = status
        self.code = code
        super().__init__(code)


def refuse(status: int, code: str) -> NoReturn:
    raise DoorError(status, code)


def problem_of(error: Exception) -> Problem:
    """How any exception is told. What we did not foresee is a 500 that says nothing of its cause."""
    match error:
        case Invalid():
            return Problem(status=422, code=error.code, params=error.params, errors=[_value_error(error.params)])
        case CareError():
            status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
            return Problem(status=status, code=_code_of(error), params=error.params)
        case DoorError():
            return Problem(status=error.status, code=error.code)
        case RequestValidationError() | WebSocketRequestValidationError():
            return _request_problem(error)
        case HTTPException():
            return Problem(
                status=error.status_code, code=_family_code(error.status_code), headers=dict(error.headers or {})
            )
        case _:
            return _unforeseen_problem(error)


def _unforeseen_problem(error: Exception) -> Problem:
    if _database_is_away(error):
        return Problem(status=503, code="database_unavailable", headers={"Retry-After": "5"})
    constraint = getattr(getattr(getattr(error, "orig", None), "diag", None), "constraint_name", None)
    if constraint in CONSTRAINTS:
        return Problem(status=409, code=CONSTRAINTS[constraint])
    return Problem(status=500, code="internal")


def _code_of(error: CareError) -> str:
    """A refusal is told by the rule that made it, a conflict by what it is about, where that has words of its own."""
    told_by = str(error.params.get("rule", error.params.get("what", "")))
    return told_by if told_by in DETAILS else error.code


def _family_code(status: int) -> str:
    return {
        400: "malformed_json",
        401: "not_signed_in",
        403: "refused",
        404: "not_found",
        405: "method_not_allowed",
        409: "conflict",
        413: "too_long",
        422: "invalid_request",
        503: "unavailable",
    }.get(status, "internal" if status >= 500 else "bad_request")


DETAILS["invalid_request"] = N_("Något av det som skickades går inte att använda. Se vilka fält det gäller.")
DETAILS["bad_request"] = N_("Det som skickades går inte att använda.")


def _value_error(params: Mapping[str, object]) -> dict[str, object]:
    return {
        "field": str(params.get("field", "")),
        "value": _short(params.get("value")),
        "why": str(params.get("why", "")),
    }


def _short(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return readable(str(value)[:_LONGEST_VALUE])


def readable(text: str) -> str:
    """A text as it can be sent back: half a pair of surrogates, which JSON may hold, is written out."""
    return text.encode(errors="backslashreplace").decode()


def _request_problem(error: RequestValidationError | WebSocketRequestValidationError) -> Problem:
    found: Sequence[Any] = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return Problem(status=400, code="malformed_json")
    errors = [
        {
            "field": readable(".".join(str(part) for part in one["loc"] if part != "body") or str(one["loc"][0])),
            "value": _short(one.get("input")),
            "why": one["msg"],
        }
        for one in found
    ]
    return Problem(status=422, code="invalid_request", errors=errors)


_TRY_AGAIN_SQLSTATES = frozenset({"40001", "40P01", "57P01", "57P02", "57P03", "53300"})
"""Serialization failure, deadlock, shutting down, crashed, starting up, too many connections."""


def _database_is_away(error: Exception) -> bool:
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return (
        error.connection_invalidated
        or isinstance(error, OperationalError)
        or getattr(error.orig, "sqlstate", None) in _TRY_AGAIN_SQLSTATES
    )


def wants_html(connection: HTTPConnection) -> bool:
    """A person's browser, as opposed to a program: asks for HTML, and outside ``/api/``."""
    return "text/html" in connection.headers.get("accept", "") and not connection.url.path.startswith("/api/")


async def reply(request: Request, error: Exception) -> Response:
    """The reply to a request that ended in `error`."""
    problem = problem_of(error)
    html = wants_html(request)
    if html and problem.status == 401:
        return _to_sign_in(request)
    instance = f"urn:uuid:{getattr(request.state, 'request_id', uuid.uuid4())}"
    if html:
        return await run_in_threadpool(_page, request, problem, instance)
    return JSONResponse(
        problem.body(instance), status_code=problem.status, headers=dict(problem.headers), media_type=MEDIA_TYPE
    )


def _to_sign_in(request: Request) -> Response:
    wished = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"{SIGN_IN_PATH}?{urlencode({'till': wished})}", status_code=303)


def _page(request: Request, problem: Problem, instance: str) -> Response:
    if not hasattr(request.state, "signed_in") and problem.status < 500:
        # No route was reached, so nobody has asked yet who this is; the page's head wants to know.
        request.app.state.recognise(request)
    values = {"problem": problem, "instance": instance}
    return render(request, "error.html", values, status=problem.status, headers=problem.headers)


def install(app: FastAPI, *, recognise: Callable[[HTTPConnection], object]) -> None:
    """Let every error of `app` be told by this table; `recognise` notes on a request who sent it."""
    app.state.recognise = recognise

    async def tell(connection: Request | WebSocket, error: Exception) -> Response | None:
        if isinstance(connection, WebSocket):
            problem = problem_of(error)
            body = JSONResponse(problem.body("about:blank"), status_code=problem.status, media_type=MEDIA_TYPE)
            await connection.send_denial_response(body)
            return None
        return await reply(connection, error)

    for kind in (
        CareError,
        DoorError,
        HTTPException,
        RequestValidationError,
        WebSocketRequestValidationError,
        Exception,
    ):
        app.add_exception_handler(kind, tell)  # type: ignore[arg-type]
