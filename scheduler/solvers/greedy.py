"""A first answer in a moment: pins, what is published (or a given start), then one job after the other where it is cheapest."""

from collections.abc import Sequence
from functools import partial
from random import Random

from scheduler.indexed import Indexed
from scheduler.limits import Limit
from scheduler.problem import Problem
from scheduler.solution import Solution
from scheduler.solver import OnProgress
from scheduler.solvers.adopt import Told, adopt, as_it_stands
from scheduler.solvers.insertion import Inserter
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import Memory, Timeline, solution_of


class Greedy:
    """Deterministic, and done in about a millisecond per job and carer's dozen; it asks no limit."""

    name = "greedy"

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
        unplaced = len(timeline.absent())
        watch.tell(cost=timeline.cost(), placed=timeline.facts.n - unplaced, unplaced=unplaced, phase=self.name)
        return solution_of(timeline)


def first_timeline(facts: Indexed, *, seed: int, start: Solution | None = None, refill: bool = True) -> Timeline:
    """A sound day: pins kept, `start` (else what is published) taken over as far as it holds, the rest inserted."""
    timeline = as_it_stands(facts, start) if start is not None else None
    if timeline is None:
        timeline = _taken_over(facts, _appointments(facts, start), seed=seed)
    if refill:
        place_rest(timeline, _inserter(timeline, seed))
    return timeline


def _taken_over(facts: Indexed, known: Sequence[Told], *, seed: int) -> Timeline:
    timeline = Timeline(facts)
    inserter = _inserter(timeline, seed)
    place_pins(timeline)
    adopt(timeline, inserter, [told for told in known if any(o in facts.pin for o in facts.partners[told[0]])])
    _place_partners_of_pins(timeline, inserter)
    drop_lonely(timeline)
    pinned, cost = timeline.memory(), timeline.cost()
    adopt(timeline, inserter, known)
    drop_lonely(timeline)
    if timeline.cost() > cost:
        timeline.recall(pinned)  # worse than visiting nobody
    return timeline


def _inserter(timeline: Timeline, seed: int) -> Inserter:
    return Inserter(timeline, Random(seed), tries=6)  # noqa: S311 - a search, not a secret


def _appointments(facts: Indexed, start: Solution | None) -> list[Told]:
    if start is None:
        return [(j, c, when) for j, (c, when) in facts.told.items()]
    return [(facts.number[j], facts.carer_number[c], when) for j, (c, when) in start.placed.items()]


def place_pins(timeline: Timeline) -> None:
    """Pins go in by their starts. Where they contradict each other, their carer's day stands as pinned and is closed."""
    facts = timeline.facts
    by_carer: dict[int, list[tuple[int, int]]] = {}
    for j, (c, start) in facts.pin.items():
        by_carer.setdefault(c, []).append((start, j))
    for c, pins in by_carer.items():
        for _, j in sorted(pins):
            if not _insert_anywhere(timeline, j, c):
                _set_aside(timeline, c, sorted(pins))
                break


def _insert_anywhere(timeline: Timeline, j: int, c: int) -> bool:
    return any(timeline.insert(j, c, position) is not None for position in range(len(timeline.routes[c]), -1, -1))


def _place_partners_of_pins(timeline: Timeline, inserter: Inserter) -> None:
    """Who must go together with a pinned job goes first, whatever it costs."""
    facts = timeline.facts
    for group in dict.fromkeys(facts.partners[j] for j in sorted(facts.pin)):
        inserter.place_group([j for j in group if timeline.home[j] < 0])


def _set_aside(timeline: Timeline, c: int, pins: list[tuple[int, int]]) -> None:
    facts = timeline.facts
    timeline.remove([v for v in timeline.routes[c] if v < facts.n])
    timeline.set_aside.add(c)
    for start, j in pins:
        timeline.home[j], timeline.start[j] = c, start
    timeline.settle()


def drop_lonely(timeline: Timeline) -> None:
    """Take out whom the partner is missing for; pins stay."""
    facts = timeline.facts
    lonely = [
        j
        for j in range(facts.n)
        if timeline.home[j] >= 0 and j not in facts.pin and any(timeline.home[o] < 0 for o in facts.partners[j])
    ]
    if lonely:
        timeline.remove(lonely)
        timeline.settle()


def place_rest(timeline: Timeline, inserter: Inserter) -> None:
    """Insert what is absent, once the hardest to place first and once the soonest first, and keep the cheaper day."""
    facts = timeline.facts
    groups = {facts.partners[j] for j in timeline.absent()}
    before = timeline.memory()
    best: tuple[int, Memory] | None = None
    for order in (_hardest_first, _soonest_first):
        timeline.recall(before)
        for group in sorted(groups, key=partial(order, facts)):
            inserter.place_if_worth([j for j in group if timeline.home[j] < 0])
        cost = timeline.cost()
        if best is None or cost < best[0]:
            best = (cost, timeline.memory())
    if best is not None:
        timeline.recall(best[1])


def _hardest_first(facts: Indexed, group: tuple[int, ...]) -> tuple[int, ...]:
    price = sum(facts.unplaced_cost[j] for j in group)
    carers = min(len(facts.allowed[j]) for j in group)
    width = min(facts.high[j] - facts.low[j] for j in group)
    return (-price // len(group), -len(group), carers * width, group[0])


def _soonest_first(facts: Indexed, group: tuple[int, ...]) -> tuple[int, ...]:
    return (min(min(facts.high[j], facts.late_after[j]) for j in group), *group)
