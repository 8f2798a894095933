"""Putting jobs in and taking them out: what a place costs, the best one, and pairs that go in together."""

from scheduler.solvers.search.chance import draw
from scheduler.solvers.search.compiling import inlined, kernel
from scheduler.solvers.search.layout import (
    ALLOWED_AT,
    ALLOWED_END,
    BEFORE,
    BEFORE_REST,
    BEFORE_STOP,
    CARERS,
    DIFFERENT,
    DURATION,
    FAR,
    FLOOR,
    HERE,
    HIGH,
    HOME,
    JOBS,
    LATE_AFTER,
    LEAST,
    LENGTH,
    LINK_AT,
    LINK_END,
    LOG,
    LOW,
    MAX_LATENESS_WEIGHT,
    MODE,
    MOST,
    MOVING,
    NODE,
    OTHER,
    PLACE,
    POSITION,
    READY,
    RESTING,
    SAME,
    STALE,
    START,
    STOPS,
    THERE,
    TOLERANCE,
    TRAVEL_WEIGHT,
    WAY,
    WISH,
    WORST,
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.times import find_gaps, forget, push, start_cost


@inlined
def put_in(d: Day, j: int, c: int, position: int) -> None:
    state = d.node
    load = d.load
    routes = d.route
    for index in range(load[c, LENGTH], position, -1):
        v = routes[c, index - 1]
        routes[c, index] = v
        state[v, POSITION] = index
    routes[c, position] = j
    state[j, POSITION] = position
    load[c, LENGTH] += 1
    state[j, HOME] = c
    load[c, STOPS] += 1


@kernel
def take_out(d: Day, k: Desk, j: int) -> None:
    state = d.node
    load = d.load
    routes = d.route
    marks = k.mark
    c = state[j, HOME]
    load[c, LENGTH] -= 1
    for index in range(state[j, POSITION], load[c, LENGTH]):
        v = routes[c, index + 1]
        routes[c, index] = v
        state[v, POSITION] = index
    state[j, HOME] = -1
    state[j, START] = -FAR
    load[c, STOPS] -= 1
    marks[c, STALE] = 1


@kernel
def insert(f: Facts, d: Day, k: Desk, j: int, c: int, position: int, keep: bool) -> int:
    """What the cost changes by, unplaced_cost aside, or FAR where it cannot be; undone unless `keep` and possible."""
    facts = f.node
    carers = f.carer
    matrix = f.matrix
    prices = f.price
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    head = d.head
    all_gaps = k.gap
    marks = k.mark
    log = k.log
    counts = k.used
    tolerance = size[TOLERANCE]
    if marks[c, STALE]:
        find_gaps(f, d, k, c)
    row = matrix[carers[c, MODE]]
    at = facts[j, PLACE]
    gap = all_gaps[c, position]
    change = size[TRAVEL_WEIGHT] * (row[gap[HERE], at] + row[at, gap[THERE]] - gap[WAY]) + prices[j, c]
    put_in(d, j, c, position)
    state[j, START] = -FAR
    counts[LOG] = 0
    good = push(f, d, k, c, position)
    worst = head[WORST]
    if good:
        for i in range(counts[LOG]):
            v = log[i, NODE]
            if v < size[JOBS]:
                s = state[v, START]
                change += start_cost(facts, tolerance, v, s)
                if v != j and log[i, BEFORE] > -FAR:
                    change -= start_cost(facts, tolerance, v, log[i, BEFORE])
                if size[MAX_LATENESS_WEIGHT] and s - facts[v, LATE_AFTER] > worst:
                    worst = s - facts[v, LATE_AFTER]
        change += size[MAX_LATENESS_WEIGHT] * (worst - head[WORST])
        if keep:
            head[WORST] = worst
            for i in range(counts[LOG]):
                marks[state[log[i, NODE], HOME], STALE] = 1
            marks[c, STALE] = 1
            forget(k)
            return int(change)
    for i in range(counts[LOG]):
        state[log[i, NODE], START] = log[i, BEFORE]
    forget(k)
    load[c, LENGTH] -= 1
    for index in range(position, load[c, LENGTH]):
        v = routes[c, index + 1]
        routes[c, index] = v
        state[v, POSITION] = index
    state[j, HOME] = -1
    state[j, START] = -FAR
    load[c, STOPS] -= 1
    return int(change) if good else FAR


@kernel
def rise_after(
    f: Facts, d: Day, c: int, position: int, ready: int, moving: int, here: int, worst: int, best: int
) -> tuple[int, bool]:
    """What the stops from `position` on cost more when a stop before them ends so, at least; FAR where it cannot be.

    `worst` is the day's largest lateness with that stop. The second answer: whether links would have to move, so that only a
    trial can tell.
    """
    facts = f.node
    carers = f.carer
    link = f.link
    matrix = f.matrix
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    tolerance = size[TOLERANCE]
    n = size[JOBS]
    row = matrix[carers[c, MODE]]
    rise = 0
    links_move = False
    for index in range(position, load[c, LENGTH]):
        v = routes[c, index]
        if v >= n:
            s = max(ready, facts[v, LOW])
            if s > facts[v, HIGH]:
                return FAR, False
            ready = s + facts[v, DURATION]
            moving += facts[v, DURATION]
            continue
        s = max(moving + row[here, facts[v, PLACE]], ready)
        old = state[v, START]
        if s <= old:
            break
        if s > facts[v, HIGH]:
            return FAR, False
        if not links_move:
            for e in range(facts[v, LINK_AT], facts[v, LINK_END]):
                o = link[e, OTHER]
                if state[o, HOME] >= 0 and state[o, START] < s + link[e, LEAST]:
                    links_move = True
        rise += start_cost(facts, tolerance, v, s) - start_cost(facts, tolerance, v, old)
        if size[MAX_LATENESS_WEIGHT] and s - facts[v, LATE_AFTER] > worst:
            rise += size[MAX_LATENESS_WEIGHT] * (s - facts[v, LATE_AFTER] - worst)
            worst = s - facts[v, LATE_AFTER]
        if rise >= best:
            return FAR, False
        ready = s + facts[v, DURATION]
        moving = ready
        here = facts[v, PLACE]
    return rise, links_move


@kernel
def best_place(f: Facts, d: Day, k: Desk, j: int, blink: int, limit: int) -> tuple[int, int, int]:
    """The cheapest place for job j below `limit`: (cost, carer, position), carer -1 where there is none."""
    facts = f.node
    carers = f.carer
    link = f.link
    matrix = f.matrix
    prices = f.price
    allowed = f.allowed
    size = f.size
    state = d.node
    load = d.load
    routes = d.route
    head = d.head
    all_gaps = k.gap
    marks = k.mark
    random = k.random
    trial = k.trial
    tolerance = size[TOLERANCE]
    best = limit
    best_c = -1
    best_p = -1
    low = state[j, FLOOR]
    linked = facts[j, LINK_END] > facts[j, LINK_AT]
    only = -1
    for e in range(facts[j, LINK_AT], facts[j, LINK_END]):
        o = link[e, OTHER]
        if state[o, HOME] >= 0:
            low = max(low, state[o, START] - link[e, MOST])
            if link[e, CARERS] == SAME:
                if only >= 0 and only != state[o, HOME]:
                    return best, -1, -1
                only = state[o, HOME]
    high = facts[j, HIGH]
    if low > high:
        return best, -1, -1
    at = facts[j, PLACE]
    lasts = facts[j, DURATION]
    wt = size[TRAVEL_WEIGHT]
    least_start_cost = start_cost(facts, tolerance, j, max(low, facts[j, WISH]))
    trials = 0
    for a in range(facts[j, ALLOWED_AT], facts[j, ALLOWED_END]):
        c = allowed[a]
        price = prices[j, c] + least_start_cost
        if price >= best:
            break
        if only >= 0 and c != only:
            continue
        barred = False
        if linked:
            for e in range(facts[j, LINK_AT], facts[j, LINK_END]):
                if link[e, CARERS] == DIFFERENT and state[link[e, OTHER], HOME] == c:
                    barred = True
        if barred:
            continue
        if marks[c, STALE]:
            find_gaps(f, d, k, c)
        gaps = all_gaps[c]
        row = matrix[carers[c, MODE]]
        room = load[c, LENGTH] < routes.shape[1]
        if not room:
            continue
        for p in range(load[c, LENGTH] + 1):
            gap = gaps[p]
            ready = gap[READY]
            if ready > high:
                break
            if min(gap[BEFORE_REST], gap[BEFORE_STOP]) < low + lasts:
                continue
            here = gap[HERE]
            there = gap[THERE]
            into = row[here, at]
            out = row[at, there]
            cost = wt * (into + out - gap[WAY]) + prices[j, c]
            if cost + least_start_cost >= best:
                continue
            s = max(gap[MOVING] + into, ready, low)
            if s > high:
                continue
            end = s + lasts
            if end > gap[BEFORE_REST] or end + out + gap[RESTING] > gap[BEFORE_STOP]:
                continue
            cost += start_cost(facts, tolerance, j, s)
            worst = max(head[WORST], s - facts[j, LATE_AFTER])
            cost += size[MAX_LATENESS_WEIGHT] * (worst - head[WORST])
            if cost >= best:
                continue
            if blink > 0 and (draw(random) & 1023) < blink:
                continue
            moves_others = False
            if linked:
                for e in range(facts[j, LINK_AT], facts[j, LINK_END]):
                    o = link[e, OTHER]
                    if state[o, HOME] >= 0 and state[o, START] < s + link[e, LEAST]:
                        moves_others = True
            rise, links_move = rise_after(f, d, c, p, end, end, at, worst, best - cost)
            if rise == FAR:
                continue
            if moves_others or links_move:
                trial[trials, 0] = cost + rise
                trial[trials, 1] = c
                trial[trials, 2] = p
                trials += 1
            elif cost + rise < best:
                best = cost + rise
                best_c = c
                best_p = p
    while trials > 0:
        t = 0
        for i in range(1, trials):
            if trial[i, 0] < trial[t, 0]:
                t = i
        if trial[t, 0] >= best:
            break
        c = trial[t, 1]
        p = trial[t, 2]
        trials -= 1
        trial[t, 0] = trial[trials, 0]
        trial[t, 1] = trial[trials, 1]
        trial[t, 2] = trial[trials, 2]
        change = insert(f, d, k, j, c, p, False)
        if change < best:
            best = change
            best_c = c
            best_p = p
    return best, best_c, best_p
