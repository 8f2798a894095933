"""Random numbers inside kernels: xorshift64* (Vigna 2016), its state in one array, so that a seed means one course."""

import numpy as np

from scheduler.solvers.search.compiling import inlined
from scheduler.solvers.search.layout import Bits


@inlined
def draw(random: Bits) -> int:
    """xorshift64*: the next 63 random bits."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return int(np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(1)))


@inlined
def below(random: Bits, n: int) -> int:
    return (draw(random) >> 20) % n


@inlined
def unit(random: Bits) -> float:
    return (draw(random) >> 10) / 9007199254740992.0
