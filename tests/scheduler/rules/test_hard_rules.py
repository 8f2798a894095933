"""Each hard rule: silent when kept, and says by how much when broken. Times are worked out by hand in two small towns."""

import pytest

from scheduler import Breach, JobId, Link, LinkCarers, Problem, Solution, breaches
from tests.towns.answer import answer
from tests.towns.day import carer, day, job
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.two_carers_three_visits import two_carers_three_visits

GOOD = {"C1": ["J1 09:00", "J2 09:40"], "C2": ["J3 09:00"]}


def broken(problem: Problem, solution: Solution) -> list[tuple[str, str, int]]:
    return [(breach.rule, breach.code, breach.amount) for breach in breaches(problem, solution)]


def only(problem: Problem, solution: Solution) -> Breach:
    (found,) = breaches(problem, solution)
    return found


def test_a_sound_day_breaks_nothing() -> None:
    town = two_carers_three_visits()
    assert breaches(town, answer(town, GOOD)) == ()


def test_leaving_everybody_breaks_nothing() -> None:
    town = two_carers_three_visits()
    assert breaches(town, answer(town, {})) == ()


def test_a_forgotten_job_is_missed() -> None:
    town = two_carers_three_visits()
    forgetful = Solution(town.name, answer(town, GOOD).routes[:1])
    assert str(only(town, forgetful)) == "everyone_visited: job J3 stands neither in a route nor among the unplaced"


def test_a_job_done_twice_is_repeated() -> None:
    town = two_carers_three_visits()
    twice = answer(town, {"C1": ["J1 09:00", "J2 09:40"], "C2": ["J1 09:00"]})
    assert broken(town, twice) == [("everyone_visited", "JOB_REPEATED", 1)]


def test_a_carer_has_one_route() -> None:
    town = two_carers_three_visits()
    first, second = answer(town, {"C1": ["J1 09:00"], "C2": ["J3 09:00"]}), answer(town, {"C1": ["J2 09:40"]})
    split = Solution(town.name, first.routes + second.routes)
    assert broken(town, split) == [("everyone_visited", "CARER_REPEATED", 1)]


@pytest.mark.parametrize(
    ("start", "code", "seconds"), [("08:55", "STARTS_TOO_EARLY", 300), ("09:31", "STARTS_TOO_LATE", 60)]
)
def test_a_start_outside_its_window_is_off_by_the_distance_to_it(start: str, code: str, seconds: int) -> None:
    town = two_carers_three_visits()
    assert broken(town, answer(town, {"C1": [f"J1 {start}"]})) == [("time_windows", code, seconds)]


def test_a_window_is_closed_at_both_ends() -> None:
    town = two_carers_three_visits()
    for start in ("09:00", "09:30"):
        assert breaches(town, answer(town, {"C1": [f"J1 {start}"]})) == ()


def test_a_carer_without_the_skill_is_never_sent() -> None:
    town = double_staffed_morning()
    found = only(town, answer(town, {"C2": ["J2 08:30"]}))
    assert str(found) == "skills: carer C2 lacks delegation for job J2"
    assert (found.amount, found.unit) == (1, "skills")


def test_a_forbidden_carer_is_never_sent() -> None:
    town = day([carer("C1")], [job("J1", "L1", ("09:00", "10:00"), forbidden=["C1"])])
    assert broken(town, answer(town, {"C1": ["J1 09:00"]})) == [("skills", "CARER_FORBIDDEN", 1)]


def test_a_shift_begins_at_the_start_location() -> None:
    town = day([carer("C1")], [job("J1", "L1", ("08:00", "10:00"))])
    assert broken(town, answer(town, {"C1": ["J1 08:07"]})) == [("shifts", "STARTS_BEFORE_SHIFT", 180)]
    assert breaches(town, answer(town, {"C1": ["J1 08:10"]})) == ()


def test_a_shift_ends_at_the_end_location() -> None:
    town = day([carer("C1")], [job("J1", "L1", ("15:00", "16:00"))])
    assert broken(town, answer(town, {"C1": ["J1 15:21"]})) == [("shifts", "ENDS_AFTER_SHIFT", 60)]
    assert breaches(town, answer(town, {"C1": ["J1 15:20"]})) == ()


def test_the_way_between_two_stops_takes_its_time() -> None:
    town = two_carers_three_visits()
    found = only(town, answer(town, {"C1": ["J1 09:00", "J2 09:35"]}))
    assert str(found) == "travel: carer C1 lacks 300 s between the end of job J1 and the start of job J2"


def test_stops_out_of_order_cannot_be_travelled() -> None:
    town = two_carers_three_visits()
    assert ("travel", "NO_TIME_FOR_TRAVEL", 5400) in broken(town, answer(town, {"C1": ["J2 10:00", "J1 09:10"]}))


def test_a_break_may_interrupt_travel() -> None:
    town = lunch_on_the_road()
    assert breaches(town, answer(town, {"C1": ["J1 11:00", "break 11:40", "J2 12:30"]})) == ()


def test_a_break_shortens_no_travel() -> None:
    town = lunch_on_the_road()
    found = only(town, answer(town, {"C1": ["J1 11:00", "break 11:40", "J2 12:29"]}))
    assert (found.code, found.amount) == ("NO_TIME_FOR_BREAK", 60)
    assert str(found) == "breaks: carer C1 lacks 60 s for travel and breaks before J2"


@pytest.mark.parametrize(
    ("start", "code", "seconds"), [("11:38", "BREAK_TOO_EARLY", 120), ("11:55", "BREAK_TOO_LATE", 300)]
)
def test_a_break_starts_in_its_window(start: str, code: str, seconds: int) -> None:
    town = lunch_on_the_road()
    assert broken(town, answer(town, {"C1": ["J1 11:00", f"break {start}", "J2 12:30"]})) == [("breaks", code, seconds)]


def test_a_break_overlaps_no_job() -> None:
    town = day([carer("C1", breaks=[("11:00", "12:00", 30)])], [job("J1", "L0", ("11:00", "12:00"))])
    assert broken(town, answer(town, {"C1": ["J1 11:10", "break 11:20"]})) == [("breaks", "BREAK_DURING_WORK", 1200)]
    assert breaches(town, answer(town, {"C1": ["J1 11:10", "break 11:40"]})) == ()


def test_a_carer_with_stops_takes_every_break() -> None:
    town = lunch_on_the_road()
    assert broken(town, answer(town, {"C1": ["J1 11:00", "J2 12:30"]})) == [("breaks", "BREAK_COUNT", 1)]


def test_a_carer_without_stops_takes_no_break() -> None:
    town = lunch_on_the_road()
    assert breaches(town, answer(town, {"C1": []})) == ()


def test_several_breaks_in_one_gap_come_one_after_the_other() -> None:
    breaks = [("10:00", "10:30", 15), ("10:00", "10:30", 15)]
    town = day([carer("C1", breaks=breaks)], [job("J1", "L1", ("08:30", "08:30")), job("J2", "L0", ("10:40", "10:40"))])
    one_by_one = ["J1 08:30", "break 10:15", "break 10:00", "J2 10:40"]
    at_once = ["J1 08:30", "break 10:10", "break 10:00", "J2 10:40"]
    assert breaches(town, answer(town, {"C1": one_by_one})) == ()
    assert broken(town, answer(town, {"C1": at_once})) == [("breaks", "BREAK_DURING_WORK", 300)]


def test_a_gap_holds_its_travel_and_all_its_breaks() -> None:
    breaks = [("09:00", "09:30", 15), ("09:00", "09:30", 15)]
    town = day([carer("C1", breaks=breaks)], [job("J1", "L1", ("08:30", "08:30")), job("J2", "L0", ("09:30", "10:00"))])
    for start, missing in (("09:40", 0), ("09:38", 120)):
        found = broken(town, answer(town, {"C1": ["J1 08:30", "break 09:00", "break 09:15", f"J2 {start}"]}))
        assert found == ([("breaks", "NO_TIME_FOR_BREAK", missing)] if missing else [])


def test_two_carers_start_together() -> None:
    town = double_staffed_morning()
    together = {"C1": ["J2 08:30", "J1a 09:10"], "C2": ["J1b 09:10"]}
    apart = {"C1": ["J2 08:30", "J1a 09:10"], "C2": ["J1b 09:12"]}
    assert breaches(town, answer(town, together)) == ()
    assert str(only(town, answer(town, apart))) == "together: job J1b starts 120 s too late after job J1a"


def test_double_staffing_wants_two_carers() -> None:
    town = double_staffed_morning()
    found = broken(town, answer(town, {"C2": ["J1a 09:10", "J1b 09:10"]}))
    assert ("together", "SAME_CARER_TWICE", 1) in found


def test_half_a_pair_is_not_placed() -> None:
    town = double_staffed_morning()
    found = only(town, answer(town, {"C2": ["J1a 09:10"]}))
    assert str(found) == "together: job J1a is placed without its partner J1b"


def test_a_link_binds_only_when_both_are_placed() -> None:
    link = Link(JobId("J1"), JobId("J2"), 3600, None, LinkCarers.SAME)
    jobs = [job("J1", "L1", ("09:00", "12:00")), job("J2", "L1", ("09:00", "12:00"))]
    town = day([carer("C1"), carer("C2")], jobs, links=[link])
    assert breaches(town, answer(town, {"C1": ["J2 09:00"]})) == ()
    assert broken(town, answer(town, {"C1": ["J1 09:00"], "C2": ["J2 09:50"]})) == [
        ("together", "GAP_TOO_SMALL", 600),
        ("together", "NOT_THE_SAME_CARER", 1),
    ]


def test_a_pin_keeps_carer_and_start() -> None:
    jobs = [job("J1", "L1", ("09:00", "10:00"))]
    town = day([carer("C1"), carer("C2")], jobs, pinned=[("J1", "C1", "09:30")])
    assert breaches(town, answer(town, {"C1": ["J1 09:30"]})) == ()
    assert broken(town, answer(town, {"C1": ["J1 09:31"]})) == [("stability", "PIN_MOVED", 60)]
    assert broken(town, answer(town, {"C2": ["J1 09:30"]})) == [("stability", "PIN_OTHER_CARER", 1)]
    assert broken(town, answer(town, {})) == [("stability", "PIN_UNPLACED", 1)]
