"""Whatever a person reads is said in every language."""

import re
from pathlib import Path

import pytest

from api import i18n

ROOT = Path(__file__).parents[2]
ATTRIBUTES = re.compile(
    r"{% block (?:body_class|main_class|socket|poll) %}.*?{% endblock %}|{% macro (?:unless|fill)\b.*?endmacro %}",
    re.DOTALL,
)
"""Classes, addresses and other attributes, which nobody reads."""
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
OTHERS = [one for one in i18n.LANGUAGES if one != i18n.SOURCE_LANGUAGE]


def texts(message: object) -> tuple[str, ...]:
    return tuple(message) if isinstance(message, list | tuple) else (str(message),)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    known = i18n.catalogue(language)
    missing = [
        texts(message.id)[0]
        for message in i18n.extracted()
        if message.id and (known.get(message.id, message.context) is None)
    ]
    assert missing + i18n.untranslated(known) == [], "run `python -m api.i18n` and fill in what it names"


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_keeps_the_named_values(language: str) -> None:
    wrong = [
        texts(message.id)[0]
        for message in i18n.catalogue(language)
        if message.id
        and any(
            set(PLACEHOLDER.findall(said)) - set(PLACEHOLDER.findall(" ".join(texts(message.id))))
            for said in texts(message.string)
        )
    ]
    assert wrong == []


def test_no_page_says_anything_past_the_catalogues() -> None:
    unsaid = re.compile(r"{#.*?#}|{%-? *trans\b.*?endtrans *-?%}|{{.*?}}|{%.*?%}|<[^>]*>", re.DOTALL)
    shown = {
        str(path.relative_to(ROOT)): re.findall(r"[^\W\d_]{2,}", unsaid.sub(" ", ATTRIBUTES.sub(" ", text)))
        for path in sorted((ROOT / "api").rglob("templates/**/*.html"))
        for text in [path.read_text(encoding="utf-8")]
    }
    assert {path: words for path, words in shown.items() if set(words) - {"vardag"}} == {}


def test_pages_and_python_are_both_read() -> None:
    found = {texts(message.id)[0] for message in i18n.extracted() if message.id}
    assert "Hoppa till innehållet" in found  # a template
    assert "Något har ändrats" in found  # a table in Python


@pytest.mark.parametrize(
    ("cookie", "accept", "chosen"),
    [
        (None, None, "sv"),
        (None, "en-GB,en;q=0.8", "en"),
        (None, "sv;q=0.4,en;q=0.8", "en"),
        (None, "fi,de", "sv"),
        (None, "en;q=0,sv", "sv"),
        (None, "en;q=much", "sv"),
        ("en", "sv", "en"),
        ("xx", "en", "en"),
    ],
)
def test_the_reader_chooses_the_language(cookie: str | None, accept: str | None, chosen: str) -> None:
    assert i18n.choose(cookie, accept) == chosen


def test_amounts_follow_their_number() -> None:
    with i18n.speaking("sv"):
        assert i18n._("%(hours)s tim", hours=2) == "2 tim"
    with i18n.speaking("en"):
        assert i18n._("%(hours)s tim", hours=2) == "2 h"
