"""The driver of the compiled search: how long, how warm, when routes are mixed, and what is told meanwhile."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log
from operator import itemgetter

from scheduler.solvers.recombination import recombine
from scheduler.solvers.search.arrays import bring_back, copy_of, day_of, facts_of
from scheduler.solvers.search.layout import ABSENT_COUNT, LEFT, Day
from scheduler.solvers.search.pool import Pool
from scheduler.solvers.search.searching import Search, Stretch, cost_of
from scheduler.solvers.timing import polish
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import Memory, Timeline
from scheduler.tuning import Tuning

NAME, MIXING = "ruin-recreate", "recombination"  # phases of a run, as progress tells them
_HOT, _COLD = 6.0, 0.01  # temperature, in average costs of a placed job
_QUICK_HOT = 0.2
_NUDGE = 0.003  # what being left out counts more at each step, in average costs of a placed job
_NUDGED = 0.7  # share of the way from hot to cold on which it does; on the rest routes are noted
_FIRST_CYCLE = 4_000  # steps from hot to cold where the end is not known; each cycle is twice as long as the last
_MOST_COOLINGS, _MOST_ROUNDS = 8, 4
_COOLINGS_A_ROUND = 40  # time for so many short ones is worth another round; with less, coolings are longer
_LUKEWARM = 0.13  # temperature at which a cooling shows where it ends
_STEPS_A_COOLING = 1_000  # for each job; with fewer it ends badly,
_STEPS_A_LINKED_COOLING = 2_500  # the more so where jobs are linked
_STRETCH_SECONDS = 0.05  # between two looks at the clock
_STRETCH_STEPS = 50  # between two looks at a limit that counts steps
_SECONDS_BETWEEN_POLISHES = 0.3
_MIXING_SHARE = 0.05  # of a round's time
_MIXING_SECONDS = 4.0  # at most; more brings nothing
_LEAST_MIXING_SECONDS = 0.1  # less is not worth it,
_MIXING_SECONDS_PER_JOB = 0.001  # and so much more for each job, to build the model
_SEEDS_APART = 1 << 20  # seeds of different searches stay apart


@dataclass(frozen=True, slots=True)
class Manner:
    """How to search. `threads` searches side by side; `mixing` and `timing`: whether routes of several beginnings are mixed, and
    whether days on which early starts cost get their cheapest times.
    """

    tuning: Tuning = Tuning.THOROUGH
    threads: int = 1
    mixing: bool = True
    timing: bool = True


def improve(timeline: Timeline, watch: Stopwatch, *, seed: int, manner: Manner | None = None) -> Timeline:
    """The same timeline at the best state that the searches passed."""
    driver = _Driver(timeline, watch, seed, manner or Manner())
    driver.tell()
    if driver.may_search:
        driver.run()
    driver.finish()
    return timeline


class _Driver:
    def __init__(self, timeline: Timeline, watch: Stopwatch, seed: int, manner: Manner) -> None:
        self.timeline, self.watch, self.manner = timeline, watch, manner
        facts = facts_of(timeline.facts, closed=frozenset(timeline.set_aside))
        day = day_of(timeline, facts)
        self.searches = [Search(facts, day, seed=seed + k * _SEEDS_APART) for k in range(manner.threads)]
        if manner.tuning is Tuning.QUICK:
            for search in self.searches:
                search.stay_near(_disturbed(timeline))
        begun = [search.begin() for search in self.searches] if timeline.facts.n and timeline.routes else []
        self.may_search = bool(begun) and all(begun)
        self.pool = Pool()
        self.kept: Memory = timeline.memory()
        self.kept_cost = timeline.cost()
        self.polished_at = -_SECONDS_BETWEEN_POLISHES
        if self.may_search:
            self._keep(self.best, polished=self._times_matter)
        self.warmth = self._average() if self.may_search else 1.0
        self.first = copy_of(self.best) if self.may_search else day

    @property
    def hot(self) -> float:
        return _QUICK_HOT if self.manner.tuning is Tuning.QUICK else _HOT

    @property
    def best(self) -> Day:
        return min((x.best for x in self.searches), key=cost_of)

    def run(self) -> None:
        if self.watch.share_used() is None:
            self._run_by_steps()
        else:
            self._run_by_clock()

    def finish(self) -> None:
        """Leave the timeline at the best day, at its cheapest times where earliest is not cheapest."""
        timeline = self.timeline
        if self.may_search:
            self._keep(self.best, polished=self._times_matter and self.watch.share_used() is not None)
        timeline.recall(self.kept)
        unplaced = len(timeline.absent())
        self.watch.tell(cost=timeline.cost(), placed=timeline.facts.n - unplaced, unplaced=unplaced, phase=NAME)

    # -- by the clock -------------------------------------------------------------------------------------------------

    def _run_by_clock(self) -> None:
        """Some rounds from hot to cold, each from the first plan, so that they end apart; after each, the best mix of all routes
        passed.
        """
        self._advance([self._stretch(self.hot, self.hot)] * len(self.searches))
        rounds, coolings = self._rounds()
        for number in range(rounds):
            begins = self._share_used
            length = (1.0 - begins) / (rounds - number)
            mixes = self._may_mix(length)
            self._round(coolings, ends=begins + length * (1 - _MIXING_SHARE if mixes else 1))
            if mixes and not self.watch.over():
                self._mix(seconds=self._seconds_until(begins + length))

    def _rounds(self) -> tuple[int, int]:
        """How many rounds, and how many coolings in each: as many as leave each of them time enough to end well."""
        if self.manner.tuning is Tuning.QUICK:
            return 1, 1
        facts = self.timeline.facts
        steps = self._seconds_until(1.0) * min(x.steps_a_second for x in self.searches) / facts.n
        enough = _STEPS_A_LINKED_COOLING if any(facts.links) else _STEPS_A_COOLING
        coolings = max(1, min(_MOST_COOLINGS, int(steps / enough)))
        return max(1, min(_MOST_ROUNDS, int(steps / (enough * _COOLINGS_A_ROUND)))), coolings

    def _round(self, coolings: int, *, ends: float) -> None:
        """Cool from the first plan until so much of the time is gone. Of several coolings, each as far as tells where it ends, the
        best goes on to the cold; of several searches the best goes on in one, the next in another.
        """
        if coolings == 1:
            self._begin_anew()
            self._cool(self.hot, _COLD, ends)
            return
        begins = self._share_used
        trying, ending = coolings * log(self.hot / _LUKEWARM), log(_LUKEWARM / _COLD)
        length = (ends - begins) * trying / (trying + ending) / coolings
        tried: list[tuple[int, Day]] = []
        for number in range(1, coolings + 1):
            self._begin_anew()
            self._cool(self.hot, _LUKEWARM, begins + number * length)
            tried += [(search.lowest, search.current) for search in self.searches]
        tried.sort(key=itemgetter(0))
        for search, (_, day) in zip(self.searches, tried, strict=False):
            search.stand_at(day)
        self._cool(_LUKEWARM, _COLD, ends)

    def _cool(self, hot: float, cold: float, ends: float) -> None:
        begins = self._share_used
        while not self.watch.over():
            share = self._share_used
            if share >= ends:
                return
            following = share + _STRETCH_SECONDS * share / max(1e-6, self.watch.state.seconds)
            heat, then = (hot * (cold / hot) ** min(1.0, (x - begins) / (ends - begins)) for x in (share, following))
            self._advance([self._stretch(heat, then)] * len(self.searches))

    def _begin_anew(self) -> None:
        for search in self.searches:
            search.stand_at(self.first)

    def _stretch(self, hot: float, cold: float) -> Stretch:
        slowest = min(x.steps_a_second for x in self.searches)
        steps = max(1, int(slowest * _STRETCH_SECONDS))
        late = hot <= self.hot ** (1 - _NUDGED) * _COLD**_NUDGED
        nudge = 0 if late else int(self.warmth * _NUDGE)
        return Stretch(steps, 0, steps, self.warmth * hot, self.warmth * cold, nudge, noting=late)

    @property
    def _share_used(self) -> float:
        return self.watch.share_used() or 0.0

    def _seconds_until(self, share: float) -> float:
        """How long it is until so much of the time is gone."""
        used = max(1e-6, self._share_used)
        return max(0.0, (share - used) * self.watch.state.seconds / used)

    def _may_mix(self, length: float) -> bool:
        seconds = length * self.watch.state.seconds / max(1e-6, self._share_used) * _MIXING_SHARE
        least = _LEAST_MIXING_SECONDS + _MIXING_SECONDS_PER_JOB * self.timeline.facts.n
        return self.manner.mixing and not self.timeline.set_aside and seconds >= least

    def _mix(self, *, seconds: float) -> None:
        self.tell(MIXING)
        for search in self.searches:
            self.pool.read(search.desk)
        columns, incumbent = self.pool.newest_first(self.best)
        choice = recombine(
            self.timeline.facts,
            columns,
            incumbent,
            seconds=min(seconds, _MIXING_SECONDS),
            is_cancelled=self.watch.over,
        )
        day = choice and self.searches[0].priced([columns[i] for i in choice], self.timeline.facts)
        if day and cost_of(day) < cost_of(self.best):
            self.searches[0].stand_at(day)
            self.watch.better()
        self.tell(MIXING)

    # -- by steps -----------------------------------------------------------------------------------------------------

    def _run_by_steps(self) -> None:
        """Where only steps count the course depends on them alone: cycles of doubling length, and nothing that a clock ends."""
        hot = self.warmth * self.hot
        while not self.watch.over():
            first, cycle = self.watch.steps, _FIRST_CYCLE
            while first >= cycle:
                first, cycle = first - cycle, 2 * cycle
            if first == 0:
                hot = self.warmth * self.hot
                self._begin_anew()
            steps = min(_STRETCH_STEPS - self.watch.steps % _STRETCH_STEPS, cycle - first)
            while steps > 1 and self.watch.would_be_over(steps - 1):
                steps //= 2
            nudge = int(self.warmth * _NUDGE) if first < _NUDGED * cycle else 0
            stretch = Stretch(steps, first, cycle, hot, self.warmth * _COLD, nudge, noting=False)
            self._advance([stretch] * len(self.searches))

    # -- both ---------------------------------------------------------------------------------------------------------

    def _advance(self, stretches: Sequence[Stretch]) -> None:
        """One stretch of each search, side by side, and word of it."""
        if len(self.searches) == 1:
            helped = [self.searches[0].advance(stretches[0])]
        else:
            with ThreadPoolExecutor(len(self.searches)) as threads:
                helped = list(threads.map(Search.advance, self.searches, stretches))
        self.watch.steps += stretches[0].steps
        if any(helped):
            self.watch.better()
        if self._times_matter and self._may_polish():
            self._keep(self.searches[0].current, polished=True)
            if any(helped):
                self._keep(self.best, polished=True)
        if self.watch.due():
            self.tell()

    @property
    def _times_matter(self) -> bool:
        return self.manner.timing and not self.timeline.facts.regular

    def _keep(self, day: Day, *, polished: bool) -> None:
        """Keep the day if it is the cheapest so far; `polished`: at its cheapest times."""
        timeline = self.timeline
        if not bring_back(day, timeline):
            return
        if polished:
            polish(timeline)
        cost = timeline.cost()
        if cost < self.kept_cost:
            self.kept, self.kept_cost = timeline.memory(), cost
            self.watch.better()

    def _may_polish(self) -> bool:
        """By the clock not more often than it is worth. Where only steps count at certain steps, the first ones close together,
        wherever the limit lies: so that more steps look at all that fewer did.
        """
        if self.watch.share_used() is None:
            steps = self.watch.steps
            return steps % (50 if steps <= 200 else 200 if steps <= _FIRST_CYCLE else 2_000) == 0
        now = self.watch.state.seconds
        if now - self.polished_at < _SECONDS_BETWEEN_POLISHES:
            return False
        self.polished_at = now
        return True

    def tell(self, phase: str = NAME) -> None:
        best, n = self.best, self.timeline.facts.n
        unplaced = int(best.head[ABSENT_COUNT])
        cost = min(self.kept_cost, cost_of(best)) if self.may_search else self.kept_cost
        self.watch.tell(cost=cost, placed=n - unplaced, unplaced=unplaced, phase=phase)

    def _average(self) -> float:
        """What a placed job costs, on average: the unit of warmth."""
        best, n = self.best, self.timeline.facts.n
        left = int(best.head[LEFT])
        return max(1.0, (cost_of(best) - left) / max(1, n - int(best.head[ABSENT_COUNT])))


def _disturbed(timeline: Timeline) -> list[int]:
    """Whom the first plan leaves out or gives another carer than was told, and who is new; nobody who is pinned. None where nobody
    was told anything.
    """
    facts, home = timeline.facts, timeline.home
    if not facts.told:
        return []
    free = (j for j in range(facts.n) if j not in facts.pin)
    return [j for j in free if j not in facts.told or home[j] != facts.told[j][0]]
