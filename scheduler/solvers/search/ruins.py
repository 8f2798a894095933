"""What to take out: strings of neighbouring routes (Christiaens & Vanden Berghe 2020, doi 10.1287/trsc.2019.0914), and more."""

from scheduler.solvers.search.chance import below
from scheduler.solvers.search.compiling import inlined, kernel
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
    Ints,
    SmallInts,
)
from scheduler.solvers.search.moves import take_out
from scheduler.solvers.search.times import start_cost


@kernel
def drop_group(
    facts: Ints,
    links: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    j: int,
) -> int:
    """Take job j and its partners out, noting them as absent. How many went: none where one of them is pinned."""
    went = 0
    for g in range(facts[j, GROUP_AT], facts[j, GROUP_END]):
        if state[lists[g], HOME] >= 0 and facts[lists[g], PINNED]:
            return 0
    for g in range(facts[j, GROUP_AT], facts[j, GROUP_END]):
        o = lists[g]
        if state[o, HOME] >= 0:
            take_out(facts, links, state, route, load, head, marks, desk, used, o)
            went += 1
    if went:
        desk[ABSENT, used[ABSENT], 0] = lists[facts[j, GROUP_AT]]
        used[ABSENT] += 1
    return went


@kernel
def take_string(
    facts: Ints,
    links: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    seed: int,
    length: int,
) -> None:
    """A string of a route that contains `seed`."""
    c = state[seed, HOME]
    here = state[seed, POSITION]
    lo = max(0, here - below(used, length))
    hi = min(load[c, LENGTH], lo + length)
    count = 0
    for p in range(lo, hi):
        v = route[c, p]
        if v < head[JOBS] and not facts[v, PINNED]:
            desk[CHOSEN, count, 0] = v
            count += 1
    for i in range(count):
        v = desk[CHOSEN, i, 0]
        if state[v, HOME] >= 0:
            drop_group(facts, links, lists, state, route, load, head, marks, desk, used, v)


@inlined
def choose_centre(facts: Ints, lists: Ints, head: Ints, desk: Ints, used: Ints) -> int:
    """Where to tear down: often around somebody who has no place yet, mostly around the disturbed where only some are."""
    if used[ABSENT] and below(used, 3) == 0:
        j = desk[ABSENT, below(used, used[ABSENT]), 0]
        return int(lists[facts[j, GROUP_AT] + below(used, facts[j, GROUP_END] - facts[j, GROUP_AT])])
    if used[DISTURBED] and below(used, 16):
        return int(desk[DISTURBED, below(used, used[DISTURBED]), 0])
    return below(used, head[JOBS])


@kernel
def ruin_adjacent(
    facts: Ints,
    links: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    spread: int,
) -> None:
    """Strings of neighbouring routes around one job (Christiaens & Vanden Berghe 2020)."""
    centre = choose_centre(facts, lists, head, desk, used)
    strings = 1 + below(used, max(1, (4 * spread) // (1 + spread)))
    used[CLOCK] += 1
    now = used[CLOCK]
    done = 0
    for rank in range(facts[centre, NEAR_AT], facts[centre, NEAR_END]):
        j = lists[rank]
        c = state[j, HOME]
        if c < 0 or facts[j, PINNED] or marks[c, NEARBY] == now:
            continue
        marks[c, NEARBY] = now
        length = 1 + below(used, min(spread, load[c, STOPS]))
        take_string(facts, links, lists, state, route, load, head, marks, desk, used, j, length)
        done += 1
        if done >= strings:
            break


@kernel
def ruin_near(
    facts: Ints,
    links: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    count: int,
) -> None:
    """Jobs near one another in way and time."""
    centre = choose_centre(facts, lists, head, desk, used)
    went = 0
    for rank in range(facts[centre, NEAR_AT], facts[centre, NEAR_END]):
        j = lists[rank]
        if state[j, HOME] >= 0 and not facts[j, PINNED] and below(used, 4) != 0:
            went += drop_group(facts, links, lists, state, route, load, head, marks, desk, used, j)
        if went >= count:
            break


@kernel
def ruin_hour(
    facts: Ints,
    links: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    count: int,
) -> None:
    """Jobs that start at about the same time."""
    centre = choose_centre(facts, lists, head, desk, used)
    at = state[centre, START]
    if state[centre, HOME] < 0:
        at = facts[centre, LOW] + below(used, facts[centre, HIGH] - facts[centre, LOW] + 1)
    width = 1 + facts[centre, DURATION] // 2 + below(used, 2 * facts[centre, DURATION] + 1)
    went = 0
    begin = below(used, head[JOBS])
    for i in range(min(head[JOBS], 40 * count)):
        j = (begin + i) % head[JOBS]
        if state[j, HOME] >= 0 and not facts[j, PINNED] and abs(state[j, START] - at) < width and below(used, 2) == 0:
            went += drop_group(facts, links, lists, state, route, load, head, marks, desk, used, j)
            if went >= count:
                break


@kernel
def clear_hour(
    facts: Ints,
    links: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    c: int,
    at: int,
) -> None:
    """A short string of the route of carer c around what starts next to `at`."""
    near = -1
    gap = FAR
    for p in range(load[c, LENGTH]):
        v = route[c, p]
        if v < head[JOBS] and state[v, START] > -FAR and abs(state[v, START] - at) < gap:
            gap = abs(state[v, START] - at)
            near = v
    if near >= 0 and not facts[near, PINNED]:
        length = 1 + below(used, 5)
        take_string(facts, links, lists, state, route, load, head, marks, desk, used, near, length)


@kernel
def drop_linked(
    facts: Ints,
    links: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    j: int,
) -> None:
    """Those to whom job j is linked, and those to whom they are."""
    for e in range(facts[j, LINK_AT], facts[j, LINK_END]):
        o = links[e, OTHER]
        if state[o, HOME] >= 0 and not facts[o, PINNED]:
            drop_group(facts, links, lists, state, route, load, head, marks, desk, used, o)
        for other in range(facts[o, LINK_AT], facts[o, LINK_END]):
            far = links[other, OTHER]
            if state[far, HOME] >= 0 and not facts[far, PINNED]:
                drop_group(facts, links, lists, state, route, load, head, marks, desk, used, far)


@kernel
def ruin_usual(
    facts: Ints,
    links: Ints,
    price: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
) -> None:
    """A job whom a dearer carer visits, and what stands at its time in the routes of the cheapest carers."""
    for _try in range(20):
        j = below(used, head[JOBS])
        first = facts[j, ALLOWED_AT]
        if state[j, HOME] < 0 or facts[j, PINNED] or facts[j, ALLOWED_END] - first < 2:
            continue
        cheap = price[j, lists[first]]
        if price[j, state[j, HOME]] <= cheap:
            continue
        at = state[j, START]
        drop_group(facts, links, lists, state, route, load, head, marks, desk, used, j)
        for a in range(first, min(facts[j, ALLOWED_END], first + 4)):
            c = lists[a]
            if price[j, c] == cheap and load[c, STOPS]:
                clear_hour(facts, links, lists, state, route, load, head, marks, desk, used, c, at)
        return


@kernel
def ruin_for_absent(
    facts: Ints,
    links: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
) -> None:
    """What stands, at an hour at which somebody without a place may be visited, in the routes of carers who may come; mostly with
    the visits to which that one is linked, so that all of them find new times.
    """
    j = desk[ABSENT, below(used, used[ABSENT]), 0]
    first = facts[j, GROUP_AT]
    count = facts[j, GROUP_END] - first
    if below(used, 3):
        for g in range(first, first + count):
            drop_linked(facts, links, lists, state, route, load, head, marks, desk, used, lists[g])
    j = lists[first + below(used, count)]
    at = facts[j, LOW] + below(used, facts[j, HIGH] - facts[j, LOW] + 1)
    able = facts[j, ALLOWED_END] - facts[j, ALLOWED_AT]
    if able == 0:
        return
    for _ in range(2 + below(used, 4)):
        c = lists[facts[j, ALLOWED_AT] + below(used, able)]
        if load[c, STOPS]:
            clear_hour(facts, links, lists, state, route, load, head, marks, desk, used, c, at)


@inlined
def _dearness(
    facts: Ints,
    carers: Ints,
    ways: SmallInts,
    price: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    j: int,
) -> int:
    """What job j costs where it stands: its detour, its carer and its time."""
    n = head[JOBS]
    c = state[j, HOME]
    mode = carers[c, MODE]
    a = state[j, POSITION] - 1
    while a >= 0 and route[c, a] >= n:
        a -= 1
    b = state[j, POSITION] + 1
    while b < load[c, LENGTH] and route[c, b] >= n:
        b += 1
    here = facts[route[c, a], PLACE] if a >= 0 else carers[c, ORIGIN]
    there = facts[route[c, b], PLACE] if b < load[c, LENGTH] else carers[c, GOAL]
    at = facts[j, PLACE]
    cost = head[TRAVEL_WEIGHT] * (ways[mode, here, at] + ways[mode, at, there] - ways[mode, here, there]) + price[j, c]
    if state[j, START] > -FAR:
        cost += start_cost(facts, head[TOLERANCE], j, state[j, START])
    return int(cost)


@kernel
def ruin_dear(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    price: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    count: int,
) -> None:
    """The jobs that cost most where they stand, with some luck in it."""
    for _ in range(count):
        worst = -1
        worst_cost = -1
        for _try in range(12):
            j = below(used, head[JOBS])
            if state[j, HOME] < 0 or facts[j, PINNED]:
                continue
            cost = _dearness(facts, carers, ways, price, state, route, load, head, j)
            if cost > worst_cost:
                worst_cost = cost
                worst = j
        if worst >= 0:
            drop_group(facts, links, lists, state, route, load, head, marks, desk, used, worst)
