"""What a schedule must obey and what it should: the whole list. A rule is one file and knows no other rule; it reads a
problem and an answer and says what is broken (`breaches`) or what it costs (`charges`). Rules never search, repair or
round, and whoever judges an answer goes through `scheduler.cost`.
"""

from collections.abc import Callable, Iterator

from scheduler.problem import Problem
from scheduler.rules import (
    breaks,
    continuity,
    everyone_visited,
    lateness,
    shifts,
    skills,
    stability,
    time_windows,
    together,
    travel,
)
from scheduler.rules.breach import Breach, Charge
from scheduler.solution import Solution

HardRule = Callable[[Problem, Solution], Iterator[Breach]]
SoftRule = Callable[[Problem, Solution], Iterator[Charge]]

HARD_RULES: tuple[HardRule, ...] = (
    everyone_visited.breaches,
    time_windows.breaches,
    skills.breaches,
    shifts.breaches,
    travel.breaches,
    breaks.breaches,
    together.breaches,
    stability.breaches,
)

SOFT_RULES: tuple[SoftRule, ...] = (
    travel.charges,
    lateness.charges,
    continuity.charges,
    stability.charges,
    everyone_visited.charges,
)
