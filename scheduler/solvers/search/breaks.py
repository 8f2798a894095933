"""Where breaks stand in their routes."""

from scheduler.solvers.search.chance import below
from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.layout import (
    JOBS,
    LENGTH,
    POSITION,
    REST_FIRST,
    RESTS,
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.times import unsettle


@inlined
def shift_break(facts: Facts, day: Day, desk: Desk, c: int) -> None:
    """Move one break of the route to another place; times wait for `refresh`."""
    carers = facts.carers
    state, route, load, head = day.state, day.route, day.load, day.head
    used = desk.used
    v = carers[c, REST_FIRST] + below(used, carers[c, RESTS])
    old = state[v, POSITION]
    lo = 0
    hi = load[c, LENGTH] - 1
    for p in range(load[c, LENGTH]):
        o = route[c, p]
        if o >= head[JOBS] and o != v:
            if o < v:
                lo = p + 1
            elif p < hi + 1:
                hi = p - 1
                break
    if hi <= lo:
        return
    span = 1 + below(used, 3)
    new = old + span if below(used, 2) else old - span
    new = min(max(new, lo), hi)
    if new > old:
        for p in range(old, new):
            route[c, p] = route[c, p + 1]
            state[route[c, p], POSITION] = p
    else:
        for p in range(old, new, -1):
            route[c, p] = route[c, p - 1]
            state[route[c, p], POSITION] = p
    route[c, new] = v
    state[v, POSITION] = new
    for p in range(min(old, new), max(old, new) + 2):
        if p < load[c, LENGTH]:
            unsettle(facts, day, desk, c, p)
