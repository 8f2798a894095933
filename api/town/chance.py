"""Chance and ids, both from the seed alone."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar
from uuid import UUID, uuid5

T = TypeVar("T")

NAMESPACE = UUID("0b7a4c1e-6f0d-5a55-8f39-5b1f0c2a7d44")


class Chance:
    """One stream of chance. Each noun draws from its own, so that more streets do not give other names."""

    def __init__(self, seed: int, noun: str) -> None:
        self._random = Random(f"vardag/{seed}/{noun}")  # noqa: S311 - a town to play with, not a secret

    def pick(self, options: Sequence[T]) -> T:
        return options[self._random.randrange(len(options))]

    def weighted(self, shares: Mapping[T, float]) -> T:
        """One of the keys, as often as its share of the sum says."""
        drawn = self._random.random() * sum(shares.values())
        for option, share in shares.items():
            drawn -= share
            if drawn < 0:
                return option
        return list(shares)[-1]

    def happens(self, share: float) -> bool:
        return self._random.random() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + self._random.randrange(high - low + 1)

    def number(self, low: float, high: float) -> float:
        return low + (high - low) * self._random.random()

    def around(self, low: float, mean: float, high: float) -> float:
        """A number between `low` and `high` whose mean is `mean` (a triangle; `mean` must lie in its middle third)."""
        return self._random.triangular(low, high, 3 * mean - low - high)

    def spread(self, sigma: float) -> float:
        return self._random.gauss(0, sigma)

    def uuid(self) -> UUID:
        """An id from the stream, for what there is very much of: six times as fast as `Ids.next`."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def shuffled(self, options: Sequence[T]) -> list[T]:
        mixed = list(options)
        self._random.shuffle(mixed)
        return mixed

    def quota(self, shares: Mapping[T, float], count: int) -> list[T]:
        """`count` keys in mixed order, each as near its share as whole numbers allow (largest remainders)."""
        total = sum(shares.values())
        exact = {option: share / total * count for option, share in shares.items()}
        whole = {option: int(value) for option, value in exact.items()}
        by_remainder = sorted(shares, key=lambda option: whole[option] - exact[option])
        for option in by_remainder[: count - sum(whole.values())]:
            whole[option] += 1
        return self.shuffled([option for option, times in whole.items() for _ in range(times)])


class Ids:
    """Ids that are the same for the same seed: uuid5 of seed, noun and counter."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._given: dict[str, int] = {}

    def chance(self, noun: str) -> Chance:
        """The stream of chance of the same seed for one noun."""
        return Chance(self._seed, noun)

    def next(self, noun: str) -> UUID:
        self._given[noun] = self._given.get(noun, 0) + 1
        return uuid5(NAMESPACE, f"{self._seed}/{noun}/{self._given[noun]}")
