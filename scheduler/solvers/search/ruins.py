"""What to take out: strings of neighbouring routes (Christiaens & Vanden Berghe 2020, doi 10.1287/trsc.2019.0914), and more."""

from scheduler.solvers.search.chance import below
from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.costs import start_cost
from scheduler.solvers.search.layout import (
    ABSENT,
    ALLOWED_AT,
    ALLOWED_END,
    CHOSEN,
    CLOCK,
    DISTURBED,
    DURATION,
    FAR,
    GOAL,
    GROUP_AT,
    GROUP_END,
    HIGH,
    HOME,
    JOBS,
    LENGTH,
    LINK_AT,
    LINK_END,
    LOW,
    MODE,
    NEAR_AT,
    NEAR_END,
    NEARBY,
    ORIGIN,
    OTHER,
    PINNED,
    PLACE,
    POSITION,
    START,
    STOPS,
    TOLERANCE,
    TRAVEL_WEIGHT,
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.moves import take_out


@inlined
def drop_group(facts: Facts, day: Day, desk: Desk, j: int) -> int:
    """Take job j and its partners out, noting them as absent. How many went: none where one of them is pinned."""
    nodes, lists = facts.nodes, facts.lists
    state = day.state
    notes, used = desk.notes, desk.used
    went = 0
    for g in range(nodes[j, GROUP_AT], nodes[j, GROUP_END]):
        if state[lists[g], HOME] >= 0 and nodes[lists[g], PINNED]:
            return 0
    for g in range(nodes[j, GROUP_AT], nodes[j, GROUP_END]):
        o = lists[g]
        if state[o, HOME] >= 0:
            take_out(facts, day, desk, o)
            went += 1
    if went:
        notes[ABSENT, used[ABSENT], 0] = lists[nodes[j, GROUP_AT]]
        used[ABSENT] += 1
    return went


@inlined
def take_string(facts: Facts, day: Day, desk: Desk, seed: int, length: int) -> None:
    """A string of a route that contains `seed`."""
    nodes = facts.nodes
    state, route, load, head = day.state, day.route, day.load, day.head
    notes, used = desk.notes, desk.used
    c = state[seed, HOME]
    here = state[seed, POSITION]
    lo = max(0, here - below(used, length))
    hi = min(load[c, LENGTH], lo + length)
    count = 0
    for p in range(lo, hi):
        v = route[c, p]
        if v < head[JOBS] and not nodes[v, PINNED]:
            notes[CHOSEN, count, 0] = v
            count += 1
    for i in range(count):
        v = notes[CHOSEN, i, 0]
        if state[v, HOME] >= 0:
            drop_group(facts, day, desk, v)


@inlined
def choose_centre(facts: Facts, day: Day, desk: Desk) -> int:
    """Where to tear down: often around somebody who has no place yet, mostly around the disturbed where only some are."""
    nodes, lists = facts.nodes, facts.lists
    head = day.head
    notes, used = desk.notes, desk.used
    if used[ABSENT] and below(used, 3) == 0:
        j = notes[ABSENT, below(used, used[ABSENT]), 0]
        return int(lists[nodes[j, GROUP_AT] + below(used, nodes[j, GROUP_END] - nodes[j, GROUP_AT])])
    if used[DISTURBED] and below(used, 16):
        return int(notes[DISTURBED, below(used, used[DISTURBED]), 0])
    return below(used, head[JOBS])


@inlined
def ruin_adjacent(facts: Facts, day: Day, desk: Desk, spread: int) -> None:
    """Strings of neighbouring routes around one job (Christiaens & Vanden Berghe 2020)."""
    nodes, lists = facts.nodes, facts.lists
    state, load = day.state, day.load
    marks, used = desk.marks, desk.used
    centre = choose_centre(facts, day, desk)
    strings = 1 + below(used, max(1, (4 * spread) // (1 + spread)))
    used[CLOCK] += 1
    now = used[CLOCK]
    done = 0
    for rank in range(nodes[centre, NEAR_AT], nodes[centre, NEAR_END]):
        j = lists[rank]
        c = state[j, HOME]
        if c < 0 or nodes[j, PINNED] or marks[c, NEARBY] == now:
            continue
        marks[c, NEARBY] = now
        length = 1 + below(used, min(spread, load[c, STOPS]))
        take_string(facts, day, desk, j, length)
        done += 1
        if done >= strings:
            break


@inlined
def ruin_near(facts: Facts, day: Day, desk: Desk, count: int) -> None:
    """Jobs near one another in way and time."""
    nodes, lists = facts.nodes, facts.lists
    state = day.state
    used = desk.used
    centre = choose_centre(facts, day, desk)
    went = 0
    for rank in range(nodes[centre, NEAR_AT], nodes[centre, NEAR_END]):
        j = lists[rank]
        if state[j, HOME] >= 0 and not nodes[j, PINNED] and below(used, 4) != 0:
            went += drop_group(facts, day, desk, j)
        if went >= count:
            break


@inlined
def ruin_hour(facts: Facts, day: Day, desk: Desk, count: int) -> None:
    """Jobs that start at about the same time."""
    nodes = facts.nodes
    state, head = day.state, day.head
    used = desk.used
    centre = choose_centre(facts, day, desk)
    at = state[centre, START]
    if state[centre, HOME] < 0:
        at = nodes[centre, LOW] + below(used, nodes[centre, HIGH] - nodes[centre, LOW] + 1)
    width = 1 + nodes[centre, DURATION] // 2 + below(used, 2 * nodes[centre, DURATION] + 1)
    went = 0
    begin = below(used, head[JOBS])
    for i in range(min(head[JOBS], 40 * count)):
        j = (begin + i) % head[JOBS]
        if state[j, HOME] >= 0 and not nodes[j, PINNED] and abs(state[j, START] - at) < width and below(used, 2) == 0:
            went += drop_group(facts, day, desk, j)
            if went >= count:
                break


@inlined
def clear_hour(facts: Facts, day: Day, desk: Desk, c: int, at: int) -> None:
    """A short string of the route of carer c around what starts next to `at`."""
    nodes = facts.nodes
    state, route, load, head = day.state, day.route, day.load, day.head
    used = desk.used
    near = -1
    gap = FAR
    for p in range(load[c, LENGTH]):
        v = route[c, p]
        if v < head[JOBS] and state[v, START] > -FAR and abs(state[v, START] - at) < gap:
            gap = abs(state[v, START] - at)
            near = v
    if near >= 0 and not nodes[near, PINNED]:
        length = 1 + below(used, 5)
        take_string(facts, day, desk, near, length)


@inlined
def drop_linked(facts: Facts, day: Day, desk: Desk, j: int) -> None:
    """Those to whom job j is linked, and those to whom they are."""
    nodes, links = facts.nodes, facts.links
    state = day.state
    for e in range(nodes[j, LINK_AT], nodes[j, LINK_END]):
        o = links[e, OTHER]
        if state[o, HOME] >= 0 and not nodes[o, PINNED]:
            drop_group(facts, day, desk, o)
        for other in range(nodes[o, LINK_AT], nodes[o, LINK_END]):
            far = links[other, OTHER]
            if state[far, HOME] >= 0 and not nodes[far, PINNED]:
                drop_group(facts, day, desk, far)


@inlined
def ruin_usual(facts: Facts, day: Day, desk: Desk) -> None:
    """A job whom a dearer carer visits, and what stands at its time in the routes of the cheapest carers."""
    nodes, price, lists = facts.nodes, facts.price, facts.lists
    state, load, head = day.state, day.load, day.head
    used = desk.used
    for _try in range(20):
        j = below(used, head[JOBS])
        first = nodes[j, ALLOWED_AT]
        if state[j, HOME] < 0 or nodes[j, PINNED] or nodes[j, ALLOWED_END] - first < 2:
            continue
        cheap = price[j, lists[first]]
        if price[j, state[j, HOME]] <= cheap:
            continue
        at = state[j, START]
        drop_group(facts, day, desk, j)
        for a in range(first, min(nodes[j, ALLOWED_END], first + 4)):
            c = lists[a]
            if price[j, c] == cheap and load[c, STOPS]:
                clear_hour(facts, day, desk, c, at)
        return


@inlined
def ruin_for_absent(facts: Facts, day: Day, desk: Desk) -> None:
    """What stands, at an hour at which somebody without a place may be visited, in the routes of carers who may come; mostly with
    the visits to which that one is linked, so that all of them find new times.
    """
    nodes, lists = facts.nodes, facts.lists
    load = day.load
    notes, used = desk.notes, desk.used
    j = notes[ABSENT, below(used, used[ABSENT]), 0]
    first = nodes[j, GROUP_AT]
    count = nodes[j, GROUP_END] - first
    if below(used, 3):
        for g in range(first, first + count):
            drop_linked(facts, day, desk, lists[g])
    j = lists[first + below(used, count)]
    at = nodes[j, LOW] + below(used, nodes[j, HIGH] - nodes[j, LOW] + 1)
    able = nodes[j, ALLOWED_END] - nodes[j, ALLOWED_AT]
    if able == 0:
        return
    for _ in range(2 + below(used, 4)):
        c = lists[nodes[j, ALLOWED_AT] + below(used, able)]
        if load[c, STOPS]:
            clear_hour(facts, day, desk, c, at)


@inlined
def _dearness(facts: Facts, day: Day, j: int) -> int:
    """What job j costs where it stands: its detour, its carer and its time."""
    nodes, carers, ways, price = facts.nodes, facts.carers, facts.ways, facts.price
    state, route, load, head = day.state, day.route, day.load, day.head
    n = head[JOBS]
    c = state[j, HOME]
    mode = carers[c, MODE]
    a = state[j, POSITION] - 1
    while a >= 0 and route[c, a] >= n:
        a -= 1
    b = state[j, POSITION] + 1
    while b < load[c, LENGTH] and route[c, b] >= n:
        b += 1
    here = nodes[route[c, a], PLACE] if a >= 0 else carers[c, ORIGIN]
    there = nodes[route[c, b], PLACE] if b < load[c, LENGTH] else carers[c, GOAL]
    at = nodes[j, PLACE]
    cost = head[TRAVEL_WEIGHT] * (ways[mode, here, at] + ways[mode, at, there] - ways[mode, here, there]) + price[j, c]
    if state[j, START] > -FAR:
        cost += start_cost(nodes, head[TOLERANCE], j, state[j, START])
    return int(cost)


@inlined
def ruin_dear(facts: Facts, day: Day, desk: Desk, count: int) -> None:
    """The jobs that cost most where they stand, with some luck in it."""
    nodes = facts.nodes
    state, head = day.state, day.head
    used = desk.used
    for _ in range(count):
        worst = -1
        worst_cost = -1
        for _try in range(12):
            j = below(used, head[JOBS])
            if state[j, HOME] < 0 or nodes[j, PINNED]:
                continue
            cost = _dearness(facts, day, j)
            if cost > worst_cost:
                worst_cost = cost
                worst = j
        if worst >= 0:
            drop_group(facts, day, desk, worst)
