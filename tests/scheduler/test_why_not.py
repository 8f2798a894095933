"""Each reason is proved by trying: the day is built anew without what is named, and the visit fits with that carer."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import (
    BreaksInTheWay,
    Forbidden,
    JobId,
    JobsInTheWay,
    Link,
    LinkCarers,
    MissingSkills,
    Obstacle,
    PartnersUnplaced,
    Problem,
    ShiftTooShort,
    Solution,
    Steps,
    TooDear,
    Unplaced,
    WhyNot,
    breaches,
    evaluate,
    solve,
)
from scheduler.explain import with_reasons
from scheduler.solvers.greedy import Greedy
from tests.scheduler.obstacles import dropped, place, without
from tests.towns.answer import answer
from tests.towns.day import carer, day, job
from tests.towns.random_town import random_town

J1 = JobId("J1")


def asked(town: Problem, plan: Solution, name: str = "J1") -> dict[str, tuple[Obstacle, ...]]:
    """What keeps each carer from the visit."""
    explained = with_reasons(town, plan)
    (left,) = (x for x in explained.unplaced if x.job == name)
    return {why.carer: why.obstacles for reason in left.reasons for why in reason.carers}


def test_each_carer_is_told_all_that_keeps_them() -> None:
    """J1 at L1, ten minutes away, begins 10:00–10:30 and takes 30 minutes; C4 and C5 are with J2 and J3 from 9 to 12."""
    carers = [
        carer("C1", shift=("08:00", "10:00")),
        carer("C2", skills=["lift"], shift=("10:25", "16:00")),
        carer("C3", skills=["lift"]),
        carer("C4", skills=["lift"]),
        carer("C5"),
    ]
    jobs = [
        job("J1", "L1", ("10:00", "10:30"), skills=["lift"], forbidden=["C3", "C5"]),
        job("J2", "L1", ("09:00", "09:00"), minutes=180),
        job("J3", "L1", ("09:00", "09:00"), minutes=180),
    ]
    town = day(carers, jobs)
    assert asked(town, answer(town, {"C4": ["J2 09:00"], "C5": ["J3 09:00"]})) == {
        "C1": (MissingSkills(("lift",)), ShiftTooShort(earlier=0, later=40 * 60)),
        "C2": (ShiftTooShort(earlier=5 * 60, later=0),),
        "C3": (Forbidden(),),
        "C4": (JobsInTheWay((JobId("J2"),)),),
        "C5": (MissingSkills(("lift",)), Forbidden(), JobsInTheWay((JobId("J3"),))),
    }


def test_a_shift_can_be_too_short_at_both_ends() -> None:
    """Two hours of work and twice ten minutes of road in a shift of one hour: away from 8:50 at the latest to 11:10."""
    town = day([carer("C1", shift=("09:30", "10:30"))], [job("J1", "L1", ("09:00", "09:00"), minutes=120)])
    assert asked(town, answer(town, {})) == {"C1": (ShiftTooShort(earlier=40 * 60, later=40 * 60),)}


def test_a_break_that_must_be_taken_meanwhile_is_named() -> None:
    breaks = [("09:00", "09:30", 15), ("11:00", "11:30", 30)]
    town = day([carer("C1", breaks=breaks)], [job("J1", "L1", ("10:45", "10:45"), minutes=60)])
    assert asked(town, answer(town, {})) == {"C1": (BreaksInTheWay((2,)),)}


def test_a_break_that_can_wait_is_not_in_the_way() -> None:
    """J1 fits between J2 and J3 once the break, taken between them, waits until J3 is done at 11:00."""
    town = day(
        [carer("C1", breaks=[("09:00", "12:00", 30)])],
        [
            job("J1", "L1", ("09:30", "09:30"), minutes=60),
            job("J2", "L1", ("09:00", "09:00")),
            job("J3", "L1", ("10:30", "10:30")),
        ],
    )
    plan = answer(town, {"C1": ["J2 09:00", "break 09:30", "J3 10:30"]})
    assert breaches(town, plan) == ()
    assert asked(town, plan) == {"C1": ()}


def test_no_more_visits_are_named_than_must_go() -> None:
    """An hour from 9:00 needs J2 (9:00) and J3 (9:30) away; J4 (8:00) and J5 (10:30) can stay."""
    town = day(
        [carer("C1")],
        [
            job("J1", "L1", ("09:00", "09:00"), minutes=60),
            job("J2", "L1", ("09:00", "09:00")),
            job("J3", "L1", ("09:30", "09:30")),
            job("J4", "L1", ("08:10", "08:10")),
            job("J5", "L1", ("10:30", "10:30")),
        ],
    )
    plan = answer(town, {"C1": ["J4 08:10", "J2 09:00", "J3 09:30", "J5 10:30"]})
    assert asked(town, plan) == {"C1": (JobsInTheWay((JobId("J2"), JobId("J3"))),)}


def test_a_visit_elsewhere_that_it_must_follow_can_be_in_the_way() -> None:
    """J1 must follow J2 by four hours; C1 begins J2 at 9:00 at the earliest, so J1 cannot begin by 12:00."""
    town = day(
        [carer("C1"), carer("C2")],
        [job("J1", "L1", ("10:00", "12:00")), job("J2", "L1", ("09:00", "15:00"))],
        links=[Link(J1, JobId("J2"), -(24 * 3600), -(4 * 3600))],
    )
    held = (JobsInTheWay((JobId("J2"),)),)
    assert asked(town, answer(town, {"C1": ["J2 09:00"]})) == {"C1": held, "C2": held}


def test_the_partner_is_named_beside_what_keeps_the_carer() -> None:
    pair = Link(J1, JobId("J2"), 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
    jobs = [job("J1", "L1", ("10:00", "10:30")), job("J2", "L1", ("10:00", "10:30"), skills=["lift"])]
    town = day([carer("C1"), carer("C2", shift=("10:05", "16:00")), carer("C3", shift=("11:00", "16:00"))], jobs)
    town_of_pairs = day(town.carers, jobs, links=[pair])
    partner = PartnersUnplaced((JobId("J2"),))
    assert asked(town_of_pairs, answer(town_of_pairs, {})) == {
        "C1": (partner,),
        "C2": (partner,),
        "C3": (ShiftTooShort(earlier=40 * 60, later=0), partner),
    }


def test_what_costs_more_than_leaving_it_is_told_with_the_price() -> None:
    """Twenty minutes of road, 1200, against 1000 for leaving J1."""
    town = day([carer("C1")], [job("J1", "L1", ("10:00", "10:30"), unplaced=1000)])
    assert asked(town, answer(town, {})) == {"C1": (TooDear(200),)}


def test_carers_whose_pins_contradict_each_other_are_held_by_them() -> None:
    town = day(
        [carer("C1")],
        [job("J1", "L1", ("09:00", "09:00")), job("J2", "L1", ("09:00", "09:30")), job("J3", "L1", ("09:00", "09:30"))],
        pinned=[("J2", "C1", "09:00"), ("J3", "C1", "09:10")],
    )
    assert asked(town, solve(town, limit=Steps(0))) == {"C1": (JobsInTheWay((JobId("J2"), JobId("J3"))),)}


def test_a_reason_says_plainly_who_and_what() -> None:
    carers = [carer(f"C{i}") for i in range(1, 9)] + [carer("C9", skills=["lift"], shift=("10:30", "16:00"))]
    town = day(carers, [job("J1", "L1", ("10:00", "10:30"), skills=["lift"])])
    (left,) = with_reasons(town, answer(town, {})).unplaced
    assert [str(reason) for reason in left.reasons] == [
        "nobody skilled on shift (C1, C2, C3, C4, C5 and 3 others: lacks lift; C9: shift begins 10 min too late)"
    ]


def _proved(town: Problem, plan: Solution, job: JobId, why: WhyNot) -> None:
    for spared in (None, *why.obstacles):
        freed, held = town, plan
        for obstacle in why.obstacles:
            if obstacle is not spared:
                freed, held = without(freed, held, job, why.carer, obstacle)
        full = place(freed, held, job, why.carer)
        if spared is None:
            assert full is not None
            assert breaches(freed, full) == ()
            assert full.placed[job][0] == why.carer
            if all(isinstance(x, TooDear) for x in why.obstacles):
                assert evaluate(freed, full).total < evaluate(freed, held).total
        elif isinstance(spared, TooDear):
            assert full is not None
            assert evaluate(freed, full).total - evaluate(freed, held).total == spared.extra_cost
        else:
            assert full is None


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=random_town(), data=st.data())
def test_without_all_that_is_named_it_fits_and_with_any_of_it_it_does_not(
    problem: Problem, data: st.DataObject
) -> None:
    plan = dropped(data, problem, Greedy().solve(problem, limit=Steps(0), seed=1))
    for unplaced in with_reasons(problem, plan).unplaced:
        for reason in unplaced.reasons:
            for why in reason.carers:
                _proved(problem, plan, unplaced.job, why)


def test_unplaced_visits_without_any_carer_have_a_reason_too() -> None:
    town = day([], [job("J1", "L1", ("10:00", "10:30"))])
    (left,) = with_reasons(town, Solution(town.name, (), (Unplaced(J1),))).unplaced
    assert [str(reason) for reason in left.reasons] == ["nobody skilled on shift"]
