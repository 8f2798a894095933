"""What keeps each carer from a job that is left, found by trying: obstacles are taken away until the job fits, and given back
one by one for as long as it still does. What is left of them is named; so each named one counts, and together they are all.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations

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
from scheduler.trial import Trial, able, allowing, lengthened, starts_between, stretches, unpinned

_STRETCHES = 12  # of a route tried as what stands in the way, before all of it is


def why_not(trial: Trial, job: JobId) -> tuple[WhyNot, ...]:
    """One for each carer, in the order of the problem."""
    facts = trial.facts
    return tuple(_Question(trial, facts.number[job], c).answer() for c in range(len(facts.problem.carers)))


class _Question:
    """Why carer c cannot have job j."""

    def __init__(self, trial: Trial, j: int, c: int) -> None:
        self.trial, self.j, self.c = trial, j, c
        self.facts = trial.facts
        self.job, self.carer = self.facts.problem.jobs[j], self.facts.problem.carers[c]
        self.partners = [o for o in self.facts.partners[j] if o != j and trial.timeline.home[o] < 0]

    def answer(self) -> WhyNot:
        obstacles, eased = self._by_the_rules()
        with self.trial.given(eased):
            jobs = self._in_the_way(self._neighbours())
            if jobs is not None:
                return self._without(jobs, obstacles)
        shift, breaks = self._in_an_empty_day(eased)
        with self.trial.given(lengthened(eased, self.c, earlier=shift.earlier, later=shift.later), eased=self.c):
            self._drop(breaks)
            jobs = self._in_the_way(chain(self._neighbours(), self._crowds()))
            if jobs is None:
                raise AssertionError("an empty plan holds every job that an empty day does")
            if shift.earlier or shift.later:
                obstacles.append(shift)
            if breaks:
                rest_of = self.facts.rest_of
                obstacles.append(BreaksInTheWay(tuple(sorted(rest_of[v - self.facts.n][1] + 1 for v in breaks))))
            return self._without(jobs, obstacles)

    def _by_the_rules(self) -> tuple[list[Obstacle], Indexed]:
        """What no plan could change, and the facts without it."""
        obstacles: list[Obstacle] = []
        missing = tuple(sorted(self.job.skills - self.carer.skills))
        if missing:
            obstacles.append(MissingSkills(missing))
        if self.carer.id in self.job.forbidden_carers:
            obstacles.append(Forbidden())
        eased = allowing(self.facts, {self.j: [self.c], **{o: able(self.facts, o) for o in self.partners}})
        pin = self.facts.pin.get(self.j)
        if pin is not None and not (pin[0] == self.c and self.job.earliest <= pin[1] <= self.job.latest):
            obstacles.append(PinInTheWay())
            eased = unpinned(eased, self.j)
        return obstacles, eased

    def _without(self, jobs: list[int], obstacles: list[Obstacle]) -> WhyNot:
        """What is left to say once these jobs are out of the way, too."""
        trial = self.trial
        if jobs:
            obstacles.append(JobsInTheWay(self._ids(jobs)))
            trial.free(trial.together(jobs))
        if self.partners and not trial.fit([self.j, *self.partners]):
            obstacles.append(PartnersUnplaced(self._ids(self.partners)))
        if trial.timeline.home[self.j] < 0:
            trial.fit([self.j])
        if not obstacles and trial.extra_cost >= 0:
            trial.free([self.j, *self.partners])
            trial.fit([self.j, *self.partners], calmly=False)
            if trial.extra_cost >= 0:
                obstacles.append(TooDear(trial.extra_cost))
        return WhyNot(self.carer.id, tuple(obstacles), trial.timeline.start[self.j])

    # -- the carer's own day ------------------------------------------------------------------------------------------

    def _in_an_empty_day(self, eased: Indexed) -> tuple[ShiftTooShort, tuple[int, ...]]:
        """How much longer the shift, and without which breaks, the carer could come with nothing else to do."""
        trial, timeline = self.trial, self.trial.timeline
        with trial.given(eased):
            trial.free(trial.together([*trial.placed_with(self.c), *self._linked()]))
            rests = [v for v in timeline.routes[self.c] if v >= eased.n]
            for breaks in chain.from_iterable(combinations(rests, count) for count in range(len(rests) + 1)):
                with trial.given(eased, eased=self.c):
                    self._drop(breaks)
                    lacking = self._lacking()
                for shift in lacking:
                    longer = lengthened(eased, self.c, earlier=shift.earlier, later=shift.later)
                    with trial.given(longer, eased=self.c):
                        self._drop(breaks)
                        if trial.fit([self.j]):
                            return shift, breaks
        raise AssertionError("without breaks, and with a shift that is long enough, an empty day holds a job")

    def _lacking(self) -> list[ShiftTooShort]:
        """By how much the shift would have to be longer, for each place among its breaks; the least first."""
        timeline, j = self.trial.timeline, self.j
        facts, found = timeline.facts, set()
        for gap in timeline.gaps(self.c):
            first, last = starts_between(facts, j, self.c, gap, gap)
            start = max(facts.low[j], min(facts.high[j], first))
            found.add(ShiftTooShort(max(0, first - start), max(0, start - last)))
        return sorted(found, key=lambda x: (x.earlier + x.later, x.later))

    def _drop(self, breaks: tuple[int, ...]) -> None:
        timeline = self.trial.timeline
        timeline.routes[self.c] = [v for v in timeline.routes[self.c] if v not in breaks]
        timeline.settle([self.c])

    # -- others in the way --------------------------------------------------------------------------------------------

    def _linked(self) -> list[int]:
        """Placed jobs that bind this one."""
        return sorted({o for o, _, _ in self.facts.links[self.j] if self.trial.timeline.home[o] >= 0})

    def _in_the_way(self, suspects: Iterable[list[int]]) -> list[int] | None:
        """The first of these sets of jobs without which this one fits, as far as it is needed; None where none does."""
        for jobs in suspects:
            if self.trial.fits_without(jobs, [self.j]):
                return self._needed(jobs)
        return None

    def _neighbours(self) -> Iterator[list[int]]:
        """Nobody; whom the job is linked to; stops of the route, the fewest first; both."""
        linked = self._linked()
        yield []
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
        found = {x.jobs for x in stretches(self.trial.timeline, self.j, self.c)}

        def weight(jobs: tuple[int, ...]) -> tuple[int, int, int]:
            return len(jobs), sum(o in facts.pin for o in jobs), sum(facts.unplaced_cost[o] for o in jobs)

        return [list(jobs) for jobs in sorted(found, key=lambda jobs: (weight(jobs), jobs))][:_STRETCHES]

    def _needed(self, jobs: list[int]) -> list[int]:
        needed = list(jobs)
        for o in sorted(jobs, key=lambda o: -self.facts.unplaced_cost[o]):
            others = [v for v in needed if v != o]
            if self.trial.fits_without(others, [self.j]):
                needed = others
        return needed

    def _ids(self, jobs: list[int]) -> tuple[JobId, ...]:
        return tuple(self.facts.problem.jobs[o].id for o in jobs)
