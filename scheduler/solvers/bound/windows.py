"""What can be said of jobs, carers and starts before anybody is sent anywhere."""

from scheduler.indexed import FAR, Indexed

_HOPS = 4  # along links; longer chains seldom say more


def jobs_for(facts: Indexed, c: int) -> list[int]:
    """The jobs that this carer may do and could during the shift, however short the ways: where a detour can be shorter than the
    direct way, that says nothing.
    """
    carer = facts.problem.carers[c]
    return [
        j
        for j, job in enumerate(facts.problem.jobs)
        if job.skills <= carer.skills
        and carer.id not in job.forbidden_carers
        and facts.pin.get(j, (c, 0))[0] == c
        and max(facts.low[j], facts.shift_start[c]) <= min(facts.high[j], facts.shift_end[c] - facts.duration[j])
    ]


def tightened(facts: Indexed) -> tuple[list[int], list[int]]:
    """Least and greatest start of each job, given those that are placed whenever it is (all or none)."""
    low, high = facts.low[: facts.n], facts.high[: facts.n]
    changed = True
    rounds = facts.n  # links in a circle could push for ever
    while changed and rounds:
        changed, rounds = False, rounds - 1
        for j in range(facts.n):
            for o, least, most in facts.links[j]:
                if o not in facts.partners[j]:
                    continue
                earliest, latest = max(low[o], low[j] + least), min(high[o], high[j] + most)
                if (earliest, latest) != (low[o], high[o]):
                    low[o], high[o], changed = earliest, latest, True
    return low, high


def conflicts(facts: Indexed, low: list[int], high: list[int]) -> list[tuple[int, ...]]:
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
