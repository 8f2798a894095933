"""A day that exists is taken over as it stands, as far as it holds."""

from dataclasses import replace

from scheduler import Cost, Published, Steps, Target, Weights, solve
from scheduler.solvers.greedy import Greedy
from tests.towns.answer import answer
from tests.towns.day import at, carer, day, job

WEIGHTS = Weights(moved_carer=900, moved_second=1, moved_tolerance=300)
TOLD = [("J1", "C1", "09:00"), ("J2", "C1", "12:30"), ("J3", "C2", "10:00")]


def _jobs() -> list:  # type: ignore[type-arg]
    return [job(name, "L1", ("08:00", "15:00")) for name in ("J1", "J2", "J3")]


def test_nothing_moves_when_nothing_has_changed() -> None:
    """C1 alone would be cheaper by one way there and back (1200), but not by two notices of 900."""
    lunch = [("11:30", "12:00", 30)]
    town = day([carer("C1", breaks=lunch), carer("C2", breaks=lunch)], _jobs(), published=TOLD, weights=WEIGHTS)
    town = replace(town, weights=replace(WEIGHTS, moved_carer=1300))
    plan = solve(town, limit=Steps(100))
    assert {j: (c, start) for j, (c, start) in plan.placed.items()} == {j: (c, at(s)) for j, c, s in TOLD}
    assert plan.cost == Cost(travel=2400)


def test_what_no_longer_holds_goes_where_it_costs_least() -> None:
    """C2's shift now begins at noon: J3 goes to C1, between the two visits that stay, for one notice of 900."""
    town = day([carer("C1"), carer("C2", shift=("12:00", "16:00"))], _jobs(), published=TOLD, weights=WEIGHTS)
    plan = solve(town, limit=Steps(0), solver=Greedy())
    assert plan.placed[town.jobs[0].id] == ("C1", at("09:00"))
    assert plan.placed[town.jobs[1].id] == ("C1", at("12:30"))
    assert plan.placed[town.jobs[2].id][0] == "C1"
    assert plan.cost == Cost(travel=1200, moved=900)


def test_an_answer_with_several_breaks_is_taken_over_with_them() -> None:
    breaks = [("09:30", "10:00", 15), ("11:30", "12:30", 30), ("14:00", "14:30", 15)]
    jobs = [job(f"J{i}", f"L{i % 2}", ("08:00", "15:00")) for i in range(8)]
    town = day([carer("C1", breaks=breaks)], jobs)
    first = solve(town, limit=Steps(30))
    told = tuple(Published(j, c, start) for j, (c, start) in first.placed.items())
    again = solve(replace(town, published=told, weights=WEIGHTS), limit=Steps(0))
    assert again.placed == first.placed
    assert again.cost is not None
    assert again.cost.moved == 0


def test_a_plan_that_a_search_starts_from_is_kept_as_it_is_down_to_the_second() -> None:
    """Two visits without length at one second: J2 first is ten minutes out, none between, ten home; J1 first is forty."""
    jobs = [job(name, place, ("08:00", "09:00"), minutes=0) for name, place in (("J1", "L2"), ("J2", "L1"))]
    town = day([carer("C1")], jobs, minutes_between=((0, 10, 30), (10, 0, 0), (10, 0, 0)))
    given = answer(town, {"C1": ["J2 08:30", "J1 08:30"]})
    kept = solve(town, limit=Steps(0), start=given)
    assert [stop.job for stop in kept.routes[0].stops] == ["J2", "J1"]
    assert kept.cost == Cost(travel=1200)


def test_who_waited_for_a_good_reason_goes_on_waiting() -> None:
    """Early costs 2 a second: 09:00 is free, though 08:10 would be possible."""
    wish = Target(at("09:00"), at("09:30"), early_cost=2)
    town = day([carer("C1")], [job("J1", "L1", ("08:00", "10:00"), target=wish)])
    given = answer(town, {"C1": ["J1 09:15"]})
    assert solve(town, limit=Steps(0), start=given).placed == given.placed
