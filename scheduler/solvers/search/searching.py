"""One search: its own day, its own room to work in, and the facts that it shares with others."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from time import monotonic

import numpy as np

from scheduler.indexed import Indexed
from scheduler.solvers.recombination import Column
from scheduler.solvers.search.annealing import anneal, price_day
from scheduler.solvers.search.arrays import copy_of, desk_for
from scheduler.solvers.search.layout import (
    ABSENT_COUNT,
    DISTURBED,
    FAR,
    HOME,
    LEFT,
    LOWEST,
    MAX_LATENESS_WEIGHT,
    STALE,
    START,
    TOTAL,
    UNPLACED,
    WORST,
    Day,
    Facts,
)
from scheduler.solvers.search.pool import put_together

_SPREAD = 10  # about how many jobs a step takes out
_BLINK = 50  # of 1024
_WORTH_NOTING = 1.01  # times the lowest cost: routes of such days go on the tape
_FILLS = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """The next steps: so many, from `first` on of a cycle of `cycle` that cools from `hot` to `cold`, in units of cost.

    `nudge`: what being left out counts more at each step; `noting`: whether routes of good days go on the tape.
    """

    steps: int
    first: int
    cycle: int
    hot: float
    cold: float
    nudge: int
    noting: bool


_WHATEVER_IT_COSTS = Stretch(1, 0, 1, 1e18, 1e18, 0, noting=False)


class Search:
    """`current`: where it stands; `best`: the best day that it has passed. Advanced by one thread at a time."""

    def __init__(self, facts: Facts, day: Day, *, seed: int) -> None:
        self.facts = facts
        self.desk = desk_for(facts, day, seed=seed)
        self.current = copy_of(day)
        self.best = copy_of(day)
        self.steps_a_second = 2_000.0
        self._scratch = copy_of(day)

    def begin(self) -> bool:
        """Price the day and put in whoever has no place; False when no times fit the day at all."""
        if not price_day(self.facts, self.current, self.desk):
            return False
        first = copy_of(self.current)
        self.best = copy_of(first)
        for _ in range(_FILLS if first.head[ABSENT_COUNT] else 0):
            self.stand_at(first)
            self._walk(_WHATEVER_IT_COSTS, spread=0, blink=0)
        self.stand_at(self.best)
        return True

    def stay_near(self, jobs: Sequence[int]) -> None:
        """Tear down mostly around these jobs from now on; around all alike where there are none."""
        self.desk.notes[DISTURBED, : len(jobs), 0] = jobs
        self.desk.used[DISTURBED] = len(jobs)

    def advance(self, stretch: Stretch) -> bool:
        """Walk; whether the best became better."""
        began = monotonic()
        helped = self._walk(stretch, spread=_SPREAD, blink=_BLINK)
        self.steps_a_second = stretch.steps / max(1e-6, monotonic() - began)
        return helped

    def _walk(self, stretch: Stretch, *, spread: int, blink: int) -> bool:
        steps, first, cycle, hot, cold, nudge, noting = astuple(stretch)
        worth_noting = _WORTH_NOTING if noting else 0.0
        days = self._scratch, self.best, self.current
        helped = anneal(
            self.facts, *days, self.desk, steps, first, cycle, hot, cold, spread, blink, worth_noting, nudge
        )
        return bool(helped)

    def stand_at(self, day: Day) -> None:
        """Go on from this day, which has been priced."""
        self.current = copy_of(day)
        self._scratch = copy_of(day)
        self.desk.marks[:, STALE] = 1
        self.desk.used[LOWEST] = cost_of(day)
        if cost_of(day) < cost_of(self.best):
            self.best = copy_of(day)

    @property
    def lowest(self) -> int:
        """The lowest cost since the search began anew."""
        return int(self.desk.used[LOWEST])

    def priced(self, columns: list[Column], indexed: Indexed) -> Day | None:
        """The day that consists of these routes, or None where no times fit."""
        day = copy_of(self.best)
        put_together(day, columns, self.facts, indexed)
        absent = np.flatnonzero(day.state[: indexed.n, HOME] < 0)
        day.state[absent, START] = -FAR
        day.head[ABSENT_COUNT] = len(absent)
        day.head[LEFT] = self.facts.nodes[absent, UNPLACED].sum()
        return day if price_day(self.facts, day, self.desk) else None


def cost_of(day: Day) -> int:
    head = day.head
    return int(head[TOTAL] + head[LEFT] + head[MAX_LATENESS_WEIGHT] * head[WORST])
