"""The loop: take out, put back, keep what is better or warm enough (simulated annealing)."""

import numpy as np

from scheduler.solvers.search.breaks import shift_break
from scheduler.solvers.search.chance import below, draw, unit
from scheduler.solvers.search.compiling import inlined, kernel
from scheduler.solvers.search.groups import place_group
from scheduler.solvers.search.keeping import copy_day, follow, record
from scheduler.solvers.search.layout import (
    ABSENT,
    ABSENT_COUNT,
    ALLOWED_AT,
    ALLOWED_END,
    DURATION,
    GROUP_AT,
    GROUP_END,
    HIGH,
    HOME,
    JOBS,
    LOW,
    RESTS,
    ROUTES,
    STALE,
    STOPS,
    TOUCHED,
    UNPLACED,
    Day,
    Desk,
    Facts,
    Ints,
)
from scheduler.solvers.search.ruins import (
    ruin_adjacent,
    ruin_dear,
    ruin_for_absent,
    ruin_hour,
    ruin_near,
    ruin_usual,
)
from scheduler.solvers.search.times import add_up, refresh, settle, whole_cost


@inlined
def _is_first_absent(facts: Ints, lists: Ints, state: Ints, j: int) -> bool:
    """Whether job j is the first of its group that has no place."""
    for g in range(facts[j, GROUP_AT], facts[j, GROUP_END]):
        if state[lists[g], HOME] < 0:
            return bool(lists[g] == j)
    return False


@kernel
def list_absent(facts: Ints, lists: Ints, state: Ints, head: Ints, desk: Ints, used: Ints) -> None:
    """Those groups of which somebody has no place."""
    used[ABSENT] = 0
    if head[ABSENT_COUNT] == 0:
        return
    for j in range(head[JOBS]):
        if state[j, HOME] < 0 and _is_first_absent(facts, lists, state, j):
            desk[ABSENT, used[ABSENT], 0] = j
            used[ABSENT] += 1


@kernel
def sort_absent(facts: Ints, desk: Ints, used: Ints) -> None:
    """The order in which absent groups go back in: mostly what is worth most first, then by chance or by one of four keys."""
    way = below(used, 6)
    by_worth = below(used, 3) > 0
    for i in range(used[ABSENT]):
        j = desk[ABSENT, i, 0]
        if way < 2:
            key = draw(used)
        elif way == 2:
            key = -facts[j, DURATION]
        elif way == 3:
            key = facts[j, HIGH] - facts[j, LOW]
        elif way == 4:
            key = facts[j, ALLOWED_END] - facts[j, ALLOWED_AT]
        else:
            key = facts[j, LOW]
        if way > 0 and facts[j, GROUP_END] - facts[j, GROUP_AT] > 1 and below(used, 2):
            key -= 1 << 40
        worth = facts[j, UNPLACED] if by_worth else 0
        spot = i
        while spot > 0 and (
            desk[ABSENT, spot - 1, 1] < worth
            or (desk[ABSENT, spot - 1, 1] == worth and desk[ABSENT, spot - 1, 2] > key)
        ):
            for column in range(3):
                desk[ABSENT, spot, column] = desk[ABSENT, spot - 1, column]
            spot -= 1
        desk[ABSENT, spot, 0] = j
        desk[ABSENT, spot, 1] = worth
        desk[ABSENT, spot, 2] = key


@kernel
def price_day(f: Facts, day: Day, desk: Desk) -> bool:
    """Derive all times and costs of a day anew. False when no times fit."""
    good = settle(
        f.facts, f.carers, f.links, f.ways, day.state, day.route, day.load, day.head, desk.marks, desk.desk, desk.used
    )
    if good:
        add_up(f.facts, f.carers, f.ways, f.price, day.state, day.route, day.load, day.head, desk.desk, desk.used)
    marks = desk.marks
    used = desk.used
    used[ROUTES] = 0
    for c in range(marks.shape[0]):
        marks[c, TOUCHED] = 0
        marks[c, STALE] = 1
    return bool(good)


@kernel
def fill(f: Facts, day: Day, desk: Desk, blink: int) -> None:
    """Put in whoever has no place, in one of the orders of the search, where that costs less than leaving them."""
    facts = f.facts
    carers = f.carers
    links = f.links
    ways = f.ways
    price = f.price
    lists = f.lists
    state = day.state
    route = day.route
    load = day.load
    head = day.head
    gaps = desk.gaps
    marks = desk.marks
    room = desk.desk
    used = desk.used
    list_absent(facts, lists, state, head, room, used)
    sort_absent(facts, room, used)
    for i in range(used[ABSENT]):
        place_group(
            facts, carers, links, ways, price, lists, state, route, load, head, gaps, marks, room, used,
            room[ABSENT, i, 0], blink,
        )  # fmt: skip
    add_up(facts, carers, ways, price, state, route, load, head, room, used)


@kernel
def anneal(
    f: Facts,
    scratch: Day,
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
    worth_noting: float,
    nudge: int,
) -> int:
    """So many steps of ruin and recreate from `current`, in place; `best` is kept. The last step that made it better, or 0.

    They are the steps from `first` on of a cycle that cools from `hot` to `cold` (in units of cost). About `spread` jobs are taken
    out at a step; `blink` of 1024 promising places are overlooked. `scratch` stands as `current`, before and after. The new
    routes of days that cost at most `worth_noting` times the best are put on the tape. With a `nudge`, who is left out step after
    step counts so much more each time, until rather somebody else is left out, who may be easier to place (guided local search:
    Voudouris & Tsang 1999, doi 10.1016/S0377-2217(98)00099-X; absences so counted: Christiaens & Vanden Berghe 2020).
    """
    facts = f.facts
    carers = f.carers
    links = f.links
    ways = f.ways
    price = f.price
    lists = f.lists
    state = scratch.state
    route = scratch.route
    load = scratch.load
    head = scratch.head
    now_state = current.state
    now_route = current.route
    now_load = current.load
    now_head = current.head
    best_state = best.state
    best_route = best.route
    best_load = best.load
    best_head = best.head
    gaps = k.gaps
    marks = k.marks
    desk = k.desk
    used = k.used
    tape = k.tape
    seen = k.seen
    grudge = k.grudge
    helped = 0
    if head[JOBS] == 0:
        return 0
    now_cost = whole_cost(now_head)
    best_cost = whole_cost(best_head)
    for step in range(steps):
        heat = hot * (cold / hot) ** ((first + step) / cycle)
        list_absent(facts, lists, state, head, desk, used)
        held = 0
        if nudge:
            for i in range(used[ABSENT]):
                j = desk[ABSENT, i, 0]
                grudge[j] = min(grudge[j] + nudge, facts[j, UNPLACED])
                held += grudge[j]
        which = below(used, 100)
        if used[ABSENT] and below(used, 4) == 0:
            ruin_for_absent(facts, links, lists, state, route, load, head, marks, desk, used)
        elif which < 50:
            ruin_adjacent(facts, links, lists, state, route, load, head, marks, desk, used, spread)
        elif which < 60:
            count = 2 + below(used, 2 * spread)
            ruin_near(facts, links, lists, state, route, load, head, marks, desk, used, count)
        elif which < 78:
            count = 2 + below(used, spread)
            ruin_hour(facts, links, lists, state, route, load, head, marks, desk, used, count)
        elif which < 90:
            ruin_usual(facts, links, price, lists, state, route, load, head, marks, desk, used)
        else:
            count = 2 + below(used, spread)
            ruin_dear(facts, carers, links, ways, price, lists, state, route, load, head, marks, desk, used, count)
        for i in range(used[ROUTES]):
            c = desk[ROUTES, i, 0]
            if carers[c, RESTS] and load[c, STOPS] and below(used, 4) == 0:
                shift_break(facts, carers, links, state, route, load, head, marks, desk, used, c)
        good = refresh(facts, carers, links, ways, state, route, load, head, marks, desk, used)
        if good:
            sort_absent(facts, desk, used)
            for i in range(used[ABSENT]):
                place_group(
                    facts, carers, links, ways, price, lists, state, route, load, head, gaps, marks, desk, used,
                    desk[ABSENT, i, 0], blink,
                )  # fmt: skip
            add_up(facts, carers, ways, price, state, route, load, head, desk, used)
            cost = whole_cost(head)
            if nudge:
                for i in range(used[ABSENT]):
                    j = desk[ABSENT, i, 0]
                    if state[j, HOME] < 0:
                        held -= grudge[j]
            if cost < now_cost + held - heat * np.log(unit(used) + 1e-18):
                if cost <= worth_noting * best_cost:
                    for i in range(used[ROUTES]):
                        record(state, route, load, tape, seen, used, desk[ROUTES, i, 0])
                follow(state, route, load, head, now_state, now_route, now_load, now_head, desk, used)
                now_cost = cost
                for i in range(used[ROUTES]):
                    marks[desk[ROUTES, i, 0], TOUCHED] = 0
                used[ROUTES] = 0
                if cost < best_cost:
                    best_cost = cost
                    helped = step + 1
                    copy_day(now_state, now_route, now_load, now_head, best_state, best_route, best_load, best_head)
                continue
        follow(now_state, now_route, now_load, now_head, state, route, load, head, desk, used)
        for i in range(used[ROUTES]):
            marks[desk[ROUTES, i, 0], TOUCHED] = 0
            marks[desk[ROUTES, i, 0], STALE] = 1
        used[ROUTES] = 0
    return helped
