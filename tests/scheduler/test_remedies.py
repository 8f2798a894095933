"""What would help a visit that is left: each remedy is a plan that holds, at the price it states."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import (
    InvalidProblem,
    JobId,
    Link,
    LinkCarers,
    Problem,
    Remedy,
    RemedyKind,
    Solution,
    Steps,
    apply_remedy,
    breaches,
    evaluate,
    remedies,
)
from scheduler.solvers.greedy import Greedy
from tests.scheduler.obstacles import dropped
from tests.towns.answer import answer
from tests.towns.day import at, carer, day, job
from tests.towns.random_town import random_town

J1, J2 = JobId("J1"), JobId("J2")


def proved(town: Problem, plan: Solution, name: JobId = J1) -> list[Remedy]:
    """The remedies, each of which has been carried out and found to be as it says."""
    found = remedies(town, plan, name)
    assert [x.price for x in found] == sorted(x.price for x in found)
    for remedy in found:
        eased, helped = apply_remedy(town, plan, remedy)
        assert breaches(eased, helped) == ()
        assert evaluate(eased, helped).total - evaluate(town, plan).total == remedy.price
        assert helped.placed[name] == (remedy.carer, remedy.start)
    return list(found)


def only(kind: RemedyKind, found: list[Remedy]) -> Remedy:
    (remedy,) = (x for x in found if x.kind is kind)
    return remedy


def test_the_window_is_opened_as_little_as_can_be_at_either_end() -> None:
    """C1 is with J2 at L1 from 9 to 10. J1, half an hour there, fits before it (8:30) and after it (10:00)."""
    jobs = [job("J1", "L1", ("09:30", "09:45")), job("J2", "L1", ("09:00", "09:00"), minutes=60)]
    town = day([carer("C1")], jobs)
    found = proved(town, answer(town, {"C1": ["J2 09:00"]}))
    windows = [(x.start, x.earlier, x.later, x.price) for x in found if x.kind is RemedyKind.WINDOW]
    assert windows == [(at("08:30"), 3600, 0, -100_000), (at("10:00"), 0, 900, -100_000)]


def test_one_missing_skill_is_named_with_the_carer_who_comes_cheapest() -> None:
    """C2 lives next door to nobody: both drive ten minutes, but C1 costs 300 as a stranger; C3 lacks two skills."""
    jobs = [job("J1", "L1", ("09:00", "09:00"), skills=["lift", "delegation"], costs={"C1": 300})]
    town = day([carer("C1", skills=["lift"]), carer("C2", skills=["delegation"]), carer("C3")], jobs)
    (found,) = proved(town, answer(town, {}))
    assert (found.kind, found.helped, found.skill, found.price) == (RemedyKind.SKILL, "C2", "lift", 1200 - 100_000)


def test_the_shift_that_is_nearly_long_enough_is_named() -> None:
    """From 10:00 to 10:40 with the way home: C1 goes home at 10:00, C2 must leave at 10:20 at the latest, C3 after lunch."""
    carers = [
        carer("C1", shift=("08:00", "10:00")),
        carer("C2", shift=("10:25", "16:00")),
        carer("C3", shift=("13:00", "16:00")),
    ]
    town = day(carers, [job("J1", "L1", ("10:00", "10:30"))])
    shift = only(RemedyKind.SHIFT, proved(town, answer(town, {})))
    assert (shift.helped, shift.earlier, shift.later, shift.start) == ("C2", 300, 0, at("10:30"))


def test_the_visit_that_could_go_to_somebody_else_is_named() -> None:
    """Only C1 may do J1, but is with J2 then; C2, who has nothing to do, drives twenty minutes for J2."""
    jobs = [job("J1", "L1", ("09:00", "09:00"), skills=["lift"]), job("J2", "L1", ("09:00", "09:00"))]
    town = day([carer("C1", skills=["lift"]), carer("C2")], jobs)
    move = only(RemedyKind.MOVE, proved(town, answer(town, {"C1": ["J2 09:00"]})))
    assert (move.carer, move.others, move.price) == ("C1", ("J2",), 1200 - 100_000)
    (told,) = move.changes
    assert (told.job, told.old_carer, told.new_carer, told.moved_seconds) == ("J2", "C1", "C2", 0)


def test_the_visit_that_costs_least_to_leave_instead_is_named() -> None:
    """Each of three could go for J1, which costs 1000 to leave; J3 costs the least, and saves no road."""
    jobs = [
        job("J1", "L1", ("09:00", "09:00"), minutes=90, unplaced=1000),
        job("J2", "L1", ("09:00", "09:00"), minutes=90, unplaced=5000),
        job("J3", "L1", ("09:00", "09:00"), minutes=90, unplaced=2000),
    ]
    town = day([carer("C1"), carer("C2")], jobs)
    drop = only(RemedyKind.DROP, proved(town, answer(town, {"C1": ["J2 09:00"], "C2": ["J3 09:00"]})))
    assert (drop.carer, drop.others, drop.price) == ("C2", ("J3",), 1000)


def test_visits_that_it_is_linked_to_can_move() -> None:
    """J1 must begin two hours after J2, by 11:00. J2, at 9:30 with C1, can begin at 9:00 with C2, who is free till then."""
    jobs = [
        job("J1", "L1", ("10:00", "11:00")),
        job("J2", "L1", ("09:00", "09:30")),
        job("J3", "L1", ("09:00", "09:00")),
    ]
    town = day(
        [carer("C1"), carer("C2", shift=("08:00", "09:40"))],
        jobs,
        links=[Link(J2, J1, 7200, None)],
    )
    move = only(RemedyKind.MOVE, proved(town, answer(town, {"C1": ["J3 09:00", "J2 09:30"]})))
    assert (move.carer, move.start, move.others) == ("C1", at("11:00"), ("J2",))


def test_two_who_come_together_are_helped_together() -> None:
    """The pair needs 9:30 at the earliest, when J3 is done; it must begin at 9:00."""
    pair = Link(J1, J2, 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
    jobs = [job(name, "L1", ("09:00", "09:00")) for name in ("J1", "J2", "J3")]
    town = day([carer("C1"), carer("C2")], jobs, links=[pair])
    plan = answer(town, {"C1": ["J3 09:00"]})
    windows = [x for x in proved(town, plan) if x.kind is RemedyKind.WINDOW]
    assert {(x.start, x.earlier, x.later) for x in windows} == {(at("08:30"), 1800, 0), (at("09:30"), 0, 1800)}


def test_a_ban_is_never_lifted() -> None:
    town = day([carer("C1")], [job("J1", "L1", ("09:00", "09:00"), forbidden=["C1"])])
    assert proved(town, answer(town, {})) == []


def test_what_fits_as_things_are_is_told_with_its_price() -> None:
    town = day([carer("C1")], [job("J1", "L1", ("09:00", "09:00"), unplaced=1000)])
    (found,) = proved(town, answer(town, {}))
    assert (found.kind, found.price, found.changes) == (RemedyKind.PLACE, 200, ())


def test_a_visit_that_has_a_place_needs_no_remedy() -> None:
    town = day([carer("C1")], [job("J1", "L1", ("09:00", "09:00"))])
    with pytest.raises(InvalidProblem, match="J1"):
        remedies(town, answer(town, {"C1": ["J1 09:00"]}), J1)


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town(), data=st.data())
def test_every_remedy_is_a_sound_plan_at_its_price(problem: Problem, data: st.DataObject) -> None:
    plan = dropped(data, problem, Greedy().solve(problem, limit=Steps(0), seed=1))
    for left in plan.unplaced:
        for remedy in proved(problem, plan, left.job):
            assert remedy.kind is not RemedyKind.DROP or remedy.others
            if remedy.kind in {RemedyKind.WINDOW, RemedyKind.SHIFT}:
                assert (remedy.earlier > 0) != (remedy.later > 0)
