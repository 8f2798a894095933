"""Parting plans by what the linear program does by halves and each plan does wholly, one way or the other.

Parting by the start of linked jobs, whose distance the program keeps only on average, is time window branching (Ioachim,
Desrosiers, Soumis & Bélanger 1999; for home care Bredström & Rönnqvist 2008).
"""

from collections import defaultdict
from dataclasses import replace
from math import floor

from scheduler.indexed import Indexed
from scheduler.solvers.bound.master import Master, Solved
from scheduler.solvers.bound.parts import Part
from scheduler.solvers.bound.windows import tightened

_FRACTION = 0.02  # of a group: less is nothing
_SPREAD = 0.1  # of a visit: at least so much on either side of the second at which starts are parted


def split(part: Part, facts: Indexed, master: Master, solved: Solved) -> tuple[Part, ...]:
    """Two parts that hold all plans of this one, neither with what the program did by halves: by how many dear groups stay out, by
    whether one of them does, by when linked jobs start. The part alone, final, where there is nothing of the kind.
    """
    count = sum(solved.out[g] for g in master.counted)
    if part.least < count < part.most and abs(count - round(count)) > _FRACTION:
        return replace(part, most=floor(count)), replace(part, least=floor(count) + 1)
    open_groups = (g for g in master.counted if g not in part.held | part.gone)
    halved = max(open_groups, key=lambda g: min(solved.out[g], 1 - solved.out[g]), default=None)
    if halved is not None and _FRACTION < solved.out[halved] < 1 - _FRACTION:
        return replace(part, held=part.held | {halved}), replace(part, gone=part.gone | {halved})
    parting = _parting(facts, solved)
    if parting is None:
        return (replace(part, final=True),)
    j, second = parting
    return _starting(part, facts, j, part.low[j], second - 1), _starting(part, facts, j, second, part.high[j])


def _parting(facts: Indexed, solved: Solved) -> tuple[int, int] | None:
    """A job with a partner at a distance in time, and a second that parts its starts most evenly."""
    visits: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for route, share in solved.routes:
        for j, s in zip(route.jobs, route.starts, strict=True):
            if len(facts.partners[j]) > 1:
                visits[j].append((s, share))
    best, spread = None, _SPREAD
    for j, starts in visits.items():
        whole = sum(share for _, share in starts)
        for second, _ in starts:
            before = sum(share for s, share in starts if s < second)
            if min(before, whole - before) > spread:
                best, spread = (j, second), min(before, whole - before)
    return best


def _starting(part: Part, facts: Indexed, j: int, earliest: int, latest: int) -> Part:
    low, high = list(part.low), list(part.high)
    low[j], high[j] = earliest, latest
    tight_low, tight_high = tightened(facts, low, high)
    return replace(part, low=tight_low, high=tight_high)
