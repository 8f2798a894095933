"""Facts from the work phone and from the coordinator: never overwritten, harmless to repeat. `folding.py` makes them one."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from visits.errors import Invalid
from visits.performed.time_rules import TimeRules
from visits.performed.visit import Visit
from visits.terms import CarerId, CoordinatorId, FactId, ServiceCode, VisitId, check_text, local_day

DAYS_LATE = 3
"""For how many days back a phone that has been without a network may still tell what happened."""
CLOCK_SLACK = timedelta(minutes=2)
"""How far a phone's clock may run ahead of ours."""
LONGEST_NOTE = 2_000
LONGEST_REASON = 500


class FactKind(StrEnum):
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    NOTE = "note"
    NOBODY_HOME = "nobody_home"
    DECLINED = "declined"
    CANCELLED_LATE = "cancelled_late"
    """The citizen said no so late that somebody was to come already."""
    TASK_DONE = "task_done"
    TASK_DECLINED = "task_declined"
    MOVED = "moved"
    """Made at another time than published, as agreed with the citizen: at `moved_to`."""
    EXTRA_VISIT = "extra_visit"
    """A visit that nobody had planned; it begins by this."""
    ELSEWHERE = "elsewhere"
    """Done outside the home: a walk, shopping, company to the doctor's."""


class Source(StrEnum):
    """How presence was proven."""

    MANUAL = "manual"
    TAG = "tag"
    LOCK = "lock"


TASKS = frozenset({FactKind.TASK_DONE, FactKind.TASK_DECLINED})
AT_THE_DOOR = frozenset({FactKind.NOBODY_HOME, FactKind.DECLINED, FactKind.CANCELLED_LATE})
"""Answers after which the visit is not made."""
ABOUT_THE_WHOLE_VISIT = frozenset({FactKind.DECLINED, FactKind.CANCELLED_LATE, FactKind.MOVED, FactKind.NOTE})
"""What a coordinator may say without saying it of one carer."""
_SAID_THERE = frozenset(FactKind) - ABOUT_THE_WHOLE_VISIT
"""What can only be said by somebody who is there; a note, a refusal or another time may come the day before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something said to have happened, under an id made where it was said.

    `carer_id` is whose visit it is about; None where it is about the visit as a whole. Said by the carer, or by the coordinator
    `coordinator_id`, who must say why: a check-out that was forgotten, a citizen who telephoned.

    A correction is a new fact that names the one it `corrects`, with a `reason`; the old one is kept and no longer counts. A
    correction of another kind replaces what was said; one that is a note only takes it back. `needs_approval` is set by whoever
    stores it, when it is about something so old that a second person must look at it before it counts.
    """

    id: FactId
    visit_id: VisitId
    carer_id: CarerId | None
    kind: FactKind
    happened_at: datetime
    received_at: datetime
    source: Source = Source.MANUAL
    device: UUID | None = None
    code: ServiceCode | None = None
    moved_to: datetime | None = None
    note: str = ""
    corrects: FactId | None = None
    reason: str = ""
    coordinator_id: CoordinatorId | None = None
    needs_approval: bool = False

    def __post_init__(self) -> None:
        if self.happened_at.utcoffset() is None:
            raise Invalid(field="happened_at", value=self.happened_at, why="needs a time zone")
        check_text(self.note, field="note", at_most=LONGEST_NOTE)
        check_text(self.reason, field="reason", at_most=LONGEST_REASON)
        if self.is_manual_edit and not self.reason.strip():
            raise Invalid(field="reason", value=self.reason, why="a correction must say why")
        if self.corrects == self.id:
            raise Invalid(field="corrects", value=self.corrects, why="a fact does not correct itself")
        if self.kind is FactKind.NOTE and self.corrects is None and not self.note.strip():
            raise Invalid(field="note", value=self.note, why="a note must say something")
        self._check_details()

    def _check_details(self) -> None:
        if (self.code is None) is (self.kind in TASKS) and self.kind is not FactKind.EXTRA_VISIT:
            raise Invalid(field="code", value=self.code, why="a task is named, and only a task")
        if (self.moved_to is None) is (self.kind is FactKind.MOVED):
            raise Invalid(
                field="moved_to", value=self.moved_to, why="a visit that is moved, and only that, has a new time"
            )
        if self.moved_to is not None and self.moved_to.utcoffset() is None:
            raise Invalid(field="moved_to", value=self.moved_to, why="needs a time zone")
        if self.carer_id is None and (self.coordinator_id is None or self.kind not in ABOUT_THE_WHOLE_VISIT):
            raise Invalid(field="carer_id", value=None, why=f"{self.kind.value} is said of a carer")

    @property
    def is_manual_edit(self) -> bool:
        """Whether somebody has touched the record by hand afterwards: a correction, or what a coordinator has put in."""
        return self.corrects is not None or self.coordinator_id is not None

    def says_the_same_as(self, other: "Fact") -> bool:
        """Whether both are the same message, sent again: all is equal but what the receiver has added."""
        return replace(self, received_at=other.received_at, needs_approval=other.needs_approval) == other


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a second person has said about a fact that `needs_approval`: only then does it count, or never."""

    fact_id: FactId
    coordinator_id: CoordinatorId
    decided_at: datetime
    is_approved: bool


def check_new(fact: Fact, *, visit: Visit, known: Collection[Fact], now: datetime) -> None:
    """Whether a fact may be added to those `known` about its visit; `Invalid` names the field that says no.

    What merely does not fit with other facts is let in: it is flagged when folded, for a human to look at.
    """
    if fact.happened_at > now + CLOCK_SLACK:
        raise Invalid(field="happened_at", value=fact.happened_at, why=f"lies in the future (now is {now})")
    if fact.coordinator_id is None and fact.happened_at < now - timedelta(days=DAYS_LATE):
        raise Invalid(field="happened_at", value=fact.happened_at, why=f"lies more than {DAYS_LATE} days back")
    if fact.kind in _SAID_THERE and local_day(fact.happened_at) < visit.on:
        raise Invalid(field="happened_at", value=fact.happened_at, why=f"lies before the day of the visit, {visit.on}")
    if fact.corrects is None:
        return
    corrected = next((one for one in known if one.id == fact.corrects), None)
    if corrected is None:
        raise Invalid(field="corrects", value=fact.corrects, why="is no known fact about this visit")
    if corrected.carer_id != fact.carer_id or (fact.coordinator_id is None and corrected.coordinator_id is not None):
        raise Invalid(field="corrects", value=fact.corrects, why="is what somebody else has said")


def is_for_two(fact: Fact, *, known: Collection[Fact], rules: TimeRules, now: datetime) -> bool:
    """Whether a second person must agree before a fact counts: one made by hand about what is older than the rules allow."""
    if not fact.is_manual_edit or (fact.kind is FactKind.NOTE and fact.corrects is None):
        return False
    about = next((one for one in known if one.id == fact.corrects), fact)
    return now - min(about.happened_at, fact.happened_at) > rules.correction_alone
