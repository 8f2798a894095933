"""What is kept of a step: the routes that changed, in another day or on the tape."""

from scheduler.solvers.search.compiling import kernel
from scheduler.solvers.search.layout import (
    CARER_LOAD,
    COST,
    LENGTH,
    NODE_STATE,
    ROUTES,
    START,
    STOPS,
    TAPE,
    Ints,
)


@kernel
def follow(
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    to_state: Ints,
    to_route: Ints,
    to_load: Ints,
    to_head: Ints,
    desk: Ints,
    used: Ints,
) -> None:
    """Make the second day what the first is, where they differ: in the touched routes."""
    for i in range(used[ROUTES]):
        c = desk[ROUTES, i, 0]
        for p in range(to_load[c, LENGTH]):
            v = to_route[c, p]
            for column in range(NODE_STATE):
                to_state[v, column] = state[v, column]
    for i in range(used[ROUTES]):
        c = desk[ROUTES, i, 0]
        for p in range(load[c, LENGTH]):
            v = route[c, p]
            to_route[c, p] = v
            for column in range(NODE_STATE):
                to_state[v, column] = state[v, column]
        for column in range(CARER_LOAD):
            to_load[c, column] = load[c, column]
    for column in range(head.shape[0]):
        to_head[column] = head[column]


@kernel
def copy_day(
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    to_state: Ints,
    to_route: Ints,
    to_load: Ints,
    to_head: Ints,
) -> None:
    """Make the second day what the first is."""
    for c in range(load.shape[0]):
        for p in range(load[c, LENGTH]):
            to_route[c, p] = route[c, p]
        for column in range(CARER_LOAD):
            to_load[c, column] = load[c, column]
    for v in range(state.shape[0]):
        for column in range(NODE_STATE):
            to_state[v, column] = state[v, column]
    for column in range(head.shape[0]):
        to_head[column] = head[column]


@kernel
def record(state: Ints, route: Ints, load: Ints, tape: Ints, seen: Ints, used: Ints, c: int) -> None:
    """Put the route of carer c on the tape, unless it stands there or the tape is full."""
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
