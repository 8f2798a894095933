"""What the environment says, checked once at start: an unsafe value outside the demo stops the process at once."""

import os
import secrets
from datetime import time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.clock import Clock, clock_from
from provider_choice.first_day import FirstDays, first_day_rule
from visits.granted.decisions import OPEN_ENDED
from visits.performed.incidents import IncidentRules
from visits.performed.time_rules import TimeRules
from visits.store.database import database_address
from visits.terms import ServiceCode

_SHORTEST_SECRET = 32
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


class SettingsError(Exception):
    """A setting cannot be used; the message names the variable and its value (never a secret's)."""


class Settings(BaseSettings):
    """Each field is the environment variable ``VARDAG_<FIELD>``; the database is also read from ``DATABASE_URL``."""

    model_config = SettingsConfigDict(env_prefix="VARDAG_", frozen=True, extra="ignore", populate_by_name=True)

    demo: bool = False
    """A synthetic town, people chosen from a list instead of identified, a clock that may be moved."""
    database_url: str | None = Field(
        default=None, validation_alias=AliasChoices("VARDAG_DATABASE_URL", "DATABASE_URL"), repr=False
    )
    """A PostgreSQL of version 15 or later; without it, one of our own starts below `var`."""
    var: Path = Path("var")
    """The folder for what this installation keeps on disk."""
    secret: SecretStr | None = None
    """At least 32 characters; signs what we hand to browsers. Every process of one installation has the same."""
    base_url: str = "http://localhost:8000"
    """Where people reach us, as they write it in a browser."""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Further names, besides the one in `base_url`, by which we answer; written with commas between them."""
    sign_in: Literal["pretend", "none"] | None = None
    """How people identify themselves. ``pretend`` (choose a person) is for the demo only, and its default there."""
    session_hours: int = Field(default=12, ge=1, le=24 * 7)
    clock: str | None = None
    """A demo clock as `api.clock.DemoClock` writes it."""
    switch_first_day: str = "fixed_days:14"
    """The municipality's rule for the first day with another provider: ``fixed_days:N``, ``month_cutoff:N`` (asked by that
    day of the month: the first of the month after next) or ``working_days:N``."""
    wish_first_day: str = "fixed_days:1"
    """The like for whoever has been granted home care that nobody gives yet."""
    open_ended_services: Annotated[tuple[ServiceCode, ...], NoDecode] = tuple(OPEN_ENDED)
    """What may be granted until further notice; written with commas between. Every other decision has a last day."""
    pool_size: int = Field(default=10, ge=1, le=200)
    worker_inside: bool = False
    """Whether the processes that answer also run background jobs; ``vardag serve`` says so."""
    plan_seconds: float = Field(default=8, gt=0, le=3600)
    """How long the solver looks for a better plan of a day."""
    replan_seconds: float = Field(default=4, gt=0, le=3600)
    """The same where something is published already, and people wait for the answer."""
    fortnight_seconds: float = Field(default=10, gt=0, le=3600)
    """How long each day of a fortnight is worked on, over all rounds."""
    runs_at_once: int = Field(default=1, ge=1, le=64)
    """How many days one worker plans at a time; of a fortnight each takes a processor."""
    plan_threads: int = Field(default=2, ge=1, le=16)
    """How many searches look for the plan of a single day side by side; each takes a processor."""
    correction_alone_hours: int = Field(default=24, ge=0, le=24 * 31)
    """What is told is corrected by one person for so long; what is older counts when a second one has agreed."""
    unattended_minutes: int = Field(default=15, ge=0, le=240)
    """So long after its latest start a visit to which nobody has come is told to the coordinator."""
    visit_cap_percent: int | None = Field(default=None, ge=100, le=1000)
    """A visit counts at most so much of what was planned for it; not set, as long as it took."""
    month_closes_day: int = Field(default=6, ge=1, le=28)
    """On this day of the next month a month's performed time is settled; what is told later is shown as told later."""
    month_closes_at: time = time(18, 0)
    """At this time of that day, by Swedish clocks."""
    incident_begin_hours: int = Field(default=24, ge=1, le=24 * 14)
    """So soon after it was reported an incident begins to be investigated (the law: without delay)."""
    incident_notify_hours: int = Field(default=24, ge=1, le=24 * 14)
    """So soon after it was found serious the inspectorate is notified (the law: promptly)."""
    incident_close_days: int = Field(default=60, ge=1, le=366)
    """Within so many days an incident is investigated to its end."""
    incident_law: str = "lex Sarah i socialtjänstlagen (2025:400)"
    """How the pages name the law on incidents; write the paragraphs here."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str | None) -> str | None:
        if not value:
            return None
        database_address(value)
        return value

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _are_hosts(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @field_validator("open_ended_services", mode="before")
    @classmethod
    def _are_services(cls, value: object) -> object:
        return tuple(one.strip() for one in value.split(",") if one.strip()) if isinstance(value, str) else value

    @field_validator("clock")
    @classmethod
    def _is_a_clock(cls, value: str | None) -> str | None:
        clock_from(value)
        return value or None

    @field_validator("switch_first_day", "wish_first_day")
    @classmethod
    def _is_a_rule(cls, value: str) -> str:
        first_day_rule(value)
        return value

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError("must be http(s)://host[:port] and nothing more")
        return value.rstrip("/")

    @field_validator("secret")
    @classmethod
    def _is_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if len(value.get_secret_value()) < _SHORTEST_SECRET:
            raise ValueError(f"must have at least {_SHORTEST_SECRET} characters")
        return value

    @model_validator(mode="after")
    def _is_safe_outside_the_demo(self) -> Self:
        if self.demo:
            return self
        if self.secret is None:
            raise SettingsError("VARDAG_SECRET is missing: give at least 32 random characters, or VARDAG_DEMO=true")
        if self.sign_in == "pretend":
            raise SettingsError("VARDAG_SIGN_IN='pretend' lets anybody be anybody: only with VARDAG_DEMO=true")
        if not self.base_url.startswith("https://"):
            raise SettingsError(f"VARDAG_BASE_URL={self.base_url!r} must begin with https:// outside the demo")
        if self.clock is not None:
            raise SettingsError(f"VARDAG_CLOCK={self.clock!r} moves the time: only with VARDAG_DEMO=true")
        return self

    @property
    def pretend_sign_in(self) -> bool:
        return self.demo and self.sign_in != "none"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names by which we answer; in the demo also the machine's own."""
        own = urlsplit(self.base_url).hostname or ""
        return tuple(dict.fromkeys((own, *self.allowed_hosts, *(_LOCAL_HOSTS if self.demo else ()))))

    @property
    def first_days(self) -> FirstDays:
        """The municipality's rules for the first day with a provider."""
        return FirstDays(switch=first_day_rule(self.switch_first_day), wish=first_day_rule(self.wish_first_day))

    @property
    def time_rules(self) -> TimeRules:
        """The municipality's rules for performed time."""
        return TimeRules(
            correction_alone=timedelta(hours=self.correction_alone_hours),
            unattended_after=timedelta(minutes=self.unattended_minutes),
            cap_percent=self.visit_cap_percent,
            month_closes_day=self.month_closes_day,
            month_closes_at=self.month_closes_at,
        )

    @property
    def incident_rules(self) -> IncidentRules:
        """How long each thing with an incident may take."""
        return IncidentRules(
            begin_within=timedelta(hours=self.incident_begin_hours),
            notify_within=timedelta(hours=self.incident_notify_hours),
            close_within=timedelta(days=self.incident_close_days),
        )

    @cached_property
    def signing_key(self) -> bytes:
        """What signs cookies and tokens; in a demo without a secret one is made and kept below `var`."""
        if self.secret is not None:
            return self.secret.get_secret_value().encode()
        return _kept_secret(self.var / "demo-secret")

    def make_clock(self) -> Clock:
        return clock_from(self.clock)


def _kept_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(made, path)  # whoever comes first wins; a half-written file is never seen
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_bytes()


def settings_from_environment() -> Settings:
    """The settings of this process.

    :raises SettingsError: with one line naming the variable and its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_sentence(dict(one)) for one in error.errors())) from None


def _sentence(error: dict[str, object]) -> str:
    place = error["loc"]
    field = str(place[0]) if isinstance(place, tuple) and place else ""
    name = field if field.isupper() else f"VARDAG_{field.upper()}"
    why = str(error["msg"]).removeprefix("Value error, ")
    if field in {"secret", "database_url", "DATABASE_URL", "VARDAG_DATABASE_URL"}:
        return f"{name} cannot be used: {why}"
    return f"{name}={error['input']!r} cannot be used: {why}"
