"""Every visible text: Swedish is the source, other languages stand in ``api/translations/``.

In Python ``_("Hej %(name)s", name=…)``, in templates ``{{ _("Hej %(name)s", name=…) }}``. A literal percent sign is
written ``%%`` in both. The language is chosen for each request: cookie ``sprak``, else ``Accept-Language``, else
Swedish.
``python -m api.i18n`` adds what is missing to the catalogues.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE_LANGUAGE = "sv"
LANGUAGES = {"sv": "Svenska", "en": "English"}
"""The languages a person can choose, each by its own name."""
COOKIE = "sprak"

_HERE = Path(__file__).parent
_METHODS = [("migrations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_OPTIONS = {"**.html": {"silent": "false", "newstyle_gettext": "true", "trimmed": "true"}}

_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


def N_(message: str) -> str:  # noqa: N802 - the usual name for marking a text that is translated later
    """Mark a text for translation where it stands in a table; `_` it where it is shown."""
    return message


def gettext(message: str) -> str:
    return _translations(_language.get()).gettext(message)


def ngettext_plain(singular: str, plural: str, n: int) -> str:
    """For Jinja, which fills in the values itself."""
    return _translations(_language.get()).ngettext(singular, plural, n)


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """``ngettext("%(num)s besök", "%(num)s besök", n)``: ``num`` is given by itself."""
    return ngettext_plain(singular, plural, n) % {"num": n, **values}


def _(message: str, **values: object) -> str:
    """The text in the reader's language, with its named values filled in."""
    return gettext(message) % values


def language() -> str:
    """The reader's language, as a BCP 47 tag."""
    return _language.get()


def locale() -> Locale:
    """The reader's locale, for dates, times and numbers: Swedish habits, also for whoever reads English."""
    return Locale.parse("en_SE" if language() == "en" else language().replace("-", "_"))


def direction() -> str:
    """``ltr`` or ``rtl``, for ``<html dir>``."""
    return locale().text_direction


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Say everything inside in `chosen`, one of `LANGUAGES`; anything else is Swedish."""
    token = _language.set(chosen if chosen in LANGUAGES else SOURCE_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)


def choose(cookie: str | None, accept_language: str | None) -> str:
    """The language for a request."""
    if cookie in LANGUAGES:
        return cookie
    wished = sorted(_wishes(accept_language or ""), reverse=True)
    return negotiate_locale([tag for _quality, tag in wished], list(LANGUAGES), sep="-") or SOURCE_LANGUAGE


def _wishes(accept_language: str) -> Iterator[tuple[float, str]]:
    """Quality and language tag of each part of an ``Accept-Language`` header; malformed and refused ones left out."""
    for part in accept_language.split(","):
        tag, _separator, quality = part.partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if tag.strip() and weight > 0:
            yield weight, tag.strip()


@cache
def _translations(chosen: str) -> NullTranslations:
    if chosen == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(chosen))
    compiled.seek(0)
    return GNUTranslations(compiled)


def catalogue_path(chosen: str) -> Path:
    return _HERE / "translations" / chosen / "LC_MESSAGES" / "vardag.po"


def catalogue(chosen: str) -> Catalog:
    """What has been translated into `chosen` so far."""
    path = catalogue_path(chosen)
    if not path.exists():
        return Catalog(locale=chosen)
    with path.open("rb") as file:
        return read_po(file, locale=chosen)


def extracted() -> Catalog:
    """Every text that stands in Python and in templates."""
    found = Catalog(project="vardag", charset="utf-8")
    rows = extract_from_dir(_HERE, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS, comment_tags=())
    for filename, _line, message, _comments, context in rows:
        found.add(message, locations=[(f"api/{filename}", 0)], context=context)
    return found


def update() -> dict[str, list[str]]:
    """Add new texts to the catalogues and drop those no longer said. Returns what still lacks a translation."""
    missing: dict[str, list[str]] = {}
    source = extracted()
    for chosen in LANGUAGES:
        if chosen == SOURCE_LANGUAGE:
            continue
        known = catalogue(chosen)
        known.update(source, no_fuzzy_matching=True)
        path = catalogue_path(chosen)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(
                file, known, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=True
            )
        missing[chosen] = untranslated(known)
    return missing


def untranslated(known: Catalog) -> list[str]:
    """The texts of a catalogue without a translation, or with only some of their plural forms."""

    def forms(message: object) -> tuple[str, ...]:
        return tuple(message) if isinstance(message, list | tuple) else (str(message or ""),)

    return [forms(entry.id)[0] for entry in known if entry.id and (not all(forms(entry.string)) or entry.fuzzy)]


if __name__ == "__main__":
    still_missing = update()
    for chosen_language, messages in still_missing.items():
        for text in messages:
            sys.stdout.write(f"{chosen_language}: {text}\n")
    sys.exit(1 if any(still_missing.values()) else 0)
