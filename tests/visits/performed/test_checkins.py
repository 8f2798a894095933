"""The folding of facts: one truth, whatever the order in which they come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from visits.errors import Conflict, Invalid
from visits.performed.attendance import Contradiction, Interval, Misfit
from visits.performed.checkins import ABOUT_THE_WHOLE_VISIT, TASKS, Approval, Fact, FactKind, is_for_two
from visits.performed.folding import fold, state_after
from visits.performed.performed_time import counted, received_minutes, staff_minutes, union, whole_minutes
from visits.performed.time_rules import TimeRules
from visits.performed.visit import VisitState
from visits.terms import CarerId, CoordinatorId, FactId, ServiceCode, VisitId

VISIT = VisitId(UUID(int=1))
AMIRA, JONAS = CarerId(UUID(int=11)), CarerId(UUID(int=12))
VERA, BO = CoordinatorId(UUID(int=21)), CoordinatorId(UUID(int=22))
EIGHT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
IN, OUT, NOTE = FactKind.CHECK_IN, FactKind.CHECK_OUT, FactKind.NOTE
NOBODY, DECLINED = FactKind.NOBODY_HOME, FactKind.DECLINED
FEW = settings(max_examples=40, deadline=None)
WHOLE = sorted(ABOUT_THE_WHOLE_VISIT)
SHOWER = ServiceCode.SHOWER


def after(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def fact(
    kind: FactKind,
    minutes: float,
    *,
    carer: CarerId | None = AMIRA,
    corrects: Fact | None = None,
    note: str = "",
    at: int = 0,
    **more: Any,
) -> Fact:
    return Fact(
        id=FactId(uuid4()),
        visit_id=VISIT,
        carer_id=carer,
        kind=kind,
        happened_at=after(minutes),
        received_at=after(minutes + at),
        note=note or ("Åt bra." if kind is NOTE else ""),
        corrects=corrects.id if corrects else None,
        reason="fel klockslag" if corrects or more else "",
        **more,
    )


@st.composite
def days_of_facts(draw: st.DrawFn) -> list[Fact]:
    """Up to ten facts of two carers and a coordinator within an hour, some of them corrections of earlier ones."""
    made: list[Fact] = []
    for number in range(draw(st.integers(0, 10))):
        kind = draw(st.sampled_from(FactKind))
        corrected = draw(st.sampled_from([None, None, *made])) if made else None
        whole = corrected.carer_id is None if corrected else kind in WHOLE and draw(st.booleans())
        kind = FactKind.NOTE if whole and kind not in WHOLE else kind
        by_hand = whole or draw(st.booleans())
        made.append(
            Fact(
                id=FactId(UUID(int=100 + number)),
                visit_id=VISIT,
                carer_id=None if whole else corrected.carer_id if corrected else draw(st.sampled_from([AMIRA, JONAS])),
                kind=kind,
                happened_at=after(draw(st.integers(0, 60))),
                received_at=after(draw(st.integers(60, 600))),
                code=draw(st.sampled_from([ServiceCode.SHOWER, ServiceCode.CLEANING])) if kind in TASKS else None,
                moved_to=after(draw(st.integers(0, 300))) if kind is FactKind.MOVED else None,
                note="Åt bra." if kind is NOTE else "",
                corrects=corrected.id if corrected else None,
                reason="fel" if corrected or by_hand else "",
                coordinator_id=VERA if by_hand else None,
                needs_approval=bool(corrected or by_hand) and draw(st.booleans()),
            )
        )
    return made


@st.composite
def decided(draw: st.DrawFn, facts: list[Fact]) -> list[Approval]:
    """What second people have said about them, sometimes two of one fact."""
    made = draw(st.lists(st.sampled_from(facts), max_size=6)) if facts else []
    return [
        Approval(
            fact_id=one.id,
            coordinator_id=BO,
            decided_at=after(draw(st.integers(600, 610))),
            is_approved=draw(st.booleans()),
        )
        for one in made
    ]


@FEW
@given(facts=days_of_facts(), data=st.data())
def test_the_order_and_number_of_arrivals_do_not_matter(facts: list[Fact], data: st.DataObject) -> None:
    approvals = data.draw(decided(facts))
    again = data.draw(st.lists(st.sampled_from(facts))) if facts else []
    # What is sent again arrives later, and by then it may be so old that a second person would have to look at it.
    late = [replace(one, received_at=one.received_at + timedelta(hours=30), needs_approval=True) for one in again]
    shuffled = data.draw(st.permutations([*facts, *late]))
    decisions = data.draw(st.permutations([*approvals, *approvals[:2]]))
    assert fold(shuffled, decisions) == fold(facts, approvals)


@FEW
@given(facts=days_of_facts(), data=st.data())
def test_nothing_that_was_sent_is_ever_lost(facts: list[Fact], data: st.DataObject) -> None:
    approvals = data.draw(decided(facts))
    performed = fold(facts, approvals)
    assert set(performed.facts) == set(facts)
    assert {one.fact_id for one in performed.contradictions} <= {one.id for one in performed.standing}
    asked = {one.id for one in facts if one.needs_approval}
    assert {one.id for one in performed.waiting} == asked - {one.fact_id for one in approvals}
    if not asked:
        corrected = {one.corrects for one in facts}
        assert {one.id for one in performed.standing} == {one.id for one in facts} - corrected


@FEW
@given(facts=days_of_facts())
def test_until_a_second_person_agrees_nothing_has_been_said(facts: list[Fact]) -> None:
    known = {one.id for one in facts if not one.needs_approval}
    alone = [one for one in facts if one.id in known]
    # Whoever corrects what still waits has the last word also about what that was to correct.
    assume(all(one.corrects is None or one.corrects in known for one in alone))
    told = fold(facts)
    assert (told.state, told.intervals, told.moved_to) == (
        fold(alone).state,
        fold(alone).intervals,
        fold(alone).moved_to,
    )


@FEW
@given(facts=days_of_facts())
def test_every_ending_that_stands_either_counts_or_is_flagged(facts: list[Fact]) -> None:
    performed = fold(facts)
    flagged = {one.fact_id for one in performed.contradictions}
    for one in performed.standing:
        if one.kind is OUT and one.id not in flagged:
            assert any(interval.end_at == one.happened_at for interval in performed.intervals)
    if performed.state is VisitState.STARTED:
        assert performed.ended_at is None
    if performed.intervals:
        assert performed.state in {VisitState.STARTED, VisitState.COMPLETED}


@FEW
@given(facts=days_of_facts())
def test_the_citizen_never_receives_more_time_than_the_staff_gave(facts: list[Fact]) -> None:
    intervals = fold(facts).intervals
    assert received_minutes(intervals) <= staff_minutes(intervals)
    assert union(union(intervals)) == union(intervals)
    if intervals:
        span = max(one.end_at for one in intervals) - min(one.start_at for one in intervals)
        assert received_minutes(intervals) <= whole_minutes(span)


def test_a_visit_without_facts_is_as_planned() -> None:
    assert fold([]).state is None
    assert state_after(VisitState.PLANNED, fold([])) is VisitState.PLANNED
    assert state_after(VisitState.CANCELLED, fold([])) is VisitState.CANCELLED
    assert state_after(VisitState.COMPLETED, fold([])) is VisitState.PLANNED


def test_checking_in_starts_a_visit_and_checking_out_completes_it() -> None:
    started = fold([fact(IN, 0)])
    assert started.state is VisitState.STARTED
    assert started.started_at == after(0)
    done = fold([fact(OUT, 28), fact(IN, 0)])
    assert done.state is VisitState.COMPLETED
    assert done.intervals == (Interval(start_at=after(0), end_at=after(28)),)
    assert done.ended_at == after(28)
    assert done.contradictions == ()


def test_a_correction_takes_the_place_of_what_it_corrects_and_both_are_kept() -> None:
    wrong = fact(OUT, 50)
    right = fact(OUT, 30, corrects=wrong)
    performed = fold([right, fact(IN, 0), wrong])
    assert performed.intervals == (Interval(start_at=after(0), end_at=after(30)),)
    assert wrong in performed.facts
    assert performed.contradictions == ()


def test_a_note_as_correction_takes_a_check_in_back() -> None:
    wrong = fact(IN, 0)
    assert fold([wrong, fact(NOTE, 1, corrects=wrong)]).state is None


def test_a_correction_of_a_correction_is_what_holds() -> None:
    first = fact(OUT, 50)
    second = fact(OUT, 40, corrects=first)
    third = fact(OUT, 35, corrects=second)
    assert received_minutes(fold([third, first, fact(IN, 0), second]).intervals) == 35


def test_a_second_check_in_while_there_is_flagged_and_the_first_counts() -> None:
    again = fact(IN, 5)
    performed = fold([fact(IN, 0), again, fact(OUT, 30)])
    assert received_minutes(performed.intervals) == 30
    assert performed.contradictions == (Contradiction(misfit=Misfit.CHECKED_IN_TWICE, fact_id=again.id),)


def test_coming_back_gives_two_intervals() -> None:
    performed = fold([fact(IN, 0), fact(OUT, 20), fact(IN, 20), fact(OUT, 25)])
    assert len(performed.intervals) == 2
    assert received_minutes(performed.intervals) == 25
    assert performed.contradictions == ()


def test_a_check_out_without_a_check_in_is_kept_and_flagged_and_the_visit_is_made() -> None:
    out = fact(OUT, 30)
    performed = fold([out])
    assert performed.state is VisitState.COMPLETED
    assert performed.intervals == ()
    assert performed.contradictions == (Contradiction(misfit=Misfit.NEVER_CHECKED_IN, fact_id=out.id),)


def test_nobody_home_ends_the_visit_without_time() -> None:
    performed = fold([fact(IN, 0), fact(NOBODY, 5)])
    assert performed.state is VisitState.NOBODY_HOME
    assert performed.intervals == ()
    assert performed.ended_at == after(5)


def test_coming_back_after_nobody_opened_is_no_contradiction() -> None:
    performed = fold([fact(NOBODY, 0), fact(IN, 30), fact(OUT, 60)])
    assert performed.state is VisitState.COMPLETED
    assert performed.contradictions == ()


def test_time_at_the_citizens_outweighs_a_word_at_the_door() -> None:
    declined = fact(DECLINED, 40)
    performed = fold([fact(IN, 0), fact(OUT, 30), declined])
    assert performed.state is VisitState.COMPLETED
    assert performed.contradictions == (Contradiction(misfit=Misfit.TURNED_AWAY_YET_PERFORMED, fact_id=declined.id),)


def test_of_two_answers_at_the_door_the_later_counts_and_the_other_is_flagged() -> None:
    first = fact(NOBODY, 0)
    performed = fold([first, fact(DECLINED, 10, carer=JONAS)])
    assert performed.state is VisitState.DECLINED
    assert performed.contradictions == (Contradiction(misfit=Misfit.TWO_ANSWERS_AT_THE_DOOR, fact_id=first.id),)


def test_a_citizen_who_telephones_in_time_cancels_for_everybody_and_whoever_came_anyway_outweighs_it() -> None:
    phoned = fact(FactKind.CANCELLED_LATE, -20, carer=None, coordinator_id=VERA)
    assert fold([phoned]).state is VisitState.CANCELLED
    assert fold([phoned]).answer == phoned
    came = fold([phoned, fact(IN, 0), fact(OUT, 30)])
    assert came.state is VisitState.COMPLETED
    assert came.contradictions == (Contradiction(misfit=Misfit.TURNED_AWAY_YET_PERFORMED, fact_id=phoned.id),)


def test_a_cancellation_that_is_taken_back_leaves_the_visit_as_planned_but_one_by_absence_stays() -> None:
    phoned = fact(FactKind.CANCELLED_LATE, -20, carer=None, coordinator_id=VERA)
    back = fact(NOTE, -10, carer=None, corrects=phoned, coordinator_id=VERA)
    before, after_all = fold([phoned]), fold([phoned, back])
    assert state_after(VisitState.CANCELLED, after_all, before=before) is VisitState.PLANNED
    assert state_after(VisitState.CANCELLED, after_all, before=fold([])) is VisitState.CANCELLED


def test_tasks_are_done_or_declined_and_the_later_of_two_answers_counts() -> None:
    done, declined = fact(FactKind.TASK_DONE, 10, code=SHOWER), fact(FactKind.TASK_DECLINED, 20, code=SHOWER)
    cleaned = fact(FactKind.TASK_DONE, 25, code=ServiceCode.CLEANING)
    told = fold([fact(IN, 0), done, declined, cleaned, fact(OUT, 30)])
    assert (told.tasks_done, told.tasks_declined) == ({ServiceCode.CLEANING}, {SHOWER})
    assert told.contradictions == (Contradiction(misfit=Misfit.TASK_ANSWERED_TWICE, fact_id=done.id),)


def test_a_task_that_was_done_where_nobody_opened_is_flagged() -> None:
    done = fact(FactKind.TASK_DONE, 1, code=SHOWER)
    told = fold([done, fact(NOBODY, 5)])
    assert told.state is VisitState.NOBODY_HOME
    assert told.contradictions == (Contradiction(misfit=Misfit.DONE_YET_TURNED_AWAY, fact_id=done.id),)


def test_a_visit_is_moved_to_the_time_last_agreed_on_and_not_once_it_is_made() -> None:
    first = fact(FactKind.MOVED, -30, moved_to=after(60))
    second = fact(FactKind.MOVED, -10, moved_to=after(90), carer=None, coordinator_id=VERA)
    assert fold([second, first]).moved_to == after(90)
    assert fold([second, first]).state is None
    too_late = fact(FactKind.MOVED, 40, moved_to=after(120))
    told = fold([fact(IN, 0), fact(OUT, 30), too_late])
    assert told.contradictions == (Contradiction(misfit=Misfit.MOVED_YET_PERFORMED, fact_id=too_late.id),)
    came_back = [fact(IN, 0), fact(OUT, 5), fact(FactKind.MOVED, 5, moved_to=after(120)), fact(IN, 121), fact(OUT, 150)]
    assert fold(came_back).contradictions == ()


def test_help_outside_the_home_is_made_also_where_nobody_checked_in_and_then_it_has_no_time() -> None:
    outside = fact(FactKind.ELSEWHERE, 20)
    timed = fold([fact(IN, 0), outside, fact(OUT, 40)])
    assert (timed.is_elsewhere, received_minutes(timed.intervals), timed.contradictions) == (True, 40, ())
    alone = fold([outside])
    assert (alone.state, alone.intervals) == (VisitState.COMPLETED, ())
    assert alone.contradictions == (Contradiction(misfit=Misfit.NEVER_CHECKED_IN, fact_id=outside.id),)


def test_an_extra_visit_stays_to_be_made_until_somebody_checks_in_and_is_flagged_as_long() -> None:
    begun = fact(FactKind.EXTRA_VISIT, 0)
    assert (fold([begun]).state, fold([begun]).is_extra) == (None, True)
    assert fold([begun]).contradictions == (Contradiction(misfit=Misfit.NEVER_CHECKED_IN, fact_id=begun.id),)
    told = fold([begun, fact(IN, 0), fact(OUT, 20)])
    assert (told.state, told.contradictions, received_minutes(told.intervals)) == (VisitState.COMPLETED, (), 20)


def test_a_forgotten_check_out_counts_nothing_until_a_coordinator_has_put_it_in() -> None:
    came = fact(IN, 0)
    assert (fold([came]).state, received_minutes(fold([came]).intervals)) == (VisitState.STARTED, 0)
    left = fact(OUT, 28, coordinator_id=VERA)
    told = fold([left, came])
    assert (told.state, received_minutes(told.intervals)) == (VisitState.COMPLETED, 28)
    assert (left.is_manual_edit, came.is_manual_edit) == (True, False)


def test_an_old_correction_counts_only_when_a_second_person_has_said_yes_and_the_first_decision_holds() -> None:
    came, left = fact(IN, 0), fact(OUT, 50)
    shorter = fact(OUT, 30, corrects=left, coordinator_id=VERA, needs_approval=True)
    yes = Approval(fact_id=shorter.id, coordinator_id=BO, decided_at=after(100), is_approved=True)
    no = replace(yes, is_approved=False)
    assert received_minutes(fold([came, left, shorter]).intervals) == 50
    assert fold([came, left, shorter]).waiting == (shorter,)
    assert received_minutes(fold([came, left, shorter], [yes]).intervals) == 30
    assert received_minutes(fold([came, left, shorter], [no]).intervals) == 50
    assert fold([came, left, shorter], [no]).waiting == ()
    assert received_minutes(fold([came, left, shorter], [replace(no, decided_at=after(101)), yes]).intervals) == 30


def test_a_correction_needs_a_second_person_from_the_day_after_what_it_is_about() -> None:
    left = fact(OUT, 0)
    shorter = fact(OUT, -10, corrects=left)
    rules = TimeRules(correction_alone=timedelta(hours=24))
    assert not is_for_two(shorter, known=[left], rules=rules, now=after(23 * 60))
    assert is_for_two(shorter, known=[left], rules=rules, now=after(24 * 60 + 1))
    assert not is_for_two(left, known=[], rules=rules, now=after(60 * 60))
    assert not is_for_two(fact(NOTE, 0, coordinator_id=VERA), known=[], rules=rules, now=after(60 * 60))


@pytest.mark.parametrize(
    ("field", "kind", "more"),
    [
        ("code", FactKind.TASK_DONE, {}),
        ("code", IN, {"code": SHOWER}),
        ("moved_to", FactKind.MOVED, {}),
        ("moved_to", IN, {"moved_to": EIGHT}),
        ("carer_id", DECLINED, {"carer_id": None}),
        ("carer_id", IN, {"carer_id": None, "coordinator_id": VERA, "reason": "ringde"}),
        ("reason", IN, {"coordinator_id": VERA}),
    ],
)
def test_a_fact_that_does_not_hang_together_is_refused_by_field(field: str, kind: FactKind, more: Any) -> None:
    plain = {"id": FactId(uuid4()), "visit_id": VISIT, "carer_id": AMIRA, "happened_at": EIGHT, "received_at": EIGHT}
    with pytest.raises(Invalid) as refused:
        Fact(kind=kind, **{**plain, **more})
    assert refused.value.params["field"] == field


def test_a_cap_keeps_the_earliest_time_of_a_visit_and_an_extra_visit_has_none() -> None:
    told = fold([fact(IN, 0), fact(IN, 5, carer=JONAS), fact(OUT, 30), fact(OUT, 40, carer=JONAS)]).intervals
    rules = TimeRules(cap_percent=120)
    assert received_minutes(counted(told, planned_minutes=30, rules=TimeRules())) == 40
    assert received_minutes(counted(told, planned_minutes=30, rules=rules)) == 36
    assert received_minutes(counted(told, planned_minutes=0, rules=rules)) == 40
    twice = fold([fact(IN, 0), fact(OUT, 30), fact(IN, 60), fact(OUT, 90)]).intervals
    # 30 planned, at most 36: all of the first stay and six minutes of the second.
    assert counted(twice, planned_minutes=30, rules=rules)[-1].end_at == after(66)


def test_a_double_staffed_visit_goes_on_until_both_have_left() -> None:
    facts = [fact(IN, 0), fact(IN, 5, carer=JONAS), fact(OUT, 30)]
    assert fold(facts).state is VisitState.STARTED
    done = fold([*facts, fact(OUT, 45, carer=JONAS)])
    assert done.state is VisitState.COMPLETED
    # 0-30 and 5-45: the citizen had help for 45 minutes, the staff gave 30 + 40.
    assert received_minutes(done.intervals) == 45
    assert staff_minutes(done.intervals) == 70


def test_one_id_with_two_contents_is_refused() -> None:
    first = fact(IN, 0)
    other = Fact(id=first.id, visit_id=VISIT, carer_id=AMIRA, kind=OUT, happened_at=after(0), received_at=after(0))
    with pytest.raises(Conflict):
        fold([first, other])


def test_a_correction_must_say_why_and_a_note_must_say_something() -> None:
    plain = {"id": FactId(uuid4()), "visit_id": VISIT, "carer_id": AMIRA, "happened_at": EIGHT, "received_at": EIGHT}
    with pytest.raises(Invalid, match="reason"):
        Fact(kind=OUT, corrects=FactId(uuid4()), reason=" ", **plain)
    with pytest.raises(Invalid, match="note"):
        Fact(kind=NOTE, note="  ", **plain)


def test_half_a_minute_is_rounded_up_and_sums_are_rounded_not_their_parts() -> None:
    def stay(start: float, end: float) -> Interval:
        return Interval(start_at=after(start), end_at=after(end))

    assert received_minutes([stay(0, 10.5)]) == 11
    assert received_minutes([stay(0, 10.4)]) == 10
    assert received_minutes([stay(0, 10.4), stay(20, 30.4), stay(40, 50.4)]) == 31
    assert staff_minutes([]) == 0
