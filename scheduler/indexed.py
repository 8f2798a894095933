"""A problem as plain lists by number, which is what timelines and searches run on. Nothing is decided here."""

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise, permutations

from scheduler.problem import Break, Job, JobId, LinkCarers, Problem

FAR = 1 << 60  # later than any second of a day; -FAR is before all of them
_ORDERS = 720  # of six breaks; whoever has more takes them as their windows close


class Indexed:
    """Jobs are nodes 0 to n-1, breaks the nodes after them; carers are numbers too. Read only.

    `low`, `high`: bounds of the start of each node. `wish`: the earliest start that costs nothing for being early.
    `price[j][c]`: what it costs that carer c does job j, beside travel and time.
    `links[j]`: (o, least, most) for start(o) − start(j), either way round; without bounds between two pins, of which
    neither can give way. `partners[j]`: j and all that go with it or not at all.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.n = len(problem.jobs)
        self.number: dict[JobId, int] = {job.id: j for j, job in enumerate(problem.jobs)}
        self.carer_number = {carer.id: c for c, carer in enumerate(problem.carers)}
        self.pin = {self.number[x.job]: (self.carer_number[x.carer], x.start) for x in problem.pinned}
        self.told = {self.number[x.job]: (self.carer_number[x.carer], x.start) for x in problem.published}
        self._carers()
        self._jobs()
        self._breaks()
        self._links()
        self.price = [self._prices(j, job) for j, job in enumerate(problem.jobs)]
        self.allowed = [self._allowed(j, job) for j, job in enumerate(problem.jobs)]
        self.lateness_counts = any(self.late_cost)
        self.regular = not self.told and all(x.target is None or x.target.early_cost == 0 for x in problem.jobs)

    def _carers(self) -> None:
        problem = self.problem
        where = problem.location_index
        self.matrix = [problem.travel.by_mode[x.mode] for x in problem.carers]
        self.shift_start = [x.shift.start for x in problem.carers]
        self.shift_end = [x.shift.end for x in problem.carers]
        self.origin = [where[x.start_location] for x in problem.carers]
        self.goal = [where[x.end_location] for x in problem.carers]

    def _jobs(self) -> None:
        jobs, weights = self.problem.jobs, self.problem.weights
        self.place = [self.problem.location_index[x.location] for x in jobs]
        self.duration = [x.duration for x in jobs]
        self.low = [x.earliest for x in jobs]
        self.high = [x.latest for x in jobs]
        self.unplaced_cost = [x.unplaced_cost for x in jobs]
        self.late_after = [x.target.latest if x.target else FAR for x in jobs]
        self.late_cost = [x.target.late_cost if x.target else 0 for x in jobs]
        self.early_before = [x.target.earliest if x.target else -FAR for x in jobs]
        self.early_cost = [x.target.early_cost if x.target else 0 for x in jobs]
        for j, (_, start) in self.pin.items():
            self.low[j] = self.high[j] = start
        self.wish = list(self.low)
        for j in range(self.n):
            if self.early_cost[j]:
                self.wish[j] = max(self.wish[j], min(self.early_before[j], self.high[j]))
            if j in self.told and weights.moved_second:
                free_from = self.told[j][1] - weights.moved_tolerance
                self.wish[j] = max(self.wish[j], min(free_from, self.high[j]))

    def _breaks(self) -> None:
        """Break nodes stand in a route that is still empty in an order in which they can all be taken."""
        self.rests: list[list[int]] = []
        self.rest_of: list[tuple[int, int]] = []
        for c, carer in enumerate(self.problem.carers):
            order = _order(carer.breaks)
            self.rests.append([self.n + len(self.rest_of) + i for i in range(len(order))])
            for k in order:
                rest = carer.breaks[k]
                self.rest_of.append((c, k))
                self.duration.append(rest.duration)
                self.low.append(rest.earliest)
                self.high.append(rest.latest)
        self.nodes = len(self.duration)

    def _links(self) -> None:
        self.links: list[list[tuple[int, int, int]]] = [[] for _ in range(self.n)]
        self.different: list[list[int]] = [[] for _ in range(self.n)]
        self.same: list[list[int]] = [[] for _ in range(self.n)]
        leader = list(range(self.n))

        def lead(j: int) -> int:
            while leader[j] != j:
                j = leader[j]
            return j

        for link in self.problem.links:
            a, b = self.number[link.first], self.number[link.second]
            least, most = link.min_gap, FAR if link.max_gap is None else link.max_gap
            if a in self.pin and b in self.pin:
                least, most = -FAR, FAR
            self.links[a].append((b, least, most))
            self.links[b].append((a, -most, -least))
            if link.carers is not LinkCarers.ANY:
                kind = self.different if link.carers is LinkCarers.DIFFERENT else self.same
                kind[a].append(b)
                kind[b].append(a)
            if link.all_or_none:
                leader[max(lead(a), lead(b))] = min(lead(a), lead(b))
        together: dict[int, list[int]] = {}
        for j in range(self.n):
            together.setdefault(lead(j), []).append(j)
        self.partners = [tuple(together[lead(j)]) for j in range(self.n)]

    def _prices(self, j: int, job: Job) -> list[int]:
        prices = [job.carer_cost(carer.id) for carer in self.problem.carers]
        if j in self.told:
            for c in range(len(prices)):
                prices[c] += self.problem.weights.moved_carer if c != self.told[j][0] else 0
        return prices

    def _allowed(self, j: int, job: Job) -> list[int]:
        """Carers who may come and are at work then, the cheapest first; ways say nothing where a detour can be the shorter."""
        if j in self.pin:
            return [self.pin[j][0]]
        able = [
            c
            for c, carer in enumerate(self.problem.carers)
            if job.skills <= carer.skills
            and carer.id not in job.forbidden_carers
            and max(job.earliest, carer.shift.start) <= min(job.latest, carer.shift.end - job.duration)
        ]
        return sorted(able, key=self.price[j].__getitem__)

    def start_cost(self, j: int, start: int) -> int:
        """What it costs, beside the day's largest lateness, that job j starts then."""
        cost = 0
        if start > self.late_after[j]:
            cost = self.late_cost[j] * (start - self.late_after[j])
        elif start < self.early_before[j]:
            cost = self.early_cost[j] * (self.early_before[j] - start)
        if j in self.told:
            weights = self.problem.weights
            cost += weights.moved_second * max(0, abs(start - self.told[j][1]) - weights.moved_tolerance)
        return cost

    def floor_at(self, j: int, start: int) -> int:
        """How early job j may begin where it now begins then: as early as that where an early start can cost, else as it likes."""
        waits = self.early_cost[j] > 0 or j in self.told
        return max(self.low[j], min(self.high[j], start)) if waits else self.low[j]

    def way(self, c: int, jobs: list[int]) -> int:
        """Seconds that carer c travels for these jobs in this order."""
        if not jobs:
            return 0
        row = self.matrix[c]
        places = [self.origin[c], *(self.place[j] for j in jobs), self.goal[c]]
        return sum(row[a][b] for a, b in pairwise(places))


def _order(breaks: Sequence[Break]) -> Sequence[int]:
    """As the windows close; where that leaves no time for one of them, the first other order that does, if there is any."""
    closing = sorted(range(len(breaks)), key=lambda k: (breaks[k].latest, breaks[k].earliest))
    orders = islice(permutations(closing), _ORDERS)
    return next((order for order in orders if _fit([breaks[k] for k in order])), closing)


def _fit(breaks: Iterable[Break]) -> bool:
    """Whether breaks can be taken one after the other."""
    free = -FAR
    for rest in breaks:
        start = max(free, rest.earliest)
        if start > rest.latest:
            return False
        free = start + rest.duration
    return True
