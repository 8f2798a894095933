"""Random numbers inside kernels: xorshift64* (Vigna 2016), its state among the counts, so that a seed means one course."""

import numpy as np

from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.layout import (
    RANDOM,
    Ints,
)


@inlined
def draw(used: Ints) -> int:
    """The next 63 random bits."""
    x = np.uint64(used[RANDOM])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    used[RANDOM] = np.int64(x)
    return int(np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(1)))


@inlined
def below(used: Ints, n: int) -> int:
    return (draw(used) >> 20) % n


@inlined
def unit(used: Ints) -> float:
    return (draw(used) >> 10) / 9007199254740992.0
