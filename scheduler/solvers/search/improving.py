"""The driver of the compiled search: how long, how warm, and what is told meanwhile."""

from dataclasses import dataclass
from math import exp, log
from time import monotonic

from scheduler.solvers.search.annealing import anneal, fill, price_day
from scheduler.solvers.search.arrays import bring_back, copy_of, day_of, desk_for, facts_of
from scheduler.solvers.search.layout import ABSENT_COUNT, LEFT, MAX_LATENESS_WEIGHT, TOTAL, WORST, Day
from scheduler.solvers.timing import polish
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import Memory, Timeline

NAME = "ruin-recreate"
_HOT, _COLD = 1.0, 0.01  # temperature, in average costs of a placed job
_SPREAD = 10  # about how many jobs a step takes out
_BLINK = 50  # of 1024
_FIRST_CYCLE = 4_000  # steps from hot to cold where the end is not known; each cycle is twice as long as the last
_CHUNK_SECONDS = 0.05  # between two looks at the clock
_SECONDS_BETWEEN_POLISHES = 0.3
_CHUNK = 200  # steps between two looks at a limit that counts steps


def improve(timeline: Timeline, watch: Stopwatch, *, seed: int) -> Timeline:
    """The same timeline at the best state that the search passed."""
    search = _Search(timeline, watch, seed)
    search.tell()
    while search.may_search and not watch.over():
        search.advance()
    search.finish()
    return timeline


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The next steps: so many, from `first` on of a cycle of `cycle`."""

    steps: int
    first: int
    cycle: int
    hot: float
    cold: float


class _Search:
    def __init__(self, timeline: Timeline, watch: Stopwatch, seed: int) -> None:
        self.timeline = timeline
        self.watch = watch
        self.facts = facts_of(timeline.facts, closed=frozenset(timeline.set_aside))
        self.current = day_of(timeline, self.facts)
        self.desk = desk_for(self.facts, self.current, seed=seed)
        self.may_search = bool(timeline.facts.n and timeline.routes) and price_day(self.facts, self.current, self.desk)
        self.best = copy_of(self.current)
        self.scratch = copy_of(self.current)
        self.kept: Memory = timeline.memory()
        self.kept_cost = timeline.cost()
        self.polished_at = -_SECONDS_BETWEEN_POLISHES
        self.steps_a_second = 2_000.0
        self.warmth = _average(timeline)

    def advance(self) -> None:
        """One stretch, and word of it."""
        share = self.watch.share_used()
        stretch = self._by_step() if share is None else self._by_share(share)
        began = monotonic()
        helped = anneal(
            self.facts,
            self.scratch,
            self.best,
            self.current,
            self.desk,
            stretch.steps,
            stretch.first,
            stretch.cycle,
            self.warmth * stretch.hot,
            self.warmth * stretch.cold,
            _SPREAD,
            _BLINK,
            0.0,
        )
        self.steps_a_second = stretch.steps / max(1e-6, monotonic() - began)
        self.watch.steps += stretch.steps
        if helped:
            self.watch.better()
        if not self.timeline.facts.regular and self._may_polish():
            self._keep(self.current)
            if helped:
                self._keep(self.best)
        if self.watch.due():
            self.tell()

    def finish(self) -> None:
        """Leave the timeline at the best day, at its cheapest times where earliest is not cheapest."""
        timeline = self.timeline
        if self.may_search:
            self._keep(self.best)
        timeline.recall(self.kept)
        unplaced = len(timeline.absent())
        self.watch.tell(cost=timeline.cost(), placed=timeline.facts.n - unplaced, unplaced=unplaced, phase=NAME)

    def _keep(self, day: Day) -> None:
        """Give the day its cheapest times, and keep it if it is the cheapest so far."""
        timeline = self.timeline
        if not bring_back(day, timeline):
            return
        if not timeline.facts.regular:
            polish(timeline)
        cost = timeline.cost()
        if cost < self.kept_cost:
            self.kept, self.kept_cost = timeline.memory(), cost
            self.watch.better()

    def _may_polish(self) -> bool:
        """Always where only steps count; by the clock not more often than it is worth."""
        if self.watch.share_used() is None:
            return True
        now = self.watch.state.seconds
        if now - self.polished_at < _SECONDS_BETWEEN_POLISHES:
            return False
        self.polished_at = now
        return True

    def tell(self) -> None:
        n = self.timeline.facts.n
        unplaced = int(self.best.head[ABSENT_COUNT])
        cost = cost_of(self.best) if self.timeline.facts.regular else self.kept_cost
        self.watch.tell(cost=cost, placed=n - unplaced, unplaced=unplaced, phase=NAME)

    def _by_step(self) -> _Stretch:
        """Where only steps count the course depends on them alone: cycles of doubling length."""
        first, cycle = self.watch.steps, _FIRST_CYCLE
        while first >= cycle:
            first, cycle = first - cycle, 2 * cycle
        steps = min(_CHUNK, cycle - first)
        while steps > 1 and self.watch.would_be_over(steps - 1):
            steps //= 2
        return _Stretch(steps, first, cycle, _HOT, _COLD)

    def _by_share(self, share: float) -> _Stretch:
        steps = max(1, int(self.steps_a_second * _CHUNK_SECONDS))
        heat = _HOT * exp(share * log(_COLD / _HOT))
        return _Stretch(steps, 0, steps, heat, heat)


def cost_of(day: Day) -> int:
    head = day.head
    return int(head[TOTAL] + head[LEFT] + head[MAX_LATENESS_WEIGHT] * head[WORST])


def _average(timeline: Timeline) -> float:
    """What a placed job costs, on average: the unit of warmth."""
    absent = timeline.absent()
    left = sum(timeline.facts.unplaced_cost[j] for j in absent)
    return max(1.0, (timeline.cost() - left) / max(1, timeline.facts.n - len(absent)))
