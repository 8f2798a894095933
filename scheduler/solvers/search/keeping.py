"""What is kept of a step: the routes that changed, in another day or on the tape."""

from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.layout import (
    CARER_LOAD,
    COST,
    LENGTH,
    NODE_STATE,
    ROUTES,
    START,
    STOPS,
    TAPE,
    Day,
    Desk,
)


@inlined
def follow(day: Day, to: Day, desk: Desk) -> None:
    """Make the second day what the first is, where they differ: in the touched routes."""
    notes, used = desk.notes, desk.used
    for i in range(used[ROUTES]):
        c = notes[ROUTES, i, 0]
        for p in range(to.load[c, LENGTH]):
            v = to.route[c, p]
            for column in range(NODE_STATE):
                to.state[v, column] = day.state[v, column]
    for i in range(used[ROUTES]):
        c = notes[ROUTES, i, 0]
        for p in range(day.load[c, LENGTH]):
            v = day.route[c, p]
            to.route[c, p] = v
            for column in range(NODE_STATE):
                to.state[v, column] = day.state[v, column]
        for column in range(CARER_LOAD):
            to.load[c, column] = day.load[c, column]
    for column in range(day.head.shape[0]):
        to.head[column] = day.head[column]


@inlined
def copy_day(day: Day, to: Day) -> None:
    """Make the second day what the first is."""
    for c in range(day.load.shape[0]):
        for p in range(day.load[c, LENGTH]):
            to.route[c, p] = day.route[c, p]
        for column in range(CARER_LOAD):
            to.load[c, column] = day.load[c, column]
    for v in range(day.state.shape[0]):
        for column in range(NODE_STATE):
            to.state[v, column] = day.state[v, column]
    for column in range(day.head.shape[0]):
        to.head[column] = day.head[column]


@inlined
def record(day: Day, desk: Desk, c: int) -> None:
    """Put the route of carer c on the tape, unless it stands there or the tape is full."""
    state, route, load = day.state, day.route, day.load
    tape, seen, used = desk.tape, desk.seen, desk.used
    length = load[c, LENGTH]
    at = used[TAPE]
    if load[c, STOPS] == 0 or at + 3 + 2 * length > tape.shape[0]:
        return
    print_ = c + 1
    for p in range(length):
        print_ = (print_ * 1_000_003 + route[c, p]) * 1_000_003 + state[route[c, p], START]
    spot = print_ % seen.shape[0]
    if seen[spot] == print_:
        return
    seen[spot] = print_
    tape[at] = c
    tape[at + 1] = length
    tape[at + 2] = load[c, COST]
    for p in range(length):
        tape[at + 3 + 2 * p] = route[c, p]
        tape[at + 4 + 2 * p] = state[route[c, p], START]
    used[TAPE] = at + 3 + 2 * length
