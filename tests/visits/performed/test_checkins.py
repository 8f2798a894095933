"""The folding of facts: one truth, whatever the order in which they come."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.errors import Conflict, Invalid
from visits.performed.checkins import TASKS, Fact, FactKind
from visits.performed.folding import Contradiction, Interval, Misfit, fold, state_after
from visits.performed.performed_time import received_minutes, staff_minutes, union, whole_minutes
from visits.performed.visit import VisitState
from visits.terms import CarerId, FactId, ServiceCode, VisitId

VISIT = VisitId(UUID(int=1))
AMIRA, JONAS = CarerId(UUID(int=11)), CarerId(UUID(int=12))
EIGHT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
IN, OUT, NOTE = FactKind.CHECK_IN, FactKind.CHECK_OUT, FactKind.NOTE
NOBODY, DECLINED = FactKind.NOBODY_HOME, FactKind.DECLINED


def after(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def fact(
    kind: FactKind, minutes: float, *, carer: CarerId = AMIRA, corrects: Fact | None = None, note: str = "", at: int = 0
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
        reason="fel klockslag" if corrects else "",
    )


@st.composite
def days_of_facts(draw: st.DrawFn) -> list[Fact]:
    """Up to ten facts of two carers within an hour, some of them corrections of earlier ones."""
    made: list[Fact] = []
    for number in range(draw(st.integers(0, 10))):
        kind = draw(st.sampled_from(FactKind))
        corrected = draw(st.sampled_from([None, None, *made])) if made else None
        made.append(
            Fact(
                id=FactId(UUID(int=100 + number)),
                visit_id=VISIT,
                carer_id=corrected.carer_id if corrected else draw(st.sampled_from([AMIRA, JONAS])),
                kind=kind,
                happened_at=after(draw(st.integers(0, 60))),
                received_at=after(draw(st.integers(60, 600))),
                code=draw(st.sampled_from([ServiceCode.SHOWER, ServiceCode.CLEANING])) if kind in TASKS else None,
                moved_to=after(draw(st.integers(0, 300))) if kind is FactKind.MOVED else None,
                note="Åt bra." if kind is NOTE else "",
                corrects=corrected.id if corrected else None,
                reason="fel" if corrected else "",
            )
        )
    return made


@given(facts=days_of_facts(), data=st.data())
def test_the_order_and_number_of_arrivals_do_not_matter(facts: list[Fact], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations([*facts, *data.draw(st.lists(st.sampled_from(facts)))] if facts else facts))
    assert fold(shuffled) == fold(facts)


@given(facts=days_of_facts())
def test_nothing_that_was_sent_is_ever_lost(facts: list[Fact]) -> None:
    performed = fold(facts)
    assert set(performed.facts) == set(facts)
    assert {one.fact_id for one in performed.contradictions} <= {one.id for one in performed.standing}
    corrected = {one.corrects for one in facts}
    assert {one.id for one in performed.standing} == {one.id for one in facts} - corrected


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
