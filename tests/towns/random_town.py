"""Any small day that the format can say: crooked travel times, odd windows, breaks, links, pins, what is published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from hypothesis import strategies as st

from scheduler import (
    Break,
    Carer,
    CarerId,
    CitizenId,
    Job,
    JobId,
    Link,
    LinkCarers,
    Location,
    LocationId,
    Pinned,
    Problem,
    Published,
    Shift,
    Steps,
    Target,
    TravelTimes,
    Weights,
)
from scheduler.solvers.greedy import Greedy
from tests.towns.day import MORNING

_SKILLS = st.frozensets(st.sampled_from(["delegation", "lift"]))


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything a random town may have; what stands first is the plainest."""

    carers: Sequence[int] = (2, 3, 1, 0)
    jobs: Sequence[int] = (5, 7, 3, 1, 0)
    links: Sequence[int] = (1, 2, 3, 0)
    places: int = 4
    breaks: int = 2
    told: int = 4
    fixed: int = 2


SMALL = Size()
WHOLE = Size(carers=range(9), jobs=range(41), links=range(13), places=12, breaks=3, told=20, fixed=5)


@st.composite
def random_town(draw: st.DrawFn, size: Size = SMALL) -> Problem:
    """Pins and what is published come from an answer to the rest of the problem, so that they do not contradict each other.

    No pins in crooked towns: two of them may fit together only with a third stop between them.
    """
    places = draw(st.integers(2, size.places))
    carers = draw(st.sampled_from(size.carers))
    jobs = draw(st.sampled_from(size.jobs))
    locations = tuple(Location(LocationId(f"L{i}")) for i in range(places))
    crooked = draw(st.booleans())
    travel = {mode: _matrix(draw, places, crooked=crooked) for mode in ("car", "walk")}
    problem = Problem(
        name="random-town",
        horizon_start=MORNING,
        weights=Weights(*(draw(st.integers(0, most)) for most in (3, 2, 900, 2, 900))),
        locations=locations,
        travel=TravelTimes.of(travel),
        carers=tuple(_carer(draw, i, places, most_breaks=size.breaks) for i in range(carers)),
        jobs=tuple(_job(draw, i, places, carers) for i in range(jobs)),
        links=tuple(_link(draw, jobs) for _ in range(draw(st.sampled_from(size.links)) if jobs > 1 else 0)),
    )
    return _with_history(draw, problem, told=size.told, fixed=0 if crooked else size.fixed)


def _matrix(draw: st.DrawFn, places: int, *, crooked: bool) -> list[list[int]]:
    """`crooked`: a detour may be shorter than the direct way."""
    matrix = [[0 if a == b else draw(st.integers(0, 1200)) for b in range(places)] for a in range(places)]
    if not crooked:
        for via, a, b in product(range(places), repeat=3):
            matrix[a][b] = min(matrix[a][b], matrix[a][via] + matrix[via][b])
    return matrix


def _place(draw: st.DrawFn, places: int) -> LocationId:
    return LocationId(f"L{draw(st.integers(0, places - 1))}")


def _carer(draw: st.DrawFn, number: int, places: int, *, most_breaks: int) -> Carer:
    start = draw(st.integers(0, 14_400))
    breaks = []
    for _ in range(draw(st.integers(0, most_breaks))):
        earliest = start + draw(st.integers(0, 9000)) - draw(st.sampled_from([0, 0, 1800]))
        breaks.append(Break(earliest, earliest + draw(st.sampled_from([7200, 3600, 0])), draw(st.integers(0, 1800))))
    return Carer(
        id=CarerId(f"C{number}"),
        mode=draw(st.sampled_from(["car", "walk"])),
        shift=Shift(start, start + draw(st.sampled_from([21_600, 14_400, 7200, 0]))),
        start_location=_place(draw, places),
        end_location=_place(draw, places),
        skills=draw(_SKILLS),
        breaks=tuple(breaks),
    )


def _job(draw: st.DrawFn, number: int, places: int, carers: int) -> Job:
    earliest = draw(st.integers(3600, 14_400))
    latest = earliest + draw(st.sampled_from([14_400, 7200, 1800, 0]))
    wished = draw(st.integers(0, 18_000))
    target = Target(wished, wished + draw(st.integers(0, 1800)), draw(st.integers(0, 2)), draw(st.integers(0, 2)))
    names = [CarerId(f"C{i}") for i in range(carers)]
    some = st.frozensets(st.sampled_from(names), max_size=1) if names else st.just(frozenset())
    return Job(
        id=JobId(f"J{number}"),
        citizen=CitizenId(f"P{number}"),
        location=_place(draw, places),
        duration=draw(st.integers(0, 3600)),
        earliest=earliest,
        latest=latest,
        unplaced_cost=draw(st.sampled_from([50_000, 20_000, 1000, 0])),
        target=draw(st.sampled_from([None, target])),
        skills=draw(st.sampled_from([frozenset(), frozenset(), frozenset(), frozenset({"lift"})])),
        forbidden_carers=draw(st.one_of(st.just(frozenset()), some)),
        carer_costs={"other": draw(st.integers(0, 900)), **dict.fromkeys(draw(some), 0)},
    )


def _link(draw: st.DrawFn, jobs: int) -> Link:
    first, second = draw(st.lists(st.integers(0, jobs - 1), min_size=2, max_size=2, unique=True))
    least = draw(st.sampled_from([0, 0, 1800, -3600]))
    most = draw(st.sampled_from([None, least, least + 3600]))
    kind, both = draw(st.sampled_from(list(LinkCarers))), draw(st.booleans())
    return Link(JobId(f"J{first}"), JobId(f"J{second}"), least, most, kind, both)


def _with_history(draw: st.DrawFn, problem: Problem, *, told: int, fixed: int) -> Problem:
    earlier = Greedy().solve(problem, limit=Steps(0), seed=1)
    placed = sorted(earlier.placed.items())
    if not placed:
        return problem
    bound = {link.first for link in problem.links} | {link.second for link in problem.links}
    free = [entry for entry in placed if entry[0] not in bound]
    published = draw(st.lists(st.sampled_from(placed), unique=True, max_size=told))
    pinned = draw(st.lists(st.sampled_from(free), unique=True, max_size=fixed)) if free and fixed else []
    return replace(
        problem,
        published=tuple(Published(j, c, start + draw(st.integers(-1800, 1800))) for j, (c, start) in published),
        pinned=tuple(Pinned(j, c, start) for j, (c, start) in pinned),
    )
