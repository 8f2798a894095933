"""From sequences to times and costs; the compiled counterpart of `scheduler.timeline`, by which it is tested."""

from scheduler.solvers.search.compiling import inlined, kernel
from scheduler.solvers.search.layout import (
    BEFORE,
    BEFORE_REST,
    BEFORE_STOP,
    DURATION,
    EARLY_BEFORE,
    EARLY_COST,
    FAR,
    FLOOR,
    GOAL,
    HERE,
    HIGH,
    HOME,
    JOBS,
    LATE_AFTER,
    LATE_COST,
    LEAST,
    LENGTH,
    LINK_AT,
    LINK_END,
    LOG,
    LOGGED,
    LOW,
    MAX_LATENESS_WEIGHT,
    MODE,
    MOST,
    MOVED_SECOND,
    MOVING,
    NODE,
    ORIGIN,
    OTHER,
    PLACE,
    POSITION,
    READY,
    RESTING,
    SHIFT_END,
    SHIFT_START,
    STALE,
    START,
    STOPS,
    THERE,
    TOLD,
    TOLERANCE,
    TRAVEL_WEIGHT,
    UNPLACED,
    WAY,
    WORST,
    Day,
    Desk,
    Facts,
    Ints,
)


@inlined
def start_cost(facts: Ints, tolerance: int, j: int, s: int) -> int:
    cost = 0
    if s > facts[j, LATE_AFTER]:
        cost = facts[j, LATE_COST] * (s - facts[j, LATE_AFTER])
    elif s < facts[j, EARLY_BEFORE]:
        cost = facts[j, EARLY_COST] * (facts[j, EARLY_BEFORE] - s)
    if facts[j, MOVED_SECOND]:
        off = abs(s - facts[j, TOLD]) - tolerance
        if off > 0:
            cost += facts[j, MOVED_SECOND] * off
    return cost


@inlined
def note(state: Ints, log: Ints, counts: Ints, v: int) -> None:
    if not log[v, LOGGED]:
        log[v, LOGGED] = 1
        at = counts[LOG]
        log[at, NODE] = v
        log[at, BEFORE] = state[v, START]
        counts[LOG] = at + 1


@kernel
def forget(k: Desk) -> None:
    log = k.log
    counts = k.used
    for i in range(counts[LOG]):
        log[log[i, NODE], LOGGED] = 0
    counts[LOG] = 0


@inlined
def sweep(f: Facts, d: Day, k: Desk, c: int, position: int, top: int) -> int:
    """Raise the starts of route c from `position` on. Returns the new top of the work stack, or -1 when it cannot be."""
    facts = f.node
    carers = f.carer
    link = f.link
    matrix = f.matrix
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    work = k.work
    log = k.log
    counts = k.used
    n = size[JOBS]
    row = matrix[carers[c, MODE]]
    route = routes[c]
    first = position
    while first > 0 and route[first - 1] >= n:
        first -= 1
    if first:
        before = route[first - 1]
        ready = state[before, START] + facts[before, DURATION]
        here = facts[before, PLACE]
    else:
        ready = carers[c, SHIFT_START]
        here = carers[c, ORIGIN]
    moving = ready
    for index in range(first, load[c, LENGTH]):
        v = route[index]
        if v >= n:
            s = max(ready, facts[v, LOW])
            if s > facts[v, HIGH]:
                return -1
            ready = s + facts[v, DURATION]
            moving += facts[v, DURATION]
            if s != state[v, START]:
                note(state, log, counts, v)
                state[v, START] = s
            continue
        s = max(moving + row[here, facts[v, PLACE]], ready, state[v, FLOOR])
        for e in range(facts[v, LINK_AT], facts[v, LINK_END]):
            o = link[e, OTHER]
            if state[o, HOME] >= 0 and state[o, START] - link[e, MOST] > s:
                s = state[o, START] - link[e, MOST]
        if s == state[v, START] and index > position:
            return top
        if s > facts[v, HIGH]:
            return -1
        ready = s + facts[v, DURATION]
        moving = ready
        here = facts[v, PLACE]
        if s != state[v, START]:
            note(state, log, counts, v)
            state[v, START] = s
            for e in range(facts[v, LINK_AT], facts[v, LINK_END]):
                o = link[e, OTHER]
                if state[o, HOME] >= 0 and state[o, START] > -FAR and state[o, START] < s + link[e, LEAST]:
                    if top >= work.shape[0] or s + link[e, LEAST] > facts[o, HIGH]:
                        return -1
                    work[top, 0] = state[o, HOME]
                    work[top, 1] = state[o, POSITION]
                    top += 1
    end = carers[c, SHIFT_END]
    if ready > end or moving + row[here, carers[c, GOAL]] > end:
        return -1
    return top


@kernel
def push(f: Facts, d: Day, k: Desk, c: int, position: int) -> bool:
    """Raise starts until everything holds. False when it cannot, with the log as it stands."""
    load = d.load
    work = k.work
    work[0, 0] = c
    work[0, 1] = position
    top = 1
    patience = 12 * (load.shape[0] + 4)
    while top > 0:
        patience -= 1
        if patience < 0:
            return False
        top -= 1
        top = sweep(f, d, k, work[top, 0], work[top, 1], top)
        if top < 0:
            return False
    return True


@kernel
def settle(f: Facts, d: Day, k: Desk) -> bool:
    """All times anew. False when none fit."""
    facts = f.node
    size = f.size
    state = d.node
    load = d.load
    head = d.head
    routes = d.route
    marks = k.mark
    for c in range(load.shape[0]):
        for p in range(load[c, LENGTH]):
            state[routes[c, p], START] = -FAR
    for c in range(load.shape[0]):
        marks[c, STALE] = 1
        if load[c, STOPS] and not push(f, d, k, c, 0):
            forget(k)
            return False
    forget(k)
    worst = 0
    if size[MAX_LATENESS_WEIGHT]:
        for j in range(size[JOBS]):
            if state[j, HOME] >= 0 and state[j, START] - facts[j, LATE_AFTER] > worst:
                worst = state[j, START] - facts[j, LATE_AFTER]
    head[WORST] = worst
    return True


@kernel
def whole_cost(f: Facts, d: Day) -> int:
    facts = f.node
    carers = f.carer
    matrix = f.matrix
    prices = f.price
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    head = d.head
    tolerance = size[TOLERANCE]
    n = size[JOBS]
    cost = size[MAX_LATENESS_WEIGHT] * head[WORST]
    for c in range(load.shape[0]):
        if load[c, STOPS] == 0:
            continue
        row = matrix[carers[c, MODE]]
        here = carers[c, ORIGIN]
        way = 0
        for index in range(load[c, LENGTH]):
            v = routes[c, index]
            if v < n:
                way += row[here, facts[v, PLACE]]
                here = facts[v, PLACE]
                cost += prices[v, c] + start_cost(facts, tolerance, v, state[v, START])
        way += row[here, carers[c, GOAL]]
        cost += size[TRAVEL_WEIGHT] * way
    for j in range(n):
        if state[j, HOME] < 0:
            cost += facts[j, UNPLACED]
    return int(cost)


@kernel
def find_gaps(f: Facts, d: Day, k: Desk, c: int) -> None:
    facts = f.node
    carers = f.carer
    matrix = f.matrix
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    all_gaps = k.gap
    marks = k.mark
    n = size[JOBS]
    row = matrix[carers[c, MODE]]
    route = routes[c]
    gaps = all_gaps[c]
    length = load[c, LENGTH]
    empty = load[c, STOPS] == 0
    here = carers[c, ORIGIN]
    ready = carers[c, SHIFT_START]
    moving = ready
    for p in range(length + 1):
        gaps[p, HERE] = here
        gaps[p, MOVING] = moving
        gaps[p, READY] = ready
        if p == length:
            break
        v = route[p]
        if v >= n:
            s = max(ready, facts[v, LOW]) if empty else state[v, START]
            # A break that an empty route cannot hold leaves no place behind it.
            ready = s + facts[v, DURATION] if s <= facts[v, HIGH] else FAR
            moving += facts[v, DURATION]
        else:
            ready = state[v, START] + facts[v, DURATION]
            moving = ready
            here = facts[v, PLACE]
    there = carers[c, GOAL]
    resting = 0
    before_rest = carers[c, SHIFT_END]
    before_stop = before_rest
    for p in range(length, -1, -1):
        gaps[p, THERE] = there
        gaps[p, RESTING] = resting
        gaps[p, BEFORE_REST] = before_rest
        gaps[p, BEFORE_STOP] = before_stop
        gaps[p, WAY] = 0 if empty else row[gaps[p, HERE], there]
        if p == 0:
            break
        v = route[p - 1]
        if v >= n:
            before_rest = min(facts[v, HIGH], before_rest - facts[v, DURATION])
            if before_rest < facts[v, LOW]:
                before_rest = -FAR
            resting += facts[v, DURATION]
        else:
            at = facts[v, PLACE]
            latest = min(before_rest, before_stop - resting - row[at, there]) - facts[v, DURATION]
            before_stop = min(facts[v, HIGH], latest)
            before_rest = before_stop
            there = at
            resting = 0
    marks[c, STALE] = 0
