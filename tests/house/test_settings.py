"""An unsafe setting stops the process at once, with a line that names the variable and its value."""

import os
from pathlib import Path

import pytest

from api.settings import Settings, SettingsError, settings_from_environment

SAFE = {
    "VARDAG_SECRET": "s" * 32,
    "VARDAG_BASE_URL": "https://vardag.example",
    "DATABASE_URL": "postgresql://vardag@db.example/vardag",
}


def settings_of(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Settings:
    for name in [name for name in os.environ if name.startswith("VARDAG_") or name == "DATABASE_URL"]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings_from_environment()


def test_production_with_secret_and_https_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(monkeypatch, SAFE)
    assert settings.database_url == "postgresql://vardag@db.example/vardag"
    assert not settings.pretend_sign_in
    assert settings.hosts == ("vardag.example",)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"VARDAG_SECRET": ""}, "VARDAG_SECRET is missing"),
        ({"VARDAG_SECRET": "short-secret"}, "VARDAG_SECRET cannot be used: must have at least 32 characters"),
        ({"VARDAG_SIGN_IN": "pretend"}, "VARDAG_SIGN_IN='pretend' lets anybody be anybody"),
        ({"VARDAG_BASE_URL": "http://vardag.example"}, "VARDAG_BASE_URL='http://vardag.example' must begin with https"),
        ({"VARDAG_BASE_URL": "vardag.example"}, "VARDAG_BASE_URL='vardag.example' cannot be used"),
        ({"VARDAG_CLOCK": "2026-11-23T09:40+01:00/60/2026-11-21T21:17:05+00:00"}, "moves the time"),
        ({"VARDAG_CLOCK": "noon"}, "VARDAG_CLOCK='noon' cannot be used: a demo clock is written START/SPEED/ANCHOR"),
        ({"DATABASE_URL": "sqlite:///vardag.db"}, "vardag needs PostgreSQL"),
        ({"VARDAG_POOL_SIZE": "many"}, "VARDAG_POOL_SIZE='many' cannot be used"),
    ],
)
def test_an_unsafe_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_of(monkeypatch, {**SAFE, **changed})
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "short-secret" not in str(refused.value)


def test_further_names_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(monkeypatch, {**SAFE, "VARDAG_ALLOWED_HOSTS": "www.vardag.example, vardag.internal"})
    assert settings.hosts == ("vardag.example", "www.vardag.example", "vardag.internal")


def test_a_demo_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(monkeypatch, {"VARDAG_DEMO": "true"})
    assert settings.pretend_sign_in
    assert settings.database_url is None


def test_a_demo_keeps_the_secret_it_made(tmp_path: Path) -> None:
    first = Settings(demo=True, var=tmp_path).signing_key
    assert len(first) >= 32
    assert Settings(demo=True, var=tmp_path).signing_key == first
    assert (tmp_path / "demo-secret").stat().st_mode & 0o077 == 0


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    database = "postgresql://vardag:hemligt@db.example/vardag"
    shown = repr(settings_of(monkeypatch, {**SAFE, "DATABASE_URL": database}))
    assert "hemligt" not in shown
    assert "s" * 32 not in shown
