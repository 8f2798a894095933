"""Random towns in which a few things are as hard as the format allows."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from scheduler import Break, Job, Link, LinkCarers, Pinned, Problem, Published, Target, Weights
from scheduler.checks import MOST
from tests.towns.random_town import SMALL, Size, random_town

Pressure = Callable[[st.DrawFn, Problem], Problem]


@st.composite
def pressed_town(draw: st.DrawFn, size: Size = SMALL) -> Problem:
    problem = draw(random_town(size))
    if problem.jobs and problem.carers:
        for pressure in draw(st.lists(st.sampled_from(PRESSURES), unique=True, max_size=3)):
            problem = pressure(draw, problem)
    return problem


def _jobs(problem: Problem, change: Callable[[Job], Job]) -> Problem:
    return replace(problem, jobs=tuple(change(job) for job in problem.jobs))


def chain(draw: st.DrawFn, problem: Problem) -> Problem:
    """Up to five visits that go all or none, one after the other, perhaps round in a circle."""
    ids = draw(st.permutations([job.id for job in problem.jobs]))[:5]
    if len(ids) < 2:
        return problem
    least = draw(st.sampled_from([0, 600, -600]))
    carers = draw(st.sampled_from(list(LinkCarers)))
    pairs = [*pairwise(ids), *([(ids[-1], ids[0])] if draw(st.booleans()) else [])]
    most = draw(st.sampled_from([None, least, least + 3600]))
    return replace(problem, links=(*problem.links, *(Link(a, b, least, most, carers, True) for a, b in pairs)))


def contradicting_pins(draw: st.DrawFn, problem: Problem) -> Problem:
    """Anybody, anywhere, at any time."""
    jobs = draw(st.lists(st.sampled_from(problem.jobs), min_size=1, max_size=4, unique_by=lambda job: job.id))
    carers = st.sampled_from(problem.carers)
    starts = st.integers(-7200, 43_200)
    return replace(problem, pinned=tuple(Pinned(job.id, draw(carers).id, draw(starts)) for job in jobs))


def told_by_anybody(draw: st.DrawFn, problem: Problem) -> Problem:
    """What was published fits neither skills nor shifts any more."""
    carers, starts = st.sampled_from(problem.carers), st.integers(-7200, 43_200)
    return replace(problem, published=tuple(Published(job.id, draw(carers).id, draw(starts)) for job in problem.jobs))


def one_place(_draw: st.DrawFn, problem: Problem) -> Problem:
    return _jobs(problem, lambda job: replace(job, location=problem.jobs[0].location))


def one_citizen(_draw: st.DrawFn, problem: Problem) -> Problem:
    return _jobs(problem, lambda job: replace(job, citizen=problem.jobs[0].citizen))


def sharp_windows(draw: st.DrawFn, problem: Problem) -> Problem:
    """A second wide, or two."""
    return _jobs(problem, lambda job: replace(job, latest=job.earliest + draw(st.integers(0, 1))))


def no_time_at_all(_draw: st.DrawFn, problem: Problem) -> Problem:
    """Visits that take no time, by carers who take none for their breaks."""
    carers = (
        replace(carer, breaks=tuple(replace(rest, duration=0) for rest in carer.breaks)) for carer in problem.carers
    )
    return _jobs(replace(problem, carers=tuple(carers)), lambda job: replace(job, duration=0))


def breaks_that_fit_nowhere(draw: st.DrawFn, problem: Problem) -> Problem:
    """For the first carer: before the shift, after it, or longer than it."""
    first, *others = problem.carers
    shift = first.shift
    impossible = [Break(shift.start - 9000, shift.start - 1, 0), Break(shift.end + 1, shift.end + 1, 0)]
    impossible.append(Break(shift.start, shift.end, shift.end - shift.start + 1))
    rest = draw(st.sampled_from(impossible))
    return replace(problem, carers=(replace(first, breaks=(*first.breaks, rest)), *others))


def early_costs(_draw: st.DrawFn, problem: Problem) -> Problem:
    """Everybody would be visited at one and the same second, and minds either side."""
    wish = Target(10_000, 10_000, early_cost=3, late_cost=2)
    return _jobs(problem, lambda job: replace(job, target=wish))


def dear(draw: st.DrawFn, problem: Problem) -> Problem:
    """Prices as large as the format allows, and as large as they may be by the second."""
    price, by_second = st.sampled_from([MOST, MOST - 1, 1, 0]), st.sampled_from([10**9, 10**9 - 1, 1, 0])
    wish = Target(5000, 9000, draw(by_second), draw(by_second))
    weights = Weights(draw(by_second), draw(by_second), draw(price), draw(by_second), draw(by_second))
    return _jobs(
        replace(problem, weights=weights),
        lambda job: replace(job, unplaced_cost=draw(price), target=wish, carer_costs={"other": draw(price)}),
    )


def another_day(draw: st.DrawFn, problem: Problem) -> Problem:
    """Days after the horizon's start, or before it."""
    return later(problem, draw(st.sampled_from([86_400, 700_000, -100_000])))


PRESSURES: tuple[Pressure, ...] = (
    chain,
    contradicting_pins,
    told_by_anybody,
    one_place,
    one_citizen,
    sharp_windows,
    no_time_at_all,
    breaks_that_fit_nowhere,
    early_costs,
    dear,
    another_day,
)


def later(problem: Problem, seconds: int) -> Problem:
    """The same day so much later."""

    def job_then(job: Job) -> Job:
        wish = job.target
        if wish is not None:
            wish = replace(wish, earliest=wish.earliest + seconds, latest=wish.latest + seconds)
        return replace(job, earliest=job.earliest + seconds, latest=job.latest + seconds, target=wish)

    carers = tuple(
        replace(
            carer,
            shift=replace(carer.shift, start=carer.shift.start + seconds, end=carer.shift.end + seconds),
            breaks=tuple(
                replace(rest, earliest=rest.earliest + seconds, latest=rest.latest + seconds) for rest in carer.breaks
            ),
        )
        for carer in problem.carers
    )
    return replace(
        _jobs(problem, job_then),
        carers=carers,
        pinned=tuple(replace(pin, start=pin.start + seconds) for pin in problem.pinned),
        published=tuple(replace(told, start=told.start + seconds) for told in problem.published),
    )
