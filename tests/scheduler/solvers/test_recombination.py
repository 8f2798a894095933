"""The best mix of routes that were seen, against small pools that can be mixed by hand or all tried."""

from collections.abc import Sequence
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import (
    JobId,
    Link,
    LinkCarers,
    Placement,
    Problem,
    Route,
    Solution,
    Target,
    Unplaced,
    Weights,
    breaches,
    evaluate,
)
from scheduler.indexed import Indexed
from scheduler.solvers.greedy import first_timeline
from scheduler.solvers.recombination import Column, recombine
from scheduler.timeline import Timeline
from tests.towns.day import at, carer, day, job
from tests.towns.random_town import random_town

CLUSTERS = ((0, 10, 10, 20), (10, 0, 20, 10), (10, 20, 0, 10), (20, 10, 10, 0))


def _columns_of(timeline: Timeline) -> list[Column]:
    facts, found = timeline.facts, []
    for c, nodes in enumerate(timeline.routes):
        jobs = [v for v in nodes if v < facts.n]
        if jobs and c not in timeline.set_aside:
            cost = facts.problem.weights.travel * facts.way(c, jobs)
            cost += sum(facts.price[j][c] + facts.start_cost(j, timeline.start[j]) for j in jobs)
            found.append(Column(c, tuple(nodes), tuple(timeline.start[v] for v in nodes), cost))
    return found


def _plan(facts: Indexed, columns: Sequence[Column], choice: Sequence[int]) -> Solution:
    problem, routes = facts.problem, []
    for column in (columns[i] for i in choice):
        times = dict(zip(column.nodes, column.starts, strict=True))
        stops = tuple(Placement(problem.jobs[v].id, s) for v, s in times.items() if v < facts.n)
        rests = sorted((facts.rest_of[v - facts.n][1], s) for v, s in times.items() if v >= facts.n)
        routes.append(Route(problem.carers[column.carer].id, stops, tuple(s for _, s in rests)))
    placed = {stop.job for route in routes for stop in route.stops}
    return Solution(problem.name, tuple(routes), tuple(Unplaced(x.id) for x in problem.jobs if x.id not in placed))


def _cost(facts: Indexed, columns: Sequence[Column], choice: Sequence[int]) -> int:
    return evaluate(facts.problem, _plan(facts, columns, choice)).total


def _drive(facts: Indexed, c: int, *stops: tuple[int, str]) -> Column:
    """Carer c's column with these jobs at these times."""
    jobs, starts = [j for j, _ in stops], [at(clock) for _, clock in stops]
    prices = sum(facts.price[j][c] + facts.start_cost(j, s) for j, s in zip(jobs, starts, strict=True))
    return Column(c, tuple(jobs), tuple(starts), facts.problem.weights.travel * facts.way(c, jobs) + prices)


def test_a_mix_of_two_plans_beats_both() -> None:
    """C1 to J1 and back is 20 minutes, C2 to J2 and back too, by J3 as well 40. The one plan leaves J3 out (100 minutes), in the
    other C1 comes an hour late.
    """
    jobs = [job(f"J{i}", f"L{i}", ("08:00", "15:00"), unplaced=6000) for i in (1, 2, 3)]
    jobs[0] = job("J1", "L1", ("08:00", "15:00"), unplaced=6000, target=Target(at("08:00"), at("09:00"), late_cost=1))
    facts = Indexed(day([carer("C1"), carer("C2")], jobs, minutes_between=CLUSTERS))
    pool = [
        _drive(facts, 0, (0, "08:10")),
        _drive(facts, 1, (1, "08:10")),
        _drive(facts, 0, (0, "10:00")),
        _drive(facts, 1, (1, "08:10"), (2, "08:50")),
    ]
    assert [_cost(facts, pool, plan) for plan in ([0, 1], [2, 3])] == [1200 + 1200 + 6000, 1200 + 3600 + 2400]
    assert recombine(facts, pool, [2, 3], seconds=5) == [0, 3]
    assert _cost(facts, pool, [0, 3]) == 1200 + 2400


def test_what_cannot_be_bettered_gives_no_answer() -> None:
    facts = Indexed(day([carer("C1")], [job("J1", "L1", ("08:00", "15:00"))]))
    assert recombine(facts, [_drive(facts, 0, (0, "09:00"))], [0], seconds=5) is None


def _pair(link: Link) -> tuple[Indexed, list[Column]]:
    """Both would like to begin at 10:00 or later. C1 has A at 09:00 or 10:00, C2 has B at 09:00 or 11:00."""
    wish = Target(at("10:00"), at("15:00"), early_cost=1)
    jobs = [job(name, "L1", ("08:00", "15:00"), target=wish) for name in ("A", "B")]
    facts = Indexed(day([carer("C1"), carer("C2")], jobs, links=[link]))
    pool = [_drive(facts, 0, (0, "09:00")), _drive(facts, 1, (1, "09:00"))]
    return facts, [*pool, _drive(facts, 0, (0, "10:00")), _drive(facts, 1, (1, "11:00"))]


def test_a_pair_whose_starts_disagree_is_not_mixed() -> None:
    """A at 10:00 and B at 11:00 would each cost nothing, but the two must begin together."""
    facts, pool = _pair(Link(JobId("A"), JobId("B"), 0, 0, LinkCarers.DIFFERENT, all_or_none=True))
    assert recombine(facts, pool, [0, 1], seconds=5) is None
    pool.append(_drive(facts, 1, (1, "10:00")))
    assert recombine(facts, pool, [0, 1], seconds=5) == [2, 4]


def test_jobs_that_follow_each_other_keep_their_distance() -> None:
    """B begins from half an hour to an hour after A: 10:00 and 11:00 may be mixed, 10:00 and 11:01 may not."""
    facts, pool = _pair(Link(JobId("A"), JobId("B"), 1800, 3600))
    pool[1] = _drive(facts, 1, (1, "09:30"))
    assert recombine(facts, pool, [0, 1], seconds=5) == [2, 3]
    pool[3] = _drive(facts, 1, (1, "11:01"))
    assert recombine(facts, pool, [0, 1], seconds=5) is None


def test_jobs_of_the_same_carer_stay_with_one() -> None:
    link = Link(JobId("A"), JobId("B"), 1800, None, LinkCarers.SAME)
    facts, pool = _pair(link)
    pool[:2] = [_drive(facts, 0, (0, "08:30"), (1, "09:00"))]
    assert recombine(facts, pool, [0], seconds=5) is None
    pool.append(_drive(facts, 1, (0, "10:00"), (1, "11:00")))
    assert recombine(facts, pool, [0], seconds=5) == [3]


def test_the_largest_lateness_counts_once_however_many_are_late() -> None:
    """Both half an hour late cost one half hour; one of them in time at ten minutes more of way would save nothing."""
    wish = Target(at("08:00"), at("08:30"))
    jobs = [job(name, place, ("08:00", "10:00"), target=wish) for name, place in (("A", "L1"), ("B", "L2"))]
    town = day([carer("C1"), carer("C2")], jobs, minutes_between=CLUSTERS, weights=Weights(travel=1, max_lateness=1))
    facts = Indexed(town)
    late, in_time = [_drive(facts, c, (c, "09:00")) for c in (0, 1)], [_drive(facts, c, (c, "08:30")) for c in (0, 1)]
    dearer = Column(0, in_time[0].nodes, in_time[0].starts, in_time[0].cost + 600)
    assert recombine(facts, [*late, dearer], [0, 1], seconds=5) is None
    assert recombine(facts, [*late, dearer, in_time[1]], [0, 1], seconds=5) == [2, 3]


def test_a_cancelled_recombination_has_no_answer() -> None:
    facts = Indexed(day([carer("C1")], [job("J1", "L1", ("08:00", "15:00"))]))
    pool = [_drive(facts, 0, (0, "09:00"))]
    assert recombine(facts, pool, [], seconds=5) == [0]
    assert recombine(facts, pool, [], seconds=5, is_cancelled=lambda: True) is None
    assert recombine(facts, pool, [], seconds=0) is None


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town(), seed=st.integers(1, 9))
def test_the_choice_is_the_best_sound_one_of_all(problem: Problem, seed: int) -> None:
    """Against every way to choose at most one route a carer out of four first plans."""
    facts = Indexed(problem)
    plans = [_columns_of(first_timeline(facts, seed=seed + k)) for k in range(4)]
    pool = list(dict.fromkeys(column for plan in plans for column in plan))
    incumbent = [pool.index(column) for column in plans[0]]
    found = recombine(facts, pool, incumbent, seconds=10)

    own = [[None, *(i for i, x in enumerate(pool) if x.carer == c)] for c in range(len(problem.carers))]
    tried = ([i for i in choice if i is not None] for choice in product(*own))
    sound = [choice for choice in tried if not breaches(problem, _plan(facts, pool, choice))]
    cheapest = min((_cost(facts, pool, choice) for choice in sound), default=0)
    if breaches(problem, _plan(facts, pool, incumbent)):
        return
    if found is None:
        assert cheapest == _cost(facts, pool, incumbent)
    else:
        assert breaches(problem, _plan(facts, pool, found)) == ()
        assert _cost(facts, pool, found) == cheapest < _cost(facts, pool, incumbent)
