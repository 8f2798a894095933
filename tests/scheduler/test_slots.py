"""Slots for a new visit: each is a plan that holds, at the cost it states."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import (
    InvalidProblem,
    Job,
    JobId,
    Link,
    LinkCarers,
    Problem,
    Slot,
    Solution,
    Steps,
    Target,
    apply_slot,
    breaches,
    evaluate,
    slots,
)
from scheduler.slots import APART
from scheduler.solvers.greedy import Greedy
from tests.scheduler.obstacles import dropped
from tests.towns.answer import answer
from tests.towns.day import at, carer, day, job
from tests.towns.random_town import random_town

J1, J2 = JobId("J1"), JobId("J2")


def proved(town: Problem, plan: Solution, asked: Job, *, count: int = 5) -> list[Slot]:
    """The slots, each of which has been given to the visit and found to be as it says."""
    found = slots(town, plan, asked, count=count)
    assert [x.cost_change for x in found] == sorted(x.cost_change for x in found)
    for number, slot in enumerate(found):
        assert all(slot.carer != x.carer or abs(slot.start - x.start) >= APART for x in found[:number])
        new_town, new_plan = apply_slot(town, plan, asked, slot)
        assert breaches(new_town, new_plan) == ()
        assert evaluate(new_town, new_plan).total - evaluate(town, plan).total == slot.cost_change
        assert new_plan.placed[asked.id] == (slot.carer, slot.start)
        assert slot.continuity == asked.carer_cost(slot.carer)
    return list(found)


def test_whoever_is_there_already_comes_first() -> None:
    """C1 is at L1 until 9:30 and can stay; C2 would drive twenty minutes and, as a stranger, costs 600."""
    town = day([carer("C1"), carer("C2")], [job("J2", "L1", ("09:00", "09:00"))])
    new = job("J1", "L1", ("09:00", "09:40"), costs={"C1": 0, "other": 600})
    first, second, *_ = proved(town, answer(town, {"C1": ["J2 09:00"]}), new)
    assert (first.carer, first.start, first.cost_change, first.continuity) == ("C1", at("09:30"), 0, 0)
    assert (second.carer, second.start, second.cost_change, second.continuity) == ("C2", at("09:00"), 1800, 600)


def test_one_carer_is_offered_half_an_hour_apart() -> None:
    town = day([carer("C1")], [])
    found = proved(town, answer(town, {}), job("J1", "L1", ("09:00", "10:00")))
    assert [slot.start for slot in found] == [at("09:00"), at("09:30"), at("10:00")]


def test_a_start_beside_the_wish_costs_what_it_costs() -> None:
    """The wish is 9:40 to 9:45; early costs 1 a second, late 2. Twenty minutes of road are 1200."""
    town = day([carer("C1")], [])
    wish = Target(at("09:40"), at("09:45"), early_cost=1, late_cost=2)
    found = proved(town, answer(town, {}), job("J1", "L1", ("09:00", "10:30"), target=wish))
    assert [(slot.start, slot.cost_change) for slot in found] == [
        (at("09:40"), 1200),
        (at("09:00"), 3600),
        (at("10:30"), 1200 + 2 * 45 * 60),
    ]


def test_who_would_have_to_be_told_is_named_with_old_and_new_start() -> None:
    """The new visit, at 9:00 and half an hour, pushes J2 from 9:10 to 9:30."""
    town = day([carer("C1")], [job("J2", "L1", ("09:00", "10:00"))])
    (slot,) = proved(town, answer(town, {"C1": ["J2 09:10"]}), job("J1", "L1", ("09:00", "09:00")))
    (told,) = slot.changes
    assert (told.job, told.old_start, told.new_start) == ("J2", at("09:10"), at("09:30"))


def test_of_two_that_cost_the_same_the_one_that_moves_nobody_comes_first() -> None:
    town = day([carer("C1"), carer("C2")], [job("J2", "L1", ("09:00", "10:00")), job("J3", "L1", ("09:30", "09:30"))])
    plan = answer(town, {"C1": ["J2 09:10"], "C2": ["J3 09:30"]})
    first, *_ = proved(town, plan, job("J1", "L1", ("09:00", "09:00")))
    assert (first.carer, first.changes) == ("C2", ())


def test_two_who_come_together_are_placed_together() -> None:
    pair = Link(J1, J2, 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
    jobs = [job("J1", "L1", ("09:00", "09:30")), job("J2", "L1", ("09:00", "09:30"))]
    town = day([carer("C1"), carer("C2", shift=("08:00", "09:50"))], jobs, links=[pair])
    found = proved(town, answer(town, {}), jobs[0])
    assert {(slot.carer, slot.start) for slot in found} == {("C1", at("09:00")), ("C2", at("09:00"))}
    for slot in found:
        assert J2 in apply_slot(town, answer(town, {}), jobs[0], slot)[1].placed


def test_a_break_that_can_wait_makes_room() -> None:
    town = day(
        [carer("C1", breaks=[("09:00", "12:00", 30)])],
        [job("J2", "L1", ("09:00", "09:00")), job("J3", "L1", ("10:30", "10:30"))],
    )
    plan = answer(town, {"C1": ["J2 09:00", "break 09:30", "J3 10:30"]})
    (slot,) = proved(town, plan, job("J1", "L1", ("09:30", "09:30"), minutes=60))
    assert slot.changes == ()


def test_where_there_is_no_place_there_is_no_slot() -> None:
    town = day([carer("C1", shift=("08:00", "09:00"))], [])
    assert proved(town, answer(town, {}), job("J1", "L1", ("09:00", "09:30"))) == []


def test_a_visit_that_has_a_place_is_not_asked_for() -> None:
    town = day([carer("C1")], [job("J1", "L1", ("09:00", "09:00"))])
    with pytest.raises(InvalidProblem, match="has a place already"):
        slots(town, answer(town, {"C1": ["J1 09:00"]}), town.jobs[0])


def test_a_visit_to_nowhere_is_refused() -> None:
    town = day([carer("C1")], [])
    with pytest.raises(InvalidProblem, match="L9"):
        slots(town, answer(town, {}), job("J1", "L9", ("09:00", "09:00")))


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town(), data=st.data())
def test_every_slot_is_a_sound_plan_at_its_cost(problem: Problem, data: st.DataObject) -> None:
    plan = dropped(data, problem, Greedy().solve(problem, limit=Steps(0), seed=1))
    for left in plan.unplaced:
        proved(problem, plan, problem.job_by_id[left.job])


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town())
def test_a_visit_taken_out_of_the_day_finds_a_slot_in_it_again(problem: Problem) -> None:
    plan = Greedy().solve(problem, limit=Steps(0), seed=1)
    bound = {job for link in problem.links for job in (link.first, link.second)}
    bound |= {told.job for told in (*problem.pinned, *problem.published)}
    for name in sorted(plan.placed.keys() - bound)[:2]:
        town = replace(problem, jobs=tuple(job for job in problem.jobs if job.id != name))
        routes = tuple(replace(x, stops=tuple(stop for stop in x.stops if stop.job != name)) for x in plan.routes)
        left = replace(plan, routes=routes)
        if breaches(town, left) == ():
            assert proved(town, left, problem.job_by_id[name])
