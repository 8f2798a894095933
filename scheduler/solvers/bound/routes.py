"""One carer's side of the pricing: what stays the same from round to round, and the routes that pay at given prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from scheduler.indexed import FAR as NEVER
from scheduler.indexed import Indexed
from scheduler.solvers.bound import pricing
from scheduler.solvers.bound.parts import Part
from scheduler.solvers.bound.prices import WholePrices
from scheduler.solvers.bound.pricing import (
    BEFORE,
    BEST,
    DURATION,
    EARLY_BEFORE,
    EARLY_COST,
    FAR,
    FIRST,
    FOLLOWERS,
    HALT,
    HIGH,
    HOME,
    JOB_COLUMNS,
    LABEL_COLUMNS,
    LATE_AFTER,
    LATE_COST,
    LOW,
    MOVED_FROM,
    MOVED_SECOND,
    MOVED_TO,
    NODE,
    OUT,
    START,
    STEP,
    STEPS,
    VALUE,
    WATCH_COLUMNS,
)
from scheduler.solvers.search.layout import Bits, Ints, SmallInts

_REMEMBERED = 10  # jobs near a job that a route through it remembers
_RESTS = 3  # breaks of one carer that are kept; leaving the shortest out can only lower the bound
_STRETCHES = 200  # of one job's window at most
_QUEUE = 1024
_LABELS = 400_000
_LOOKS = 10_000_000  # of one label at another: a fraction of a second; a day without such crowds needs a hundredth
_ROUTES = 10  # a carer and round


@dataclass(frozen=True, slots=True)
class PaidRoute:
    """Jobs (numbers as in Indexed) in order, their starts in seconds, and what all that costs, the largest lateness aside.

    It may come back to a job, and need not suit anybody else's.
    """

    carer: int
    jobs: tuple[int, ...]
    starts: tuple[int, ...]
    cost: int


class Room:
    """Where labels are written, for one search at a time; `jobs`: how many a carer can have."""

    def __init__(self, jobs: int, *, labels: int = _LABELS) -> None:
        self.label = np.zeros((labels, LABEL_COLUMNS), np.int64)
        self.watch = np.zeros(WATCH_COLUMNS, np.int64)
        self._bits = np.zeros(labels * (jobs // 64 + 1), np.uint64)

    def memory(self, words: int) -> Bits:
        """So many words for each label."""
        labels = len(self.label)
        return self._bits[: labels * words].reshape(labels, words)

    def halt(self) -> None:
        """For good; the search that goes on here, in another thread, ends within moments."""
        self.watch[HALT] = 1


class CarerRoutes:
    """`scale`: how many parts a unit of cost has here; prices are given in these parts."""

    def __init__(self, facts: Indexed, c: int, part: Part, *, scale: int) -> None:
        self.facts, self.carer, self.scale, self.part = facts, c, scale, part
        low, high = part.low, part.high
        self.jobs = np.array([j for j in range(facts.n) if c in facts.allowed[j] and low[j] <= high[j]], dtype=np.int64)
        matrix = np.array(facts.matrix[c], dtype=np.int64)
        place = self._of(facts.place)
        self.way = np.minimum(matrix[np.ix_(place, place)], np.iinfo(np.int32).max).astype(np.int32)
        self.price = self._of([prices[c] for prices in facts.price]) * scale
        self.late_cost = self._of(facts.late_cost) * scale
        self.latest = np.minimum(self._of(high), facts.shift_end[c] - self._of(facts.duration))
        self.table = self._table(low, matrix, place)
        rests = sorted(facts.rests[c], key=lambda v: -facts.duration[v])[:_RESTS]
        self.rests = np.array([(facts.low[v], facts.high[v], facts.duration[v]) for v in rests], np.int64).reshape(
            -1, 3
        )
        self.orders = self._orders()
        self.follow = self._followers()
        self.own, self.near = self._memories()
        self.goal = np.zeros((len(self.jobs), 2), np.int64)

    def within(self, part: Part) -> "CarerRoutes":
        """The same for another part of the plans."""
        mine, theirs = self.part, part
        if all(mine.low[j] == theirs.low[j] and mine.high[j] == theirs.high[j] for j in self.jobs):
            return self
        return CarerRoutes(self.facts, self.carer, part, scale=self.scale)

    # -- what stays ---------------------------------------------------------------------------------------------------

    def _of(self, values: Sequence[int]) -> Ints:
        return np.array([values[j] for j in self.jobs], dtype=np.int64)

    def _table(self, low: Sequence[int], matrix: Ints, place: Ints) -> Ints:
        facts, c = self.facts, self.carer
        weights = facts.problem.weights
        told = [facts.told[j][1] if j in facts.told else None for j in range(facts.n)]
        table = np.zeros((len(self.jobs), JOB_COLUMNS), np.int64)
        for column, values in (
            (DURATION, facts.duration),
            (LOW, [max(s, facts.shift_start[c]) for s in low]),
            (LATE_AFTER, facts.late_after),
            (EARLY_BEFORE, facts.early_before),
            (EARLY_COST, [cost * self.scale for cost in facts.early_cost]),
            (MOVED_FROM, [-NEVER if s is None else s - weights.moved_tolerance for s in told]),
            (MOVED_TO, [NEVER if s is None else s + weights.moved_tolerance for s in told]),
            (MOVED_SECOND, [0 if s is None else weights.moved_second * self.scale for s in told]),
        ):
            table[:, column] = self._of(values)
        table[:, OUT] = matrix[facts.origin[c], place]
        table[:, HOME] = matrix[place, facts.goal[c]]
        return table

    def _orders(self) -> Ints:
        """Breaks that can be taken in one gap, in each order: [which as bits, how many, which …, seconds in all]."""
        count = len(self.rests)
        rows = [
            [sum(1 << r for r in some), len(some), *some, *[0] * (count - len(some)), sum(self.rests[list(some), 2])]
            for taken in range(count + 1)
            for some in permutations(range(count), taken)
        ]
        return np.array(rows, dtype=np.int64)

    def _followers(self) -> SmallInts:
        """Who can come after each job, and after the start: [job, …], padded; how many is noted in the table."""
        table, n = self.table, len(self.jobs)
        free = table[:, LOW] + table[:, DURATION]
        can = (free[:, None] + self.way <= self.latest[None, :]) & ~np.eye(n, dtype=bool)
        table[:, FOLLOWERS] = can.sum(axis=1)
        follow = np.argsort(~np.vstack((can, np.ones((1, n), dtype=bool))), axis=1, kind="stable")
        return np.ascontiguousarray(follow, dtype=np.int32)

    def _memories(self) -> tuple[Bits, Bits]:
        """As bits: which jobs each job shuts out of the route (itself, and who must have another carer), and which of them a
        route through another job goes on to remember: those nearest to it, and all that take no time (no end to going round).
        """
        table, n = self.table, len(self.jobs)
        at = {int(j): i for i, j in enumerate(self.jobs)}
        pairs = [(i, at[o]) for i, j in enumerate(self.jobs) for o in self.facts.different[j] if o in at]
        shut = np.eye(n, dtype=bool)
        on, low = table[:, DURATION], table[:, LOW]
        there = low[:, None] + on[:, None] + self.way <= self.latest[None, :]
        circle = np.where(there & there.T, self.way + self.way.T + on[None, :], FAR)
        np.fill_diagonal(circle, -1)
        nearest = np.argsort(circle, axis=1, kind="stable")[:, :_REMEMBERED]
        near = np.zeros((n, n), dtype=bool)
        np.put_along_axis(near, nearest, np.take_along_axis(circle, nearest, axis=1) < FAR, axis=1)
        near[:, on == 0] = True
        for i, other in pairs:
            shut[i, other] = True
            near[:, other] |= near[:, i]
        return _bits(shut), _bits(near)

    # -- at these prices ----------------------------------------------------------------------------------------------

    def search(self, prices: WholePrices, room: Room) -> tuple[int, list[PaidRoute]] | None:
        """A lower bound of what any route of this carer costs beyond what its jobs are worth (not positive), and some routes that
        cost less than the carer's wage. None where it was told to stop before it could say anything.
        """
        if not len(self.jobs):
            return 0, []
        table, orders, rests = self.table, self.orders, self.rests
        travel = self.facts.problem.weights.travel * self.scale
        begin, end = self.facts.shift_start[self.carer], self.facts.shift_end[self.carer]
        least = int(prices.wage[self.carer])
        steps = self._set_prices(prices)
        width, stretch = self._stretches()
        rest = np.zeros((len(stretch), 1 << len(rests), 3), np.int64)
        if not pricing.look_back(
            table, self.way, self.follow, steps, rests, orders, stretch, width, travel, end, rest, room.watch
        ):
            return None
        lower = pricing.look_ahead(table, steps, rests, orders, rest, width, travel, begin)
        if lower >= least:
            return lower, []
        span = int(table[:, HIGH].max() - table[:, LOW].min())
        complete = pricing.go_forward(
            table,
            self.way,
            self.follow,
            self.near,
            self.own,
            steps,
            rests,
            orders,
            rest,
            width,
            travel,
            begin,
            end,
            least,
            room.label,
            room.memory(self.own.shape[1]),
            np.zeros(len(table), np.int64),
            np.zeros(_QUEUE, np.int64),
            max(0, span) // _QUEUE + 1,
            self.goal,
            room.watch,
            _LOOKS,
        )
        cheapest = np.argsort(self.goal[:, 0], kind="stable")[:_ROUTES]
        found = [self._route(room.label, int(self.goal[k, 1])) for k in cheapest if self.goal[k, 1] >= 0]
        return (min(least, int(self.goal[:, 0].min())) if complete else lower), found

    def _set_prices(self, prices: WholePrices) -> Ints:
        """Into the table; and the steps of all jobs, [step, second | cost above the cheapest], each job's first one at no time."""
        table = self.table
        table[:, VALUE] = prices.worth[self.jobs] - self.price
        table[:, LATE_COST] = self.late_cost + prices.late[self.jobs]
        table[:, BEST] = self._cheapest_starts()
        steps: list[tuple[int, int]] = []
        for i, j in enumerate(self.jobs):
            own = [(-FAR, 0)]
            for second, cost in sorted(prices.steps.get(int(j), {}).items()):
                own.append((second, own[-1][1] + cost))
            least = min(cost for _, cost in own)
            table[i, VALUE] -= least
            table[i, STEP], table[i, STEPS] = len(steps), len(own)
            steps += [(second, cost - least) for second, cost in own]
        hope = int(np.maximum(0, table[:, VALUE]).sum())
        table[:, HIGH] = self.latest
        for slope, free in ((LATE_COST, LATE_AFTER), (MOVED_SECOND, MOVED_TO)):  # later, no route of single visits pays
            last = table[:, free] + hope // np.maximum(1, table[:, slope])
            table[:, HIGH] = np.where(table[:, slope] > 0, np.minimum(table[:, HIGH], last), table[:, HIGH])
        return np.array(steps, dtype=np.int64)

    def _stretches(self) -> tuple[int, Ints]:
        """How wide they are, in seconds, and all of them, [stretch, job | begin], the latest first. None is wider than the shortest
        job, so that what follows a job lies in a later one.
        """
        table = self.table
        span, on = np.maximum(0, table[:, HIGH] - table[:, LOW]), table[:, DURATION]
        width = max(1, int(on[on > 0].min()) if on.any() else 1, int(span.max()) // _STRETCHES)
        count = span // width + 1
        table[:, FIRST] = np.cumsum(count) - count
        job = np.repeat(np.arange(len(table)), count)
        begin = table[job, LOW] + (np.arange(len(job)) - table[job, FIRST]) * width
        return width, np.stack((job, begin), axis=1)[np.argsort(-begin, kind="stable")]

    def _cheapest_starts(self) -> Ints:
        """Within each job's window; what starts cost is convex, so one of the corners is."""
        table = self.table
        low, high = table[:, LOW], np.maximum(table[:, LOW], self.latest)
        corners = [
            low,
            high,
            *(np.clip(table[:, k], low, high) for k in (EARLY_BEFORE, LATE_AFTER, MOVED_FROM, MOVED_TO)),
        ]
        costs = np.zeros((len(corners), len(table)), np.int64)
        for corner, into in zip(corners, costs, strict=True):
            pricing.start_costs(table, corner, into)
        cheapest: Ints = np.stack(corners)[np.argmin(costs, axis=0), np.arange(len(table))]
        return cheapest

    def _route(self, label: Ints, at: int) -> PaidRoute:
        facts, c = self.facts, self.carer
        jobs, starts = [], []
        while at >= 0:
            jobs.append(int(self.jobs[label[at, NODE]]))
            starts.append(int(label[at, START]))
            at = int(label[at, BEFORE])
        jobs.reverse()
        starts.reverse()
        cost = sum(facts.price[j][c] + facts.start_cost(j, s) for j, s in zip(jobs, starts, strict=True))
        return PaidRoute(c, tuple(jobs), tuple(starts), cost + facts.problem.weights.travel * facts.way(c, jobs))


def _bits(table: Ints) -> Bits:
    """Rows of booleans as rows of 64-bit words."""
    found = np.zeros((len(table), (table.shape[1] + 63) // 64), np.uint64)
    for j in range(table.shape[1]):
        found[:, j >> 6] |= table[:, j].astype(np.uint64) << np.uint64(j & 63)
    return found
