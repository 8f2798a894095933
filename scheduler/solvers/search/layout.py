"""What stands where in the arrays that the kernels work on. Times are seconds, costs the problem's whole units, ids numbers.

Jobs are nodes 0 to n-1, breaks the nodes after them.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FAR = 1 << 60
"""Later than any second and dearer than any plan of a problem; -FAR is before all of them."""

Ints = npt.NDArray[np.int64]
SmallInts = npt.NDArray[np.int32]
Bits = npt.NDArray[np.uint64]


class Facts(NamedTuple):
    """What does not change: `scheduler.indexed.Indexed` as arrays. Several searches may read the same."""

    nodes: Ints  # [node, PLACE …]
    carers: Ints  # [carer, MODE …]
    links: Ints  # [link, OTHER …]: least ≤ start(other) - start(job) ≤ most
    ways: SmallInts  # [mode, from, to]
    price: Ints  # [job, carer]
    lists: Ints  # of each job one after the other: who may come, the cheapest first; the group; the nearest jobs


class Day(NamedTuple):
    """A day under construction, written in place."""

    state: Ints  # [node, START …]
    route: Ints  # [carer, position]: nodes
    load: Ints  # [carer, LENGTH …]
    head: Ints  # [JOBS …]


class Desk(NamedTuple):
    """Room to work in, kept between calls; each search has its own."""

    gaps: Ints  # [carer, position, HERE …]
    gates: Ints  # [carer, position, READY …]
    marks: Ints  # [carer, STALE …]
    notes: Ints  # [WORK …, entry, column]: lists
    used: Ints  # [WORK …]: how many entries of each list are in use; [RANDOM]
    tape: Ints  # routes one after the other: carer, length, cost, then node and start of each stop and break
    seen: Ints  # fingerprints of routes on the tape
    grudge: Ints  # [job]: what it counts on top, while there is time, that it has been left out so often


PLACE, DURATION, LOW, HIGH, WISH = range(5)
LATE_AFTER, LATE_COST, EARLY_BEFORE, EARLY_COST, TOLD, MOVED_SECOND, UNPLACED, PINNED = range(5, 13)
LINK_AT, LINK_END, GROUP_AT, GROUP_END, ALLOWED_AT, ALLOWED_END, NEAR_AT, NEAR_END = range(13, 21)
NODE_COLUMNS = 21
MODE, SHIFT_START, SHIFT_END, ORIGIN, GOAL, REST_FIRST, RESTS = range(7)
CARER_COLUMNS = 7
OTHER, LEAST, MOST, CARERS = range(4)
ANY, DIFFERENT, SAME = range(3)

START, HOME, POSITION, FLOOR = range(4)
NODE_STATE = 4
"""FLOOR: no earlier than this, for the job's own sake; mostly its wish, at times earlier, where somebody must come too early."""
LENGTH, STOPS, COST = range(3)
CARER_LOAD = 3
JOBS, TRAVEL_WEIGHT, MAX_LATENESS_WEIGHT, TOLERANCE, WORST, ABSENT_COUNT, LEFT, TOTAL = range(8)
HEAD = 8
"""The problem's four numbers, then the largest lateness, how many have no place, what leaving them costs, the whole cost."""

HERE, MOVING, THERE, RESTING, BEFORE_REST, BEFORE_STOP, WAY = range(7)
GAP_COLUMNS = 7
READY, SHUT = range(2)
GATE_COLUMNS = 2
"""A place in a route: the location before; when travel begins to count (breaks since the last stop added); when the carer is
free; the location after; breaks before the next stop; the latest end for the next break, and for the next arrival; the way now."""
STALE, TOUCHED, NEARBY = range(3)
CARER_MARKS = 3
WORK, TRAIL, ROUTES, ABSENT, CHOSEN, OPTIONS, TRIALS, DISTURBED, RANDOM, CLOCK, TAPE, LOWEST = range(12)
LISTS, COUNTS = 8, 12
"""Lists: routes to be swept (carer, position); changed starts (node, before, after); touched carers; who has no place; who goes;
places for the first of a pair, and places that only a trial can judge (cost, carer, position); around whom to tear down.
Then numbers: the state of chance, the last mark given to carers near by, how much is on the tape, the lowest cost since the search
began anew."""
