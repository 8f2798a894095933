"""Putting jobs in and taking them out, and back to where a trial began."""

from scheduler.solvers.search.compiling import kernel
from scheduler.solvers.search.layout import (
    ABSENT_COUNT,
    FAR,
    HERE,
    HOME,
    JOBS,
    LATE_AFTER,
    LEFT,
    LENGTH,
    MAX_LATENESS_WEIGHT,
    MODE,
    PLACE,
    POSITION,
    STALE,
    START,
    STOPS,
    THERE,
    TOLERANCE,
    TRAIL,
    TRAVEL_WEIGHT,
    UNPLACED,
    WAY,
    WORK,
    WORST,
    Ints,
    SmallInts,
)
from scheduler.solvers.search.times import find_gaps, push, start_cost, touch, unsettle, unsettle_partners


@kernel
def put_in(facts: Ints, state: Ints, route: Ints, load: Ints, head: Ints, j: int, c: int, position: int) -> None:
    """Times are stale then."""
    for index in range(load[c, LENGTH], position, -1):
        v = route[c, index - 1]
        route[c, index] = v
        state[v, POSITION] = index
    route[c, position] = j
    state[j, POSITION] = position
    state[j, HOME] = c
    state[j, START] = -FAR
    load[c, LENGTH] += 1
    load[c, STOPS] += 1
    head[LEFT] -= facts[j, UNPLACED]
    head[ABSENT_COUNT] -= 1


@kernel
def lift(facts: Ints, state: Ints, route: Ints, load: Ints, head: Ints, j: int) -> None:
    """Out of its route; the times of the others stay as they were."""
    c = state[j, HOME]
    load[c, LENGTH] -= 1
    for index in range(state[j, POSITION], load[c, LENGTH]):
        v = route[c, index + 1]
        route[c, index] = v
        state[v, POSITION] = index
    state[j, HOME] = -1
    state[j, START] = -FAR
    load[c, STOPS] -= 1
    head[LEFT] += facts[j, UNPLACED]
    head[ABSENT_COUNT] += 1


@kernel
def take_out(
    facts: Ints,
    links: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    j: int,
) -> None:
    """Out of its route, with the starts that it held up forgotten until `refresh`."""
    c = state[j, HOME]
    position = state[j, POSITION]
    if state[j, START] > -FAR:
        unsettle_partners(facts, links, state, route, load, head, marks, desk, used, j)
    lift(facts, state, route, load, head, j)
    unsettle(facts, links, state, route, load, head, marks, desk, used, c, position)


@kernel
def unwind(facts: Ints, state: Ints, route: Ints, load: Ints, head: Ints, desk: Ints, used: Ints, mark: int) -> None:
    """Back to the starts of when the trail was `mark` long; who has gone in since goes out."""
    n = head[JOBS]
    for i in range(used[TRAIL] - 1, mark - 1, -1):
        v = desk[TRAIL, i, 0]
        state[v, START] = desk[TRAIL, i, 1]
        if v < n and desk[TRAIL, i, 1] == -FAR:
            lift(facts, state, route, load, head, v)
    used[TRAIL] = mark


@kernel
def go_in(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    price: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    gaps: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    j: int,
    c: int,
    position: int,
) -> tuple[int, int]:
    """What the cost changes by, unplaced_cost aside, and the largest lateness then; FAR, and nothing done, where it cannot be."""
    n = head[JOBS]
    tolerance = head[TOLERANCE]
    worst = head[WORST]
    if marks[c, STALE]:
        find_gaps(facts, carers, ways, state, route, load, head, gaps, marks, c)
    mode = carers[c, MODE]
    at = facts[j, PLACE]
    detour = ways[mode, gaps[c, position, HERE], at] + ways[mode, at, gaps[c, position, THERE]] - gaps[c, position, WAY]
    change = head[TRAVEL_WEIGHT] * detour + price[j, c]
    mark = used[TRAIL]
    put_in(facts, state, route, load, head, j, c, position)
    desk[WORK, 0, 0] = c
    desk[WORK, 0, 1] = position
    desk[WORK, 0, 2] = position
    if not push(facts, carers, links, ways, state, route, load, head, desk, used):
        unwind(facts, state, route, load, head, desk, used, mark)
        if state[j, HOME] >= 0:
            lift(facts, state, route, load, head, j)
        return FAR, worst
    for i in range(mark, used[TRAIL]):
        v = desk[TRAIL, i, 0]
        if v < n:
            s = desk[TRAIL, i, 2]
            change += start_cost(facts, tolerance, v, s)
            if desk[TRAIL, i, 1] > -FAR:
                change -= start_cost(facts, tolerance, v, desk[TRAIL, i, 1])
            if head[MAX_LATENESS_WEIGHT] and s - facts[v, LATE_AFTER] > worst:
                worst = s - facts[v, LATE_AFTER]
    change += head[MAX_LATENESS_WEIGHT] * (worst - head[WORST])
    return change, worst


@kernel
def insert(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    price: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    gaps: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    j: int,
    c: int,
    position: int,
) -> int:
    """Put job j there. What the cost changes by, unplaced_cost aside; FAR, and nothing done, where it cannot be."""
    mark = used[TRAIL]
    change, worst = go_in(
        facts, carers, links, ways, price, state, route, load, head, gaps, marks, desk, used, j, c, position
    )
    if change < FAR:
        head[WORST] = worst
        touch(marks, desk, used, c)
        for i in range(mark, used[TRAIL]):
            touch(marks, desk, used, state[desk[TRAIL, i, 0], HOME])
    return change


@kernel
def trial(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    price: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    gaps: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    j: int,
    c: int,
    position: int,
) -> int:
    """What `insert` would answer; nothing is changed."""
    mark = used[TRAIL]
    change, _worst = go_in(
        facts, carers, links, ways, price, state, route, load, head, gaps, marks, desk, used, j, c, position
    )
    if change < FAR:
        unwind(facts, state, route, load, head, desk, used, mark)
    return change
