"""Times from sequences, worked out by hand."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import JobId, Link, Problem, Steps
from scheduler.indexed import Indexed
from scheduler.solvers.greedy import Greedy
from scheduler.solvers.repair import rebuild
from scheduler.timeline import Timeline, solution_of
from tests.towns.day import at, carer, day, job
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.random_town import random_town
from tests.towns.two_carers_three_visits import two_carers_three_visits


def build(problem: Problem) -> Timeline:
    return Timeline(Indexed(problem))


def test_a_stop_starts_as_early_as_the_way_and_its_window_allow() -> None:
    timeline = build(two_carers_three_visits())
    assert timeline.insert(0, 0, 0) == 1200
    assert timeline.insert(1, 0, 1) == 1200  # L0-L1-L2-L0 instead of L0-L1-L0
    assert timeline.start[:2] == [at("09:00"), at("09:40")]


def test_a_place_that_breaks_a_rule_leaves_everything_as_it_was() -> None:
    timeline = build(two_carers_three_visits())
    timeline.insert(0, 0, 0)
    before = timeline.memory()[:-1]  # what it has worked out about gaps may grow
    assert timeline.insert(2, 0, 1) is None  # J3 could start 09:55, its window closes 09:10
    assert timeline.memory()[:-1] == before


def test_a_trial_leaves_everything_as_it_was() -> None:
    timeline = build(two_carers_three_visits())
    before = timeline.memory()[:-1]  # what it has worked out about gaps may grow
    assert timeline.insert(0, 0, 0, keep=False) == 1200
    assert timeline.memory()[:-1] == before


@pytest.mark.parametrize(("position", "second"), [(1, None), (2, "12:30")])
def test_a_break_stands_in_the_sequence_and_delays_what_follows(position: int, second: str | None) -> None:
    """Routes hold their breaks from the first: [break] becomes [J1, break], then J2 goes before or after the break."""
    timeline = build(lunch_on_the_road())
    timeline.insert(0, 0, 0)
    change = timeline.insert(1, 0, position)
    assert (change is None) == (second is None)
    if second:
        assert timeline.start == [at("11:00"), at(second), at("11:40")]


def test_linked_starts_push_each_other_across_routes() -> None:
    timeline = build(double_staffed_morning())
    timeline.insert(1, 1, 0)
    assert timeline.start[1] == at("08:45")
    timeline.insert(2, 0, 0)
    timeline.insert(0, 0, 1)
    assert (timeline.start[0], timeline.start[1]) == (at("09:10"), at("09:10"))


def test_a_gap_pushes_the_second_visit_and_a_largest_gap_the_first() -> None:
    jobs = [job("J1", "L0", ("09:00", "12:00")), job("J2", "L0", ("09:00", "12:00"))]
    apart = Link(JobId("J1"), JobId("J2"), 3600, 3600)
    timeline = build(day([carer("C1"), carer("C2", shift=("10:30", "16:00"))], jobs, links=[apart]))
    timeline.insert(0, 0, 0)
    timeline.insert(1, 1, 0)
    assert timeline.start == [at("09:30"), at("10:30")]


def test_links_that_cannot_hold_together_are_refused_in_the_end() -> None:
    jobs = [job("J1", "L0", ("09:00", "12:00")), job("J2", "L0", ("09:00", "12:00"))]
    circle = [Link(JobId("J1"), JobId("J2"), 1, None), Link(JobId("J2"), JobId("J1"), 1, None)]
    timeline = build(day([carer("C1"), carer("C2")], jobs, links=circle))
    assert timeline.insert(0, 0, 0) is not None
    assert timeline.insert(1, 1, 0) is None


def test_taking_a_stop_out_brings_the_others_forward() -> None:
    timeline = build(double_staffed_morning())
    for j, c, position in ((2, 0, 0), (0, 0, 1), (1, 1, 0)):
        timeline.insert(j, c, position)
    timeline.remove([2])
    assert timeline.settle()
    assert timeline.start[:2] == [at("08:45"), at("08:45")]


def test_only_those_with_stops_stand_with_breaks_in_the_answer() -> None:
    timeline = build(lunch_on_the_road())
    assert solution_of(timeline).routes[0].breaks == ()
    timeline.insert(0, 0, 0)
    assert solution_of(timeline).routes[0].breaks == (at("11:40"),)


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town(), data=st.data())
def test_times_derived_where_a_change_reaches_are_those_derived_anew(problem: Problem, data: st.DataObject) -> None:
    facts = Indexed(problem)
    timeline = rebuild(facts, Greedy().solve(problem, limit=Steps(0), seed=1), seed=1)
    placed = [j for j in range(facts.n) if timeline.home[j] >= 0]
    for j in data.draw(st.permutations(placed)):
        touched = {timeline.home[o] for o in (j, *(o for o, _, _ in facts.links[j])) if timeline.home[o] >= 0}
        timeline.remove([j])
        reached = timeline.settle(touched)
        starts = list(timeline.start)
        assert timeline.settle() == reached
        if not reached:
            break
        assert timeline.start == starts
