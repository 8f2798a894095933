"""Which days: how often each of many series comes within a span of days, and on which of the days that are open to it.

Days are whole numbers counted from any beginning. Every price is a whole number in one unit.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from scheduler.errors import InvalidProblem


@dataclass(frozen=True, slots=True)
class Series:
    """Something that is wanted `times` on some of `days`, each at its price, and costs `left_cost` for each time that it is not.

    Any two days of the same `kind`, of whichever series, lie at least `apart` from each other, and from those in `taken`, on which
    it comes whatever is chosen. On a day it asks for `load` of each room of that day.
    """

    id: str
    kind: str
    times: int
    days: tuple[int, ...]
    left_cost: int
    day_costs: Mapping[int, int] = field(default_factory=dict)
    apart: int = 1
    taken: tuple[int, ...] = ()
    load: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.times < 0 or self.left_cost < 0:
            raise InvalidProblem(f"series {self.id}", (self.times, self.left_cost), "times and left_cost are 0 or more")
        if self.apart < 1:
            raise InvalidProblem(f"series {self.id}.apart", self.apart, "must be at least one day")
        if len(set(self.days)) != len(self.days):
            raise InvalidProblem(f"series {self.id}.days", self.days, "names a day twice")
        if any(number < 0 for number in (*self.day_costs.values(), *self.load.values())):
            raise InvalidProblem(f"series {self.id}", (self.day_costs, self.load), "no price or load is less than 0")

    @property
    def open_days(self) -> tuple[int, ...]:
        """The days that lie far enough from those taken."""
        return tuple(day for day in self.days if all(abs(day - one) >= self.apart for one in self.taken))


@dataclass(frozen=True, slots=True)
class Room:
    """What a day has of one thing: up to `easy` is free, beyond it each unit costs 1, beyond `full` it costs `over_cost`."""

    day: int
    name: str
    easy: int
    full: int
    over_cost: int


@dataclass(frozen=True, slots=True)
class Ceiling:
    """All that these series ask for on these days together is at most `limit`; `each` is what one time of a series asks."""

    id: str
    limit: int
    days: frozenset[int]
    each: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DayChoiceProblem:
    series: tuple[Series, ...]
    rooms: tuple[Room, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()

    def __post_init__(self) -> None:
        ids = Counter(one.id for one in self.series)
        twice = [key for key, count in ids.items() if count > 1]
        if twice:
            raise InvalidProblem("series", twice[0], "stands twice")
        unknown = {key for ceiling in self.ceilings for key in ceiling.each} - ids.keys()
        if unknown:
            raise InvalidProblem("ceilings", min(unknown), "is no series of the problem")


@dataclass(frozen=True, slots=True)
class DaysChosen:
    """The days of each series, in order. `optimal`: no other choice costs less."""

    days: Mapping[str, tuple[int, ...]]
    cost: int
    optimal: bool


def cost_of(problem: DayChoiceProblem, days: Mapping[str, tuple[int, ...]]) -> int:
    """What a choice costs: the truth by which it is judged. Ceilings and distances are no matter of price."""
    total = 0
    loads: Counter[tuple[int, str]] = Counter()
    for one in problem.series:
        chosen = days.get(one.id, ())
        total += one.left_cost * max(0, one.times - len(chosen))
        for day in chosen:
            total += one.day_costs.get(day, 0)
            loads.update({(day, name): load for name, load in one.load.items()})
    for room in problem.rooms:
        load = loads[room.day, room.name]
        total += max(0, load - room.easy) + (room.over_cost - 1) * max(0, load - room.full)
    return total


def faults_of(problem: DayChoiceProblem, days: Mapping[str, tuple[int, ...]]) -> list[str]:
    """What a choice breaks, for whoever mends the solver: days that are not open, too near, too many, or over a ceiling."""
    found = []
    by_kind: dict[str, list[tuple[int, int]]] = {}
    for one in problem.series:
        chosen = days.get(one.id, ())
        if len(chosen) > one.times or not set(chosen) <= set(one.open_days):
            found.append(f"{one.id}: {chosen} is not {one.times} times on {one.open_days}")
        by_kind.setdefault(one.kind, []).extend((day, one.apart) for day in chosen)
    for kind, placed in by_kind.items():
        for (earlier, apart), (later, other) in pairwise(sorted(placed)):
            if later - earlier < max(apart, other):
                found.append(f"{kind}: {earlier} and {later} are too near")
    for ceiling in problem.ceilings:
        asked = sum(each * sum(day in ceiling.days for day in days.get(key, ())) for key, each in ceiling.each.items())
        if asked > max(0, ceiling.limit):
            found.append(f"{ceiling.id}: {asked} is more than {ceiling.limit}")
    return found
