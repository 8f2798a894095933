"""Why a visit is left, told by what really keeps each carer from it."""

from scheduler import JobId, Link, LinkCarers, Problem, ReasonCode, Steps, Target, cost_split, evaluate, solve
from scheduler.explain import with_reasons
from tests.towns.answer import answer
from tests.towns.day import at, carer, day, job
from tests.towns.two_carers_three_visits import two_carers_three_visits


def reasons(problem: Problem, name: str = "J1") -> dict[ReasonCode, float]:
    found = solve(problem, limit=Steps(20))
    return {
        reason.code: round(reason.share, 3) for left in found.unplaced if left.job == name for reason in left.reasons
    }


def test_each_carer_counts_under_the_first_thing_that_forbids_them() -> None:
    """C1 lacks the skill, C2 goes home too early, C3 is unwanted, C4 is with J2 (pinned) all the time."""
    skilled = ["lift"]
    carers = [
        carer("C1"),
        carer("C2", skills=skilled, shift=("08:00", "09:00")),
        carer("C3", skills=skilled),
        carer("C4", skills=skilled),
    ]
    jobs = [
        job("J1", "L1", ("10:00", "10:30"), skills=skilled, forbidden=["C3"]),
        job("J2", "L1", ("09:00", "09:00"), minutes=180),
    ]
    assert reasons(day(carers, jobs, pinned=[("J2", "C4", "09:00")])) == {
        ReasonCode.NO_SKILLED_CARER_ON_SHIFT: 0.5,
        ReasonCode.FORBIDDEN_FOR_ALL: 0.25,
        ReasonCode.NO_GAP_IN_WINDOW: 0.25,
    }


def test_the_reason_that_excludes_most_comes_first() -> None:
    carers = [carer("C1"), carer("C2"), carer("C3", skills=["lift"])]
    town = day(carers, [job("J1", "L1", ("10:00", "10:30"), skills=["lift"], forbidden=["C3"])])
    (left,) = solve(town, limit=Steps(0)).unplaced
    assert [reason.code for reason in left.reasons] == [
        ReasonCode.NO_SKILLED_CARER_ON_SHIFT,
        ReasonCode.FORBIDDEN_FOR_ALL,
    ]


def test_a_visit_whose_partner_nobody_can_do_says_so() -> None:
    pair = Link(JobId("J1"), JobId("J2"), 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
    jobs = [job("J1", "L1", ("10:00", "10:30")), job("J2", "L1", ("10:00", "10:30"), skills=["lift"])]
    town = day([carer("C1"), carer("C2")], jobs, links=[pair])
    assert reasons(town, "J1") == {ReasonCode.PARTNER_CANNOT_BE_PLACED: 1.0}
    assert reasons(town, "J2") == {ReasonCode.NO_SKILLED_CARER_ON_SHIFT: 1.0}


def test_a_visit_that_would_fit_is_not_excused() -> None:
    town = two_carers_three_visits()
    lazy = with_reasons(town, answer(town, {"C1": ["J1 09:00", "J2 09:40"]}))
    (left,) = lazy.unplaced
    codes = {reason.code for reason in left.reasons}
    assert ReasonCode.NO_REASON_FOUND in codes
    assert ReasonCode.CHEAPER_TO_LEAVE not in codes


def test_the_cost_is_split_by_rule_and_by_visit() -> None:
    target = Target(at("09:00"), at("09:00"), late_cost=2)
    jobs = [
        job("J1", "L1", ("09:00", "10:00"), target=target, costs={"other": 60}),
        job("J2", "L1", ("09:00", "10:00")),
    ]
    town = day([carer("C1")], jobs)
    late = answer(town, {"C1": ["J1 09:05"]})
    split = cost_split(town, late)
    assert split.by_term == {"travel": 1200, "lateness": 600, "continuity": 60, "unplaced": 100_000}
    assert split.by_job == {
        "J1": {"travel": 600, "lateness": 600, "continuity": 60},
        "J2": {"unplaced": 100_000},
    }
    assert sum(split.by_term.values()) == evaluate(town, late).total
