"""What became of a visit that was due: exactly one of six things, so that no minute is counted twice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from visits.performed.attendance import Interval
from visits.performed.folding import Performed
from visits.performed.visit import VisitState
from visits.terms import CitizenId, VisitId, VisitTemplateId

NOT_PLANNED = frozenset({VisitState.CANCELLED, VisitState.WITHDRAWN})
"""States of a visit that nobody is to make any more."""


class WasDue(Protocol):
    """What counting asks of a `Visit`: months of a team are counted from lighter rows."""

    @property
    def id(self) -> VisitId: ...
    @property
    def citizen_id(self) -> CitizenId: ...
    @property
    def template_id(self) -> VisitTemplateId | None: ...
    @property
    def on(self) -> date: ...
    @property
    def latest_at(self) -> datetime: ...
    @property
    def minutes(self) -> int: ...
    @property
    def state(self) -> VisitState: ...


class Outcome(StrEnum):
    """What became of a visit that was due."""

    MADE = "made"
    ABSENT = "absent"
    """The citizen was away that day, or was not at home when somebody came."""
    DECLINED = "declined"
    """The citizen said no: beforehand, late or at the door."""
    MISSED = "missed"
    """It was the provider's to make, its time is over, and nobody has come: it had no place, or was never begun."""
    AHEAD = "ahead"
    """Its time is not over yet."""
    GONE = "gone"
    """No longer due: the order has ended, or the plan was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What counting asks of all that was told about a visit; one of these is made sooner than a whole `Performed`."""

    state: VisitState | None = None
    intervals: tuple[Interval, ...] = ()
    is_open: bool = False
    """Whether somebody has checked in and not out."""
    task_declined: bool = False
    edited: bool = False
    """Whether somebody has touched the record by hand afterwards."""
    moved_to: datetime | None = None

    @classmethod
    def of(cls, performed: Performed) -> "Told":
        return cls(
            state=performed.state,
            intervals=performed.intervals,
            is_open=any(part.open_since for part in performed.attendances),
            task_declined=bool(performed.tasks_declined),
            edited=any(fact.is_manual_edit for fact in performed.facts),
            moved_to=performed.moved_to,
        )

    @classmethod
    def plain(cls, stay: Interval) -> "Told":
        """One carer who came and went, and nothing else that counts: nine visits of ten."""
        return cls(state=VisitState.COMPLETED, intervals=(stay,))

    def state_of(self, visit: WasDue) -> VisitState:
        """As `folding.state_after`: what happened outweighs what was planned."""
        if self.state is not None:
            return self.state
        return visit.state if visit.state in NOT_PLANNED else VisitState.PLANNED


UNTOLD = Told()


def outcome(visit: WasDue, told: Told, *, away: bool, now: datetime) -> Outcome:
    """What became of a visit, by what was `told` about it and whether its citizen was away that day.

    The facts decide, not the state that is stored: so it can be asked as of a day when less was known.
    """
    state = told.state_of(visit)
    if state in {VisitState.STARTED, VisitState.COMPLETED}:
        return Outcome.MADE
    if state is VisitState.WITHDRAWN:
        return Outcome.GONE
    if away or state is VisitState.NOBODY_HOME:
        return Outcome.ABSENT
    if state in {VisitState.DECLINED, VisitState.CANCELLED}:
        return Outcome.DECLINED
    return Outcome.MISSED if is_over(visit, told, now=now) else Outcome.AHEAD


def is_over(visit: WasDue, told: Told, *, now: datetime) -> bool:
    """Whether a visit could no longer be made as it was due: its latest start, or the one agreed on, and its length have passed."""
    return max(visit.latest_at, told.moved_to or visit.latest_at) + timedelta(minutes=visit.minutes) <= now
