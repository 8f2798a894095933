"""Who may import whom is said in pyproject.toml, and holds."""

import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]


def test_every_wall_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0


def test_whoever_adds_a_module_must_say_where_it_stands() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layered = {
        room: contract.get("exhaustive", False)
        for contract in settings["contracts"]
        if contract["type"] == "layers"
        for room in contract.get("containers", [])
    }
    assert {"api", "provider_choice", "visits", "visits.planned", "visits.performed", "scheduler"} <= layered.keys()
    assert all(layered.values())
