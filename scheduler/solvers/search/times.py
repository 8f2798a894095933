"""From sequences to times and costs; the compiled counterpart of `scheduler.timeline`, by which it is tested."""

from scheduler.solvers.search.compiling import inlined, kernel
from scheduler.solvers.search.layout import (
    BEFORE_REST,
    BEFORE_STOP,
    COST,
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
    LEFT,
    LENGTH,
    LINK_AT,
    LINK_END,
    LOW,
    MAX_LATENESS_WEIGHT,
    MODE,
    MOST,
    MOVED_SECOND,
    MOVING,
    ORIGIN,
    OTHER,
    PLACE,
    POSITION,
    READY,
    RESTING,
    ROUTES,
    SHIFT_END,
    SHIFT_START,
    STALE,
    START,
    STOPS,
    THERE,
    TOLD,
    TOLERANCE,
    TOTAL,
    TOUCHED,
    TRAIL,
    TRAVEL_WEIGHT,
    WAY,
    WORK,
    WORST,
    Ints,
    SmallInts,
)

_PUSHES_PER_ROUTE = 12  # links that go round in a circle push for ever; nothing sound needs as many pushes


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
def touch(marks: Ints, desk: Ints, used: Ints, c: int) -> None:
    """Something in the route of carer c is no longer what it was."""
    marks[c, STALE] = 1
    if not marks[c, TOUCHED]:
        marks[c, TOUCHED] = 1
        desk[ROUTES, used[ROUTES], 0] = c
        used[ROUTES] += 1


@inlined
def sweep(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    desk: Ints,
    used: Ints,
    c: int,
    first: int,
    must: int,
    top: int,
) -> int:
    """Raise the starts of route c from position `first` on, as long as they rise, and at least up to `must`.

    Returns the new top of the work stack, or -1 when it cannot be. Each start that changes is noted on the trail.
    """
    n = head[JOBS]
    mode = carers[c, MODE]
    room = desk.shape[1] - 2
    while first > 0 and route[c, first - 1] >= n:
        first -= 1
    if first:
        before = route[c, first - 1]
        ready = state[before, START] + facts[before, DURATION]
        here = facts[before, PLACE]
    else:
        ready = carers[c, SHIFT_START]
        here = carers[c, ORIGIN]
    moving = ready
    for index in range(first, load[c, LENGTH]):
        v = route[c, index]
        old = state[v, START]
        if v >= n:
            s = max(ready, facts[v, LOW])
            if s > facts[v, HIGH]:
                return -1
            ready = s + facts[v, DURATION]
            moving += facts[v, DURATION]
            if s != old:
                at = used[TRAIL]
                desk[TRAIL, at, 0] = v
                desk[TRAIL, at, 1] = old
                desk[TRAIL, at, 2] = s
                used[TRAIL] = at + 1
                state[v, START] = s
                if at >= room:
                    return -1
            continue
        s = max(moving + ways[mode, here, facts[v, PLACE]], ready, state[v, FLOOR])
        for e in range(facts[v, LINK_AT], facts[v, LINK_END]):
            o = links[e, OTHER]
            if state[o, HOME] >= 0 and state[o, START] - links[e, MOST] > s:
                s = state[o, START] - links[e, MOST]
        if s == old and index > must:
            return top
        if s > facts[v, HIGH]:
            return -1
        ready = s + facts[v, DURATION]
        moving = ready
        here = facts[v, PLACE]
        if s != old:
            at = used[TRAIL]
            desk[TRAIL, at, 0] = v
            desk[TRAIL, at, 1] = old
            desk[TRAIL, at, 2] = s
            used[TRAIL] = at + 1
            state[v, START] = s
            if at >= room:
                return -1
            for e in range(facts[v, LINK_AT], facts[v, LINK_END]):
                o = links[e, OTHER]
                if state[o, HOME] >= 0 and state[o, START] > -FAR and state[o, START] < s + links[e, LEAST]:
                    if top >= room or s + links[e, LEAST] > facts[o, HIGH]:
                        return -1
                    desk[WORK, top, 0] = state[o, HOME]
                    desk[WORK, top, 1] = state[o, POSITION]
                    desk[WORK, top, 2] = state[o, POSITION]
                    top += 1
    end = carers[c, SHIFT_END]
    if ready > end or moving + ways[mode, here, carers[c, GOAL]] > end:
        return -1
    return top


@kernel
def push(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    desk: Ints,
    used: Ints,
) -> bool:
    """Raise starts until everything holds, beginning with the one entry on the work stack. False when it cannot."""
    patience = _PUSHES_PER_ROUTE * (load.shape[0] + 4)
    top = 1
    while top > 0:
        patience -= 1
        if patience < 0:
            return False
        top -= 1
        c = desk[WORK, top, 0]
        first = desk[WORK, top, 1]
        must = desk[WORK, top, 2]
        top = sweep(facts, carers, links, ways, state, route, load, head, desk, used, c, first, must, top)
    return bool(top == 0)


@kernel
def unsettle(
    facts: Ints,
    links: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    c: int,
    position: int,
) -> None:
    """Forget each start that may have been held up by what stood at this position, in this route or, through links, in others.

    What follows a stop that starts at its own floor is not held up. `refresh` derives what was forgotten anew.
    """
    n = head[JOBS]
    desk[WORK, 0, 0] = c
    desk[WORK, 0, 1] = position
    top = 1
    while top > 0:
        top -= 1
        at = desk[WORK, top, 0]
        touch(marks, desk, used, at)
        for index in range(desk[WORK, top, 1], load[at, LENGTH]):
            v = route[at, index]
            old = state[v, START]
            if old == -FAR or (v < n and old == state[v, FLOOR]):
                break
            state[v, START] = -FAR
            if v < n:
                top = _unsettle_linked(facts, links, state, desk, v, old, top)


@inlined
def _unsettle_linked(facts: Ints, links: Ints, state: Ints, desk: Ints, v: int, old: int, top: int) -> int:
    """Put on the stack whom v has held up, starting at `old`."""
    for e in range(facts[v, LINK_AT], facts[v, LINK_END]):
        o = links[e, OTHER]
        if state[o, HOME] >= 0 and state[o, START] > state[o, FLOOR] and state[o, START] == old + links[e, LEAST]:
            desk[WORK, top, 0] = state[o, HOME]
            desk[WORK, top, 1] = state[o, POSITION]
            top += 1
    return top


@kernel
def unsettle_partners(
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
    """Forget the starts that job j has held up through its links."""
    for e in range(facts[j, LINK_AT], facts[j, LINK_END]):
        o = links[e, OTHER]
        s = state[o, START]
        if state[o, HOME] >= 0 and s > state[o, FLOOR] and s == state[j, START] + links[e, LEAST]:
            unsettle(facts, links, state, route, load, head, marks, desk, used, state[o, HOME], state[o, POSITION])


@kernel
def refresh(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
) -> bool:
    """The times of the touched routes, and of all whom they push. False when none fit."""
    used[TRAIL] = 0
    good = True
    for i in range(used[ROUTES]):
        c = desk[ROUTES, i, 0]
        if load[c, STOPS] == 0:
            for p in range(load[c, LENGTH]):
                state[route[c, p], START] = -FAR
            continue
        desk[WORK, 0, 0] = c
        desk[WORK, 0, 1] = 0
        desk[WORK, 0, 2] = load[c, LENGTH]
        good = push(facts, carers, links, ways, state, route, load, head, desk, used)
        if not good:
            break
    for i in range(used[TRAIL]):  # also where it fails: whoever goes back must know what has changed
        touch(marks, desk, used, state[desk[TRAIL, i, 0], HOME])
    used[TRAIL] = 0
    if not good:
        return False
    worst = 0
    if head[MAX_LATENESS_WEIGHT]:
        for j in range(head[JOBS]):
            worst = max(worst, state[j, START] - facts[j, LATE_AFTER])
    head[WORST] = worst
    return True


@kernel
def settle(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
) -> bool:
    """All times anew. False when none fit."""
    for c in range(load.shape[0]):
        touch(marks, desk, used, c)
        for p in range(load[c, LENGTH]):
            state[route[c, p], START] = -FAR
    return refresh(facts, carers, links, ways, state, route, load, head, marks, desk, used)


@kernel
def add_up(
    facts: Ints,
    carers: Ints,
    ways: SmallInts,
    price: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    desk: Ints,
    used: Ints,
) -> None:
    """The costs of the touched routes, and with them the whole cost."""
    n = head[JOBS]
    tolerance = head[TOLERANCE]
    total = head[TOTAL]
    for i in range(used[ROUTES]):
        c = desk[ROUTES, i, 0]
        mode = carers[c, MODE]
        cost = 0
        if load[c, STOPS]:
            here = carers[c, ORIGIN]
            way = 0
            for index in range(load[c, LENGTH]):
                v = route[c, index]
                if v < n:
                    way += ways[mode, here, facts[v, PLACE]]
                    here = facts[v, PLACE]
                    cost += price[v, c] + start_cost(facts, tolerance, v, state[v, START])
            way += ways[mode, here, carers[c, GOAL]]
            cost += head[TRAVEL_WEIGHT] * way
        total += cost - load[c, COST]
        load[c, COST] = cost
    head[TOTAL] = total


@inlined
def whole_cost(head: Ints) -> int:
    return int(head[TOTAL] + head[LEFT] + head[MAX_LATENESS_WEIGHT] * head[WORST])


@kernel
def find_gaps(
    facts: Ints,
    carers: Ints,
    ways: SmallInts,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    gaps: Ints,
    marks: Ints,
    c: int,
) -> None:
    """The places of route c, in order."""
    n = head[JOBS]
    mode = carers[c, MODE]
    length = load[c, LENGTH]
    empty = load[c, STOPS] == 0
    here = carers[c, ORIGIN]
    ready = carers[c, SHIFT_START]
    moving = ready
    for p in range(length + 1):
        gaps[c, p, HERE] = here
        gaps[c, p, MOVING] = moving
        gaps[c, p, READY] = ready
        if p == length:
            break
        v = route[c, p]
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
        gaps[c, p, THERE] = there
        gaps[c, p, RESTING] = resting
        gaps[c, p, BEFORE_REST] = before_rest
        gaps[c, p, BEFORE_STOP] = before_stop
        gaps[c, p, WAY] = 0 if empty else ways[mode, gaps[c, p, HERE], there]
        if p == 0:
            break
        v = route[c, p - 1]
        if v >= n:
            before_rest = min(facts[v, HIGH], before_rest - facts[v, DURATION])
            if before_rest < facts[v, LOW]:
                before_rest = -FAR
            resting += facts[v, DURATION]
        else:
            at = facts[v, PLACE]
            latest = min(before_rest, before_stop - resting - ways[mode, at, there]) - facts[v, DURATION]
            before_stop = min(facts[v, HIGH], latest)
            before_rest = before_stop
            there = at
            resting = 0
    marks[c, STALE] = 0
