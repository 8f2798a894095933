"""From sequences to times and costs; the compiled counterpart of `scheduler.timeline`, by which it is tested."""

from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.layout import (
    DURATION,
    FAR,
    FLOOR,
    GOAL,
    HIGH,
    HOME,
    JOBS,
    LATE_AFTER,
    LEAST,
    LENGTH,
    LINK_AT,
    LINK_END,
    LOW,
    MAX_LATENESS_WEIGHT,
    MODE,
    MOST,
    ORIGIN,
    OTHER,
    PLACE,
    POSITION,
    ROUTES,
    SHIFT_END,
    SHIFT_START,
    STALE,
    START,
    STOPS,
    TOUCHED,
    TRAIL,
    WORK,
    WORST,
    Day,
    Desk,
    Facts,
)

_PUSHES_PER_ROUTE = 12  # links that go round in a circle push for ever; nothing sound needs as many pushes


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
def earliest(facts: Facts, day: Day, j: int) -> int:
    """How early job j may start, for its own sake and that of its placed partners."""
    nodes, links = facts.nodes, facts.links
    state = day.state
    low = state[j, FLOOR]
    for e in range(nodes[j, LINK_AT], nodes[j, LINK_END]):
        o = links[e, OTHER]
        if state[o, HOME] >= 0:
            low = max(low, state[o, START] - links[e, MOST])
    return int(low)


@inlined
def pushes_others(facts: Facts, day: Day, j: int, s: int) -> bool:
    """Whether a placed partner of job j would have to start later, if that one starts at `s`."""
    nodes, links = facts.nodes, facts.links
    state = day.state
    for e in range(nodes[j, LINK_AT], nodes[j, LINK_END]):
        o = links[e, OTHER]
        if state[o, HOME] >= 0 and state[o, START] < s + links[e, LEAST]:
            return True
    return False


@inlined
def _begin_at(facts: Facts, day: Day, desk: Desk, v: int, s: int, top: int) -> int:
    """Let node v start at `s`, note it on the trail, and put those whom it pushes through links on the work stack.

    The new top of the stack, or -1 where somebody cannot start so late, or a list is full.
    """
    nodes, links = facts.nodes, facts.links
    state = day.state
    notes, used = desk.notes, desk.used
    room = notes.shape[1] - 2
    at = used[TRAIL]
    notes[TRAIL, at, 0] = v
    notes[TRAIL, at, 1] = state[v, START]
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
    return top


@inlined
def sweep(facts: Facts, day: Day, desk: Desk, c: int, first: int, must: int, top: int) -> int:
    """Raise the starts of route c from position `first` on, as long as they rise, and at least up to `must`.

    Returns the new top of the work stack, or -1 when it cannot be. Each start that changes is noted on the trail.
    """
    nodes, carers, ways = facts.nodes, facts.carers, facts.ways
    state, route, load, head = day.state, day.route, day.load, day.head
    mode = carers[c, MODE]
    while first > 0 and route[c, first - 1] >= head[JOBS]:
        first -= 1
    ready = carers[c, SHIFT_START]
    here = carers[c, ORIGIN]
    if first:
        before = route[c, first - 1]
        ready = state[before, START] + nodes[before, DURATION]
        here = nodes[before, PLACE]
    moving = ready
    for index in range(first, load[c, LENGTH]):
        v = route[c, index]
        is_rest = v >= head[JOBS]
        if is_rest:
            s = max(ready, nodes[v, LOW])
        else:
            s = max(moving + ways[mode, here, nodes[v, PLACE]], ready, earliest(facts, day, v))
            if s == state[v, START] and index > must:
                return top
        if s > nodes[v, HIGH]:
            return -1
        if s != state[v, START]:
            top = _begin_at(facts, day, desk, v, s, top)
            if top < 0:
                return -1
        ready = s + nodes[v, DURATION]
        moving = moving + nodes[v, DURATION] if is_rest else ready
        if not is_rest:
            here = nodes[v, PLACE]
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
