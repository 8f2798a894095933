"""Jobs that go in together or not at all."""

from scheduler.solvers.search.chance import below
from scheduler.solvers.search.compiling import inlined
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
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.moves import insert, unwind
from scheduler.solvers.search.places import best_place, may, places_of
from scheduler.solvers.search.times import earliest, touch

_MOST_OPTIONS = 6


@inlined
def new_floor(facts: Facts, desk: Desk, j: int) -> int:
    """How early job j may come this time: mostly as it wishes, at times earlier, so that others come when they wish."""
    nodes = facts.nodes
    used = desk.used
    span = nodes[j, WISH] - nodes[j, LOW]
    if span <= 0:
        return int(nodes[j, WISH])
    luck = below(used, 8)
    if luck < 5:
        return int(nodes[j, WISH])
    return int(nodes[j, LOW]) if luck < 7 else int(nodes[j, LOW] + below(used, span + 1))


@inlined
def _note_option(desk: Desk, cost: int, c: int, p: int) -> None:
    """Keep the options sorted, the dearest falling off."""
    notes, used = desk.notes, desk.used
    spot = min(used[OPTIONS], _MOST_OPTIONS - 1)
    while spot > 0 and notes[OPTIONS, spot - 1, 0] > cost:
        for column in range(3):
            notes[OPTIONS, spot, column] = notes[OPTIONS, spot - 1, column]
        spot -= 1
    notes[OPTIONS, spot, 0] = cost
    notes[OPTIONS, spot, 1] = c
    notes[OPTIONS, spot, 2] = p
    used[OPTIONS] = min(used[OPTIONS] + 1, _MOST_OPTIONS)


@inlined
def find_options(facts: Facts, day: Day, desk: Desk, j: int, blink: int, limit: int) -> None:
    """List the cheapest place in each of some carers for job j, the cheapest first; what links cost is not counted."""
    nodes, price, lists = facts.nodes, facts.price, facts.lists
    route, load = day.route, day.load
    notes, used = desk.notes, desk.used
    used[OPTIONS] = 0
    low = earliest(facts, day, j)
    if low > nodes[j, HIGH]:
        return
    for a in range(nodes[j, ALLOWED_AT], nodes[j, ALLOWED_END]):
        c = lists[a]
        enough = limit if used[OPTIONS] < _MOST_OPTIONS else notes[OPTIONS, _MOST_OPTIONS - 1, 0]
        if price[j, c] >= enough:
            break
        if load[c, LENGTH] >= route.shape[1] or not may(facts, day, j, c):
            continue
        used[TRIALS] = 0
        cost, p = places_of(facts, day, desk, j, c, low, blink, enough)
        if used[TRIALS] and notes[TRIALS, 0, 0] < cost:
            cost = notes[TRIALS, 0, 0]
            p = notes[TRIALS, 0, 2]
        if p >= 0:
            _note_option(desk, cost, c, p)


@inlined
def place_group(facts: Facts, day: Day, desk: Desk, j: int, blink: int, limit: int) -> int:
    """Put job j and those of its group that are absent in where that costs less than leaving them, and less than `limit`.
    What they cost there, or what leaving them costs.

    Of a pair, one gets some places, and for each the other its best; the cheapest two win.
    """
    nodes, lists = facts.nodes, facts.lists
    state = day.state
    used = desk.used
    first = nodes[j, GROUP_AT]
    last = nodes[j, GROUP_END]
    absent = 0
    left = 0
    for g in range(first, last):
        o = lists[g]
        if state[o, HOME] < 0:
            absent += 1
            left += nodes[o, UNPLACED]
            state[o, FLOOR] = new_floor(facts, desk, o)
    if absent == last - first:
        limit = min(limit, left)  # else partners are pinned: without these the day would be broken
    if absent == 0 or limit <= 0:
        return left
    chosen = below(used, absent)
    lead = j
    for g in range(first, last):
        if state[lists[g], HOME] < 0:
            if chosen == 0:
                lead = lists[g]
            chosen -= 1
    used[TRAIL] = 0
    if absent == 1:
        _cost, c, p = best_place(facts, day, desk, lead, blink, limit)
        change = insert(facts, day, desk, lead, c, p) if c >= 0 else FAR
    else:
        change = _place_together(facts, day, desk, lead, blink, limit)
    return change if change < FAR else left


@inlined
def _place_together(facts: Facts, day: Day, desk: Desk, lead: int, blink: int, limit: int) -> int:
    """What those of the group that are absent cost where they went in; FAR where they did not."""
    state, head = day.state, day.head
    notes, used = desk.notes, desk.used
    find_options(facts, day, desk, lead, blink, limit)
    best = limit
    chosen = -1
    mark = used[TRAIL]
    worst = head[WORST]
    again = used[OPTIONS]
    for i in range(used[OPTIONS] + 1):
        at = i
        look = blink
        if i == again:  # all have been tried: the best once more, to stay
            if chosen < 0:
                return FAR
            at = chosen
            look = 0
            best = FAR
        elif notes[OPTIONS, i, 0] >= best:
            continue
        change = insert(facts, day, desk, lead, notes[OPTIONS, at, 1], notes[OPTIONS, at, 2])
        if change >= FAR:
            continue
        total = _place_others(facts, day, desk, lead, look, best - change)
        if i == again and total < FAR:
            return change + total
        if total < FAR and change + total < best:
            best = change + total
            chosen = i
        for entry in range(mark, used[TRAIL]):
            touch(desk, state[notes[TRAIL, entry, 0], HOME])
        unwind(facts, day, desk, mark)
        head[WORST] = worst
    return FAR


@inlined
def _place_others(facts: Facts, day: Day, desk: Desk, lead: int, blink: int, limit: int) -> int:
    """Put the others of the group in, one by one; what they cost, or FAR (some may then stand placed)."""
    nodes, lists = facts.nodes, facts.lists
    state = day.state
    total = 0
    for g in range(nodes[lead, GROUP_AT], nodes[lead, GROUP_END]):
        o = lists[g]
        if state[o, HOME] >= 0:
            continue
        _cost, c, p = best_place(facts, day, desk, o, blink, limit - total)
        if c < 0:
            return FAR
        change = insert(facts, day, desk, o, c, p)
        if change >= FAR:
            return FAR
        total += change
    return total
