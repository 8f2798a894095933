"""The front door on days whose best answer is known by hand."""

import threading
from dataclasses import replace

import pytest

from scheduler import (
    AnyOf,
    Cancelled,
    Cost,
    Problem,
    Progress,
    ReasonCode,
    Seconds,
    Solution,
    Steps,
    Target,
    TravelTimes,
    Weights,
    breaches,
    solve,
)
from scheduler.solver import OnProgress
from tests.towns.answer import answer
from tests.towns.day import at, carer, day, job
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.nobody_has_the_skill import nobody_has_the_skill
from tests.towns.two_carers_three_visits import two_carers_three_visits


def test_two_carers_take_the_two_cheap_ways() -> None:
    answer = solve(two_carers_three_visits(), limit=Steps(100))
    assert answer.cost == Cost(travel=4200)
    assert not answer.unplaced


def test_the_pair_waits_for_the_one_who_is_busy() -> None:
    answer = solve(double_staffed_morning(), limit=Steps(100))
    assert {start for job, (_, start) in answer.placed.items() if job != "J2"} == {at("09:10")}
    assert len({carer for job, (carer, _) in answer.placed.items() if job != "J2"}) == 2


def test_lunch_is_taken_on_the_road() -> None:
    answer = solve(lunch_on_the_road(), limit=Steps(10))
    assert answer.cost == Cost(travel=3600)
    (route,) = answer.routes
    assert route.breaks == (at("11:40"),)
    assert route.stops[1].start == at("12:30")


def test_without_time_for_lunch_one_visit_is_left() -> None:
    answer = solve(lunch_on_the_road(latest="12:29"), limit=Steps(10))
    assert len(answer.unplaced) == 1
    assert answer.unplaced[0].reasons[0].code == ReasonCode.NO_GAP_IN_WINDOW


def test_nobody_is_sent_without_the_skill_and_that_is_said() -> None:
    answer = solve(nobody_has_the_skill(), limit=Steps(10))
    (unplaced,) = answer.unplaced
    (reason,) = unplaced.reasons
    assert (reason.code, reason.share) == (ReasonCode.NO_SKILLED_CARER_ON_SHIFT, 1.0)
    assert reason.missing_skills == ("lift",)
    assert answer.cost == Cost(unplaced=5000)


def test_a_visit_that_is_cheaper_to_leave_is_left() -> None:
    town = day([carer("C1")], [job("J1", "L1", ("09:00", "10:00"), unplaced=1199)])
    answer = solve(town, limit=Steps(10))
    assert [reason.code for reason in answer.unplaced[0].reasons] == [ReasonCode.CHEAPER_TO_LEAVE]
    assert solve(
        day([carer("C1")], [job("J1", "L1", ("09:00", "10:00"), unplaced=1201)]), limit=Steps(10)
    ).cost == Cost(travel=1200)


def test_pins_stay_where_they_are() -> None:
    town = replace(
        two_carers_three_visits(),
        pinned=day([carer("C2")], [job("J2", "L0", ("09:30", "10:30"))], pinned=[("J2", "C2", "10:07")]).pinned,
    )
    answer = solve(town, limit=Steps(50))
    assert answer.placed[town.jobs[1].id] == ("C2", at("10:07"))
    assert breaches(town, answer) == ()


def test_pins_that_contradict_each_other_are_kept_and_the_rest_of_the_day_is_sound() -> None:
    jobs = [job(name, "L1", ("09:00", "12:00")) for name in ("J1", "J2", "J3")]
    town = day([carer("C1"), carer("C2")], jobs, pinned=[("J1", "C1", "09:30"), ("J2", "C1", "09:40")])
    answer = solve(town, limit=Steps(20))
    assert [(breach.code, breach.amount) for breach in breaches(town, answer)] == [("NO_TIME_FOR_TRAVEL", 1200)]
    assert answer.placed[town.jobs[2].id][0] == "C2"


def test_replanning_moves_as_little_as_it_can() -> None:
    """C2 falls ill (has no shift): J3 must move, J1 and J2 stay with C1 at the published times, though 09:00 would do too."""
    weights = Weights(moved_carer=900, moved_second=1, moved_tolerance=0)
    jobs = [
        job("J1", "L0", ("09:00", "12:00")),
        job("J2", "L0", ("09:00", "12:00")),
        job("J3", "L0", ("09:00", "15:00")),
    ]
    told = [("J1", "C1", "09:40"), ("J2", "C1", "11:00"), ("J3", "C2", "11:10")]
    town = day([carer("C1"), carer("C2", shift=("08:00", "08:00"))], jobs, published=told, weights=weights)
    answer = solve(town, limit=Steps(200))
    starts = {job: start for job, (_, start) in answer.placed.items()}
    assert (starts["J1"], starts["J2"]) == (at("09:40"), at("11:00"))  # type: ignore[index]
    assert answer.cost == Cost(moved=900 + 1200)


def test_being_early_is_traded_against_being_late() -> None:
    """Back to back at one place, both wished for 09:00 sharp: one starts at 09:00; early costs more than late."""
    target = Target(at("09:00"), at("09:00"), early_cost=2, late_cost=1)
    town = day([carer("C1")], [job(name, "L0", ("08:00", "11:00"), target=target) for name in ("J1", "J2")])
    assert solve(town, limit=Steps(50)).cost == Cost(lateness=1800)


def test_the_one_who_minds_least_comes_early() -> None:
    """J1 half an hour early costs 1800; J1 late, or J2 off its time either way, costs at least 5400."""
    first = Target(at("09:00"), at("09:00"), early_cost=1, late_cost=3)
    second = Target(at("09:00"), at("09:00"), early_cost=5, late_cost=5)
    jobs = [job("J1", "L0", ("08:00", "11:00"), target=first), job("J2", "L0", ("08:00", "11:00"), target=second)]
    assert solve(day([carer("C1")], jobs), limit=Steps(50)).cost == Cost(earliness=1800)


def test_a_start_begins_from_a_given_answer() -> None:
    town = two_carers_three_visits()
    given = answer(town, {"C2": ["J1 09:00", "J2 09:40"], "C1": ["J3 09:00"]})
    assert solve(town, limit=Steps(0), start=given).placed == given.placed


class _Careless:
    """A solver that answers nonsense: the same carer everywhere, at once."""

    name = "careless"

    def solve(
        self,
        problem: Problem,
        *,
        limit: object,
        seed: int,
        progress: OnProgress | None = None,
        start: Solution | None = None,
    ) -> Solution:
        del limit, seed, progress, start
        return answer(problem, {"C1": ["J1 09:00", "J2 09:00", "J3 09:00"]})


def test_what_a_careless_solver_answers_is_put_right() -> None:
    town = two_carers_three_visits()
    found = solve(town, limit=Steps(0), solver=_Careless())
    assert breaches(town, found) == ()
    assert len(found.placed) == 3


def test_two_processes_answer_at_least_as_well_as_one() -> None:
    town = double_staffed_morning()
    one, two = solve(town, limit=Steps(5)), solve(town, limit=Steps(5), threads=2)
    assert one.cost is not None
    assert two.cost is not None
    assert two.cost.total <= one.cost.total
    assert replace(two, run=None) == replace(solve(town, limit=Steps(5), threads=2), run=None)


def test_a_cancelled_run_answers_with_what_it_has() -> None:
    event = threading.Event()
    town, told = two_carers_three_visits(), list[Progress]()

    def stop_at_once(progress: Progress) -> None:
        told.append(progress)
        event.set()

    answer = solve(town, limit=AnyOf(Cancelled(event), Seconds(60)), progress=stop_at_once)
    assert answer.run is not None
    assert answer.run.seconds < 30
    assert breaches(town, answer) == ()
    assert answer.cost is not None
    assert told[-1].best_cost == answer.cost.total
    assert (told[-1].placed, told[-1].unplaced) == (3, 0)


@pytest.mark.parametrize("carers", [[], [carer("C1")]])
def test_a_day_without_visits_or_carers_is_a_day(carers: list[object]) -> None:
    empty = solve(day(carers, []), limit=Seconds(5))  # type: ignore[arg-type]
    assert empty.cost == Cost()
    nobody = solve(day([], [job("J1", "L0", ("09:00", "10:00"), unplaced=3)]), limit=Seconds(5))
    assert nobody.cost == Cost(unplaced=3)


def test_a_day_on_which_nothing_is_known_at_all_is_a_day() -> None:
    """No visits, no carers, and so no ways to travel: a Sunday of housing support."""
    nothing = replace(day([], []), travel=TravelTimes({}), locations=())
    assert solve(nothing, limit=Seconds(5)).cost == Cost()
    one_place = replace(day([], []), travel=TravelTimes({}), locations=day([], []).locations[:1])
    assert solve(one_place, limit=Seconds(5)).cost == Cost()
    waiting = day(
        [], [job("J1", "L0", ("09:00", "10:00"), unplaced=3), job("J2", "L1", ("09:00", "10:00"), unplaced=4)]
    )
    assert solve(replace(waiting, travel=TravelTimes({})), limit=Seconds(1)).cost == Cost(unplaced=7)
