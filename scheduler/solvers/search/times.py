"""From sequences to times and costs; the compiled counterpart of `scheduler.timeline`, by which it is tested."""

from scheduler.solvers.search.compiling import inlined
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
    SHUT,
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
    Day,
    Desk,
    Facts,
    Ints,
)

_PUSHES_PER_ROUTE = 12  # links that go round in a circle push for ever; nothing sound needs as many pushes


@inlined
def start_cost(nodes: Ints, tolerance: int, j: int, s: int) -> int:
    cost = 0
    if s > nodes[j, LATE_AFTER]:
        cost = nodes[j, LATE_COST] * (s - nodes[j, LATE_AFTER])
    elif s < nodes[j, EARLY_BEFORE]:
        cost = nodes[j, EARLY_COST] * (nodes[j, EARLY_BEFORE] - s)
    if nodes[j, MOVED_SECOND]:
        off = abs(s - nodes[j, TOLD]) - tolerance
        if off > 0:
            cost += nodes[j, MOVED_SECOND] * off
    return cost


@inlined
def touch(desk: Desk, c: int) -> None:
    """Something in the route of carer c is no longer what it was."""
    marks, notes, used = desk.marks, desk.notes, desk.used
    marks[c, STALE] = 1
    if not marks[c, TOUCHED]:
        marks[c, TOUCHED] = 1
        notes[ROUTES, used[ROUTES], 0] = c
        used[ROUTES] += 1


@inlined
def sweep(facts: Facts, day: Day, desk: Desk, c: int, first: int, must: int, top: int) -> int:
    """Raise the starts of route c from position `first` on, as long as they rise, and at least up to `must`.

    Returns the new top of the work stack, or -1 when it cannot be. Each start that changes is noted on the trail.
    """
    nodes, carers, links, ways = facts.nodes, facts.carers, facts.links, facts.ways
    state, route, load, head = day.state, day.route, day.load, day.head
    notes, used = desk.notes, desk.used
    n = head[JOBS]
    mode = carers[c, MODE]
    room = notes.shape[1] - 2
    while first > 0 and route[c, first - 1] >= n:
        first -= 1
    if first:
        before = route[c, first - 1]
        ready = state[before, START] + nodes[before, DURATION]
        here = nodes[before, PLACE]
    else:
        ready = carers[c, SHIFT_START]
        here = carers[c, ORIGIN]
    moving = ready
    for index in range(first, load[c, LENGTH]):
        v = route[c, index]
        old = state[v, START]
        if v >= n:
            s = max(ready, nodes[v, LOW])
            if s > nodes[v, HIGH]:
                return -1
            ready = s + nodes[v, DURATION]
            moving += nodes[v, DURATION]
            if s != old:
                at = used[TRAIL]
                notes[TRAIL, at, 0] = v
                notes[TRAIL, at, 1] = old
                notes[TRAIL, at, 2] = s
                used[TRAIL] = at + 1
                state[v, START] = s
                if at >= room:
                    return -1
            continue
        s = max(moving + ways[mode, here, nodes[v, PLACE]], ready, state[v, FLOOR])
        for e in range(nodes[v, LINK_AT], nodes[v, LINK_END]):
            o = links[e, OTHER]
            if state[o, HOME] >= 0 and state[o, START] - links[e, MOST] > s:
                s = state[o, START] - links[e, MOST]
        if s == old and index > must:
            return top
        if s > nodes[v, HIGH]:
            return -1
        ready = s + nodes[v, DURATION]
        moving = ready
        here = nodes[v, PLACE]
        if s != old:
            at = used[TRAIL]
            notes[TRAIL, at, 0] = v
            notes[TRAIL, at, 1] = old
            notes[TRAIL, at, 2] = s
            used[TRAIL] = at + 1
            state[v, START] = s
            if at >= room:
                return -1
            for e in range(nodes[v, LINK_AT], nodes[v, LINK_END]):
                o = links[e, OTHER]
                if state[o, HOME] >= 0 and state[o, START] > -FAR and state[o, START] < s + links[e, LEAST]:
                    if top >= room or s + links[e, LEAST] > nodes[o, HIGH]:
                        return -1
                    notes[WORK, top, 0] = state[o, HOME]
                    notes[WORK, top, 1] = state[o, POSITION]
                    notes[WORK, top, 2] = state[o, POSITION]
                    top += 1
    end = carers[c, SHIFT_END]
    if ready > end or moving + ways[mode, here, carers[c, GOAL]] > end:
        return -1
    return top


@inlined
def push(facts: Facts, day: Day, desk: Desk) -> bool:
    """Raise starts until everything holds, beginning with the one entry on the work stack. False when it cannot."""
    load = day.load
    notes = desk.notes
    patience = _PUSHES_PER_ROUTE * (load.shape[0] + 4)
    top = 1
    while top > 0:
        patience -= 1
        if patience < 0:
            return False
        top -= 1
        c = notes[WORK, top, 0]
        first = notes[WORK, top, 1]
        must = notes[WORK, top, 2]
        top = sweep(facts, day, desk, c, first, must, top)
    return bool(top == 0)


@inlined
def unsettle(facts: Facts, day: Day, desk: Desk, c: int, position: int) -> None:
    """Forget each start that may have been held up by what stood at this position, in this route or, through links, in others.

    What follows a stop that starts at its own floor is not held up. `refresh` derives what was forgotten anew.
    """
    state, route, load, head = day.state, day.route, day.load, day.head
    notes = desk.notes
    n = head[JOBS]
    notes[WORK, 0, 0] = c
    notes[WORK, 0, 1] = position
    top = 1
    while top > 0:
        top -= 1
        at = notes[WORK, top, 0]
        touch(desk, at)
        for index in range(notes[WORK, top, 1], load[at, LENGTH]):
            v = route[at, index]
            old = state[v, START]
            if old == -FAR or (v < n and old == state[v, FLOOR]):
                break
            state[v, START] = -FAR
            if v < n:
                top = _unsettle_linked(facts, day, desk, v, old, top)


@inlined
def _unsettle_linked(facts: Facts, day: Day, desk: Desk, v: int, old: int, top: int) -> int:
    """Put on the stack whom v has held up, starting at `old`."""
    nodes, links = facts.nodes, facts.links
    state = day.state
    notes = desk.notes
    for e in range(nodes[v, LINK_AT], nodes[v, LINK_END]):
        o = links[e, OTHER]
        if state[o, HOME] >= 0 and state[o, START] > state[o, FLOOR] and state[o, START] == old + links[e, LEAST]:
            notes[WORK, top, 0] = state[o, HOME]
            notes[WORK, top, 1] = state[o, POSITION]
            top += 1
    return top


@inlined
def unsettle_partners(facts: Facts, day: Day, desk: Desk, j: int) -> None:
    """Forget the starts that job j has held up through its links."""
    nodes, links = facts.nodes, facts.links
    state = day.state
    for e in range(nodes[j, LINK_AT], nodes[j, LINK_END]):
        o = links[e, OTHER]
        s = state[o, START]
        if state[o, HOME] >= 0 and s > state[o, FLOOR] and s == state[j, START] + links[e, LEAST]:
            unsettle(facts, day, desk, state[o, HOME], state[o, POSITION])


@inlined
def refresh(facts: Facts, day: Day, desk: Desk) -> bool:
    """The times of the touched routes, and of all whom they push. False when none fit."""
    nodes = facts.nodes
    state, route, load, head = day.state, day.route, day.load, day.head
    notes, used = desk.notes, desk.used
    used[TRAIL] = 0
    good = True
    for i in range(used[ROUTES]):
        c = notes[ROUTES, i, 0]
        if load[c, STOPS] == 0:
            for p in range(load[c, LENGTH]):
                state[route[c, p], START] = -FAR
            continue
        notes[WORK, 0, 0] = c
        notes[WORK, 0, 1] = 0
        notes[WORK, 0, 2] = load[c, LENGTH]
        good = push(facts, day, desk)
        if not good:
            break
    for i in range(used[TRAIL]):  # also where it fails: whoever goes back must know what has changed
        touch(desk, state[notes[TRAIL, i, 0], HOME])
    used[TRAIL] = 0
    if not good:
        return False
    worst = 0
    if head[MAX_LATENESS_WEIGHT]:
        for j in range(head[JOBS]):
            worst = max(worst, state[j, START] - nodes[j, LATE_AFTER])
    head[WORST] = worst
    return True


@inlined
def settle(facts: Facts, day: Day, desk: Desk) -> bool:
    """All times anew. False when none fit."""
    state, route, load = day.state, day.route, day.load
    for c in range(load.shape[0]):
        touch(desk, c)
        for p in range(load[c, LENGTH]):
            state[route[c, p], START] = -FAR
    return refresh(facts, day, desk)


@inlined
def add_up(facts: Facts, day: Day, desk: Desk) -> None:
    """The costs of the touched routes, and with them the whole cost."""
    nodes, carers, ways, price = facts.nodes, facts.carers, facts.ways, facts.price
    state, route, load, head = day.state, day.route, day.load, day.head
    notes, used = desk.notes, desk.used
    n = head[JOBS]
    tolerance = head[TOLERANCE]
    total = head[TOTAL]
    for i in range(used[ROUTES]):
        c = notes[ROUTES, i, 0]
        mode = carers[c, MODE]
        cost = 0
        if load[c, STOPS]:
            here = carers[c, ORIGIN]
            way = 0
            for index in range(load[c, LENGTH]):
                v = route[c, index]
                if v < n:
                    way += ways[mode, here, nodes[v, PLACE]]
                    here = nodes[v, PLACE]
                    cost += price[v, c] + start_cost(nodes, tolerance, v, state[v, START])
            way += ways[mode, here, carers[c, GOAL]]
            cost += head[TRAVEL_WEIGHT] * way
        total += cost - load[c, COST]
        load[c, COST] = cost
    head[TOTAL] = total


@inlined
def whole_cost(head: Ints) -> int:
    return int(head[TOTAL] + head[LEFT] + head[MAX_LATENESS_WEIGHT] * head[WORST])


@inlined
def find_gaps(facts: Facts, day: Day, desk: Desk, c: int) -> None:
    """The places of route c, in order."""
    nodes, carers, ways = facts.nodes, facts.carers, facts.ways
    state, route, load, head = day.state, day.route, day.load, day.head
    gaps, gates, marks = desk.gaps, desk.gates, desk.marks
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
        gates[c, p, READY] = ready
        if p == length:
            break
        v = route[c, p]
        if v >= n:
            s = max(ready, nodes[v, LOW]) if empty else state[v, START]
            # A break that an empty route cannot hold leaves no place behind it.
            ready = s + nodes[v, DURATION] if s <= nodes[v, HIGH] else FAR
            moving += nodes[v, DURATION]
        else:
            ready = state[v, START] + nodes[v, DURATION]
            moving = ready
            here = nodes[v, PLACE]
    there = carers[c, GOAL]
    resting = 0
    before_rest = carers[c, SHIFT_END]
    before_stop = before_rest
    for p in range(length, -1, -1):
        gaps[c, p, THERE] = there
        gaps[c, p, RESTING] = resting
        gaps[c, p, BEFORE_REST] = before_rest
        gaps[c, p, BEFORE_STOP] = before_stop
        gates[c, p, SHUT] = min(before_rest, before_stop)
        gaps[c, p, WAY] = 0 if empty else ways[mode, gaps[c, p, HERE], there]
        if p == 0:
            break
        v = route[c, p - 1]
        if v >= n:
            before_rest = min(nodes[v, HIGH], before_rest - nodes[v, DURATION])
            if before_rest < nodes[v, LOW]:
                before_rest = -FAR
            resting += nodes[v, DURATION]
        else:
            at = nodes[v, PLACE]
            latest = min(before_rest, before_stop - resting - ways[mode, at, there]) - nodes[v, DURATION]
            before_stop = min(nodes[v, HIGH], latest)
            before_rest = before_stop
            there = at
            resting = 0
    marks[c, STALE] = 0
