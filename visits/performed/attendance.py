"""Attendance: one carer's part in a visit, walked through in the order in which it happened; and what does not fit in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from visits.errors import Invalid
from visits.performed.checkins import Fact, FactKind
from visits.terms import CarerId, FactId


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
    """Checked out, an extra visit or done outside the home, and no check-in: nobody knows how long it took."""
    TURNED_AWAY_YET_PERFORMED = "turned_away_yet_performed"
    """Time at the citizen's outweighs any answer at the door."""
    TWO_ANSWERS_AT_THE_DOOR = "two_answers_at_the_door"
    """Two of "nobody home", "declined" and "cancelled late": the later one counts."""
    TASK_ANSWERED_TWICE = "task_answered_twice"
    """One task both done and declined: the later answer counts."""
    DONE_YET_TURNED_AWAY = "done_yet_turned_away"
    """A task is said to be done at a visit that was not made."""
    MOVED_YET_PERFORMED = "moved_yet_performed"
    """Moved to another time after somebody had been there: the time there counts."""


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
        return min(self.starts, default=None)

    @property
    def starts(self) -> list[datetime]:
        """Every time the carer came."""
        return [*(interval.start_at for interval in self.intervals), *([self.open_since] if self.open_since else [])]


def attend(carer_id: CarerId, facts: Iterable[Fact]) -> Attendance:
    """Walk through what one carer says, in the order in which it happened."""
    walk = _Walk()
    for _, at_once in groupby(facts, key=lambda fact: fact.happened_at):
        group = list(at_once)
        # Whoever is there leaves before coming back in the same second; whoever is not comes before leaving.
        out_first = walk.open_since is not None
        group.sort(key=lambda fact: ((fact.kind is FactKind.CHECK_IN) is out_first, when(fact)))
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


def when(fact: Fact) -> tuple[datetime, str, FactId]:
    """The order in which facts happened, the same whatever the order in which they came."""
    return fact.happened_at, fact.kind.value, fact.id


class _Walk:
    """Where one carer stands while `attend` reads on."""

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
            case FactKind.NOBODY_HOME | FactKind.DECLINED | FactKind.CANCELLED_LATE:
                self._turn_away(fact)
            case _:
                pass  # says nothing about coming and going

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
