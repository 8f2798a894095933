"""The loop: take out, put back, keep what is better or warm enough (simulated annealing)."""

import numpy as np

from scheduler.solvers.search.chance import below, draw, unit
from scheduler.solvers.search.compiling import kernel
from scheduler.solvers.search.groups import place_group
from scheduler.solvers.search.layout import (
    ABSENT,
    ALLOWED_AT,
    ALLOWED_END,
    COST,
    DURATION,
    GROUP_AT,
    GROUP_END,
    HIGH,
    HOME,
    JOBS,
    LOW,
    RESTS,
    STALE,
    STOPS,
    TOUCHED,
    UNPLACED,
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.ruins import ruin_adjacent, ruin_dear, ruin_hour, ruin_near, ruin_usual, shift_break
from scheduler.solvers.search.times import settle, whole_cost


@kernel
def sort_absent(f: Facts, k: Desk) -> None:
    """The order in which absent groups go back in."""
    facts = f.node
    lists = k.list
    counts = k.used
    random = k.random
    count = counts[ABSENT]
    way = below(random, 6)
    key = np.empty(count, dtype=np.int64)
    for i in range(count):
        j = lists[i, 0]
        if way in (0, 1):
            key[i] = draw(random)
        elif way == 2:
            key[i] = -facts[j, DURATION]
        elif way == 3:
            key[i] = facts[j, HIGH] - facts[j, LOW]
        elif way == 4:
            key[i] = facts[j, ALLOWED_END] - facts[j, ALLOWED_AT]
        else:
            key[i] = facts[j, LOW]
        if way != 0 and facts[j, GROUP_END] - facts[j, GROUP_AT] > 1 and below(random, 2):
            key[i] -= 1 << 40
    ranked = np.argsort(key)
    for i in range(count):
        lists[i, 1] = lists[ranked[i], 0]
    # what is worth most goes first, else as ranked
    if below(random, 3):
        for i in range(count):
            key[i] = -facts[lists[i, 1], UNPLACED]
        again = np.argsort(key, kind="mergesort")
        for i in range(count):
            lists[i, 0] = lists[again[i], 1]
    else:
        for i in range(count):
            lists[i, 0] = lists[i, 1]


@kernel
def copy(a: Day, b: Day) -> None:
    """Make b what a is."""
    b.load[:] = a.load
    b.node[:] = a.node
    b.head[:] = a.head
    b.route[:] = a.route


@kernel
def first_absent(f: Facts, d: Day, j: int) -> bool:
    """Whether job j is the first of its group that has no place."""
    facts = f.node
    group = f.group
    state = d.node
    for g in range(facts[j, GROUP_AT], facts[j, GROUP_END]):
        if state[group[g], HOME] < 0:
            return bool(group[g] == j)
    return False


@kernel
def anneal(
    f: Facts,
    d: Day,
    best: Day,
    current: Day,
    k: Desk,
    steps: int,
    first: int,
    cycle: int,
    hot: float,
    cold: float,
    spread: int,
    blink: int,
) -> int:
    """So many steps of ruin and recreate from `current`, in place; `best` is kept. The last step that made it better, or 0.

    They are the steps from `first` on of a cycle that cools from `hot` to `cold` (in units of cost). About `spread` jobs are taken
    out at a step; `blink` of 1024 promising places are overlooked. `d` is scratch.
    """
    carers = f.carer
    size = f.size
    state = d.node
    load = d.load
    head = d.head
    marks = k.mark
    lists = k.list
    counts = k.used
    random = k.random
    n = size[JOBS]
    helped = 0
    if n == 0:
        return 0
    copy(current, d)
    for c in range(load.shape[0]):
        marks[c, STALE] = 1
        marks[c, TOUCHED] = 0
    for step in range(steps):
        heat = hot * (cold / hot) ** ((first + step) / cycle)
        counts[ABSENT] = 0
        for j in range(n):
            if state[j, HOME] < 0 and first_absent(f, d, j):
                lists[counts[ABSENT], 0] = j
                counts[ABSENT] += 1
        which = below(random, 100)
        if which < 50:
            ruin_adjacent(f, d, k, spread, spread)
        elif which < 62:
            ruin_near(f, d, k, 2 + below(random, 2 * spread))
        elif which < 72:
            ruin_hour(f, d, k, 2 + below(random, spread))
        elif which < 90:
            ruin_usual(f, d, k)
        else:
            ruin_dear(f, d, k, 2 + below(random, spread))
        for c in range(load.shape[0]):
            if marks[c, TOUCHED]:
                marks[c, TOUCHED] = 0
                if carers[c, RESTS] and load[c, STOPS] and below(random, 4) == 0:
                    shift_break(f, d, k, c)
        good = settle(f, d, k)
        if good:
            sort_absent(f, k)
            for i in range(counts[ABSENT]):
                j = lists[i, 0]
                if state[j, HOME] < 0:
                    place_group(f, d, k, j, blink, 6)
            cost = whole_cost(f, d)
            head[COST] = cost
            if cost < current.head[COST] - heat * np.log(unit(random) + 1e-18):
                copy(d, current)
                if cost < best.head[COST]:
                    copy(d, best)
                    helped = step + 1
                continue
        copy(current, d)
        for c in range(load.shape[0]):
            marks[c, STALE] = 1
    return helped
