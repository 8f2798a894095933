"""Parts of all plans, which are bounded apart."""

from dataclasses import dataclass, field


@dataclass(order=True, frozen=True, slots=True)
class Part:
    """The plans that leave out from `least` to `most` dear groups, all those of `gone` and none of those of `held`, and in which
    each job that is placed starts between its `low` and `high`.

    `proven`: what they cost at least, in parts of a unit; `final`: more time raises it no further.
    """

    proven: int
    least: int = field(compare=False)
    most: int = field(compare=False)
    low: tuple[int, ...] = field(compare=False)
    high: tuple[int, ...] = field(compare=False)
    held: frozenset[int] = field(default=frozenset(), compare=False)
    gone: frozenset[int] = field(default=frozenset(), compare=False)
    final: bool = field(default=False, compare=False)
