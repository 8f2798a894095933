"""Who may import whom is said in pyproject.toml, and holds."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_wall_stands() -> None:
    """In a process of its own: it silences every logger of the one that it runs in."""
    command = Path(sys.executable).with_name("lint-imports")
    arguments = [command, "--no-cache"]
    found = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert found.returncode == 0, found.stdout + found.stderr


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
