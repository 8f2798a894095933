"""The routes that a search puts on its tape, and days put together from them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.indexed import Indexed
from scheduler.solvers.greedy import first_timeline
from scheduler.solvers.recombination import Column
from scheduler.solvers.search.arrays import day_of, facts_of
from scheduler.solvers.search.pool import Pool, columns_of
from scheduler.solvers.search.searching import Search, Stretch, cost_of
from tests.towns.random_town import WHOLE, random_town

some = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def searched(problem: Problem, seed: int) -> Search | None:
    """After some steps; None where pins contradict each other, or there is nothing to search."""
    timeline = first_timeline(Indexed(problem), seed=1)
    if timeline.set_aside or not timeline.facts.n or not timeline.routes:
        return None
    facts = facts_of(timeline.facts)
    search = Search(facts, day_of(timeline, facts), seed=seed)
    if not search.begin():
        return None
    search.advance(Stretch(200, 0, 200, 500.0, 5.0, 20, noting=True))
    return search


def price_of(facts: Indexed, column: Column) -> int:
    """What the route costs, counted by hand."""
    stops = [(j, start) for j, start in zip(column.nodes, column.starts, strict=True) if j < facts.n]
    way = facts.problem.weights.travel * facts.way(column.carer, [j for j, _ in stops])
    return way + sum(facts.price[j][column.carer] + facts.start_cost(j, start) for j, start in stops)


@some
@given(problem=st.one_of(random_town(), random_town(WHOLE)), seed=st.integers(0, 1000))
def test_a_route_on_the_tape_states_its_cost(problem: Problem, seed: int) -> None:
    search = searched(problem, seed)
    if search is None:
        return
    pool = Pool()
    pool.read(search.desk)
    columns, own = pool.newest_first(search.best)
    assert [columns[i] for i in own] == columns_of(search.best)
    assert len({(x.carer, x.nodes, x.starts) for x in columns}) == len(columns)
    for column in columns:
        assert column.cost == price_of(Indexed(problem), column)


@some
@given(problem=st.one_of(random_town(), random_town(WHOLE)), seed=st.integers(0, 1000))
def test_a_day_put_together_from_its_own_routes_costs_no_more(problem: Problem, seed: int) -> None:
    search = searched(problem, seed)
    if search is None:
        return
    again = search.priced(columns_of(search.best), Indexed(problem))
    assert again is not None
    assert cost_of(again) <= cost_of(search.best)
