"""Jobs that go in together or not at all."""

from scheduler.solvers.search.chance import below
from scheduler.solvers.search.compiling import inlined, kernel
from scheduler.solvers.search.layout import (
    ALLOWED_AT,
    ALLOWED_END,
    FAR,
    FLOOR,
    GROUP_AT,
    GROUP_END,
    HIGH,
    HOME,
    LENGTH,
    LOW,
    OPTIONS,
    TRAIL,
    TRIALS,
    UNPLACED,
    WISH,
    WORST,
    Ints,
    SmallInts,
)
from scheduler.solvers.search.moves import insert, unwind
from scheduler.solvers.search.places import best_place, earliest, may, places_of
from scheduler.solvers.search.times import touch

_MOST_OPTIONS = 6


@inlined
def new_floor(facts: Ints, used: Ints, j: int) -> int:
    """How early job j may come this time: mostly as it wishes, at times earlier, so that others come when they wish."""
    span = facts[j, WISH] - facts[j, LOW]
    if span <= 0:
        return int(facts[j, WISH])
    luck = below(used, 8)
    if luck < 5:
        return int(facts[j, WISH])
    return int(facts[j, LOW]) if luck < 7 else int(facts[j, LOW] + below(used, span + 1))


@inlined
def _note_option(desk: Ints, used: Ints, cost: int, c: int, p: int) -> None:
    """Keep the options sorted, the dearest falling off."""
    spot = min(used[OPTIONS], _MOST_OPTIONS - 1)
    while spot > 0 and desk[OPTIONS, spot - 1, 0] > cost:
        for column in range(3):
            desk[OPTIONS, spot, column] = desk[OPTIONS, spot - 1, column]
        spot -= 1
    desk[OPTIONS, spot, 0] = cost
    desk[OPTIONS, spot, 1] = c
    desk[OPTIONS, spot, 2] = p
    used[OPTIONS] = min(used[OPTIONS] + 1, _MOST_OPTIONS)


@kernel
def find_options(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    price: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    gaps: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    j: int,
    blink: int,
    limit: int,
) -> None:
    """List the cheapest place in each of some carers for job j, the cheapest first; what links cost is not counted."""
    used[OPTIONS] = 0
    low = earliest(facts, links, state, j)
    if low > facts[j, HIGH]:
        return
    for a in range(facts[j, ALLOWED_AT], facts[j, ALLOWED_END]):
        c = lists[a]
        enough = limit if used[OPTIONS] < _MOST_OPTIONS else desk[OPTIONS, _MOST_OPTIONS - 1, 0]
        if price[j, c] >= enough:
            break
        if load[c, LENGTH] >= route.shape[1] or not may(facts, links, state, j, c):
            continue
        used[TRIALS] = 0
        cost, p = places_of(
            facts, carers, links, ways, price, state, route, load, head, gaps, marks, desk, used,
            j, c, low, blink, enough,
        )  # fmt: skip
        if used[TRIALS] and desk[TRIALS, 0, 0] < cost:
            cost = desk[TRIALS, 0, 0]
            p = desk[TRIALS, 0, 2]
        if p >= 0:
            _note_option(desk, used, cost, c, p)


@kernel
def place_group(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    price: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    gaps: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    j: int,
    blink: int,
) -> bool:
    """Put job j and those of its group that are absent in where that costs less than leaving them. Whether they went in.

    Of a pair, one gets some places, and for each the other its best; the cheapest two win.
    """
    first = facts[j, GROUP_AT]
    last = facts[j, GROUP_END]
    absent = 0
    worth = 0
    for g in range(first, last):
        o = lists[g]
        if state[o, HOME] < 0:
            absent += 1
            worth += facts[o, UNPLACED]
            state[o, FLOOR] = new_floor(facts, used, o)
    if absent < last - first:
        worth = FAR  # partners are pinned: without these the day would be broken
    if absent == 0 or worth == 0:
        return False
    chosen = below(used, absent)
    lead = j
    for g in range(first, last):
        if state[lists[g], HOME] < 0:
            if chosen == 0:
                lead = lists[g]
            chosen -= 1
    used[TRAIL] = 0
    if absent == 1:
        _cost, c, p = best_place(
            facts, carers, links, ways, price, lists, state, route, load, head, gaps, marks, desk, used,
            lead, blink, worth,
        )  # fmt: skip
        if c < 0:
            return False
        change = insert(
            facts, carers, links, ways, price, state, route, load, head, gaps, marks, desk, used, lead, c, p
        )
        return bool(change < FAR)
    return _place_together(
        facts, carers, links, ways, price, lists, state, route, load, head, gaps, marks, desk, used,
        lead, blink, worth,
    )  # fmt: skip


@kernel
def _place_together(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    price: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    gaps: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    lead: int,
    blink: int,
    worth: int,
) -> bool:
    find_options(
        facts, carers, links, ways, price, lists, state, route, load, head, gaps, marks, desk, used, lead, blink, worth
    )
    best = worth
    chosen = -1
    mark = used[TRAIL]
    worst = head[WORST]
    again = used[OPTIONS]
    for i in range(used[OPTIONS] + 1):
        at = i
        look = blink
        if i == again:  # all have been tried: the best once more, to stay
            if chosen < 0:
                return False
            at = chosen
            look = 0
            best = FAR
        elif desk[OPTIONS, i, 0] >= best:
            continue
        change = insert(
            facts, carers, links, ways, price, state, route, load, head, gaps, marks, desk, used,
            lead, desk[OPTIONS, at, 1], desk[OPTIONS, at, 2],
        )  # fmt: skip
        if change >= FAR:
            continue
        total = _place_others(
            facts, carers, links, ways, price, lists, state, route, load, head, gaps, marks, desk, used,
            lead, look, best - change,
        )  # fmt: skip
        if i == again and total < FAR:
            return True
        if total < FAR and change + total < best:
            best = change + total
            chosen = i
        for entry in range(mark, used[TRAIL]):
            touch(marks, desk, used, state[desk[TRAIL, entry, 0], HOME])
        unwind(facts, state, route, load, head, desk, used, mark)
        head[WORST] = worst
    return False


@kernel
def _place_others(
    facts: Ints,
    carers: Ints,
    links: Ints,
    ways: SmallInts,
    price: Ints,
    lists: Ints,
    state: Ints,
    route: Ints,
    load: Ints,
    head: Ints,
    gaps: Ints,
    marks: Ints,
    desk: Ints,
    used: Ints,
    lead: int,
    blink: int,
    limit: int,
) -> int:
    """Put the others of the group in, one by one; what they cost, or FAR (some may then stand placed)."""
    total = 0
    for g in range(facts[lead, GROUP_AT], facts[lead, GROUP_END]):
        o = lists[g]
        if state[o, HOME] >= 0:
            continue
        _cost, c, p = best_place(
            facts, carers, links, ways, price, lists, state, route, load, head, gaps, marks, desk, used,
            o, blink, limit - total,
        )  # fmt: skip
        if c < 0:
            return FAR
        change = insert(facts, carers, links, ways, price, state, route, load, head, gaps, marks, desk, used, o, c, p)
        if change >= FAR:
            return FAR
        total += change
    return total
