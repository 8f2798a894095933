"""Ours, as anybody calls it: one thread, the library's front door, every limit a search of its own (it paces itself by its end)."""

from time import monotonic

from benchmarks._parts import Part
from benchmarks._peers.model import Reading
from scheduler import Problem, Seconds, Steps, solve


class Model:
    parts = frozenset(Part)
    any_time = False
    seeded = True

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        solve(problem, limit=Steps(0))  # loads what is compiled

    def search(self, *, seconds: float, seed: int) -> list[Reading]:
        began = monotonic()
        answer = solve(self.problem, limit=Seconds(seconds), seed=seed)
        return [Reading(monotonic() - began, answer)]
