"""What every adapter offers, and what they share: care-day's arcs as the matrices that all peers understand."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks._parts import Part
from scheduler import Problem, Solution

Matrix = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, and how many seconds after the search began it was there."""

    seconds: float
    answer: Solution


class Model(Protocol):
    """A peer's model of a problem.

    `any_time`: one search gives every answer on its way, so that a longer search begins as a shorter one. Otherwise each limit is a
    search of its own, whose last answer counts. `seeded`: another seed walks another way.
    """

    parts: frozenset[Part]
    any_time: bool
    seeded: bool

    def __init__(self, problem: Problem) -> None: ...

    def search(self, *, seconds: float, seed: int) -> list[Reading]: ...


class Arcs:
    """Places are the jobs in their order, then the carers' start and end locations.

    Carers of the same kind travel alike and cost alike: `kinds` are (mode, what each job costs). Who may not come is left to the
    peer: `may[kind][job]`.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        depots = dict.fromkeys(place for one in problem.carers for place in (one.start_location, one.end_location))
        self.places = [problem.location_index[job.location] for job in problem.jobs]
        self.place_of = {name: len(self.places) + number for number, name in enumerate(depots)}
        self.places += [problem.location_index[name] for name in depots]
        kinds = [self._kind(number) for number in range(len(problem.carers))]
        self.kinds = list(dict.fromkeys(kinds))
        self.kind_of = [self.kinds.index(kind) for kind in kinds]

    def _kind(self, number: int) -> tuple[str, tuple[int, ...], tuple[bool, ...]]:
        carer, jobs = self.problem.carers[number], self.problem.jobs
        may = tuple(job.skills <= carer.skills and carer.id not in job.forbidden_carers for job in jobs)
        return carer.mode, tuple(job.carer_cost(carer.id) for job in jobs), may

    @cached_property
    def seconds(self) -> dict[str, Matrix]:
        """Seconds from place to place, by mode."""
        modes = {mode for mode, _, _ in self.kinds}
        matrices = {mode: np.array(self.problem.travel.by_mode[mode], dtype=np.int64) for mode in modes}
        return {mode: matrix[np.ix_(self.places, self.places)] for mode, matrix in matrices.items()}

    def cost(self, kind: int) -> Matrix:
        """What it costs a carer of this kind to go from place to place, what the job costs there included."""
        mode, prices, _ = self.kinds[kind]
        there = np.zeros(len(self.places), dtype=np.int64)
        there[: len(prices)] = prices
        matrix = self.problem.weights.travel * self.seconds[mode] + there
        np.fill_diagonal(matrix, 0)
        return matrix
