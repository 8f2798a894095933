"""What no linter sees: who makes viewers, who commits, which addresses stand in files, and whether texts can be read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("scheduler", "visits", "provider_choice", "api")
LEFT_OUT = frozenset({".git", ".venv", "var", "node_modules", "build", "dist", "__pycache__"})
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "registry.np" + "mjs", "npm" + "js.org", "yarn" + "pkg.com")


def calls(room: str) -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield str(path.relative_to(ROOT)), node


def committed_files() -> Iterator[Path]:
    for top in sorted(ROOT.iterdir()):
        if top.name in LEFT_OUT or (top.name.startswith(".") and top.name not in {".ci", ".gitignore"}):
            continue
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and not LEFT_OUT & set(path.parts) and path.suffix not in {".png", ".pyc", ".gz"}:
                yield path


def test_only_the_door_makes_a_viewer_of_a_person() -> None:
    makers = {
        path
        for room in ROOMS
        for path, call in calls(room)
        if isinstance(call.func, ast.Name) and call.func.id == "Viewer"
    }
    assert makers == {"api/auth/access.py"}


def test_no_rule_and_no_action_commits() -> None:
    committers = {
        (path, call.lineno)
        for room in ("scheduler", "visits", "provider_choice")
        for path, call in calls(room)
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}
    }
    assert committers == set()


def test_a_room_says_in_a_paragraph_what_it_is_and_nothing_else() -> None:
    rooms = [path for room in ROOMS for path in sorted((ROOT / room).rglob("__init__.py"))]
    assert rooms
    bodies = {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in rooms}
    assert [path for path, body in bodies.items() if not ast.get_docstring(body)] == []
    # The library re-exports what it offers; the rules are a list by being listed.
    longer = {path for path, body in bodies.items() if len(body.body) > 1}
    assert longer == {"scheduler/__init__.py", "scheduler/rules/__init__.py"}


def test_no_module_has_a_name_that_says_nothing() -> None:
    nothing = {"utils", "helpers", "common", "core", "manager", "service", "models"}
    assert [str(path) for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.stem in nothing] == []


def test_no_file_names_a_package_registry() -> None:
    naming = [
        str(path.relative_to(ROOT))
        for path in committed_files()
        if any(address in path.read_text(encoding="utf-8", errors="ignore") for address in REGISTRIES)
    ]
    assert naming == []


def test_no_page_holds_a_script_or_a_style_inside() -> None:
    inside = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    pages = sorted((ROOT / "api").rglob("templates/**/*.html"))
    assert pages
    assert [str(path.relative_to(ROOT)) for path in pages if inside.search(path.read_text(encoding="utf-8"))] == []


def test_no_style_sheet_knows_left_from_right() -> None:
    physical = re.compile(
        r"(margin|padding|border)-(left|right)|(?<![\w-])(left|right)\s*:|text-align:\s*(left|right)|float:\s*(left|right)"
    )
    sheets = sorted((ROOT / "api").rglob("static/**/*.css"))
    assert sheets
    assert [str(path.relative_to(ROOT)) for path in sheets if physical.search(path.read_text(encoding="utf-8"))] == []


TEXT_ON_GROUND = [
    ("text", "ground"),
    ("text", "surface"),
    ("text", "accent-soft"),
    ("text-soft", "ground"),
    ("text-soft", "surface"),
    ("text-soft", "sunken"),
    ("accent", "ground"),
    ("accent", "surface"),
    ("on-accent", "accent"),
    ("good", "surface"),
    ("good", "good-soft"),
    ("warn", "surface"),
    ("warn", "warn-soft"),
    ("bad", "surface"),
    ("bad", "bad-soft"),
]


def tokens(scheme: str) -> dict[str, str]:
    sheet = (ROOT / "api/design/static/tokens.css").read_text(encoding="utf-8")
    light, _, dark = sheet.partition("@media")
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light if scheme == "light" else dark))


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance of ``#rrggbb``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read_by_old_eyes(scheme: str, text: str, ground: str) -> None:
    colours = tokens(scheme)
    lighter, darker = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 7
