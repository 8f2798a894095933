"""The compiled kernels against the timeline in plain Python, move by move."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import Problem, Seconds, breaches, evaluate
from scheduler.indexed import Indexed
from scheduler.limits import Steps
from scheduler.solvers.greedy import first_timeline
from scheduler.solvers.search.annealing import anneal, price_day
from scheduler.solvers.search.arrays import bring_back, copy_of, day_of, desk_for, facts_of
from scheduler.solvers.search.compiling import kernel
from scheduler.solvers.search.improving import cost_of, improve
from scheduler.solvers.search.layout import FAR, HOME, START, WORST, Day, Desk, Facts
from scheduler.solvers.search.moves import trial
from scheduler.solvers.search.places import best_place
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import Timeline, solution_of
from tests.towns.random_town import WHOLE, random_town

compiled_trial, compiled_best_place = kernel(trial), kernel(best_place)
some = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def planned(problem: Problem, *, seed: int = 1) -> Timeline:
    """The day that a search begins with."""
    return first_timeline(Indexed(problem), seed=seed)


def arrays_of(timeline: Timeline, *, seed: int = 1) -> tuple[Facts, Day, Desk]:
    facts = facts_of(timeline.facts, closed=frozenset(timeline.set_aside))
    day = day_of(timeline, facts)
    desk = desk_for(facts, day, seed=seed)
    assert price_day(facts, day, desk)
    return facts, day, desk


@some
@given(problem=random_town())
def test_a_day_has_the_same_times_and_cost_as_arrays(problem: Problem) -> None:
    timeline = planned(problem)
    _facts, day, _desk = arrays_of(timeline)
    for j in range(timeline.facts.n):
        assert day.state[j, HOME] == timeline.home[j]
        if timeline.home[j] >= 0:
            assert day.state[j, START] == timeline.start[j]
    assert day.head[WORST] == timeline.worst
    if not timeline.set_aside:
        assert cost_of(day) == timeline.cost()


@some
@given(problem=random_town(), seed=st.integers(0, 1000))
def test_each_insertion_costs_what_the_timeline_says(problem: Problem, seed: int) -> None:
    timeline = planned(problem)
    random = Random(seed)  # noqa: S311 - picks jobs
    taken = [j for j in range(timeline.facts.n) if timeline.home[j] >= 0 and j not in timeline.facts.pin]
    taken = [o for j in random.sample(taken, min(3, len(taken))) for o in timeline.facts.partners[j]]
    timeline.remove({j for j in taken if timeline.home[j] >= 0 and j not in timeline.facts.pin})
    if not timeline.settle():
        return
    facts, day, desk = arrays_of(timeline)
    for j in timeline.absent():
        for c in timeline.facts.allowed[j]:
            if c in timeline.set_aside:
                continue
            for position in range(len(timeline.routes[c]) + 1):
                truth = timeline.insert(j, c, position, keep=False)
                change = compiled_trial(facts, day, desk, j, c, position)
                assert (None if change >= FAR else change) == truth


@some
@given(problem=random_town())
def test_the_best_place_is_as_cheap_as_the_cheapest_of_all_places(problem: Problem) -> None:
    timeline = planned(problem)
    loose = [j for j in range(timeline.facts.n) if timeline.home[j] >= 0 and len(timeline.facts.partners[j]) == 1]
    loose = [j for j in loose if j not in timeline.facts.pin and not timeline.facts.links[j]]
    for j in loose[:4]:
        timeline.remove([j])
        if not timeline.settle():
            return
        facts, day, desk = arrays_of(timeline)
        found = [
            change
            for c in timeline.facts.allowed[j]
            if c not in timeline.set_aside
            for position in range(len(timeline.routes[c]) + 1)
            if (change := timeline.insert(j, c, position, keep=False)) is not None
        ]
        cost, c, _position = compiled_best_place(facts, day, desk, j, 0, FAR)
        assert (cost if c >= 0 else None) == (min(found) if found else None)


@some
@given(problem=st.one_of(random_town(), random_town(WHOLE)), seed=st.integers(0, 1000))
def test_a_search_ends_at_the_cost_it_has_counted(problem: Problem, seed: int) -> None:
    timeline = planned(problem)
    facts, current, desk = arrays_of(timeline, seed=seed)
    best = copy_of(current)
    anneal(facts, copy_of(current), best, current, desk, 150, 0, 150, 500.0, 5.0, 10, 50, 1.01, 20)
    for day in (current, best):
        assert bring_back(day, timeline)
        assert breaches(problem, solution_of(timeline)) == () or timeline.set_aside
        if not timeline.set_aside:
            assert timeline.cost() == cost_of(day)
            assert evaluate(problem, solution_of(timeline)).total == cost_of(day)


@some
@given(problem=random_town())
def test_more_steps_of_one_seed_are_never_worse_and_the_same_steps_are_the_same(problem: Problem) -> None:
    def cost_after(steps: int) -> int:
        return improve(planned(problem), Stopwatch(Steps(steps), None), seed=5).cost()

    assert cost_after(390) <= cost_after(130)
    assert cost_after(130) == cost_after(130)


def test_a_search_without_anybody_to_visit_ends_at_once() -> None:
    from tests.towns.two_carers_three_visits import two_carers_three_visits

    problem = two_carers_three_visits()
    empty = Problem(
        name="empty",
        horizon_start=problem.horizon_start,
        weights=problem.weights,
        locations=problem.locations,
        travel=problem.travel,
        carers=problem.carers,
        jobs=(),
    )
    timeline = Timeline(Indexed(empty))
    assert improve(timeline, Stopwatch(Seconds(0.2), None), seed=1).cost() == 0
