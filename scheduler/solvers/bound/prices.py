"""What the linear program says that things are worth."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.solvers.search.layout import Ints

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prices:
    """In units of cost: what a visit of each job is worth; what a route of each carer may cost at most beyond that (not positive);
    what a second of each job's lateness costs for the largest one's sake; what each rule on groups is worth, and each distance
    between two starts.
    """

    worth: Floats
    wage: Floats
    late: Floats
    rules: Floats
    distances: Floats

    def towards(self, other: "Prices", share: float) -> "Prices":
        """The prices that lie so far on the way to others, which may know of more distances."""
        more = len(other.distances) - len(self.distances)
        mine = (self.worth, self.wage, self.late, self.rules, np.pad(self.distances, (0, more)))
        theirs = (other.worth, other.wage, other.late, other.rules, other.distances)
        return Prices(*((1 - share) * a + share * b for a, b in zip(mine, theirs, strict=True)))


@dataclass(frozen=True, slots=True)
class WholePrices:
    """The same in whole parts of a unit, with the signs that they must have.

    `steps` of linked jobs: what starts cost from a second on, on top of what they cost before. `proven`: what the prices prove,
    routes aside.
    """

    worth: Ints
    wage: Ints
    late: Ints
    steps: Mapping[int, Mapping[int, int]]
    proven: int
