"""Putting jobs in and taking them out, and back to where a trial began."""

from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.costs import start_cost
from scheduler.solvers.search.gaps import find_gaps
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
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.times import push, touch, unsettle, unsettle_partners


@inlined
def put_in(facts: Facts, day: Day, j: int, c: int, position: int) -> None:
    """Times are stale then."""
    nodes = facts.nodes
    state, route, load, head = day.state, day.route, day.load, day.head
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
    head[LEFT] -= nodes[j, UNPLACED]
    head[ABSENT_COUNT] -= 1


@inlined
def lift(facts: Facts, day: Day, j: int) -> None:
    """Out of its route; the times of the others stay as they were."""
    nodes = facts.nodes
    state, route, load, head = day.state, day.route, day.load, day.head
    c = state[j, HOME]
    load[c, LENGTH] -= 1
    for index in range(state[j, POSITION], load[c, LENGTH]):
        v = route[c, index + 1]
        route[c, index] = v
        state[v, POSITION] = index
    state[j, HOME] = -1
    state[j, START] = -FAR
    load[c, STOPS] -= 1
    head[LEFT] += nodes[j, UNPLACED]
    head[ABSENT_COUNT] += 1


@inlined
def take_out(facts: Facts, day: Day, desk: Desk, j: int) -> None:
    """Out of its route, with the starts that it held up forgotten until `refresh`."""
    state = day.state
    c = state[j, HOME]
    position = state[j, POSITION]
    if state[j, START] > -FAR:
        unsettle_partners(facts, day, desk, j)
    lift(facts, day, j)
    unsettle(facts, day, desk, c, position)


@inlined
def unwind(facts: Facts, day: Day, desk: Desk, mark: int) -> None:
    """Back to the starts of when the trail was `mark` long; who has gone in since goes out."""
    state, head = day.state, day.head
    notes, used = desk.notes, desk.used
    n = head[JOBS]
    for i in range(used[TRAIL] - 1, mark - 1, -1):
        v = notes[TRAIL, i, 0]
        state[v, START] = notes[TRAIL, i, 1]
        if v < n and notes[TRAIL, i, 1] == -FAR:
            lift(facts, day, v)
    used[TRAIL] = mark


@inlined
def go_in(facts: Facts, day: Day, desk: Desk, j: int, c: int, position: int) -> tuple[int, int]:
    """What the cost changes by, unplaced_cost aside, and the largest lateness then; FAR, and nothing done, where it cannot be."""
    nodes, carers, ways, price = facts.nodes, facts.carers, facts.ways, facts.price
    state, head = day.state, day.head
    gaps, marks, notes, used = desk.gaps, desk.marks, desk.notes, desk.used
    n = head[JOBS]
    tolerance = head[TOLERANCE]
    worst = head[WORST]
    if marks[c, STALE]:
        find_gaps(facts, day, desk, c)
    mode = carers[c, MODE]
    at = nodes[j, PLACE]
    detour = ways[mode, gaps[c, position, HERE], at] + ways[mode, at, gaps[c, position, THERE]] - gaps[c, position, WAY]
    change = head[TRAVEL_WEIGHT] * detour + price[j, c]
    mark = used[TRAIL]
    put_in(facts, day, j, c, position)
    notes[WORK, 0, 0] = c
    notes[WORK, 0, 1] = position
    notes[WORK, 0, 2] = position
    if not push(facts, day, desk):
        unwind(facts, day, desk, mark)
        if state[j, HOME] >= 0:
            lift(facts, day, j)
        return FAR, worst
    for i in range(mark, used[TRAIL]):
        v = notes[TRAIL, i, 0]
        if v < n:
            s = notes[TRAIL, i, 2]
            change += start_cost(nodes, tolerance, v, s)
            if notes[TRAIL, i, 1] > -FAR:
                change -= start_cost(nodes, tolerance, v, notes[TRAIL, i, 1])
            if head[MAX_LATENESS_WEIGHT] and s - nodes[v, LATE_AFTER] > worst:
                worst = s - nodes[v, LATE_AFTER]
    change += head[MAX_LATENESS_WEIGHT] * (worst - head[WORST])
    return change, worst


@inlined
def insert(facts: Facts, day: Day, desk: Desk, j: int, c: int, position: int) -> int:
    """Put job j there. What the cost changes by, unplaced_cost aside; FAR, and nothing done, where it cannot be."""
    state, head = day.state, day.head
    notes, used = desk.notes, desk.used
    mark = used[TRAIL]
    change, worst = go_in(facts, day, desk, j, c, position)
    if change < FAR:
        head[WORST] = worst
        touch(desk, c)
        for i in range(mark, used[TRAIL]):
            touch(desk, state[notes[TRAIL, i, 0], HOME])
    return change


@inlined
def trial(facts: Facts, day: Day, desk: Desk, j: int, c: int, position: int) -> int:
    """What `insert` would answer; nothing is changed."""
    used = desk.used
    mark = used[TRAIL]
    change, _worst = go_in(facts, day, desk, j, c, position)
    if change < FAR:
        unwind(facts, day, desk, mark)
    return change
