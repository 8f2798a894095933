"""What to take out: strings of neighbouring routes (Christiaens & Vanden Berghe 2020, doi 10.1287/trsc.2019.0914), and more."""

import numpy as np

from scheduler.solvers.search.chance import below
from scheduler.solvers.search.compiling import kernel
from scheduler.solvers.search.layout import (
    ABSENT,
    ALLOWED_AT,
    ALLOWED_END,
    FAR,
    FLOOR,
    GOAL,
    GROUP_AT,
    GROUP_END,
    HIGH,
    HOME,
    JOBS,
    LENGTH,
    LOW,
    MODE,
    ORIGIN,
    PINNED,
    PLACE,
    POSITION,
    REST_FIRST,
    RESTS,
    STALE,
    START,
    STOPS,
    TOLERANCE,
    TOUCHED,
    TRAVEL_WEIGHT,
    WISH,
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.places import take_out
from scheduler.solvers.search.times import start_cost


@kernel
def _new_floor(f: Facts, k: Desk, j: int) -> int:
    """How early job j may come this time: mostly as it wishes, at times earlier, so that others come when they wish."""
    facts = f.node
    random = k.random
    span = facts[j, WISH] - facts[j, LOW]
    if span <= 0:
        return int(facts[j, WISH])
    luck = below(random, 8)
    if luck < 5:
        return int(facts[j, WISH])
    return int(facts[j, LOW]) if luck < 7 else int(facts[j, LOW] + below(random, span + 1))


@kernel
def drop_group(f: Facts, d: Day, k: Desk, j: int) -> int:
    """Take job j and its partners out, noting them as absent. How many went."""
    facts = f.node
    group = f.group
    state = d.node
    marks = k.mark
    lists = k.list
    counts = k.used
    went = 0
    for g in range(facts[j, GROUP_AT], facts[j, GROUP_END]):
        o = group[g]
        if state[o, HOME] >= 0 and facts[o, PINNED]:
            return 0
    for g in range(facts[j, GROUP_AT], facts[j, GROUP_END]):
        o = group[g]
        if state[o, HOME] >= 0:
            marks[state[o, HOME], TOUCHED] = 1
            take_out(d, k, o)
            state[o, FLOOR] = _new_floor(f, k, o)
            went += 1
    if went:
        lists[counts[ABSENT], 0] = group[facts[j, GROUP_AT]]
        counts[ABSENT] += 1
    return went


@kernel
def take_string(f: Facts, d: Day, k: Desk, seed: int, length: int) -> int:
    """A string of a route that contains `seed`."""
    facts = f.node
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    lists = k.list
    random = k.random
    c = state[seed, HOME]
    here = state[seed, POSITION]
    lo = max(0, here - below(random, length))
    hi = min(load[c, LENGTH], lo + length)
    count = 0
    for p in range(lo, hi):
        v = routes[c, p]
        if v < size[JOBS] and not facts[v, PINNED]:
            lists[count, 1] = v
            count += 1
    went = 0
    for i in range(count):
        v = lists[i, 1]
        if state[v, HOME] >= 0:
            went += drop_group(f, d, k, v)
    return went


@kernel
def choose_centre(f: Facts, k: Desk) -> int:
    """Where to tear down: often around somebody who has no place yet."""
    facts = f.node
    group = f.group
    size = f.size
    lists = k.list
    random = k.random
    counts = k.used
    if counts[ABSENT] and below(random, 3) == 0:
        j = lists[below(random, counts[ABSENT]), 0]
        return int(group[facts[j, GROUP_AT] + below(random, facts[j, GROUP_END] - facts[j, GROUP_AT])])
    return below(random, int(size[JOBS]))


@kernel
def ruin_adjacent(f: Facts, d: Day, k: Desk, average: int, longest: int) -> None:
    """Strings of neighbouring routes around one job (Christiaens & Vanden Berghe 2020)."""
    facts = f.node
    near = f.near
    state = d.node
    load = d.load
    random = k.random
    centre = choose_centre(f, k)
    strings = 1 + below(random, max(1, (4 * average) // (1 + longest)))
    hit = np.zeros(load.shape[0], dtype=np.bool_)
    done = 0
    for rank in range(near.shape[1]):
        j = near[centre, rank]
        if state[j, HOME] < 0 or facts[j, PINNED] or hit[state[j, HOME]]:
            continue
        c = state[j, HOME]
        hit[c] = True
        length = 1 + below(random, min(longest, load[c, STOPS]))
        take_string(f, d, k, j, length)
        done += 1
        if done >= strings:
            break


@kernel
def ruin_near(f: Facts, d: Day, k: Desk, count: int) -> None:
    """Jobs near one another in way and time."""
    facts = f.node
    near = f.near
    state = d.node
    random = k.random
    centre = choose_centre(f, k)
    went = 0
    for rank in range(near.shape[1]):
        j = near[centre, rank]
        if state[j, HOME] >= 0 and not facts[j, PINNED] and below(random, 4) != 0:
            went += drop_group(f, d, k, j)
        if went >= count:
            break


@kernel
def ruin_hour(f: Facts, d: Day, k: Desk, count: int) -> None:
    """Jobs that start at about the same time."""
    facts = f.node
    size = f.size
    state = d.node
    random = k.random
    centre = choose_centre(f, k)
    at = state[centre, START]
    if state[centre, HOME] < 0:
        at = facts[centre, LOW] + below(random, facts[centre, HIGH] - facts[centre, LOW] + 1)
    width = 900 + below(random, 2700)
    went = 0
    begin = below(random, size[JOBS])
    for i in range(size[JOBS]):
        j = (begin + i) % size[JOBS]
        if state[j, HOME] >= 0 and not facts[j, PINNED] and abs(state[j, START] - at) < width and below(random, 2) == 0:
            went += drop_group(f, d, k, j)
            if went >= count:
                break


@kernel
def ruin_usual(f: Facts, d: Day, k: Desk) -> None:
    """A job whom a dearer carer visits, and what stands at its time in the routes of the cheapest carers."""
    facts = f.node
    prices = f.price
    allowed = f.allowed
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    random = k.random
    tries = 0
    while tries < 20:
        tries += 1
        j = below(random, size[JOBS])
        if state[j, HOME] < 0 or facts[j, PINNED] or facts[j, ALLOWED_END] - facts[j, ALLOWED_AT] < 2:
            continue
        cheap = allowed[facts[j, ALLOWED_AT]]
        if prices[j, state[j, HOME]] <= prices[j, cheap]:
            continue
        at = state[j, START]
        drop_group(f, d, k, j)
        for a in range(facts[j, ALLOWED_AT], min(facts[j, ALLOWED_END], facts[j, ALLOWED_AT] + 4)):
            c = allowed[a]
            if prices[j, c] > prices[j, cheap] or load[c, STOPS] == 0:
                continue
            near = -1
            gap = FAR
            for p in range(load[c, LENGTH]):
                v = routes[c, p]
                if v < size[JOBS] and abs(state[v, START] - at) < gap:
                    gap = abs(state[v, START] - at)
                    near = v
            if near >= 0 and not facts[near, PINNED]:
                take_string(f, d, k, near, 1 + below(random, 5))
        return


@kernel
def ruin_dear(f: Facts, d: Day, k: Desk, count: int) -> None:
    """The jobs that cost most where they stand, with some luck in it."""
    facts = f.node
    carers = f.carer
    matrix = f.matrix
    prices = f.price
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    random = k.random
    tolerance = size[TOLERANCE]
    for _ in range(count):
        worst = -1
        worst_cost = -1
        for _try in range(12):
            j = below(random, size[JOBS])
            c = state[j, HOME]
            if c < 0 or facts[j, PINNED]:
                continue
            row = matrix[carers[c, MODE]]
            p = state[j, POSITION]
            a = p - 1
            while a >= 0 and routes[c, a] >= size[JOBS]:
                a -= 1
            b = p + 1
            while b < load[c, LENGTH] and routes[c, b] >= size[JOBS]:
                b += 1
            here = facts[routes[c, a], PLACE] if a >= 0 else carers[c, ORIGIN]
            there = facts[routes[c, b], PLACE] if b < load[c, LENGTH] else carers[c, GOAL]
            at = facts[j, PLACE]
            cost = size[TRAVEL_WEIGHT] * (row[here, at] + row[at, there] - row[here, there])
            cost += prices[j, c] + start_cost(facts, tolerance, j, state[j, START])
            if cost > worst_cost:
                worst_cost = cost
                worst = j
        if worst >= 0 and state[worst, HOME] >= 0:
            drop_group(f, d, k, worst)


@kernel
def shift_break(f: Facts, d: Day, k: Desk, c: int) -> None:
    """Move one break of the route to another place; times are stale."""
    carers = f.carer
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    marks = k.mark
    random = k.random
    v = carers[c, REST_FIRST] + below(random, carers[c, RESTS])
    old = state[v, POSITION]
    lo = 0
    hi = load[c, LENGTH] - 1
    for p in range(load[c, LENGTH]):
        o = routes[c, p]
        if o >= size[JOBS] and o != v:
            if o < v:
                lo = p + 1
            elif p < hi + 1:
                hi = p - 1
                break
    if hi <= lo:
        return
    span = 1 + below(random, 3)
    new = old + span if below(random, 2) else old - span
    new = min(max(new, lo), hi)
    if new > old:
        for p in range(old, new):
            routes[c, p] = routes[c, p + 1]
            state[routes[c, p], POSITION] = p
    else:
        for p in range(old, new, -1):
            routes[c, p] = routes[c, p - 1]
            state[routes[c, p], POSITION] = p
    routes[c, new] = v
    state[v, POSITION] = new
    marks[c, STALE] = 1
