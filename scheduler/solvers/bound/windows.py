"""What links say about starts before anybody is sent anywhere."""

from collections.abc import Sequence

from scheduler.indexed import FAR, Indexed

_HOPS = 4  # along links; longer chains seldom say more


def tightened(
    facts: Indexed, earliest: Sequence[int], latest: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Least and greatest start of each job, given those of the jobs that are placed whenever it is (all or none)."""
    low, high = list(earliest[: facts.n]), list(latest[: facts.n])
    changed = True
    rounds = facts.n  # links in a circle could push for ever
    while changed and rounds:
        changed, rounds = False, rounds - 1
        for j in range(facts.n):
            for o, least, most in facts.links[j]:
                if o not in facts.partners[j]:
                    continue
                bounds = max(low[o], low[j] + least), min(high[o], high[j] + most)
                if bounds != (low[o], high[o]):
                    (low[o], high[o]), changed = bounds, True
    return tuple(low), tuple(high)


def conflicts(facts: Indexed, low: Sequence[int], high: Sequence[int]) -> list[tuple[int, ...]]:
    """Jobs that cannot all be placed: a chain of links leads from the first one's earliest start past the last one's latest."""
    found: set[frozenset[int]] = set()
    for source in range(facts.n):
        reached: dict[int, tuple[int, tuple[int, ...]]] = {source: (low[source], (source,))}
        for _ in range(_HOPS):
            onward: dict[int, tuple[int, tuple[int, ...]]] = {}
            for j, (start, chain) in reached.items():
                for o, least, _ in facts.links[j]:
                    if least <= -FAR or o in chain:
                        continue
                    if start + least > high[o]:
                        found.add(frozenset((*chain, o)))
                    elif start + least > onward.get(o, (low[o], ()))[0]:
                        onward[o] = (start + least, (*chain, o))
            reached = onward
    return [tuple(sorted(jobs)) for jobs in found if not any(other < jobs for other in found)]
