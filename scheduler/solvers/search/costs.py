"""What starts, routes and days cost; the compiled counterpart of `scheduler.cost`."""

from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.layout import (
    COST,
    EARLY_BEFORE,
    EARLY_COST,
    GOAL,
    JOBS,
    LATE_AFTER,
    LATE_COST,
    LEFT,
    LENGTH,
    MAX_LATENESS_WEIGHT,
    MODE,
    MOVED_SECOND,
    ORIGIN,
    PLACE,
    ROUTES,
    START,
    STOPS,
    TOLD,
    TOLERANCE,
    TOTAL,
    TRAVEL_WEIGHT,
    WORST,
    Day,
    Desk,
    Facts,
    Ints,
)


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
