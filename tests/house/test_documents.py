"""What is written about the house is true of it: its words, its settings, its commands, its links."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from visits.events import Event

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
RECORDS = ("visits/terms.py", "visits/people.py", "visits/organisation.py", "visits/granted", "visits/planned")
RULES = ("visits/performed", "visits/guard", "provider_choice")
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


def classes(*places: str) -> Iterator[str]:
    """The public classes that stand in these files, or directly in these folders."""
    for place in places:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.glob("*.py")):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    yield node.name


def words_of(text: str) -> set[str]:
    """What a text says in code, word by word."""
    return {word for quoted in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", quoted)}


def names(place: str) -> Iterator[str]:
    """Every name that a file gives or uses."""
    for node in ast.walk(ast.parse((ROOT / place).read_text(encoding="utf-8"))):
        match node:
            case ast.ClassDef() | ast.FunctionDef():
                yield node.name
            case ast.Name():
                yield node.id
            case ast.arg() | ast.keyword():
                yield node.arg or ""
            case ast.Attribute():
                yield node.attr


def test_every_record_has_its_word() -> None:
    assert sorted(set(classes(*RECORDS, *RULES)) - words_of(GLOSSARY)) == []


def test_every_word_that_the_glossary_gives_is_in_the_code() -> None:
    files = [path for room in ("visits", "provider_choice", "scheduler") for path in (ROOT / room).rglob("*.py")]
    known = {name for path in files for name in names(str(path.relative_to(ROOT)))}
    given = {word for word in words_of(GLOSSARY) if not word.isdigit()}
    assert sorted(given - known - {path.stem for path in files}) == []


def test_events_are_told_in_ids_and_days_only() -> None:
    told = {field for kind in Event.__subclasses__() for field in kind.__dataclass_fields__}
    assert {field for field in told if not field.endswith(("_id", "on"))} == {"touched"}


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_told_about(field: str) -> None:
    assert f"`VARDAG_{field.upper()}`" in (ROOT / "docs/settings.md").read_text(encoding="utf-8")


def test_no_setting_is_told_about_that_there_is_not() -> None:
    known = {f"VARDAG_{field.upper()}" for field in Settings.model_fields} | {"VARDAG_TEST_DATABASE_URL"}
    told = {name for path in DOCUMENTS for name in re.findall(r"VARDAG_[A-Z_]+", path.read_text(encoding="utf-8"))}
    assert sorted(told - known) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_leads_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [*re.findall(r"\]\(([^)#]+)", text), *re.findall(r'src="([^"]+)"', text)]
    assert [one for one in links if "://" not in one and not (document.parent / one).exists()] == []
