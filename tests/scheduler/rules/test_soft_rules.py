"""Each soft rule: free when kept, and costs by the second, the carer or the job when not."""

from scheduler import Cost, Target, Weights, evaluate
from tests.towns.answer import answer
from tests.towns.day import at, carer, day, job
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.nobody_has_the_skill import nobody_has_the_skill
from tests.towns.two_carers_three_visits import two_carers_three_visits


def test_travel_counts_from_the_start_location_to_the_end_location() -> None:
    town = two_carers_three_visits()
    best = answer(town, {"C1": ["J1 09:00", "J2 09:40"], "C2": ["J3 09:00"]})
    assert evaluate(town, best) == Cost(travel=600 + 600 + 1200 + 900 + 900)


def test_a_carer_without_stops_travels_nothing() -> None:
    town = day([carer("C1", start="L0", end="L1")], [job("J1", "L1", ("09:00", "10:00"), unplaced=7)])
    assert evaluate(town, answer(town, {"C1": []})) == Cost(unplaced=7)


def test_a_break_on_the_road_is_no_travel() -> None:
    town = lunch_on_the_road()
    assert evaluate(town, answer(town, {"C1": ["J1 11:00", "break 11:40", "J2 12:30"]})) == Cost(travel=3600)


def test_a_second_of_travel_costs_its_weight() -> None:
    town = day([carer("C1")], [job("J1", "L1", ("09:00", "10:00"))], weights=Weights(travel=3))
    assert evaluate(town, answer(town, {"C1": ["J1 09:00"]})).travel == 3 * 1200


def test_lateness_and_earliness_cost_by_the_second_outside_the_target() -> None:
    target = Target(at("09:00"), at("09:30"), early_cost=2, late_cost=3)
    town = day([carer("C1")], [job("J1", "L0", ("08:00", "11:00"), target=target)])
    costs = {
        start: evaluate(town, answer(town, {"C1": [f"J1 {start}"]})) for start in ("08:59", "09:00", "09:30", "09:32")
    }
    assert costs == {
        "08:59": Cost(earliness=120),
        "09:00": Cost(),
        "09:30": Cost(),
        "09:32": Cost(lateness=360),
    }


def test_the_largest_lateness_counts_once_even_where_lateness_is_free() -> None:
    target = Target(at("09:00"), at("09:00"))
    jobs = [job(name, "L0", ("08:00", "12:00"), target=target) for name in ("J1", "J2", "J3")]
    town = day([carer("C1")], jobs, weights=Weights(max_lateness=5))
    assert evaluate(town, answer(town, {"C1": ["J1 09:00", "J2 09:30", "J3 10:00"]})) == Cost(max_lateness=5 * 3600)


def test_another_carer_than_the_usual_ones_costs_what_the_job_says() -> None:
    jobs = [job("J1", "L0", ("09:00", "10:00"), costs={"other": 600, "C1": 0, "C2": 50})]
    town = day([carer("C1"), carer("C2"), carer("C3")], jobs)
    assert [evaluate(town, answer(town, {c: ["J1 09:00"]})).continuity for c in ("C1", "C2", "C3")] == [0, 50, 600]


def test_a_carer_not_listed_is_free_where_other_is_not_priced() -> None:
    town = day([carer("C1")], [job("J1", "L0", ("09:00", "10:00"), costs={})])
    assert evaluate(town, answer(town, {"C1": ["J1 09:00"]})) == Cost()


def test_moving_what_was_published_costs_beyond_the_tolerance() -> None:
    weights = Weights(moved_carer=900, moved_second=2, moved_tolerance=600)
    town = day(
        [carer("C1"), carer("C2")],
        [job("J1", "L0", ("08:00", "12:00"))],
        published=[("J1", "C1", "10:00")],
        weights=weights,
    )
    moved = {
        (c, start): evaluate(town, answer(town, {c: [f"J1 {start}"]})).moved
        for c, start in (
            ("C1", "10:00"),
            ("C1", "10:10"),
            ("C1", "10:11"),
            ("C1", "09:45"),
            ("C2", "10:00"),
            ("C2", "10:15"),
        )
    }
    assert list(moved.values()) == [0, 0, 120, 600, 900, 900 + 600]
    assert evaluate(town, answer(town, {})).moved == 0


def test_an_unplaced_job_costs_its_price() -> None:
    town = nobody_has_the_skill()
    assert evaluate(town, answer(town, {})) == Cost(unplaced=5000)
    assert evaluate(town, answer(town, {})).total == 5000
