"""Make a sound day of an answer that may not be one: keep its sequences where they hold, else what of them holds."""

from scheduler.indexed import Indexed
from scheduler.solution import Solution
from scheduler.solvers.greedy import first_timeline
from scheduler.timeline import Timeline


def rebuild(facts: Indexed, answer: Solution, *, seed: int, refill: bool = True) -> Timeline:
    """The answer's day with times derived anew; stops that break a hard rule are dropped.

    With `refill`, what was dropped is inserted greedily again where the day had to be taken apart.
    """
    return _as_it_stands(facts, answer) or first_timeline(facts, seed=seed, start=answer, refill=refill)


def _as_it_stands(facts: Indexed, answer: Solution) -> Timeline | None:
    if not _may(facts, answer):
        return None
    for floor in (facts.wish, facts.low):
        timeline = Timeline(facts)
        timeline.floor = list(floor)
        for route in answer.routes:
            c = facts.carer_number[route.carer]
            jobs = [(stop.start, 1, facts.number[stop.job]) for stop in route.stops]
            rests = [
                (route.breaks[facts.rest_of[v - facts.n][1]], 0, v) if route.breaks else (facts.low[v], 0, v)
                for v in facts.rests[c]
            ]
            timeline.routes[c] = [v for _, _, v in sorted(jobs + rests)]
            for _, _, j in jobs:
                timeline.home[j] = c
        if timeline.settle():
            return timeline
    return None


def _may(facts: Indexed, answer: Solution) -> bool:
    """Whether everybody may be where the answer says, times aside."""
    home = {facts.number[j]: facts.carer_number[c] for j, (c, _) in answer.placed.items()}
    if sum(len(route.stops) for route in answer.routes) != len(home) or any(j not in home for j in facts.pin):
        return False
    for j, c in home.items():
        if c not in facts.allowed[j] or any(o not in home for o in facts.partners[j]):
            return False
        if any(home.get(o) == c for o in facts.different[j]) or any(home.get(o, c) != c for o in facts.same[j]):
            return False
    counts = [
        len(route.breaks) == len(facts.rests[facts.carer_number[route.carer]]) for route in answer.routes if route.stops
    ]
    return all(counts) and len({route.carer for route in answer.routes}) == len(answer.routes)
