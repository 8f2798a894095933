"""Jobs that go in together or not at all."""

from scheduler.solvers.search.chance import below, draw
from scheduler.solvers.search.compiling import kernel
from scheduler.solvers.search.layout import (
    ALLOWED_AT,
    ALLOWED_END,
    BEFORE_REST,
    BEFORE_STOP,
    CARERS,
    DIFFERENT,
    DURATION,
    FAR,
    FLOOR,
    GROUP_AT,
    GROUP_END,
    HERE,
    HIGH,
    HOME,
    LATE_AFTER,
    LENGTH,
    LINK_AT,
    LINK_END,
    MAX_LATENESS_WEIGHT,
    MODE,
    MOST,
    MOVING,
    OTHER,
    PLACE,
    READY,
    RESTING,
    SAME,
    STALE,
    START,
    THERE,
    TOLERANCE,
    TRAVEL_WEIGHT,
    UNPLACED,
    WAY,
    WORST,
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.places import best_place, insert, rise_after, take_out
from scheduler.solvers.search.times import find_gaps, start_cost


@kernel
def find_options(f: Facts, d: Day, k: Desk, j: int, limit: int, most: int) -> int:
    """The cheapest place in each of up to `most` carers for job j, cheapest first. Returns how many."""
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
    all_gaps = k.gap
    marks = k.mark
    random = k.random
    option = k.option
    tolerance = size[TOLERANCE]
    count = 0
    low = state[j, FLOOR]
    for e in range(facts[j, LINK_AT], facts[j, LINK_END]):
        o = link[e, OTHER]
        if state[o, HOME] >= 0:
            low = max(low, state[o, START] - link[e, MOST])
    at = facts[j, PLACE]
    lasts = facts[j, DURATION]
    for a in range(facts[j, ALLOWED_AT], facts[j, ALLOWED_END]):
        c = allowed[a]
        barred = False
        for e in range(facts[j, LINK_AT], facts[j, LINK_END]):
            o = link[e, OTHER]
            if state[o, HOME] >= 0 and (
                (link[e, CARERS] == DIFFERENT and state[o, HOME] == c)
                or (link[e, CARERS] == SAME and state[o, HOME] != c)
            ):
                barred = True
        if barred or load[c, LENGTH] >= routes.shape[1]:
            continue
        enough = limit if count < most else option[most - 1, 0]
        if prices[j, c] >= enough:
            break
        if marks[c, STALE]:
            find_gaps(f, d, k, c)
        row = matrix[carers[c, MODE]]
        here_best = enough
        here_p = -1
        for p in range(load[c, LENGTH] + 1):
            gap = all_gaps[c, p]
            if gap[READY] > facts[j, HIGH]:
                break
            into = row[gap[HERE], at]
            out = row[at, gap[THERE]]
            cost = size[TRAVEL_WEIGHT] * (into + out - gap[WAY]) + prices[j, c]
            if cost >= here_best:
                continue
            s = max(gap[MOVING] + into, gap[READY], low)
            if s > facts[j, HIGH]:
                continue
            end = s + lasts
            if end > gap[BEFORE_REST] or end + out + gap[RESTING] > gap[BEFORE_STOP]:
                continue
            worst = max(d.head[WORST], s - facts[j, LATE_AFTER])
            cost += start_cost(facts, tolerance, j, s) + size[MAX_LATENESS_WEIGHT] * (worst - d.head[WORST])
            if cost >= here_best or (draw(random) & 1023) < 30:
                continue
            rise, _links_move = rise_after(f, d, c, p, end, end, at, worst, here_best - cost)
            if rise == FAR:
                continue
            cost += rise
            if cost < here_best:
                here_best = cost
                here_p = p
        if here_p < 0:
            continue
        spot = min(count, most - 1)
        while spot > 0 and option[spot - 1, 0] > here_best:
            option[spot, 0] = option[spot - 1, 0]
            option[spot, 1] = option[spot - 1, 1]
            option[spot, 2] = option[spot - 1, 2]
            spot -= 1
        option[spot, 0] = here_best
        option[spot, 1] = c
        option[spot, 2] = here_p
        count = min(count + 1, most)
    return count


@kernel
def place_group(f: Facts, d: Day, k: Desk, j: int, blink: int, most: int) -> bool:
    """Put job j and those of its group that are absent in where that costs less than leaving them. Whether they went in.

    Of a pair, one gets up to `most` places, and for each the other its best; the cheapest two win.
    """
    facts = f.node
    group = f.group
    state = d.node
    first = facts[j, GROUP_AT]
    last = facts[j, GROUP_END]
    absent = 0
    worth = 0
    for g in range(first, last):
        if state[group[g], HOME] < 0:
            absent += 1
            worth += facts[group[g], UNPLACED]
    if absent < last - first:
        worth = FAR  # partners are pinned: without these the day would be broken
    if absent == 0 or worth == 0:
        return False
    chosen = below(k.random, absent)
    lead = j
    for g in range(first, last):
        if state[group[g], HOME] < 0:
            if chosen == 0:
                lead = group[g]
            chosen -= 1
    if absent == 1:
        _cost, c, p = best_place(f, d, k, lead, blink, worth)
        return c >= 0 and insert(f, d, k, lead, c, p, True) < FAR
    return _place_together(f, d, k, lead, blink, most, worth)


@kernel
def _place_together(f: Facts, d: Day, k: Desk, lead: int, blink: int, most: int, worth: int) -> bool:
    state = d.node
    option = k.option
    saved = k.saved
    count = find_options(f, d, k, lead, worth, most)
    best = worth
    chosen = -1
    for v in range(state.shape[0]):
        saved[v] = state[v, START]
    worst = d.head[WORST]
    for i in range(count):
        if option[i, 0] >= best:
            break
        change = insert(f, d, k, lead, option[i, 1], option[i, 2], True)
        if change >= FAR:
            continue
        total = place_rest(f, d, k, lead, blink, best - change)
        if total < FAR and change + total < best:
            best = change + total
            chosen = i
        _take_back(f, d, k, lead, worst)
    if chosen < 0:
        return False
    change = insert(f, d, k, lead, option[chosen, 1], option[chosen, 2], True)
    if change < FAR and place_rest(f, d, k, lead, 0, FAR) < FAR:
        return True
    if change < FAR:
        _take_back(f, d, k, lead, worst)
    return False


@kernel
def place_rest(f: Facts, d: Day, k: Desk, lead: int, blink: int, limit: int) -> int:
    """Put the others of the group in, one by one; what they cost, or FAR (some may then stand placed).

    Who went in before is told by `saved`: its start there is that of somebody absent.
    """
    facts = f.node
    group = f.group
    state = d.node
    total = 0
    for g in range(facts[lead, GROUP_AT], facts[lead, GROUP_END]):
        o = group[g]
        if o == lead or state[o, HOME] >= 0:
            continue
        _cost, c, p = best_place(f, d, k, o, blink, limit - total)
        if c < 0:
            return FAR
        change = insert(f, d, k, o, c, p, True)
        if change >= FAR:
            return FAR
        total += change
    return total


@kernel
def _take_back(f: Facts, d: Day, k: Desk, lead: int, worst: int) -> None:
    """Undo a trial: whoever of the group went in goes out, and all starts are as they were saved."""
    facts = f.node
    group = f.group
    state = d.node
    marks = k.mark
    saved = k.saved
    for g in range(facts[lead, GROUP_AT], facts[lead, GROUP_END]):
        o = group[g]
        if state[o, HOME] >= 0 and saved[o] <= -FAR:
            take_out(d, k, o)
    for v in range(state.shape[0]):
        if state[v, START] != saved[v]:
            state[v, START] = saved[v]
            if state[v, HOME] >= 0:
                marks[state[v, HOME], STALE] = 1
    d.head[WORST] = worst
