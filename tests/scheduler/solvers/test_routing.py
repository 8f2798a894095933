"""OR-Tools on days whose best answer is known by hand. Its search is cut by the clock, so the towns are tiny."""

import pytest

from scheduler import Cost, Problem, Progress, Seconds, breaches, evaluate
from scheduler.indexed import Indexed
from scheduler.solvers.greedy import first_timeline
from scheduler.solvers.routing import Routing, fits, route
from scheduler.solvers.standard import Standard
from scheduler.stopwatch import Stopwatch
from scheduler.timeline import Timeline, solution_of
from tests.towns.day import carer, day, job
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.two_carers_three_visits import two_carers_three_visits


@pytest.mark.parametrize(
    ("town", "cost"),
    [
        (two_carers_three_visits(), Cost(travel=4200)),
        (lunch_on_the_road(), Cost(travel=3600)),
    ],
    ids=lambda x: x.name if isinstance(x, Problem) else "",
)
def test_a_day_without_a_start_is_found_whole(town: Problem, cost: Cost) -> None:
    """From a timeline with nobody in it, so that the answer is OR-Tools' own."""
    found = solution_of(route(Timeline(Indexed(town)), Stopwatch(Seconds(0.5), None), seed=1))
    assert breaches(town, found) == ()
    assert evaluate(town, found) == cost


def test_a_pair_that_a_start_has_placed_stays_placed() -> None:
    """From nobody placed OR-Tools finds no pair: no single move of its search brings both halves in."""
    town = double_staffed_morning()
    found = Routing().solve(town, limit=Seconds(0.3), seed=1)
    assert breaches(town, found) == ()
    assert evaluate(town, found) == Cost(travel=3000)


def test_numbers_that_could_overflow_are_left_alone() -> None:
    huge = day([carer("C1")], [job("J1", "L1", ("09:00", "10:00"), unplaced=10**12)])
    assert not fits(Indexed(huge))
    assert len(Routing().solve(huge, limit=Seconds(0.2), seed=1).placed) == 1


def test_the_standard_solver_ends_with_or_tools_when_there_is_time_and_is_never_worse_for_it() -> None:
    town = two_carers_three_visits()
    greedy = first_timeline(Indexed(town), seed=1).cost()
    told: list[Progress] = []
    found = Standard(routing_seconds=0.2).solve(town, limit=Seconds(1.5), seed=1, progress=told.append)
    assert evaluate(town, found).total == 4200 <= greedy
    costs = [progress.best_cost for progress in told]
    assert costs == sorted(costs, reverse=True)
    assert told[-1].phase == "or-tools-routing"
