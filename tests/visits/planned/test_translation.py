"""A planning day as a problem in seconds, and the way back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import scheduler
from tests.factories.world import TUMBA, a_template
from tests.visits.planned.test_demands import a_plan, an_order
from visits.granted.visit_templates import Priority, VisitTemplate
from visits.people import Carer
from visits.planned.carer_prices import known
from visits.planned.demands import VisitDemand, demands_of_day
from visits.planned.planning_day import PlanningDay
from visits.planned.schedule import Placement, PlannedBreak, RemedyKind, Schedule, ScheduleState
from visits.planned.staffing import BreakRule, Shift, StaffedShift
from visits.planned.translation import translate
from visits.planned.travel import GreatCircle
from visits.terms import (
    CarerId,
    Place,
    ScheduleId,
    ShiftId,
    Skill,
    TeamId,
    Title,
    TravelMode,
    VisitId,
    instant,
)

MONDAY = date(2026, 11, 23)
HOUR = 3600
ALL = frozenset(Skill)


def at(wall: str, on: date = MONDAY) -> datetime:
    return instant(on, time.fromisoformat(wall))


def works(start: str, end: str, *breaks: tuple[str, str, int], skills: frozenset[Skill] = ALL) -> StaffedShift:
    carer = Carer(
        id=CarerId(uuid4()),
        team_id=TeamId(uuid4()),
        given_name="Vera",
        family_name="Vårdare",
        title=Title.ASSISTANT_NURSE,
        mode=TravelMode.BICYCLE,
    )
    end_on = MONDAY if end > start else MONDAY + timedelta(days=1)
    rules = tuple(BreakRule(earliest_at=at(one), latest_at=at(two), minutes=minutes) for one, two, minutes in breaks)
    shift = Shift(
        id=ShiftId(uuid4()), carer_id=carer.id, on=MONDAY, start_at=at(start), end_at=at(end, end_on), breaks=rules
    )
    return StaffedShift(shift=shift, carer=carer, skills=skills)


def due(*templates: VisitTemplate) -> tuple[VisitDemand, ...]:
    order = an_order()
    return demands_of_day([order], [a_plan(order, *templates)], away=frozenset(), on=MONDAY)


def told(demand: VisitDemand, worked: StaffedShift, wall: str, *, part: int = 1) -> Placement:
    return Placement(
        visit_id=demand.visit_id,
        citizen_id=demand.citizen_id,
        part=part,
        carer_id=worked.carer.id,
        start_at=at(wall),
        minutes=demand.minutes,
        travel_seconds=0,
    )


def published(*placements: Placement, breaks: Sequence[PlannedBreak] = ()) -> Schedule:
    return Schedule(
        id=ScheduleId(uuid4()),
        team_id=TeamId(uuid4()),
        on=MONDAY,
        state=ScheduleState.PUBLISHED,
        made_at=at("05:00"),
        placements=placements,
        breaks=tuple(breaks),
    )


def a_day(
    demands: Sequence[VisitDemand],
    staffing: Sequence[StaffedShift],
    *,
    now: str = "05:00",
    schedule: Schedule | None = None,
    begun: frozenset[VisitId] = frozenset(),
) -> PlanningDay:
    return PlanningDay(
        team_id=TeamId(uuid4()),
        on=MONDAY,
        now=at(now),
        start=TUMBA,
        demands=tuple(demands),
        staffing=tuple(staffing),
        places={demand.citizen_id: Place(59.21, 17.84) for demand in demands},
        published=schedule,
        begun=begun,
    )


def test_times_are_seconds_from_the_days_midnight() -> None:
    day = a_day(
        due(a_template(window=("07:00", "10:30"), wish=("08:00", "09:00"))),
        [works("07:00", "16:00", ("11:00", "13:00", 30))],
    )
    problem = translate(day, GreatCircle()).problem
    (job,), (carer,) = problem.jobs, problem.carers
    assert (job.earliest, job.latest, job.duration) == (7 * HOUR, 10 * HOUR + 1800, 1800)
    assert job.target == scheduler.Target(8 * HOUR, 9 * HOUR, early_cost=0, late_cost=1)
    assert job.unplaced_cost == 120_000
    assert carer.shift == scheduler.Shift(7 * HOUR, 16 * HOUR)
    assert carer.breaks == (scheduler.Break(11 * HOUR, 13 * HOUR, 1800),)


def test_a_night_shift_reaches_into_the_next_day() -> None:
    day = a_day(due(a_template(window=("23:00", "02:00"))), [works("21:30", "07:15")])
    problem = translate(day, GreatCircle()).problem
    assert problem.carers[0].shift == scheduler.Shift(21 * HOUR + 1800, 31 * HOUR + 900)
    assert (problem.jobs[0].earliest, problem.jobs[0].latest) == (23 * HOUR, 26 * HOUR)


def test_what_may_wait_costs_less_to_leave() -> None:
    demands = due(*(a_template(priority=priority) for priority in (Priority.MUST, Priority.SHOULD, Priority.MAY)))
    problem = translate(a_day(demands, [works("07:00", "16:00")]), GreatCircle()).problem
    assert sorted(job.unplaced_cost for job in problem.jobs) == [11_400, 30_000, 120_000]


def test_two_who_come_together_are_two_jobs_linked_and_both_must_be_able_to_lift() -> None:
    day = a_day(due(a_template(staff=2, skills=frozenset({Skill.DELEGATION}))), [works("07:00", "16:00")])
    problem = translate(day, GreatCircle()).problem
    assert len(problem.jobs) == 2
    assert all(job.skills == {"delegation", "lift"} for job in problem.jobs)
    (link,) = problem.links
    assert (link.min_gap, link.max_gap, link.carers, link.all_or_none) == (0, 0, scheduler.LinkCarers.DIFFERENT, True)


def test_a_visit_that_must_follow_another_is_linked_by_its_gap() -> None:
    morning = a_template()
    lunch = a_template(window=("11:00", "13:00"), after=morning.id, min_gap_minutes=150)
    day = a_day(due(morning, lunch), [works("07:00", "16:00")])
    (link,) = translate(day, GreatCircle()).problem.links
    assert (link.min_gap, link.max_gap, link.carers, link.all_or_none) == (9000, None, scheduler.LinkCarers.ANY, False)
    assert link.first.startswith(str(day.demands[0].visit_id))


def test_a_stranger_costs_ten_minutes_where_somebody_known_is_at_work() -> None:
    vera, stranger = works("07:00", "16:00"), works("07:00", "16:00")
    (demand,) = due(a_template())
    day = replace(a_day([demand], [vera, stranger]), carer_prices={demand.citizen_id: known([vera.carer.id])})
    (job,) = translate(day, GreatCircle()).problem.jobs
    assert job.carer_costs == {str(vera.shift.id): 0, "other": 600}


def test_two_at_one_address_are_one_place() -> None:
    demands = (*due(a_template()), *due(a_template()))
    problem = translate(a_day(demands, [works("07:00", "16:00")]), GreatCircle()).problem
    assert len(problem.locations) == 2


def test_what_has_begun_keeps_carer_and_start() -> None:
    vera = works("07:00", "16:00")
    (demand,) = due(a_template())
    day = a_day(
        [demand],
        [vera, works("07:00", "16:00")],
        now="08:10",
        schedule=published(told(demand, vera, "08:00")),
        begun=frozenset({demand.visit_id}),
    )
    problem = translate(day, GreatCircle()).problem
    assert [(one.carer, one.start) for one in problem.pinned] == [(str(vera.shift.id), 8 * HOUR)]
    assert problem.published == ()


def test_what_begins_within_half_an_hour_is_frozen_and_what_comes_later_may_move_at_a_price() -> None:
    vera = works("07:00", "16:00")
    soon, later = due(a_template(window=("07:00", "09:00")), a_template(window=("08:00", "11:00")))
    schedule = published(told(soon, vera, "08:30"), told(later, vera, "08:31"))
    problem = translate(a_day([soon, later], [vera], now="08:00", schedule=schedule), GreatCircle()).problem
    assert [one.start for one in problem.pinned] == [8 * HOUR + 1800]
    assert [one.start for one in problem.published] == [8 * HOUR + 1860]


def test_the_visits_of_a_carer_fallen_ill_move_free_of_charge_even_if_they_are_near() -> None:
    (demand,) = due(a_template())
    ill, vera = works("07:00", "16:00"), works("07:00", "16:00")
    day = a_day([demand], [vera], now="08:00", schedule=published(told(demand, ill, "08:10")))
    problem = translate(day, GreatCircle()).problem
    assert (problem.pinned, problem.published) == ((), ())
    assert problem.jobs[0].earliest == 8 * HOUR + 600, "nobody is asked to begin within ten minutes"


def test_what_a_carer_began_before_falling_ill_stays_in_the_draft_as_it_was() -> None:
    (demand,) = due(a_template())
    ill, vera = works("07:00", "16:00"), works("07:00", "16:00")
    placement = told(demand, ill, "07:30")
    day = a_day([demand], [vera], now="09:00", schedule=published(placement), begun=frozenset({demand.visit_id}))
    translation = translate(day, GreatCircle())
    assert translation.problem.jobs == ()
    solution = scheduler.solve(translation.problem, limit=scheduler.Steps(1))
    assert translation.draft(solution).placements == (placement,)


def test_a_double_staffed_visit_is_replanned_whole_when_one_of_the_two_falls_ill_before_it() -> None:
    (demand,) = due(a_template(staff=2))
    ill, vera, jonas = (works("07:00", "16:00") for _ in range(3))
    schedule = published(told(demand, ill, "08:10"), told(demand, vera, "08:10", part=2))
    problem = translate(a_day([demand], [vera, jonas], now="08:00", schedule=schedule), GreatCircle()).problem
    assert problem.pinned == ()
    assert len(problem.jobs) == 2
    assert [(one.job, one.carer) for one in problem.published] == [(f"{demand.visit_id}/2", str(vera.shift.id))]


def test_a_published_visit_that_nobody_made_in_time_may_still_be_made_late() -> None:
    (demand,) = due(a_template(window=("07:00", "08:00")))
    ill, vera = works("07:00", "16:00"), works("07:00", "16:00")
    day = a_day([demand], [vera], now="09:00", schedule=published(told(demand, ill, "07:30")))
    (job,) = translate(day, GreatCircle()).problem.jobs
    assert (job.earliest, job.latest) == (9 * HOUR + 600, 10 * HOUR + 600)


def test_a_visit_whose_time_was_over_before_anybody_planned_it_is_left_out_with_the_reason() -> None:
    (demand,) = due(a_template(window=("07:00", "08:00")))
    translation = translate(a_day([demand], [works("07:00", "16:00")], now="09:00"), GreatCircle())
    assert translation.problem.jobs == ()
    draft = translation.draft(scheduler.solve(translation.problem, limit=scheduler.Steps(1)))
    (left,) = draft.unplaced
    assert (left.visit_id, left.part, left.reasons[0].code) == (demand.visit_id, 1, "NO_GAP_IN_WINDOW")


def test_what_would_help_a_visit_without_a_place_stands_in_the_draft() -> None:
    """Vera may not lift; nothing else is in the way."""
    vera = works("07:00", "16:00", skills=ALL - {Skill.LIFT})
    (demand,) = due(a_template(window=("09:00", "09:00"), skills=frozenset({Skill.LIFT})))
    translation = translate(a_day([demand], [vera]), GreatCircle())
    (left,) = translation.draft(scheduler.solve(translation.problem, limit=scheduler.Steps(1))).unplaced
    (remedy,) = left.remedies
    assert (remedy.kind, remedy.carer_id, remedy.helped) == (RemedyKind.SKILL, vera.carer.id, vera.carer.id)
    assert (remedy.start_at, remedy.skill) == (at("09:00"), "lift")
    there_and_back = translation.problem.travel.by_mode["bicycle"]
    assert remedy.extra_seconds == there_and_back[0][1] + there_and_back[1][0]


def test_nothing_is_proposed_that_would_have_to_begin_before_now() -> None:
    """At 9:30 neither can the visit of 9:00 to 9:45 begin any earlier nor Vera, who is free from 10, begin before 9:30."""
    (demand,) = due(a_template(window=("09:00", "09:45")))
    translation = translate(a_day([demand], [works("10:00", "16:00")], now="09:30"), GreatCircle())
    (left,) = translation.draft(scheduler.solve(translation.problem, limit=scheduler.Steps(1))).unplaced
    assert {remedy.kind for remedy in left.remedies} <= {RemedyKind.WINDOW, RemedyKind.SHIFT}
    assert left.remedies
    for remedy in left.remedies:
        assert remedy.start_at >= at("09:40")
        assert remedy.kind is not RemedyKind.SHIFT or remedy.earlier_minutes <= 30


def test_two_parts_of_a_visit_are_helped_once() -> None:
    (demand,) = due(a_template(window=("09:00", "09:00"), staff=2))
    translation = translate(a_day([demand], [works("07:00", "16:00"), works("09:15", "16:00")]), GreatCircle())
    first, second = translation.draft(scheduler.solve(translation.problem, limit=scheduler.Steps(1))).unplaced
    assert {remedy.kind for remedy in first.remedies} == {RemedyKind.WINDOW, RemedyKind.SHIFT}
    assert second.remedies == ()


def test_a_break_that_has_begun_is_not_taken_twice() -> None:
    vera = works("07:00", "16:00", ("11:00", "13:00", 30))
    (demand,) = due(a_template(window=("12:00", "15:00")))
    resting = PlannedBreak(carer_id=vera.carer.id, start_at=at("11:15"), end_at=at("11:45"))
    day = a_day([demand], [vera], now="12:00", schedule=published(breaks=[resting]))
    (carer,) = translate(day, GreatCircle()).problem.carers
    assert carer.breaks == ()
    assert carer.shift.start == 12 * HOUR


def test_a_shift_that_is_over_is_no_carer() -> None:
    problem = translate(a_day(due(a_template()), [works("07:00", "08:00")], now="08:30"), GreatCircle()).problem
    assert problem.carers == ()


def test_the_draft_tells_the_way_to_each_visit_and_home() -> None:
    demands = due(a_template(window=("08:00", "08:00")))
    vera = works("07:00", "16:00", ("11:00", "13:00", 30))
    translation = translate(a_day(demands, [vera]), GreatCircle())
    job = translation.problem.jobs[0]
    worked = scheduler.CarerId(str(vera.shift.id))
    route = scheduler.Route(worked, (scheduler.Placement(job.id, 8 * HOUR),), (11 * HOUR,))
    draft = translation.draft(scheduler.Solution(translation.problem.name, (route,)))
    way = int(GreatCircle().between([TUMBA, Place(59.21, 17.84)], mode=TravelMode.BICYCLE)[0, 1])
    assert [(one.start_at, one.travel_seconds) for one in draft.placements] == [(at("08:00"), way)]
    assert draft.home_travel_seconds == {vera.carer.id: way}
    assert draft.breaks == (PlannedBreak(carer_id=vera.carer.id, start_at=at("11:00"), end_at=at("11:30")),)
    assert draft.cost["travel"] == draft.cost["total"] == 2 * way


def test_the_fingerprint_does_not_change_with_the_time_but_with_a_wish() -> None:
    day = a_day(due(a_template()), [works("07:00", "16:00")])
    assert replace(day, now=at("06:00")).fingerprint() == day.fingerprint()
    moved = replace(day.demands[0], wish_latest_at=day.demands[0].wish_latest_at - timedelta(minutes=1))
    assert replace(day, demands=(moved,)).fingerprint() != day.fingerprint()
