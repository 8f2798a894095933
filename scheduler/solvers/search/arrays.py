"""From a problem and a timeline to arrays, and back."""

from collections.abc import Sequence

import numpy as np

from scheduler.indexed import Indexed
from scheduler.problem import LinkCarers
from scheduler.solvers.search.layout import (
    ALLOWED_AT,
    ALLOWED_END,
    ANY,
    CARER_COLUMNS,
    DIFFERENT,
    DURATION,
    EARLY_BEFORE,
    EARLY_COST,
    FAR,
    FLOOR,
    GOAL,
    GROUP_AT,
    GROUP_END,
    HIGH,
    HOME,
    LATE_AFTER,
    LATE_COST,
    LENGTH,
    LINK_AT,
    LINK_END,
    LOW,
    MODE,
    MOVED_SECOND,
    NODE_COLUMNS,
    ORIGIN,
    PINNED,
    PLACE,
    POSITION,
    REST_FIRST,
    RESTS,
    SAME,
    SHIFT_END,
    SHIFT_START,
    START,
    STOPS,
    TOLD,
    UNPLACED,
    WISH,
    WORST,
    Day,
    Desk,
    Facts,
    Ints,
    SmallInts,
)
from scheduler.timeline import Timeline

_NEIGHBOURS = 64
_OPTIONS = 16
_WORK = 4096
_GOLDEN = 0x9E3779B97F4A7C15  # spreads neighbouring seeds over all 64 bits


def facts_of(indexed: Indexed, *, closed: frozenset[int] = frozenset()) -> Facts:
    """The problem as arrays; nobody may be sent by a `closed` carer."""
    problem, n = indexed.problem, indexed.n
    weights = problem.weights
    allowed = [[c for c in able if c not in closed] for able in indexed.allowed]
    size = [n, weights.travel, weights.max_lateness, weights.moved_tolerance, _room(indexed)]
    return Facts(
        size=np.array(size, dtype=np.int64),
        node=_nodes(indexed, allowed),
        carer=_carers(indexed),
        link=_links(indexed),
        matrix=_matrices(indexed),
        price=np.array(indexed.price, dtype=np.int64).reshape(n, len(problem.carers)),
        allowed=np.array([c for able in allowed for c in able], dtype=np.int32),
        group=np.array([o for together in indexed.partners for o in together], dtype=np.int64),
        near=_near(indexed),
    )


def desk_for(facts: Facts, *, seed: int) -> Desk:
    carers, nodes = len(facts.carer), len(facts.node)
    room, jobs = int(facts.size[-1]), max(1, int(facts.size[0]))
    desk = Desk(
        gap=np.zeros((carers, room + 1, 8), np.int64),
        mark=np.zeros((carers, 2), np.int64),
        log=np.zeros((nodes + 1, 3), np.int64),
        work=np.zeros((_WORK, 2), np.int64),
        list=np.zeros((4 * jobs, 2), np.int64),
        random=np.array([(seed * _GOLDEN + _GOLDEN) % 2**64 or 1], np.uint64),
        used=np.zeros(2, np.int64),
        option=np.zeros((_OPTIONS, 3), np.int64),
        trial=np.zeros((carers * (room + 1) + 1, 3), np.int64),
        saved=np.zeros(nodes, np.int64),
    )
    desk.mark[:, 0] = 1
    return desk


def day_of(timeline: Timeline, facts: Facts) -> Day:
    """The timeline's routes; its times are derived anew by whoever takes the day."""
    carers, nodes = len(facts.carer), len(facts.node)
    day = Day(
        route=np.zeros((carers, int(facts.size[-1])), np.int64),
        load=np.zeros((carers, 2), np.int64),
        node=np.full((nodes, 4), -1, np.int64),
        head=np.zeros(2, np.int64),
    )
    day.node[:, START] = -FAR
    n = timeline.facts.n
    for c, route in enumerate(timeline.routes):
        day.load[c, LENGTH] = len(route)
        day.load[c, STOPS] = sum(1 for v in route if v < n)
        for position, v in enumerate(route):
            day.route[c, position] = v
            day.node[v, HOME] = c
            day.node[v, POSITION] = position
    day.node[:n, FLOOR] = timeline.floor[:n]
    for j in range(n):
        day.node[j, HOME] = timeline.home[j]
        if timeline.home[j] >= 0:
            day.node[j, START] = timeline.start[j]
    day.head[WORST] = timeline.worst
    return day


def copy_of(day: Day) -> Day:
    return Day(*(array.copy() for array in day))


def bring_back(day: Day, timeline: Timeline) -> bool:
    """Put the day into the timeline, which derives the times itself; False when it cannot, and is left as it was."""
    before = timeline.memory()
    n = timeline.facts.n
    timeline.routes = [[int(v) for v in day.route[c, : day.load[c, LENGTH]]] for c in range(len(day.load))]
    timeline.home[:n] = [int(c) for c in day.node[:n, HOME]]
    timeline.floor[:n] = [int(floor) for floor in day.node[:n, FLOOR]]
    for j in range(n):
        if timeline.home[j] < 0:
            timeline.start[j] = -FAR
    if timeline.settle():
        return True
    timeline.recall(before)
    return False


def _nodes(indexed: Indexed, allowed: Sequence[Sequence[int]]) -> Ints:
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
    parts: tuple[tuple[int, int, Sequence[Sequence[object]]], ...] = (
        (LINK_AT, LINK_END, indexed.links),
        (GROUP_AT, GROUP_END, indexed.partners),
        (ALLOWED_AT, ALLOWED_END, allowed),
    )
    for begin, end, lists in parts:
        ends = np.cumsum([len(each) for each in lists], dtype=np.int64)
        table[:n, end] = ends
        table[:n, begin] = ends - [len(each) for each in lists]
    return table


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


def _near(indexed: Indexed) -> SmallInts:
    """Near by the quickest mode and by how far two windows lie apart."""
    n = indexed.n
    if n == 0:
        return np.zeros((0, 1), dtype=np.int32)
    quickest = _matrices(indexed).min(axis=0).astype(np.int64)
    place = np.array(indexed.place)
    low, high = np.array(indexed.low[:n]), np.array(indexed.high[:n])
    keep = min(n, _NEIGHBOURS)
    found = np.zeros((n, keep), dtype=np.int32)
    for j in range(n):
        way = np.minimum(quickest[place[j], place], quickest[place, place[j]])
        apart = np.maximum(0, np.maximum(low[j] - high, low - high[j]))
        score = way + apart // 4
        score[j] = -1
        found[j] = np.argsort(score, kind="stable")[:keep]
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
