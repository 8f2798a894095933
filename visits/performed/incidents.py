"""Incidents: misconduct, or a tangible risk of it, on a path of its own with its own clock (lex Sarah; domain reference 6.5).

Whoever works with the help reports at once; the provider documents, investigates and remedies without delay; what is serious is
notified promptly to the inspectorate (IVO). Never a matter of minutes, so never among the deviations or in the strip.

What is done is a journal of steps, never overwritten; where the incident stands is read from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from visits.errors import Invalid, Refused
from visits.terms import CitizenId, IncidentId, ProviderId, TeamId, check_text

LONGEST_TEXT = 5_000


class Actor(StrEnum):
    """In which role somebody took a step."""

    CARER = "carer"
    COORDINATOR = "coordinator"
    MANAGER = "manager"


class StepKind(StrEnum):
    REPORTED = "reported"
    INVESTIGATION_BEGUN = "investigation_begun"
    REMEDIED = "remedied"
    """What has been done so that it ends, and does not happen again."""
    FOUND_SERIOUS = "found_serious"
    FOUND_NOT_SERIOUS = "found_not_serious"
    NOTIFIED = "notified"
    """The inspectorate has been notified, in its own e-service: never by e-mail, and not from here."""
    BOARD_INFORMED = "board_informed"
    """A private provider has told the municipality's board."""
    NOTED = "noted"
    CLOSED = "closed"


_ASSESSED = frozenset({StepKind.FOUND_SERIOUS, StepKind.FOUND_NOT_SERIOUS})


class IncidentState(StrEnum):
    REPORTED = "reported"
    INVESTIGATING = "investigating"
    REMEDIED = "remedied"
    ASSESSED = "assessed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRules:
    """How long each thing may take: the law says *at once*, *without delay* and *promptly*, a provider says how long that is."""

    begin_within: timedelta = timedelta(hours=24)
    notify_within: timedelta = timedelta(hours=24)
    """From when it was found serious."""
    close_within: timedelta = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStep:
    """One line of the journal: who did or found what, and when."""

    id: UUID
    kind: StepKind
    at: datetime
    by: Actor
    by_id: UUID
    text: str = ""

    def __post_init__(self) -> None:
        check_text(self.text, field="text", at_most=LONGEST_TEXT)
        if not self.text.strip() and self.kind is not StepKind.INVESTIGATION_BEGUN:
            raise Invalid(field="text", value=self.text, why="must say what has happened")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when a step must have been taken, and when it was."""

    kind: StepKind
    until: datetime
    done_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        return (self.done_at or now) > self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """`steps` in the order in which they were taken; the first is the report. `citizen_id`: whom it concerns, if that is said."""

    id: IncidentId
    provider_id: ProviderId
    is_private: bool
    team_id: TeamId
    happened_on: date
    citizen_id: CitizenId | None = None
    steps: tuple[IncidentStep, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.steps or self.steps[0].kind is not StepKind.REPORTED:
            raise Invalid(field="steps", value=len(self.steps), why="must begin with the report")

    @property
    def report(self) -> IncidentStep:
        return self.steps[0]

    @property
    def state(self) -> IncidentState:
        """The furthest that it has come."""
        for kinds, state in (
            ({StepKind.CLOSED}, IncidentState.CLOSED),
            (_ASSESSED, IncidentState.ASSESSED),
            ({StepKind.REMEDIED}, IncidentState.REMEDIED),
            ({StepKind.INVESTIGATION_BEGUN}, IncidentState.INVESTIGATING),
        ):
            if self._last(*kinds) is not None:
                return state
        return IncidentState.REPORTED

    @property
    def is_serious(self) -> bool | None:
        """By the newest assessment; None before the first."""
        found = self._last(*_ASSESSED)
        return None if found is None else found.kind is StepKind.FOUND_SERIOUS

    def lacks(self) -> tuple[StepKind, ...]:
        """What must still be done before it can be closed, in the order in which it is done. Not assessed lacks both findings."""
        return tuple(self._lacking())

    def _lacking(self) -> Iterator[StepKind]:
        for kind in (StepKind.INVESTIGATION_BEGUN, StepKind.REMEDIED):
            if self._last(kind) is None:
                yield kind
        if self.is_serious is None:
            yield from (StepKind.FOUND_SERIOUS, StepKind.FOUND_NOT_SERIOUS)
        elif self.is_serious:
            if self._last(StepKind.NOTIFIED) is None:
                yield StepKind.NOTIFIED
            if self.is_private and self._last(StepKind.BOARD_INFORMED) is None:
                yield StepKind.BOARD_INFORMED

    def allowed(self) -> tuple[StepKind, ...]:
        """The steps that may be taken now. A closed one may only be noted upon; an assessment may be made anew until then."""
        if self.state is IncidentState.CLOSED:
            return (StepKind.NOTED,)
        if self._first(StepKind.INVESTIGATION_BEGUN) is None:
            return (StepKind.INVESTIGATION_BEGUN, StepKind.REMEDIED, StepKind.NOTED)
        found = [StepKind.REMEDIED, StepKind.FOUND_SERIOUS, StepKind.FOUND_NOT_SERIOUS]
        if self.is_serious:
            found.append(StepKind.NOTIFIED)
            found += [StepKind.BOARD_INFORMED] if self.is_private else []
        found.append(StepKind.NOTED)
        return (*found, *(() if self.lacks() else (StepKind.CLOSED,)))

    def after(self, step: IncidentStep) -> "Incident":
        """With one more step. `Refused` when it may not be taken now; a journal only grows."""
        if step.kind not in self.allowed():
            raise Refused(rule="step_not_now", step=step.kind.value, state=self.state.value)
        return replace(self, steps=(*self.steps, step))

    def deadlines(self, rules: IncidentRules) -> tuple[Deadline, ...]:
        """To begin and to close from when it was reported; to notify from when it was first found serious, while it is."""
        reported_at = self.report.at
        found = [
            self._deadline(StepKind.INVESTIGATION_BEGUN, reported_at + rules.begin_within),
            self._deadline(StepKind.CLOSED, reported_at + rules.close_within),
        ]
        serious = self._first(StepKind.FOUND_SERIOUS)
        if self.is_serious and serious is not None:
            found.insert(1, self._deadline(StepKind.NOTIFIED, serious.at + rules.notify_within))
        return tuple(found)

    def next_deadline(self, rules: IncidentRules) -> Deadline | None:
        """The nearest of those not yet met; None when closed."""
        waiting = [one for one in self.deadlines(rules) if one.done_at is None]
        return min(waiting, key=lambda one: one.until, default=None) if self.state is not IncidentState.CLOSED else None

    def _deadline(self, kind: StepKind, until: datetime) -> Deadline:
        done = self._first(kind)
        return Deadline(kind=kind, until=until, done_at=None if done is None else done.at)

    def _first(self, kind: StepKind) -> IncidentStep | None:
        return next((one for one in self.steps if one.kind is kind), None)

    def _last(self, *kinds: StepKind) -> IncidentStep | None:
        return next((one for one in reversed(self.steps) if one.kind in kinds), None)
