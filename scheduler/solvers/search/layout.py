"""What stands where in the arrays that the kernels work on. Times are seconds, costs the problem's whole units, ids numbers.

Jobs are nodes 0 to n-1, breaks the nodes after them. A list of lists is one array, in which each part has a beginning and an end.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FAR = 1 << 40
"""Later than any second of a day; -FAR is before all of them."""

Ints = npt.NDArray[np.int64]
SmallInts = npt.NDArray[np.int32]
Bits = npt.NDArray[np.uint64]


class Facts(NamedTuple):
    """What does not change: `scheduler.indexed.Indexed` as arrays."""

    size: Ints  # [JOBS …]
    node: Ints  # [node, PLACE …]
    carer: Ints  # [carer, MODE …]
    link: Ints  # [link, OTHER …]: least ≤ start(other) - start(job) ≤ most
    matrix: SmallInts  # [mode, from, to]
    price: Ints  # [job, carer]
    allowed: SmallInts  # carers who may come, per job, cheapest first
    group: Ints  # jobs that go together or not at all, per job
    near: SmallInts  # [job, rank]: the jobs nearest in way and time, the job itself first


class Day(NamedTuple):
    """A day under construction, written in place."""

    route: Ints  # [carer, position]: nodes
    load: Ints  # [carer, LENGTH …]
    node: Ints  # [node, START …]
    head: Ints  # [WORST …]


class Desk(NamedTuple):
    """Room to work in, kept between calls."""

    gap: Ints  # [carer, position, HERE …]
    mark: Ints  # [carer, STALE …]
    log: Ints  # [entry, NODE …]; the column LOGGED goes by node
    work: Ints  # [entry, carer | position]: routes to be swept
    list: Ints  # [entry, absent | chosen]: jobs, the first of their group
    random: Bits  # the state of the generator
    used: Ints  # [LOG …]: how many entries are in use
    option: Ints  # [entry, cost | carer | position]: places for the first of a pair
    trial: Ints  # [entry, cost | carer | position]: places that only a trial can judge
    saved: Ints  # [node]: starts to come back to


JOBS, TRAVEL_WEIGHT, MAX_LATENESS_WEIGHT, TOLERANCE, ROOM = range(5)
PLACE, DURATION, LOW, HIGH, WISH = range(5)
LATE_AFTER, LATE_COST, EARLY_BEFORE, EARLY_COST, TOLD, MOVED_SECOND, UNPLACED, PINNED = range(5, 13)
LINK_AT, LINK_END, GROUP_AT, GROUP_END, ALLOWED_AT, ALLOWED_END = range(13, 19)
NODE_COLUMNS = 19
MODE, SHIFT_START, SHIFT_END, ORIGIN, GOAL, REST_FIRST, RESTS = range(7)
CARER_COLUMNS = 7
OTHER, LEAST, MOST, CARERS = range(4)
ANY, DIFFERENT, SAME = range(3)

START, HOME, POSITION, FLOOR = range(4)
"""FLOOR: no earlier than this, for the job's own sake; mostly its wish, at times earlier, where somebody must come too early."""
LENGTH, STOPS = range(2)
WORST, COST = range(2)

HERE, MOVING, READY, THERE, RESTING, BEFORE_REST, BEFORE_STOP, WAY = range(8)
"""A place in a route: the location before; when travel begins to count (breaks since the last stop added); when the carer is
free; the location after; breaks before the next stop; the latest end for the next break, and for the next arrival; the way now."""
STALE, TOUCHED = range(2)
NODE, BEFORE, LOGGED = range(3)
LOG, ABSENT = range(2)
