"""Ruin and recreate: take a part of the day out, put it back better, and keep the best day seen.

Every state on the way is sound (the timeline takes nothing in that breaks a hard rule), so the answer never depends on a
repair. One step is one ruin and one recreate; a step's course depends on the seed and the steps before it alone.
"""

from math import log
from random import Random

from scheduler.indexed import Indexed
from scheduler.limits import Limit
from scheduler.problem import Problem
from scheduler.solution import Solution
from scheduler.solver import OnProgress
from scheduler.solvers.greedy import first_timeline
from scheduler.solvers.insertion import Inserter
from scheduler.solvers.ruin import Ruin
from scheduler.solvers.timing import polish
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import Memory, Timeline, solution_of

_HOT, _COLD = 1.5, 0.03  # temperature, in average costs of a placed job, on days of up to …
_WARM_JOBS = 100  # … so many jobs; larger days get too few steps to cool down from as hot
_BLINK, _OFTEN_BLINK = 0.03, 0.2  # shares of promising places overlooked, mostly and at times
_SECONDS_BETWEEN_POLISHES = 0.3
_FIRST_CYCLE = 400  # steps from hot to cold where the end is not known; each cycle is twice as long as the last


class RuinRecreate:
    name = "ruin-recreate"

    def solve(
        self,
        problem: Problem,
        *,
        limit: Limit,
        seed: int,
        progress: OnProgress | None = None,
        start: Solution | None = None,
    ) -> Solution:
        watch = Stopwatch(limit, progress)
        timeline = first_timeline(Indexed(problem), seed=seed, start=start)
        return solution_of(improve(timeline, watch, seed=seed))


def improve(timeline: Timeline, watch: Stopwatch, *, seed: int) -> Timeline:
    """The same timeline at the best state that the search passed."""
    search = _Search(timeline, watch, seed)
    search.begin()
    warmth = min(1.0, _WARM_JOBS / max(1, timeline.facts.n))
    search.tell(watch)
    while timeline.facts.n and timeline.routes and not watch.over():
        watch.steps += 1
        if search.step(_temperature(watch) * warmth):
            watch.better()
        if watch.due():
            search.tell(watch)
    search.finish()
    timeline.recall(search.best)
    search.tell(watch)
    return timeline


def _temperature(watch: Stopwatch) -> float:
    """By the share of the limit that is used; without a known end in cycles of doubling length, by the step alone."""
    share = watch.share_used()
    if share is None:
        step, cycle = watch.steps, _FIRST_CYCLE
        while step > cycle:
            step, cycle = step - cycle, 2 * cycle
        share = step / cycle
    return float(_HOT * (_COLD / _HOT) ** share)


class _Search:
    def __init__(self, timeline: Timeline, watch: Stopwatch, seed: int) -> None:
        self.timeline = timeline
        self.watch = watch
        self.random = Random(seed)  # noqa: S311 - a search, not a secret
        self.inserter = Inserter(timeline, self.random, blink=_BLINK, tries=6)
        self.ruin = Ruin(timeline, self.random)
        self.cost = self.best_cost = self.best_raw = timeline.cost()
        self.best: Memory = timeline.memory()
        self.polished_at = -1.0
        self._average_of_best()

    def begin(self) -> None:
        self._note(self.cost)

    def step(self, temperature: float) -> bool:
        """One ruin and recreate; whether the best day became better."""
        timeline, random = self.timeline, self.random
        before = timeline.memory()
        self._take_out()
        self._put_back()
        cost = timeline.cost()
        if cost < self.best_raw:
            self.cost = self.best_raw = cost
            return self._note(cost)
        if cost <= self.cost - self.average * temperature * log(1.0 - random.random()):
            self.cost = cost
        else:
            timeline.recall(before)
        return False

    def finish(self) -> None:
        """Give the best day its cheapest times, where that was put off."""
        if not self.timeline.facts.regular:
            self.timeline.recall(self.best)
            if polish(self.timeline):
                self._keep(self.timeline.cost())

    def _note(self, cost: int) -> bool:
        """Keep the timeline as the best day, at its cheapest times where earliest is not cheapest; whether it is better."""
        timeline = self.timeline
        better = cost < self.best_cost
        if better:
            self._keep(cost)
        if not timeline.facts.regular and self.may_polish():
            raw = timeline.memory()
            if polish(timeline) and timeline.cost() < self.best_cost:
                self._keep(timeline.cost())
                better = True
            timeline.recall(raw)
        return better

    def _keep(self, cost: int) -> None:
        self.best_cost, self.best = cost, self.timeline.memory()
        self._average_of_best()

    def may_polish(self) -> bool:
        """Always where only steps count; by the clock not more often than it is worth."""
        if self.watch.share_used() is None:
            return True
        now = self.watch.state.seconds
        if now - self.polished_at < _SECONDS_BETWEEN_POLISHES:
            return False
        self.polished_at = now
        return True

    def tell(self, watch: Stopwatch) -> None:
        unplaced = sum(c < 0 for c in self.best.home[: self.timeline.facts.n])
        placed = self.timeline.facts.n - unplaced
        watch.tell(cost=self.best_cost, placed=placed, unplaced=unplaced, phase=RuinRecreate.name)

    def _average_of_best(self) -> None:
        facts, home = self.timeline.facts, self.best.home
        left = [facts.unplaced_cost[j] for j in range(facts.n) if home[j] < 0]
        self.average = max(1.0, (self.best_cost - sum(left)) / max(1, facts.n - len(left)))

    def _take_out(self) -> None:
        timeline = self.timeline
        before = timeline.memory()
        chosen = self.ruin.choose()
        linked = (o for j in chosen for o, _, _ in timeline.facts.links[j])
        carers = {timeline.home[j] for j in chosen}
        reach = carers | {timeline.home[o] for o in linked if timeline.home[o] >= 0}
        timeline.remove(chosen)
        if not timeline.settle(reach):
            timeline.recall(before)
            return
        calm = timeline.memory()
        if self.ruin.shift_breaks(carers) and not timeline.settle(carers):
            timeline.recall(calm)

    def _put_back(self) -> None:
        timeline, facts, random = self.timeline, self.timeline.facts, self.random
        self.inserter.blink = _BLINK if random.random() < 0.93 else _OFTEN_BLINK
        groups = list({facts.partners[j]: None for j in timeline.absent()})
        kind = random.random()
        if kind < 0.4:
            keys = {group: random.random() for group in groups}
        elif kind < 0.6:
            keys = {group: float(min(min(facts.high[j], facts.late_after[j]) for j in group)) for group in groups}
        elif kind < 0.8:
            keys = {group: -float(sum(facts.duration[j] for j in group)) for group in groups}
        else:
            keys = {group: float(min(len(facts.allowed[j]) for j in group)) for group in groups}
        for group in sorted(groups, key=lambda g: (-self._weight(g), keys[g], g)):
            self.inserter.place_if_worth([j for j in group if timeline.home[j] < 0])

    def _weight(self, group: tuple[int, ...]) -> int:
        """Jobs that cost ten times as much to leave go first."""
        return len(str(max(self.timeline.facts.unplaced_cost[j] for j in group)))
