"""HTML pages: one Jinja environment over the templates of all rooms.

``render(request, "citizen/today.html", {...})`` shows ``api/citizen/templates/today.html``; what is in ``api/design``
needs no prefix (``base.html``). What each room has in ``static/`` is served below ``/static/<room>/``.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape

from api import i18n, words
from api.clock import SWEDEN
from api.house import house_of
from api.navigation import NAVIGATION
from visits.granted.catalogue import category

_HERE = Path(__file__).parent


def rooms_with(folder: str) -> dict[str, Path]:
    """The rooms of `api` that have such a folder, by name."""
    return {path.parent.name: path for path in sorted(_HERE.glob(f"*/{folder}")) if path.is_dir()}


def clock_time(at: datetime) -> str:
    """``08.30`` in Sweden's time, or as the reader's locale writes it."""
    local = at.astimezone(SWEDEN)
    return local.strftime("%H.%M") if i18n.language() == "sv" else format_time(local, "short", locale=i18n.locale())


def day(on: date, form: str = "EEEE d MMMM") -> str:
    """``måndag 23 november``; `form` is a CLDR pattern or ``short``, ``medium``, ``long``."""
    return format_date(on, form, locale=i18n.locale())


def minutes(amount: int) -> str:
    """``45 min``, ``2 tim``, ``2 tim 15 min``."""
    hours, rest = divmod(abs(amount), 60)
    sign = "−" if amount < 0 else ""
    if not hours:
        return sign + i18n._("%(minutes)s min", minutes=rest)
    if not rest:
        return sign + i18n._("%(hours)s tim", hours=hours)
    return sign + i18n._("%(hours)s tim %(minutes)s min", hours=hours, minutes=rest)


def number(value: float, decimals: int = 0) -> str:
    """A number as the reader's locale writes it."""
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    return format_decimal(value, pattern, locale=i18n.locale())


def local_day(at: datetime) -> date:
    """The day in Sweden to which an instant belongs."""
    return at.astimezone(SWEDEN).date()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(_HERE / "design" / "templates"),
                PrefixLoader({room: FileSystemLoader(path) for room, path in rooms_with("templates").items()}),
            ]
        ),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    install: Any = environment
    install.install_gettext_callables(i18n.gettext, i18n.ngettext_plain, newstyle=True)
    environment.filters.update(
        word=words.word, words=words.words, help_at_visit=words.help_at_visit, weekday=words.weekday, category=category
    )
    environment.filters.update(clock=clock_time, day=day, minutes=minutes, number=number, local_day=local_day)
    environment.globals.update(language=i18n.language, direction=i18n.direction, languages=i18n.LANGUAGES)
    environment.globals.update(navigation=NAVIGATION, timedelta=timedelta)
    return environment


def render(
    request: Request,
    template: str,
    values: Mapping[str, object] | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page. The base template knows besides: `request`, `settings`, `clock`, `now`, `signed_in` (or None), `csrf`."""
    house = house_of(request)
    signed_in = getattr(request.state, "signed_in", None)
    known = {
        "request": request,
        "settings": house.settings,
        "clock": house.clock,
        "now": house.clock.now(),
        "signed_in": signed_in,
        "csrf": "" if signed_in is None else signed_in.csrf,
    }
    text = _environment().get_template(template).render({**known, **(values or {})})
    # A page is about one person: no shared cache may keep it, and the back button after signing out shows nothing.
    return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store", **(headers or {})})
