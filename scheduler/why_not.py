"""What keeps each carer from a job that is left, found by trying: obstacles are taken away until the job fits, and given back
one by one for as long as it still does. What is left of them is named; so each named one counts, and together they are all.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations

from scheduler.glance import AS_IT_IS, Eased, Glance, Nodes, alone, bounds
from scheduler.indexed import Indexed
from scheduler.problem import JobId
from scheduler.reasons import (
    BreaksInTheWay,
    Forbidden,
    JobsInTheWay,
    MissingSkills,
    Obstacle,
    PartnersUnplaced,
    PinInTheWay,
    ShiftTooShort,
    TooDear,
    WhyNot,
)
from scheduler.trial import Trial, able, allowing, unpinned

_STRETCHES = 12  # of a route tried as what stands in the way, before all of it is


def why_not(trial: Trial, job: JobId) -> tuple[WhyNot, ...]:
    """One for each carer, in the order of the problem."""
    facts = trial.facts
    return tuple(_Question(trial, facts.number[job], c).answer() for c in range(len(facts.problem.carers)))


class _Question:
    """Why carer c cannot have job j. Only what a glance at the routes leaves open is put on trial.

    `eased`: how the carer's day has been made easier so far.
    """

    def __init__(self, trial: Trial, j: int, c: int) -> None:
        self.trial, self.j, self.c = trial, j, c
        self.facts, self.glance = trial.facts, trial.glance
        self.eased = AS_IT_IS
        self.job, self.carer = self.facts.problem.jobs[j], self.facts.problem.carers[c]
        self.partners = [o for o in self.facts.partners[j] if o != j and trial.timeline.home[o] < 0]

    def answer(self) -> WhyNot:
        obstacles = self._by_the_rules()
        jobs = self._in_the_way(self._neighbours()) if self.glance.reaches(self.j, self.c, self.eased) else None
        if jobs is None:
            obstacles += self._by_the_day()
            jobs = self._in_the_way(chain(self._neighbours(), self._crowds()))
            if jobs is None:  # links of those who stay elsewhere: no reason is found, and that is said
                return WhyNot(self.carer.id, ())
        if jobs:
            obstacles.append(JobsInTheWay(self._ids(jobs)))
        if self.partners and not self._partners_fit(jobs):
            obstacles.append(PartnersUnplaced(self._ids(self.partners)))
        return WhyNot(self.carer.id, tuple(obstacles or self._by_the_price()))

    # -- obstacles ----------------------------------------------------------------------------------------------------

    def _by_the_rules(self) -> list[Obstacle]:
        """What no plan could change; the day is eased by it."""
        obstacles: list[Obstacle] = []
        missing = tuple(sorted(self.job.skills - self.carer.skills))
        if missing:
            obstacles.append(MissingSkills(missing))
        if self.carer.id in self.job.forbidden_carers:
            obstacles.append(Forbidden())
        pin = self.facts.pin.get(self.j)
        if pin is not None and not (pin[0] == self.c and self.job.earliest <= pin[1] <= self.job.latest):
            obstacles.append(PinInTheWay())
            self.glance = Glance(self.trial.timeline, unpinned(self.facts, self.j))
        return obstacles

    def _by_the_day(self) -> Iterator[Obstacle]:
        """By how much the shift is too short, and which breaks stand in the way, of a carer with nothing else to do; the day is
        eased by both.
        """
        facts, c = self.facts, self.c
        rests = [v for v in self.trial.timeline.routes[c] if v >= facts.n]
        others = [*self.trial.placed_with(c), *self._linked()]
        for breaks in chain.from_iterable(combinations(rests, count) for count in range(len(rests) + 1)):
            left = tuple(v for v in rests if v not in breaks)
            for shift in self._lacking(left):
                self.eased = Eased(breaks, c, shift.earlier, shift.later)
                if self.glance.spans(self.j, c, self._without(others)):
                    if shift.earlier or shift.later:
                        yield shift
                    if breaks:
                        yield BreaksInTheWay(tuple(sorted(facts.rest_of[v - facts.n][1] + 1 for v in breaks)))
                    return
        raise AssertionError("without breaks, and with a shift that is long enough, an empty day holds a job")

    def _lacking(self, rests: Nodes) -> list[ShiftTooShort]:
        """By how much the shift would have to be longer, for each place among these breaks; the least first."""
        facts, j, found = self.glance.facts, self.j, set()
        for first, last in bounds(facts, j, self.c, alone(facts, self.c, AS_IT_IS.shift(facts, self.c), rests)):
            start = max(facts.low[j], min(facts.high[j], first))
            found.add(ShiftTooShort(max(0, first - start), max(0, start - last)))
        return sorted(found, key=lambda x: (x.earlier + x.later, x.later))

    def _by_the_price(self) -> Iterator[Obstacle]:
        """What it costs too much, as it fits."""
        with self.trial.given(self._allowing()):
            self.trial.fit([self.j, *self.partners], calmly=False)
            if self.trial.extra_cost >= 0:
                yield TooDear(self.trial.extra_cost)

    # -- whether it fits ----------------------------------------------------------------------------------------------

    def _without(self, jobs: Iterable[int]) -> Eased:
        """The eased day, these gone too."""
        return self.eased._replace(gone={*self.eased.gone, *jobs})

    def _fits(self, jobs: Iterable[int]) -> bool:
        """Whether the job itself fits once these are out of the plan."""
        eased = self._without(self.trial.together(jobs))
        found = self.glance.fits(self.j, self.c, eased)
        return self._tried(eased, [self.j]) if found is None else found

    def _partners_fit(self, jobs: Iterable[int]) -> bool:
        """Whether its partners fit beside it, too."""
        eased = self._without(self.trial.together(jobs))
        found = {self.glance.fits_beside(o, able(self.facts, o), self.j, self.c, eased) for o in self.partners}
        if False in found or (found == {True} and len(self.partners) == 1):
            return False not in found
        return self._tried(eased, [self.j, *self.partners])

    def _tried(self, eased: Eased, jobs: list[int]) -> bool:
        with self.trial.given(self._allowing(), eased) as holds:
            return holds and self.trial.may_fit(jobs)

    def _allowing(self) -> Indexed:
        """The job may be done by just this carer, its partners by whoever is able to."""
        return allowing(self.glance.facts, {self.j: [self.c], **{o: able(self.facts, o) for o in self.partners}})

    # -- others in the way --------------------------------------------------------------------------------------------

    def _linked(self) -> list[int]:
        """Placed jobs that bind this one."""
        return sorted({o for o, _, _ in self.facts.links[self.j] if self.trial.timeline.home[o] >= 0})

    def _in_the_way(self, suspects: Iterable[list[int]]) -> list[int] | None:
        """The first of these sets of jobs without which this one fits, as far as it is needed; None where none does."""
        for jobs in suspects:
            if self._fits(jobs):
                return self._needed(jobs)
        return None

    def _neighbours(self) -> Iterator[list[int]]:
        """Nobody; whom the job is linked to; stops of the route, the fewest first; both."""
        yield []
        linked = self._linked()
        if linked:
            yield linked
        stretches = self._stretches()
        yield from stretches
        if linked:
            yield from ([*linked, *jobs] for jobs in stretches)

    def _crowds(self) -> Iterator[list[int]]:
        """All of the route; everybody."""
        home = self.trial.timeline.home
        yield sorted({*self.trial.placed_with(self.c), *self._linked()})
        yield [o for o in range(self.facts.n) if home[o] >= 0]

    def _stretches(self) -> list[list[int]]:
        """Neighbours in the route in whose place this one could go by the route's own bounds; the fewest first."""
        facts = self.facts
        found = {x.jobs for x in self.glance.stretches(self.j, self.c, self.eased)}

        def weight(jobs: tuple[int, ...]) -> tuple[int, int, int]:
            return len(jobs), sum(o in facts.pin for o in jobs), sum(facts.unplaced_cost[o] for o in jobs)

        return [list(jobs) for jobs in sorted(found, key=lambda jobs: (weight(jobs), jobs))][:_STRETCHES]

    def _needed(self, jobs: list[int]) -> list[int]:
        needed = list(jobs)
        for o in sorted(jobs, key=lambda o: -self.facts.unplaced_cost[o]):
            others = [v for v in needed if v != o]
            if others and self._fits(others):
                needed = others
        return needed

    def _ids(self, jobs: list[int]) -> tuple[JobId, ...]:
        return tuple(self.facts.problem.jobs[o].id for o in jobs)
