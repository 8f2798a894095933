"""The loop: take out, put back, keep what is better or warm enough (simulated annealing)."""

import numpy as np

from scheduler.solvers.search.breaks import shift_break
from scheduler.solvers.search.chance import below, draw, unit
from scheduler.solvers.search.compiling import inlined, kernel
from scheduler.solvers.search.costs import add_up, whole_cost
from scheduler.solvers.search.groups import place_group
from scheduler.solvers.search.keeping import copy_day, follow, record
from scheduler.solvers.search.layout import (
    ABSENT,
    ABSENT_COUNT,
    ALLOWED_AT,
    ALLOWED_END,
    DURATION,
    FAR,
    GROUP_AT,
    GROUP_END,
    HIGH,
    HOME,
    JOBS,
    LEFT,
    LOW,
    LOWEST,
    RESTS,
    ROUTES,
    STALE,
    STOPS,
    TOUCHED,
    UNPLACED,
    Day,
    Desk,
    Facts,
)
from scheduler.solvers.search.ruins import ruin_adjacent, ruin_dear, ruin_for_absent, ruin_hour, ruin_near, ruin_usual
from scheduler.solvers.search.times import refresh, settle

_MOST_LUCK = FAR >> 2  # what a step may cost more at most, so that sums stay below 64 bits


@inlined
def _is_first_absent(facts: Facts, day: Day, j: int) -> bool:
    """Whether job j is the first of its group that has no place."""
    nodes, lists = facts.nodes, facts.lists
    state = day.state
    for g in range(nodes[j, GROUP_AT], nodes[j, GROUP_END]):
        if state[lists[g], HOME] < 0:
            return bool(lists[g] == j)
    return False


@inlined
def list_absent(facts: Facts, day: Day, desk: Desk) -> None:
    """Those groups of which somebody has no place."""
    state, head = day.state, day.head
    notes, used = desk.notes, desk.used
    used[ABSENT] = 0
    if head[ABSENT_COUNT] == 0:
        return
    for j in range(head[JOBS]):
        if state[j, HOME] < 0 and _is_first_absent(facts, day, j):
            notes[ABSENT, used[ABSENT], 0] = j
            used[ABSENT] += 1


@inlined
def sort_absent(facts: Facts, desk: Desk) -> None:
    """The order in which absent groups go back in: mostly what is worth most first, then by chance or by one of four keys."""
    nodes = facts.nodes
    notes, used = desk.notes, desk.used
    way = below(used, 6)
    by_worth = below(used, 3) > 0
    for i in range(used[ABSENT]):
        j = notes[ABSENT, i, 0]
        if way < 2:
            key = draw(used)
        elif way == 2:
            key = -nodes[j, DURATION]
        elif way == 3:
            key = nodes[j, HIGH] - nodes[j, LOW]
        elif way == 4:
            key = nodes[j, ALLOWED_END] - nodes[j, ALLOWED_AT]
        else:
            key = nodes[j, LOW]
        if way > 0 and nodes[j, GROUP_END] - nodes[j, GROUP_AT] > 1 and below(used, 2):
            key -= 1 << 40
        worth = nodes[j, UNPLACED] if by_worth else 0
        spot = i
        while spot > 0 and (
            notes[ABSENT, spot - 1, 1] < worth
            or (notes[ABSENT, spot - 1, 1] == worth and notes[ABSENT, spot - 1, 2] > key)
        ):
            for column in range(3):
                notes[ABSENT, spot, column] = notes[ABSENT, spot - 1, column]
            spot -= 1
        notes[ABSENT, spot, 0] = j
        notes[ABSENT, spot, 1] = worth
        notes[ABSENT, spot, 2] = key


@kernel
def price_day(facts: Facts, day: Day, desk: Desk) -> bool:
    """Derive all times and costs of a day anew. False when no times fit."""
    marks, used = desk.marks, desk.used
    good = settle(facts, day, desk)
    if good:
        add_up(facts, day, desk)
    used[ROUTES] = 0
    for c in range(marks.shape[0]):
        marks[c, TOUCHED] = 0
        marks[c, STALE] = 1
    return bool(good)


@inlined
def _tear_down(facts: Facts, day: Day, desk: Desk, spread: int) -> bool:
    """Take about `spread` jobs out, in one of the ways of the search. False when no times fit then."""
    carers, load = facts.carers, day.load
    notes, used = desk.notes, desk.used
    which = below(used, 100)
    if used[ABSENT] and below(used, 4) == 0:
        ruin_for_absent(facts, day, desk)
    elif which < 50:
        ruin_adjacent(facts, day, desk, spread)
    elif which < 60:
        ruin_near(facts, day, desk, 2 + below(used, 2 * spread))
    elif which < 78:
        ruin_hour(facts, day, desk, 2 + below(used, spread))
    elif which < 90:
        ruin_usual(facts, day, desk)
    else:
        ruin_dear(facts, day, desk, 2 + below(used, spread))
    for i in range(used[ROUTES]):
        c = notes[ROUTES, i, 0]
        if carers[c, RESTS] and load[c, STOPS] and below(used, 4) == 0:
            shift_break(facts, day, desk, c)
    return bool(refresh(facts, day, desk))


@inlined
def _bear_grudges(facts: Facts, desk: Desk, nudge: int) -> int:
    """Let each absence count `nudge` more than at the step before; what all of them count now."""
    nodes = facts.nodes
    notes, used, grudge = desk.notes, desk.used, desk.grudge
    held = 0
    for i in range(used[ABSENT]):
        j = notes[ABSENT, i, 0]
        grudge[j] = min(grudge[j] + nudge, nodes[j, UNPLACED])
        held += grudge[j]
    return int(held)


@inlined
def _still_borne(day: Day, desk: Desk) -> int:
    """What those count who still have no place."""
    state = day.state
    notes, used, grudge = desk.notes, desk.used, desk.grudge
    held = 0
    for i in range(used[ABSENT]):
        j = notes[ABSENT, i, 0]
        if state[j, HOME] < 0:
            held += grudge[j]
    return int(held)


@inlined
def _at_least(facts: Facts, day: Day, j: int) -> int:
    """What those of job j's group who have no place will cost at least: their cheapest carers, or being left."""
    nodes, price, lists = facts.nodes, facts.price, facts.lists
    cost = 0
    for g in range(nodes[j, GROUP_AT], nodes[j, GROUP_END]):
        o = lists[g]
        if day.state[o, HOME] < 0:
            least = nodes[o, UNPLACED]
            if nodes[o, ALLOWED_AT] < nodes[o, ALLOWED_END]:
                least = min(least, price[o, lists[nodes[o, ALLOWED_AT]]])
            cost += least
    return int(cost)


@inlined
def _put_back(facts: Facts, day: Day, desk: Desk, blink: int, enough: int) -> bool:
    """Put those in who have no place, group by group.

    False as soon as the day would cost more than `enough` even if whoever is still out were on somebody's way.
    """
    head = day.head
    notes, used = desk.notes, desk.used
    cost = whole_cost(head) - head[LEFT]
    for i in range(used[ABSENT]):
        cost += _at_least(facts, day, notes[ABSENT, i, 0])
    for i in range(used[ABSENT]):
        if cost > enough:
            return False
        j = notes[ABSENT, i, 0]
        cost -= _at_least(facts, day, j)
        cost += place_group(facts, day, desk, j, blink, enough + 1 - cost)
    return bool(cost <= enough)


@kernel
def anneal(
    facts: Facts,
    day: Day,
    best: Day,
    current: Day,
    desk: Desk,
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

    They are the steps from `first` on of a cycle that cools from `hot` to `cold` (in units of cost). About `spread` jobs are
    taken out at a step, none at all if it is 0; `blink` of 1024 promising places are overlooked. `day` is worked on; it stands
    as `current` before and after. The new routes of days that cost at most `worth_noting` times the lowest cost since the search
    began anew are put on the tape.
    With a `nudge`, who is left out step after step counts so much more each time, until rather somebody else is left out, who
    may be easier to place (guided local search: Voudouris & Tsang 1999, doi 10.1016/S0377-2217(98)00099-X; absences so counted:
    Christiaens & Vanden Berghe 2020).
    """
    marks, notes, used = desk.marks, desk.notes, desk.used
    helped = 0
    if day.head[JOBS] == 0:
        return 0
    now_cost = whole_cost(current.head)
    best_cost = whole_cost(best.head)
    for step in range(steps):
        heat = hot * (cold / hot) ** ((first + step) / cycle)
        list_absent(facts, day, desk)
        held = _bear_grudges(facts, desk, nudge) if nudge else 0
        enough = now_cost + held + int(min(_MOST_LUCK, -heat * np.log(unit(used) + 1e-18)))
        cost = now_cost
        accepted = False
        if spread == 0 or _tear_down(facts, day, desk, spread):
            sort_absent(facts, desk)
            add_up(facts, day, desk)
            if _put_back(facts, day, desk, blink, enough):
                add_up(facts, day, desk)
                cost = whole_cost(day.head)
                accepted = cost + (_still_borne(day, desk) if nudge else 0) <= enough
        if accepted:
            used[LOWEST] = min(used[LOWEST], cost)
            if cost <= worth_noting * used[LOWEST]:
                for i in range(used[ROUTES]):
                    record(day, desk, notes[ROUTES, i, 0])
            follow(day, current, desk)
            now_cost = cost
            if cost < best_cost:
                best_cost = cost
                helped = step + 1
                copy_day(current, best)
        else:
            follow(current, day, desk)
        for i in range(used[ROUTES]):
            marks[notes[ROUTES, i, 0], TOUCHED] = 0
            if not accepted:
                marks[notes[ROUTES, i, 0], STALE] = 1
        used[ROUTES] = 0
    return helped
