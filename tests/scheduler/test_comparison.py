"""What differs between two plans, told of citizens and carers."""

import pytest

from scheduler import ChangeKind, InvalidSolution, JobChange, Problem, Weights, Workload, compare, evaluate
from tests.towns.answer import answer
from tests.towns.day import at, carer, day, job
from tests.towns.lunch_on_the_road import lunch_on_the_road


def _morning(*, tolerance: int = 600) -> Problem:
    """Visits of half an hour at L1, ten minutes away. J1 and J2 are for the same citizen, P-L1."""
    jobs = [job(f"J{number}", "L1", ("08:00", "12:00")) for number in (1, 2)] + [job("J3", "L0", ("08:00", "12:00"))]
    return day([carer("C1"), carer("C2")], jobs, weights=Weights(moved_tolerance=tolerance))


def test_each_visit_that_people_must_be_told_of_is_named_with_old_and_new() -> None:
    town = _morning()
    old = answer(town, {"C1": ["J1 09:00", "J2 10:00"]})
    new = answer(town, {"C1": ["J2 10:20"], "C2": ["J3 09:00"]})
    found = compare(town, old, new)
    told = {x.job: (x.kind, x.old_carer, x.new_carer, x.old_start, x.new_start) for x in found.changes}
    assert told == {
        "J1": (ChangeKind.WITHDRAWN, "C1", None, at("09:00"), None),
        "J3": (ChangeKind.ADDED, None, "C2", None, at("09:00")),
        "J2": (ChangeKind.MOVED, "C1", "C1", at("10:00"), at("10:20")),
    }
    assert [x.job for x in found.changes] == ["J1", "J3", "J2"]
    assert found.citizens_to_tell == {"P-L1", "P-L0"}


def _moved(town: Problem, first: str, then: str) -> JobChange:
    (found,) = compare(town, answer(town, {"C1": [first]}), answer(town, {"C2": [then]})).changes
    return found


def test_another_carer_and_the_seconds_of_a_move_are_told() -> None:
    moved = _moved(_morning(), "J1 09:00", "J1 08:35")
    assert (moved.other_carer, moved.moved_seconds) == (True, -25 * 60)


def test_a_move_within_the_tolerance_is_nothing_to_tell() -> None:
    town = _morning(tolerance=600)
    old, near, far = (answer(town, {"C1": [f"J1 {start}"]}) for start in ("09:00", "09:10", "09:11"))
    assert compare(town, old, near).changes == ()
    (moved,) = compare(town, old, far).changes
    assert (moved.kind, moved.other_carer, moved.moved_seconds) == (ChangeKind.MOVED, False, 660)


def test_a_new_face_is_told_however_small_the_move() -> None:
    assert _moved(_morning(), "J1 09:00", "J1 09:00").other_carer


def test_each_carers_stops_road_and_work_are_compared() -> None:
    """C1: ten minutes there and back, then J1 and J2 of thirty minutes each; C2: J3 at the door."""
    town = _morning()
    found = compare(town, answer(town, {"C1": ["J1 09:00", "J2 10:00"]}), answer(town, {"C1": ["J1 09:00"], "C2": []}))
    (only,) = found.carers
    assert (only.carer, only.old, only.new) == (
        "C1",
        Workload(stops=2, travel_seconds=1200, working_seconds=4800),
        Workload(stops=1, travel_seconds=1200, working_seconds=3000),
    )
    idle = compare(town, answer(town, {}), answer(town, {"C2": ["J3 09:00"]})).carers[0]
    assert (idle.old, idle.new) == (Workload(), Workload(stops=1, working_seconds=1800))


def test_a_break_is_no_work() -> None:
    town = lunch_on_the_road()
    plan = answer(town, {"C1": ["J1 11:00", "break 11:45", "J2 12:30"]})
    (only,) = compare(town, answer(town, {}), plan).carers
    assert only.new == Workload(stops=2, travel_seconds=3600, working_seconds=7200)


def test_the_cost_is_compared_term_by_term() -> None:
    town = _morning()
    old, new = answer(town, {"C1": ["J1 09:00", "J2 10:00"]}), answer(town, {"C1": ["J1 09:00"], "C2": ["J2 09:00"]})
    found = compare(town, old, new)
    assert found.cost_changes == {
        "travel": 1200,
        "lateness": 0,
        "earliness": 0,
        "max_lateness": 0,
        "continuity": 0,
        "moved": 0,
        "unplaced": 0,
    }
    assert (found.old_cost, found.new_cost) == (evaluate(town, old), evaluate(town, new))


def test_a_plan_of_another_day_is_refused() -> None:
    town = _morning()
    with pytest.raises(InvalidSolution, match="J3"):
        compare(lunch_on_the_road(), answer(town, {"C1": ["J3 09:00", "J1 10:00"]}), answer(town, {}))
