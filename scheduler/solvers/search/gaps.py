"""The places of a route: where its carer comes from and goes next, since when and until when somebody fits in between."""

from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.layout import (
    BEFORE_REST,
    BEFORE_STOP,
    DURATION,
    FAR,
    GOAL,
    HERE,
    HIGH,
    JOBS,
    LENGTH,
    LOW,
    MODE,
    MOVING,
    ORIGIN,
    PLACE,
    READY,
    RESTING,
    SHIFT_END,
    SHIFT_START,
    SHUT,
    STALE,
    START,
    STOPS,
    THERE,
    WAY,
    Day,
    Desk,
    Facts,
)


@inlined
def find_gaps(facts: Facts, day: Day, desk: Desk, c: int) -> None:
    """The places of route c, in order."""
    _from_the_front(facts, day, desk, c)
    _from_the_back(facts, day, desk, c)
    desk.marks[c, STALE] = 0


@inlined
def _from_the_front(facts: Facts, day: Day, desk: Desk, c: int) -> None:
    """Where the carer comes from, and since when."""
    nodes, carers = facts.nodes, facts.carers
    state, route, load, head = day.state, day.route, day.load, day.head
    gaps, gates = desk.gaps, desk.gates
    here = carers[c, ORIGIN]
    ready = carers[c, SHIFT_START]
    moving = ready
    for p in range(load[c, LENGTH] + 1):
        gaps[c, p, HERE] = here
        gaps[c, p, MOVING] = moving
        gates[c, p, READY] = ready
        if p == load[c, LENGTH]:
            break
        v = route[c, p]
        if v >= head[JOBS]:
            s = max(ready, nodes[v, LOW]) if load[c, STOPS] == 0 else state[v, START]
            # A break that an empty route cannot hold leaves no place behind it.
            ready = s + nodes[v, DURATION] if s <= nodes[v, HIGH] else FAR
            moving += nodes[v, DURATION]
        else:
            ready = state[v, START] + nodes[v, DURATION]
            moving = ready
            here = nodes[v, PLACE]


@inlined
def _from_the_back(facts: Facts, day: Day, desk: Desk, c: int) -> None:
    """Where the carer goes next, and when they must go at the latest."""
    nodes, carers, ways = facts.nodes, facts.carers, facts.ways
    route, load, head = day.route, day.load, day.head
    gaps, gates = desk.gaps, desk.gates
    mode = carers[c, MODE]
    there = carers[c, GOAL]
    resting = 0
    before_rest = carers[c, SHIFT_END]
    before_stop = before_rest
    for p in range(load[c, LENGTH], -1, -1):
        gaps[c, p, THERE] = there
        gaps[c, p, RESTING] = resting
        gaps[c, p, BEFORE_REST] = before_rest
        gaps[c, p, BEFORE_STOP] = before_stop
        gaps[c, p, WAY] = ways[mode, gaps[c, p, HERE], there] if load[c, STOPS] else 0
        gates[c, p, SHUT] = min(before_rest, before_stop)
        if p == 0:
            break
        v = route[c, p - 1]
        if v >= head[JOBS]:
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
