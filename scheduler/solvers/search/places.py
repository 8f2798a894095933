"""Where a job goes: what a place costs, and the best one."""

from scheduler.solvers.search.chance import draw
from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.costs import start_cost
from scheduler.solvers.search.gaps import find_gaps
from scheduler.solvers.search.layout import (
    ALLOWED_AT,
    ALLOWED_END,
    BEFORE_REST,
    BEFORE_STOP,
    CARERS,
    CLOCK,
    DIFFERENT,
    DURATION,
    FAR,
    HERE,
    HIGH,
    HOME,
    JOBS,
    LATE_AFTER,
    LATE_COST,
    LENGTH,
    LINK_AT,
    LINK_END,
    LOW,
    MAX_LATENESS_WEIGHT,
    MODE,
    MOVING,
    NEAR_AT,
    NEAR_END,
    NEARBY,
    OTHER,
    PLACE,
    READY,
    RESTING,
    SAME,
    SHUT,
    STALE,
    START,
    STOPS,
    THERE,
    TOLERANCE,
    TRAVEL_WEIGHT,
    TRIALS,
    WAY,
    WISH,
    WORST,
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.moves import trial
from scheduler.solvers.search.times import earliest, pushes_others

_MANY = 600  # from so many jobs on only carers who come near, or are the cheapest, are asked
_MOST_TRIALS = 24


@inlined
def rise_after(
    facts: Facts, day: Day, c: int, position: int, ready: int, here: int, worst: int, best: int
) -> tuple[int, bool]:
    """What the stops from `position` on cost more when a stop before them ends at `ready`, at least; FAR where it cannot be.

    `worst` is the day's largest lateness with that stop. The second answer: whether links would have to move, so that only a
    trial can tell.
    """
    nodes, carers, ways = facts.nodes, facts.carers, facts.ways
    state, route, load, head = day.state, day.route, day.load, day.head
    n = head[JOBS]
    tolerance = head[TOLERANCE]
    mode = carers[c, MODE]
    moving = ready
    rise = 0
    links_move = False
    for index in range(position, load[c, LENGTH]):
        v = route[c, index]
        if v >= n:
            s = max(ready, nodes[v, LOW])
            if s > nodes[v, HIGH]:
                return FAR, False
            ready = s + nodes[v, DURATION]
            moving += nodes[v, DURATION]
            continue
        s = max(moving + ways[mode, here, nodes[v, PLACE]], ready)
        old = state[v, START]
        if s <= old:
            break
        if s > nodes[v, HIGH]:
            return FAR, False
        links_move = links_move or pushes_others(facts, day, v, s)
        rise += start_cost(nodes, tolerance, v, s) - start_cost(nodes, tolerance, v, old)
        if head[MAX_LATENESS_WEIGHT] and s - nodes[v, LATE_AFTER] > worst:
            rise += head[MAX_LATENESS_WEIGHT] * (s - nodes[v, LATE_AFTER] - worst)
            worst = s - nodes[v, LATE_AFTER]
        if rise > best:
            return FAR, False
        ready = s + nodes[v, DURATION]
        moving = ready
        here = nodes[v, PLACE]
    return rise, links_move


@inlined
def _mark_nearby(facts: Facts, day: Day, desk: Desk, j: int) -> int:
    """Give all carers who visit near job j the newest number of the clock, and return it."""
    nodes, lists = facts.nodes, facts.lists
    state = day.state
    marks, used = desk.marks, desk.used
    used[CLOCK] += 1
    now = used[CLOCK]
    for rank in range(nodes[j, NEAR_AT], nodes[j, NEAR_END]):
        c = state[lists[rank], HOME]
        if c >= 0:
            marks[c, NEARBY] = now
    return int(now)


@inlined
def places_of(facts: Facts, day: Day, desk: Desk, j: int, c: int, low: int, blink: int, limit: int) -> tuple[int, int]:
    """The cheapest place for job j up to `limit` in the route of carer c: (cost, position), position -1 where there is none.

    Among equals luck decides.
    Places that push links go on the list of trials instead, at the least that they can cost.
    """
    nodes, carers, ways, price = facts.nodes, facts.carers, facts.ways, facts.price
    load, head = day.load, day.head
    gaps, gates, marks, used = desk.gaps, desk.gates, desk.marks, desk.used
    tolerance = head[TOLERANCE]
    best = limit
    best_p = -1
    high = nodes[j, HIGH]
    at = nodes[j, PLACE]
    lasts = nodes[j, DURATION]
    late_after = nodes[j, LATE_AFTER]
    late_cost = nodes[j, LATE_COST]
    fixed = price[j, c]
    weight = head[TRAVEL_WEIGHT]
    mode = carers[c, MODE]
    if marks[c, STALE]:
        find_gaps(facts, day, desk, c)
    for p in range(load[c, LENGTH] + 1):
        ready = gates[c, p, READY]
        if ready > high:
            break
        if gates[c, p, SHUT] < max(ready, low) + lasts:
            continue
        if ready > late_after and fixed + late_cost * (ready - late_after) - weight * gaps[c, p, WAY] > best:
            continue
        into = ways[mode, gaps[c, p, HERE], at]
        out = ways[mode, at, gaps[c, p, THERE]]
        cost = weight * (into + out - gaps[c, p, WAY]) + fixed
        if cost > best:
            continue
        s = max(gaps[c, p, MOVING] + into, ready, low)
        end = s + lasts
        if s > high or end > gaps[c, p, BEFORE_REST] or end + out + gaps[c, p, RESTING] > gaps[c, p, BEFORE_STOP]:
            continue
        cost += start_cost(nodes, tolerance, j, s)
        worst = max(head[WORST], s - late_after)
        cost += head[MAX_LATENESS_WEIGHT] * (worst - head[WORST])
        if cost > best or (blink > 0 and (draw(used) & 1023) < blink):
            continue
        rise, links_move = rise_after(facts, day, c, p, end, at, worst, best - cost)
        if rise == FAR:
            continue
        if links_move or pushes_others(facts, day, j, s):
            note_trial(desk, cost + rise, c, p)
        elif cost + rise < best or (cost + rise == best and draw(used) & 1):
            best = cost + rise
            best_p = p
    return best, best_p


@inlined
def note_trial(desk: Desk, cost: int, c: int, p: int) -> None:
    """Keep the list of trials sorted, and the dearest off it when it is full."""
    notes, used = desk.notes, desk.used
    spot = used[TRIALS]
    if spot == _MOST_TRIALS:
        if cost >= notes[TRIALS, spot - 1, 0]:
            return
        spot -= 1
    else:
        used[TRIALS] = spot + 1
    while spot > 0 and notes[TRIALS, spot - 1, 0] > cost:
        for column in range(3):
            notes[TRIALS, spot, column] = notes[TRIALS, spot - 1, column]
        spot -= 1
    notes[TRIALS, spot, 0] = cost
    notes[TRIALS, spot, 1] = c
    notes[TRIALS, spot, 2] = p


@inlined
def may(facts: Facts, day: Day, j: int, c: int) -> bool:
    """Whether the placed partners of job j let carer c do it."""
    nodes, links = facts.nodes, facts.links
    state = day.state
    for e in range(nodes[j, LINK_AT], nodes[j, LINK_END]):
        home = state[links[e, OTHER], HOME]
        if home >= 0 and ((links[e, CARERS] == DIFFERENT and home == c) or (links[e, CARERS] == SAME and home != c)):
            return False
    return True


@inlined
def best_place(facts: Facts, day: Day, desk: Desk, j: int, blink: int, limit: int) -> tuple[int, int, int]:
    """The cheapest place for job j up to `limit`: (cost, carer, position), carer -1 where there is none.

    Among many jobs only those carers are asked who come near, who have nobody yet, or who cost least.
    """
    nodes, price, lists = facts.nodes, facts.price, facts.lists
    route, load, head = day.route, day.load, day.head
    marks, notes, used = desk.marks, desk.notes, desk.used
    best = limit
    best_c = -1
    best_p = -1
    used[TRIALS] = 0
    low = earliest(facts, day, j)
    if low > nodes[j, HIGH]:
        return best, best_c, best_p
    linked = nodes[j, LINK_END] > nodes[j, LINK_AT]
    least = start_cost(nodes, head[TOLERANCE], j, max(low, nodes[j, WISH]))
    first = nodes[j, ALLOWED_AT]
    many = head[JOBS] >= _MANY
    now = _mark_nearby(facts, day, desk, j) if many else 0
    for a in range(first, nodes[j, ALLOWED_END]):
        c = lists[a]
        if price[j, c] + least > best:
            break
        if load[c, LENGTH] >= route.shape[1] or (linked and not may(facts, day, j, c)):
            continue
        if many and marks[c, NEARBY] != now and load[c, STOPS] and price[j, c] > price[j, lists[first]]:
            continue
        cost, p = places_of(facts, day, desk, j, c, low, blink, best)
        if p >= 0:
            best = cost
            best_c = c
            best_p = p
    for i in range(used[TRIALS]):
        if notes[TRIALS, i, 0] >= best:
            break
        c = notes[TRIALS, i, 1]
        p = notes[TRIALS, i, 2]
        change = trial(facts, day, desk, j, c, p)
        if change < best:
            best = change
            best_c = c
            best_p = p
    return best, best_c, best_p
