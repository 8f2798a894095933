"""From a problem and a timeline to arrays, and back."""

from collections.abc import Sequence

import numpy as np

from scheduler.indexed import Indexed
from scheduler.problem import LinkCarers
from scheduler.solvers.search.layout import (
    ABSENT_COUNT,
    ALLOWED_AT,
    ALLOWED_END,
    ANY,
    CARER_COLUMNS,
    CARER_LOAD,
    CARER_MARKS,
    COUNTS,
    DIFFERENT,
    DURATION,
    EARLY_BEFORE,
    EARLY_COST,
    FAR,
    FLOOR,
    GAP_COLUMNS,
    GATE_COLUMNS,
    GOAL,
    GROUP_AT,
    GROUP_END,
    HEAD,
    HIGH,
    HOME,
    JOBS,
    LATE_AFTER,
    LATE_COST,
    LEFT,
    LENGTH,
    LINK_AT,
    LINK_END,
    LISTS,
    LOW,
    MAX_LATENESS_WEIGHT,
    MODE,
    MOVED_SECOND,
    NEAR_AT,
    NEAR_END,
    NODE_COLUMNS,
    NODE_STATE,
    ORIGIN,
    PINNED,
    PLACE,
    POSITION,
    RANDOM,
    REST_FIRST,
    RESTS,
    SAME,
    SHIFT_END,
    SHIFT_START,
    STALE,
    START,
    STOPS,
    TOLD,
    TOLERANCE,
    TRAVEL_WEIGHT,
    UNPLACED,
    WISH,
    Day,
    Desk,
    Facts,
    Ints,
    SmallInts,
)
from scheduler.timeline import Timeline

_NEIGHBOURS = 64
_GOLDEN = 0x9E3779B97F4A7C15  # spreads neighbouring seeds over all 64 bits
_TAPE = 1 << 19  # numbers
_SEEN = 1 << 17  # routes


def facts_of(indexed: Indexed, *, closed: frozenset[int] = frozenset()) -> Facts:
    """The problem as arrays; nobody may be sent by a `closed` carer."""
    n, carers = indexed.n, len(indexed.problem.carers)
    allowed = [[c for c in able if c not in closed] for able in indexed.allowed]
    ways = _matrices(indexed)
    nodes = _nodes(indexed)
    return Facts(
        nodes=nodes,
        carers=_carers(indexed),
        links=_links(indexed),
        ways=ways,
        price=np.array(indexed.price, dtype=np.int64).reshape(n, carers),
        lists=_lists(nodes, allowed, indexed.partners, _near(indexed, ways)),
    )


def desk_for(facts: Facts, day: Day, *, seed: int) -> Desk:
    carers, room = day.route.shape
    entries = 4 * (len(facts.nodes) + len(facts.links) + carers) + 64
    desk = Desk(
        gaps=np.zeros((carers, room + 1, GAP_COLUMNS), np.int64),
        gates=np.zeros((carers, room + 1, GATE_COLUMNS), np.int64),
        marks=np.zeros((carers, CARER_MARKS), np.int64),
        notes=np.zeros((LISTS, entries, 3), np.int64),
        used=np.zeros(COUNTS, np.int64),
        tape=np.zeros(_TAPE, np.int64),
        seen=np.zeros(_SEEN, np.int64),
        grudge=np.zeros(len(facts.nodes), np.int64),
    )
    desk.marks[:, STALE] = 1
    desk.used[RANDOM] = np.array([(seed * _GOLDEN + _GOLDEN) % 2**64 or 1], np.uint64).astype(np.int64)[0]
    return desk


def day_of(timeline: Timeline, facts: Facts) -> Day:
    """The timeline's routes; its times are derived anew by whoever takes the day."""
    indexed = timeline.facts
    weights = indexed.problem.weights
    carers, nodes, n = len(facts.carers), len(facts.nodes), indexed.n
    day = Day(
        state=np.full((nodes, NODE_STATE), -1, np.int64),
        route=np.zeros((carers, _room(indexed)), np.int64),
        load=np.zeros((carers, CARER_LOAD), np.int64),
        head=np.zeros(HEAD, np.int64),
    )
    day.head[JOBS], day.head[TRAVEL_WEIGHT] = n, weights.travel
    day.head[MAX_LATENESS_WEIGHT], day.head[TOLERANCE] = weights.max_lateness, weights.moved_tolerance
    day.state[:, START] = -FAR
    for c, route in enumerate(timeline.routes):
        day.load[c, LENGTH] = len(route)
        day.load[c, STOPS] = sum(1 for v in route if v < n)
        for position, v in enumerate(route):
            day.route[c, position] = v
            day.state[v, HOME] = c
            day.state[v, POSITION] = position
    day.state[:n, FLOOR] = timeline.floor[:n]
    for j in range(n):
        day.state[j, HOME] = timeline.home[j]
        if timeline.home[j] >= 0:
            day.state[j, START] = timeline.start[j]
        else:
            day.head[ABSENT_COUNT] += 1
            day.head[LEFT] += indexed.unplaced_cost[j]
    return day


def copy_of(day: Day) -> Day:
    return Day(*(array.copy() for array in day))


def bring_back(day: Day, timeline: Timeline) -> bool:
    """Put the day into the timeline, which derives the times itself; False when it cannot, and is left as it was."""
    before = timeline.memory()
    n = timeline.facts.n
    timeline.routes = [[int(v) for v in day.route[c, : day.load[c, LENGTH]]] for c in range(len(day.load))]
    timeline.home[:n] = [int(c) for c in day.state[:n, HOME]]
    timeline.floor[:n] = [int(floor) for floor in day.state[:n, FLOOR]]
    for j in range(n):
        if timeline.home[j] < 0:
            timeline.start[j] = -FAR
    if timeline.settle():
        return True
    timeline.recall(before)
    return False


def _nodes(indexed: Indexed) -> Ints:
    n, nodes = indexed.n, indexed.nodes
    table = np.zeros((max(1, nodes), NODE_COLUMNS), dtype=np.int64)
    for column, values in ((DURATION, indexed.duration), (LOW, indexed.low), (HIGH, indexed.high)):
        table[:nodes, column] = values
    told = [indexed.told[j][1] if j in indexed.told else 0 for j in range(n)]
    moved = [indexed.problem.weights.moved_second if j in indexed.told else 0 for j in range(n)]
    for column, values in (
        (PLACE, indexed.place),
        (WISH, indexed.wish[:n]),
        (LATE_AFTER, _clipped(indexed.late_after)),
        (LATE_COST, indexed.late_cost),
        (EARLY_BEFORE, _clipped(indexed.early_before)),
        (EARLY_COST, indexed.early_cost),
        (TOLD, told),
        (MOVED_SECOND, moved),
        (UNPLACED, indexed.unplaced_cost),
        (PINNED, [int(j in indexed.pin) for j in range(n)]),
    ):
        table[:n, column] = values
    ends = np.cumsum([len(each) for each in indexed.links], dtype=np.int64)
    table[:n, LINK_END] = ends
    table[:n, LINK_AT] = ends - [len(each) for each in indexed.links]
    return table


def _lists(facts: Ints, *kinds: Sequence[Sequence[int]]) -> Ints:
    """The lists of all jobs one after the other, kind by kind; where each begins and ends goes into the facts."""
    flat: list[int] = []
    columns = ((ALLOWED_AT, ALLOWED_END), (GROUP_AT, GROUP_END), (NEAR_AT, NEAR_END))
    for (begin, end), lists in zip(columns, kinds, strict=True):
        for j, each in enumerate(lists):
            facts[j, begin] = len(flat)
            flat.extend(each)
            facts[j, end] = len(flat)
    return np.array(flat, dtype=np.int64)


def _carers(indexed: Indexed) -> Ints:
    carers = indexed.problem.carers
    modes = {mode: number for number, mode in enumerate(indexed.problem.travel.by_mode)}
    table = np.zeros((len(carers), CARER_COLUMNS), dtype=np.int64)
    for column, values in (
        (MODE, [modes[carer.mode] for carer in carers]),
        (SHIFT_START, indexed.shift_start),
        (SHIFT_END, indexed.shift_end),
        (ORIGIN, indexed.origin),
        (GOAL, indexed.goal),
        (REST_FIRST, [rests[0] if rests else 0 for rests in indexed.rests]),
        (RESTS, [len(rests) for rests in indexed.rests]),
    ):
        table[:, column] = values
    return table


def _links(indexed: Indexed) -> Ints:
    codes = {LinkCarers.ANY: ANY, LinkCarers.DIFFERENT: DIFFERENT, LinkCarers.SAME: SAME}
    kinds: list[list[int]] = [[] for _ in range(indexed.n)]
    for link in indexed.problem.links:
        for job in (link.first, link.second):
            kinds[indexed.number[job]].append(codes[link.carers])
    rows = [
        (o, max(-FAR, least), min(FAR, most), kind)
        for j in range(indexed.n)
        for (o, least, most), kind in zip(indexed.links[j], kinds[j], strict=True)
    ]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 4)


def _matrices(indexed: Indexed) -> SmallInts:
    """By mode in the problem's order; where nobody travels at all, one in which no way takes time."""
    places = len(indexed.problem.locations)
    matrices = list(indexed.problem.travel.by_mode.values()) or [((0,) * places,) * places]
    ways = np.minimum(np.array(matrices, dtype=np.int64), np.iinfo(np.int32).max)
    return ways.astype(np.int32).reshape(len(matrices), places, places)


def _near(indexed: Indexed, ways: SmallInts) -> Sequence[Sequence[int]]:
    """For each job those near by the quickest mode and by how far the hours lie apart at which they should start, itself first."""
    n = indexed.n
    quickest = ways.min(axis=0).astype(np.int64)
    quickest = np.minimum(quickest, quickest.T)
    place = np.array(indexed.place, dtype=np.int64)
    low = np.array(indexed.wish[:n], dtype=np.int64)
    high = np.maximum(low, np.minimum(indexed.high[:n], _clipped(indexed.late_after)))
    keep = min(n, _NEIGHBOURS)
    found = []
    for j in range(n):
        score = quickest[place[j], place] + np.maximum(0, np.maximum(low[j] - high, low - high[j])) // 4
        score[j] = -1
        nearest = np.argpartition(score, keep - 1)[:keep]
        found.append(nearest[np.lexsort((nearest, score[nearest]))].tolist())
    return found


def _room(indexed: Indexed) -> int:
    """How many nodes a route can ever hold: as many of the shortest jobs as fit into the longest shift, and the breaks."""
    longest = max((end - start for start, end in zip(indexed.shift_start, indexed.shift_end, strict=True)), default=0)
    used = jobs = 0
    for duration in sorted(indexed.duration[: indexed.n]):
        used += duration
        if used > longest:
            break
        jobs += 1
    return jobs + max((len(rests) for rests in indexed.rests), default=0) + 1


def _clipped(values: Sequence[int]) -> list[int]:
    return [max(-FAR, min(FAR, value)) for value in values]
