"""Facts from the work phone: never overwritten, harmless to repeat, folded into one truth.

Phones send late, twice and out of order, and people contradict themselves. `fold` asks only what is said to have happened and
when, never when it arrived, so any order of arrival gives the same truth. What does not fit is kept and flagged for a human.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from visits.errors import Conflict, Invalid
from visits.performed.visit import Visit, VisitState
from visits.terms import CarerId, FactId, VisitId, check_text, local_day

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


class Source(StrEnum):
    """How presence was proven."""

    MANUAL = "manual"
    TAG = "tag"
    LOCK = "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something a carer says has happened, under an id made on the phone.

    A correction is a new fact that names the one it `corrects`, with a `reason`; the old one is kept and no longer counts. A
    correction of another kind replaces what was said; one that is a note only takes it back.
    """

    id: FactId
    visit_id: VisitId
    carer_id: CarerId
    kind: FactKind
    happened_at: datetime
    received_at: datetime
    source: Source = Source.MANUAL
    note: str = ""
    corrects: FactId | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.happened_at.utcoffset() is None:
            raise Invalid(field="happened_at", value=self.happened_at, why="needs a time zone")
        check_text(self.note, field="note", at_most=LONGEST_NOTE)
        check_text(self.reason, field="reason", at_most=LONGEST_REASON)
        if self.corrects is not None and not self.reason.strip():
            raise Invalid(field="reason", value=self.reason, why="a correction must say why")
        if self.corrects == self.id:
            raise Invalid(field="corrects", value=self.corrects, why="a fact does not correct itself")
        if self.kind is FactKind.NOTE and self.corrects is None and not self.note.strip():
            raise Invalid(field="note", value=self.note, why="a note must say something")

    def says_the_same_as(self, other: "Fact") -> bool:
        """Whether both are the same message, sent again: all is equal but when it arrived."""
        return replace(self, received_at=other.received_at) == other


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Interval:
    """Time at the citizen's, from check-in to check-out."""

    start_at: datetime
    end_at: datetime

    def __post_init__(self) -> None:
        if self.end_at < self.start_at:
            raise Invalid(field="end_at", value=self.end_at, why=f"lies before start_at {self.start_at}")


class Misfit(StrEnum):
    """Why a fact that stands does not fit with the others."""

    CHECKED_IN_TWICE = "checked_in_twice"
    """The first check-in counts."""
    CHECKED_OUT_AGAIN = "checked_out_again"
    """Checked out when already done there: the first ending counts."""
    NEVER_CHECKED_IN = "never_checked_in"
    """Checked out only: the visit is made, but nobody knows how long it took."""
    TURNED_AWAY_YET_PERFORMED = "turned_away_yet_performed"
    """Time at the citizen's outweighs "nobody home" and "declined"."""
    TWO_ANSWERS_AT_THE_DOOR = "two_answers_at_the_door"
    """Both "nobody home" and "declined": the later one counts."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Contradiction:
    misfit: Misfit
    fact_id: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One carer's part in a visit: there during `intervals`, and still there since `open_since`.

    `turned_away` is the fact that says nobody opened, or no was the answer, when that is how it ended for this carer.
    `left_at` is when the carer was done there, whichever way.
    """

    carer_id: CarerId
    intervals: tuple[Interval, ...] = ()
    open_since: datetime | None = None
    turned_away: Fact | None = None
    left_at: datetime | None = None
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def came_at(self) -> datetime | None:
        """When the carer first checked in."""
        firsts = [*(interval.start_at for interval in self.intervals), *([self.open_since] if self.open_since else [])]
        return min(firsts, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """What the facts of one visit amount to. `state` is None while they decide nothing.

    `facts` are all that were ever sent, by when they happened; `standing` those that no other fact corrects.
    """

    facts: tuple[Fact, ...] = ()
    standing: tuple[Fact, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    state: VisitState | None = None

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """Every carer's time there, by start; two carers at once give two intervals."""
        return tuple(sorted(interval for part in self.attendances for interval in part.intervals))

    @property
    def started_at(self) -> datetime | None:
        return min((part.came_at for part in self.attendances if part.came_at), default=None)

    @property
    def ended_at(self) -> datetime | None:
        """When the last carer was done, once nobody is left there."""
        if any(part.open_since for part in self.attendances):
            return None
        return max((part.left_at for part in self.attendances if part.left_at), default=None)

    @property
    def notes(self) -> tuple[Fact, ...]:
        """What was written, with whatever fact it came."""
        return tuple(fact for fact in self.standing if fact.note.strip())

    def attendance_of(self, carer_id: CarerId) -> Attendance:
        """The carer's own part; an empty one before the first fact."""
        return next((part for part in self.attendances if part.carer_id == carer_id), Attendance(carer_id=carer_id))


def fold(facts: Iterable[Fact]) -> Performed:
    """One truth from the facts of one visit, whatever the order and however often they arrived.

    Raises `Conflict` when two facts of one id say different things.
    """
    known = _by_id(facts)
    in_order = tuple(sorted(known.values(), key=_when))
    corrected = {fact.corrects for fact in in_order}
    standing = tuple(fact for fact in in_order if fact.id not in corrected)
    by_carer = sorted(standing, key=lambda fact: fact.carer_id)  # stable, so still by time within each
    attendances = tuple(_attend(carer_id, group) for carer_id, group in groupby(by_carer, lambda fact: fact.carer_id))
    found = {*(item for part in attendances for item in part.contradictions), *_answers_that_differ(attendances)}
    return Performed(
        facts=in_order,
        standing=standing,
        attendances=attendances,
        contradictions=tuple(sorted(found)),
        state=_state(attendances),
    )


def check_new(fact: Fact, *, visit: Visit, known: Collection[Fact], now: datetime) -> None:
    """Whether a fact may be added to those `known` about its visit; `Invalid` names the field that says no.

    What merely does not fit with other facts is let in: it is flagged when folded, for a human to look at.
    """
    if fact.happened_at > now + CLOCK_SLACK:
        raise Invalid(field="happened_at", value=fact.happened_at, why=f"lies in the future (now is {now})")
    if fact.happened_at < now - timedelta(days=DAYS_LATE):
        raise Invalid(field="happened_at", value=fact.happened_at, why=f"lies more than {DAYS_LATE} days back")
    if fact.kind in _AT_THE_DOOR and local_day(fact.happened_at) < visit.on:
        raise Invalid(field="happened_at", value=fact.happened_at, why=f"lies before the day of the visit, {visit.on}")
    if fact.corrects is None:
        return
    corrected = next((one for one in known if one.id == fact.corrects), None)
    if corrected is None:
        raise Invalid(field="corrects", value=fact.corrects, why="is no known fact about this visit")
    if corrected.carer_id != fact.carer_id:
        raise Invalid(field="corrects", value=fact.corrects, why="is what somebody else has said")


_AT_THE_DOOR = frozenset({FactKind.CHECK_IN, FactKind.CHECK_OUT, FactKind.NOBODY_HOME})
"""What can only be said by somebody who stands there; a note or a refusal may come the day before."""


def state_after(state: VisitState, performed: Performed) -> VisitState:
    """The visit's state now that the facts say this: what happened outweighs what was planned.

    Facts that were all taken back leave the visit as planned; one that was cancelled or withdrawn stays so.
    """
    if performed.state is not None:
        return performed.state
    return state if state in {VisitState.CANCELLED, VisitState.WITHDRAWN} else VisitState.PLANNED


def _when(fact: Fact) -> tuple[datetime, str, FactId]:
    return fact.happened_at, fact.kind.value, fact.id


def _by_id(facts: Iterable[Fact]) -> dict[FactId, Fact]:
    known: dict[FactId, Fact] = {}
    for fact in facts:
        before = known.setdefault(fact.id, fact)
        if not fact.says_the_same_as(before):
            raise Conflict(what="fact", id=fact.id)
        if fact.received_at < before.received_at:
            known[fact.id] = fact
    return known


def _attend(carer_id: CarerId, facts: Iterable[Fact]) -> Attendance:
    """Walk through what one carer says, in the order in which it happened."""
    walk = _Walk()
    for _, at_once in groupby(facts, key=lambda fact: fact.happened_at):
        group = list(at_once)
        # Whoever is there leaves before coming back in the same second; whoever is not comes before leaving.
        out_first = walk.open_since is not None
        group.sort(key=lambda fact: ((fact.kind is FactKind.CHECK_IN) is out_first, _when(fact)))
        for fact in group:
            walk.step(fact)
    return Attendance(
        carer_id=carer_id,
        intervals=tuple(walk.intervals),
        open_since=walk.open_since,
        turned_away=walk.turned_away,
        left_at=walk.left_at,
        contradictions=tuple(sorted(walk.contradictions)),
    )


class _Walk:
    """Where one carer stands while `_attend` reads on."""

    def __init__(self) -> None:
        self.intervals: list[Interval] = []
        self.open_since: datetime | None = None
        self.turned_away: Fact | None = None
        self.left_at: datetime | None = None
        self.contradictions: set[Contradiction] = set()

    def step(self, fact: Fact) -> None:
        match fact.kind:
            case FactKind.CHECK_IN:
                self._come(fact)
            case FactKind.CHECK_OUT:
                self._leave(fact)
            case FactKind.NOBODY_HOME | FactKind.DECLINED:
                self._turn_away(fact)
            case FactKind.NOTE:
                pass

    def _come(self, fact: Fact) -> None:
        if self.open_since is not None:
            self._flag(Misfit.CHECKED_IN_TWICE, fact)
            return
        self.open_since, self.turned_away, self.left_at = fact.happened_at, None, None

    def _leave(self, fact: Fact) -> None:
        if self.open_since is not None:
            self.intervals.append(Interval(start_at=self.open_since, end_at=fact.happened_at))
            self.open_since, self.left_at = None, fact.happened_at
            return
        self._flag(Misfit.CHECKED_OUT_AGAIN if self.left_at else Misfit.NEVER_CHECKED_IN, fact)
        if self.left_at is None:
            self.left_at = fact.happened_at

    def _turn_away(self, fact: Fact) -> None:
        if self.intervals:
            self._flag(Misfit.TURNED_AWAY_YET_PERFORMED, fact)
            self.left_at = self.left_at or fact.happened_at
            if self.open_since is not None:
                self.open_since = None
            return
        if self.turned_away is not None and self.turned_away.kind is not fact.kind:
            self._flag(Misfit.TWO_ANSWERS_AT_THE_DOOR, self.turned_away)
        # Minutes in front of a closed door are nobody's help: the check-in stands as a fact, but gives no interval.
        self.open_since, self.turned_away, self.left_at = None, fact, fact.happened_at

    def _flag(self, misfit: Misfit, fact: Fact) -> None:
        self.contradictions.add(Contradiction(misfit=misfit, fact_id=fact.id))


def _answers_that_differ(attendances: tuple[Attendance, ...]) -> set[Contradiction]:
    """Two carers at one visit who do not say the same."""
    away = sorted((part.turned_away for part in attendances if part.turned_away), key=_when)
    if any(part.intervals or part.open_since for part in attendances):
        return {Contradiction(misfit=Misfit.TURNED_AWAY_YET_PERFORMED, fact_id=fact.id) for fact in away}
    return {
        Contradiction(misfit=Misfit.TWO_ANSWERS_AT_THE_DOOR, fact_id=fact.id)
        for fact in away[:-1]
        if fact.kind is not away[-1].kind
    }


def _state(attendances: tuple[Attendance, ...]) -> VisitState | None:
    if any(part.open_since for part in attendances):
        return VisitState.STARTED
    if any(part.intervals for part in attendances):
        return VisitState.COMPLETED
    away = sorted((part.turned_away for part in attendances if part.turned_away), key=_when)
    if away:
        return VisitState.DECLINED if away[-1].kind is FactKind.DECLINED else VisitState.NOBODY_HOME
    if any(part.left_at for part in attendances):
        return VisitState.COMPLETED
    return None
