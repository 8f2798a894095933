"""What would help a visit that is left: one thing at a time is made easier, and the cheapest plan in which the visit then has a
place is built. A remedy is that plan, so its price is a fact and no estimate.

Lifting a ban is never proposed: a citizen, or a carer, has a reason for it.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from scheduler.comparison import JobChange, changes
from scheduler.errors import InvalidProblem
from scheduler.glance import Eased
from scheduler.indexed import FAR, Indexed
from scheduler.problem import Carer, CarerId, Job, JobId, Problem, Shift
from scheduler.solution import Route, Solution
from scheduler.timeline import Gap, Timeline
from scheduler.trial import Trial, able, allowing, widened

MOST = 5
_SHIFTS = 4  # longer shifts tried, the least first
_CHEAP, _LIGHT = (
    20,
    5,
)  # visits tried as the one that gives way: those whose place comes cheapest, those that cost least to drop


class RemedyKind(StrEnum):
    PLACE = "place"  # it fits as things are: only the price was against it
    WINDOW = "window"
    SKILL = "skill"
    SHIFT = "shift"
    MOVE = "move"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A plan in which the job has a place.

    `price`: what that plan costs more (less, where below 0) than the one in which the job is left. `earlier`, `later`: seconds by
    which the window of the job (and of all that go with it or not at all), or the shift of `helped`, is opened. `skill`: what
    `helped` lacks. `others`: the visits that move or are dropped. `changes`: what people would have to be told about these and
    whoever else moves. `routes`: those that become others.
    """

    kind: RemedyKind
    job: JobId
    carer: CarerId
    start: int
    price: int
    earlier: int = 0
    later: int = 0
    skill: str | None = None
    helped: CarerId | None = None
    others: tuple[JobId, ...] = ()
    changes: tuple[JobChange, ...] = ()
    routes: tuple[Route, ...] = ()


def remedies(problem: Problem, solution: Solution, job: JobId) -> tuple[Remedy, ...]:
    """At most `MOST`, the cheapest first, no two of a kind (a window may open at either end). Empty where nothing single helps,
    and for what is pinned: that is not the plan's to place.

    Raises InvalidProblem for a job that is not unplaced.
    """
    if job not in problem.job_by_id or job in solution.placed:
        raise InvalidProblem("job", job, "is not an unplaced job of the problem")
    search = _Search(problem, solution, job)
    found = [] if any(j in search.facts.pin for j in search.group) else search.remedies()
    return tuple(sorted(found, key=lambda remedy: remedy.price)[:MOST])


def apply_remedy(problem: Problem, solution: Solution, remedy: Remedy) -> tuple[Problem, Solution]:
    """The problem as the remedy would have it, and the plan in which the job has its place."""
    jobs, carers = problem.jobs, problem.carers
    if remedy.kind is RemedyKind.WINDOW:
        facts = Indexed(problem)
        group = {problem.jobs[o].id for o in facts.partners[facts.number[remedy.job]]}
        jobs = tuple(_opened(x, remedy) if x.id in group else x for x in jobs)
    elif remedy.kind in {RemedyKind.SKILL, RemedyKind.SHIFT}:
        carers = tuple(_helped(x, remedy) if x.id == remedy.helped else x for x in carers)
    return replace(problem, jobs=jobs, carers=carers), solution.with_routes(remedy.routes)


def _opened(job: Job, remedy: Remedy) -> Job:
    return replace(job, earliest=job.earliest - remedy.earlier, latest=job.latest + remedy.later)


def _helped(carer: Carer, remedy: Remedy) -> Carer:
    shift = Shift(carer.shift.start - remedy.earlier, carer.shift.end + remedy.later)
    return replace(carer, skills=carer.skills | ({remedy.skill} if remedy.skill else set()), shift=shift)


class _Choice(NamedTuple):
    """Visits that could give way to job j, with one of these carers."""

    j: int
    carers: tuple[int, ...]
    jobs: tuple[int, ...]


class _GivingWay(NamedTuple):
    price: int
    choice: _Choice
    refilled: bool


class _Search:
    def __init__(self, problem: Problem, solution: Solution, job: JobId) -> None:
        self.problem, self.plan, self.job = problem, solution, job
        self.trial = Trial(problem, solution)
        self.facts, self.timeline = self.trial.facts, self.trial.timeline
        self.j = self.facts.number[job]
        self.group = [self.j, *(o for o in self.facts.partners[self.j] if o != self.j and self.timeline.home[o] < 0)]

    def remedies(self) -> list[Remedy]:
        """One of each kind that helps, as cheap or as small as can be; none that costs more than no help at all would."""
        place = self._as_things_are()
        found = [place, self._skill(), self._shift(), *self._giving_way()]
        if place is None:
            found += [self._window(earlier=True), self._window(earlier=False)]
        return [x for x in found if x is not None and (place is None or x is place or x.price < place.price)]

    def _as_things_are(self) -> Remedy | None:
        with self.trial.given(self.facts):
            return self._remedy(RemedyKind.PLACE) if self.trial.fit(self.group, calmly=False) else None

    # -- the window ---------------------------------------------------------------------------------------------------

    def _window(self, *, earlier: bool) -> Remedy | None:
        """Opened as little as can be, at one end."""
        widths = self._widths(earlier=earlier)

        def eased(width: int) -> Indexed:
            sides = (width, 0) if earlier else (0, width)
            return widened(self.facts, self.group, earlier=sides[0], later=sides[1])

        def fits(width: int) -> bool:
            with self.trial.given(eased(width)):
                return self.trial.fit(self.group)

        least = bisect_left(widths, True, key=fits)
        if least == len(widths):
            return None
        with self.trial.given(eased(widths[least])):
            self.trial.fit(self.group)
            start, facts = self.timeline.start, self.facts
            too_early = max(facts.low[j] - start[j] for j in self.group)
            too_late = max(start[j] - facts.high[j] for j in self.group)
            return self._remedy(RemedyKind.WINDOW, earlier=max(0, too_early), later=max(0, too_late))

    def _widths(self, *, earlier: bool) -> list[int]:
        """How wide it would have to be for each place that the bounds of a route leave to one job of the group."""
        facts, found = self.facts, set()
        for j in self.group:
            for c in able(facts, j):
                for gap in self.timeline.gaps(c):
                    first, last = _starts_between(facts, j, c, gap)
                    if first <= last:
                        found.add(facts.low[j] - last if earlier else first - facts.high[j])
        return sorted(width for width in found if width > 0)

    # -- the carers ---------------------------------------------------------------------------------------------------

    def _skill(self) -> Remedy | None:
        """The one skill that a carer lacks; of all carers, the one with whom it comes cheapest."""
        best: tuple[int, int, int, str] | None = None
        for j in self.group:
            job = self.problem.jobs[j]
            for c, carer in enumerate(self.problem.carers):
                missing = sorted(job.skills - carer.skills)
                if len(missing) == 1 and carer.id not in job.forbidden_carers:
                    with self.trial.given(allowing(self.facts, {j: [c]})):
                        if self.trial.fit(self.group) and (best is None or self.trial.extra_cost < best[0]):
                            best = (self.trial.extra_cost, j, c, missing[0])
        if best is None:
            return None
        _, j, c, skill = best
        with self.trial.given(allowing(self.facts, {j: [c]})):
            self.trial.fit(self.group)
            return self._remedy(RemedyKind.SKILL, skill=skill, helped=self.problem.carers[c].id)

    def _shift(self) -> Remedy | None:
        """The least by which one carer's shift, begun earlier or ended later, would have to be longer."""
        lacking = sorted(
            (earlier + later, earlier, later, j, c)
            for j in self.group
            for c in able(self.facts, j)
            for earlier, later in (*self._begun_earlier(j, c), *self._ended_later(j, c))
        )
        for _, earlier, later, j, c in lacking[:_SHIFTS]:
            with self.trial.given(allowing(self.facts, {j: [c]}), Eased((), c, earlier, later)):
                if self.trial.fit(self.group):
                    helped = self.problem.carers[c].id
                    return self._remedy(RemedyKind.SHIFT, earlier=earlier, later=later, helped=helped)
        return None

    def _begun_earlier(self, j: int, c: int) -> Iterator[tuple[int, int]]:
        with self.trial.given(self.facts, Eased((), c, earlier=FAR)):
            for _ in self._each_place(j, c):
                earlier = self.facts.shift_start[c] - _leaves_by(self.timeline, c)
                if earlier > 0:
                    yield earlier, 0

    def _ended_later(self, j: int, c: int) -> Iterator[tuple[int, int]]:
        with self.trial.given(self.facts, Eased((), c, later=FAR)):
            for _ in self._each_place(j, c):
                later = _back_at(self.timeline, c) - self.facts.shift_end[c]
                if later > 0:
                    yield 0, later

    def _each_place(self, j: int, c: int) -> Iterator[None]:
        """Puts the job into each place of the route that holds it, one after the other."""
        timeline, facts = self.timeline, self.timeline.facts
        before = timeline.memory()
        for gap in timeline.gaps(c):
            first, last = _starts_between(facts, j, c, gap)
            if max(first, facts.low[j]) <= min(last, facts.high[j]):
                timeline.floor[j] = facts.low[j]
                if timeline.insert(j, c, gap.position) is not None:
                    yield
                timeline.recall(before)

    # -- others -------------------------------------------------------------------------------------------------------

    def _giving_way(self) -> list[Remedy]:
        """The visits that best move, and those that are best dropped instead."""
        best: dict[RemedyKind, _GivingWay] = {}
        for choice in self._choices():
            for kind, found in self._given_way(choice):
                best[kind] = min(best.get(kind, found), found)
        return [self._built(kind, found) for kind, found in best.items()]

    def _choices(self) -> list[_Choice]:
        """Visits that keep the job from a carer by the bounds of a route, one at a time, and those that it is linked to."""
        facts, home = self.facts, self.timeline.home
        found = [
            (stretch.detour + facts.price[j][c], _Choice(j, (c,), stretch.jobs))
            for j in self.group
            for c in facts.allowed[j]
            for stretch in self.trial.glance.stretches(j, c, Eased())
            if len(stretch.jobs) == 1
        ]
        cheap = sorted(found)[:_CHEAP]
        light = sorted(found, key=lambda x: (facts.unplaced_cost[x[1].jobs[0]], x))[:_LIGHT]
        choices = [choice for _, choice in (*cheap, *light)]
        for j in self.group:
            linked = tuple(sorted({o for o, _, _ in facts.links[j] if home[o] >= 0}))
            sets = dict.fromkeys([*((o,) for o in linked), *([linked] if linked else [])])
            choices += [_Choice(j, tuple(facts.allowed[j]), jobs) for jobs in sets]
        return [x for x in dict.fromkeys(choices) if not any(o in facts.pin for o in self.trial.together(x.jobs))]

    def _given_way(self, choice: _Choice) -> Iterator[tuple[RemedyKind, _GivingWay]]:
        """What it costs to drop those visits, and to place them anew as far as they can be."""
        trial = self.trial
        with trial.given(allowing(self.facts, {choice.j: list(choice.carers)})):
            freed = trial.together(choice.jobs)
            if not (trial.free(freed) and trial.fit(self.group)):
                return
            yield RemedyKind.DROP, _GivingWay(trial.extra_cost, choice, refilled=False)
            if self._refill(freed):
                moved = all(self.timeline.home[o] >= 0 for o in freed)
                kind = RemedyKind.MOVE if moved else RemedyKind.DROP
                yield kind, _GivingWay(trial.extra_cost, choice, refilled=True)

    def _built(self, kind: RemedyKind, found: _GivingWay) -> Remedy:
        trial, choice = self.trial, found.choice
        with trial.given(allowing(self.facts, {choice.j: list(choice.carers)})):
            freed = trial.together(choice.jobs)
            trial.free(freed)
            trial.fit(self.group)
            if found.refilled:
                self._refill(freed)
            others = [o for o in freed if kind is RemedyKind.MOVE or self.timeline.home[o] < 0]
            return self._remedy(kind, others=tuple(self.problem.jobs[o].id for o in others))

    def _refill(self, freed: list[int]) -> bool:
        """Place those anew that can be; whether any can."""
        groups = dict.fromkeys(self.facts.partners[o] for o in freed)
        placed = [self.trial.fit([o for o in group if o in freed]) for group in groups]
        return any(placed)

    def _remedy(
        self,
        kind: RemedyKind,
        *,
        earlier: int = 0,
        later: int = 0,
        skill: str | None = None,
        helped: CarerId | None = None,
        others: tuple[JobId, ...] = (),
    ) -> Remedy:
        """The day on trial as a remedy."""
        routes = self.trial.routes()
        group = {self.problem.jobs[j].id for j in self.group}
        told = changes(self.problem, self.plan, self.plan.with_routes(routes))
        return Remedy(
            kind=kind,
            job=self.job,
            carer=self.problem.carers[self.timeline.home[self.j]].id,
            start=self.timeline.start[self.j],
            price=self.trial.extra_cost,
            earlier=earlier,
            later=later,
            skill=skill,
            helped=helped,
            others=others,
            changes=tuple(x for x in told if x.job not in group),
            routes=routes,
        )


# -- the bounds of a route --------------------------------------------------------------------------------------------


def _starts_between(facts: Indexed, j: int, c: int, gap: Gap) -> tuple[int, int]:
    """The first and the last second at which j could start between the way into one gap and the way out of another (or the
    same), its own window aside; first > last where there is no time. Links can make it less.
    """
    row, at = facts.matrix[c], facts.place[j]
    first = max(gap.moving + row[gap.here][at], gap.ready)
    last = min(gap.before_rest, gap.before_stop - gap.resting - row[at][gap.there]) - facts.duration[j]
    return first, last


def _leaves_by(timeline: Timeline, c: int) -> int:
    """When carer c has to leave at the latest, links aside."""
    facts, gap = timeline.facts, timeline.gaps(c)[0]
    way = facts.matrix[c][facts.origin[c]][gap.there]
    return min(gap.before_rest, gap.before_stop - gap.resting - way)


def _back_at(timeline: Timeline, c: int) -> int:
    """When carer c is back at the earliest."""
    facts, gap = timeline.facts, timeline.gaps(c)[-1]
    return max(gap.ready, gap.moving + facts.matrix[c][gap.here][facts.goal[c]])
