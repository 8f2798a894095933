"""Make a sound day of an answer that may not be one: keep its sequences where they hold, else what of them holds."""

from scheduler.indexed import Indexed
from scheduler.solution import Solution
from scheduler.solvers.adopt import as_it_stands
from scheduler.solvers.greedy import first_timeline
from scheduler.timeline import Timeline


def rebuild(facts: Indexed, answer: Solution, *, seed: int, refill: bool = True) -> Timeline:
    """The answer's day with times derived anew; stops that break a hard rule are dropped.

    With `refill`, what was dropped is inserted greedily again where the day had to be taken apart.
    """
    return as_it_stands(facts, answer) or first_timeline(facts, seed=seed, start=answer, refill=refill)
