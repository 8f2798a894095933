"""The strip: what became of each minute that was granted, planned and due."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from visits.granted.decisions import Amount, Decision, GrantedService, Per
from visits.granted.orders import OrderState, ServiceOrder
from visits.granted.visit_templates import Priority
from visits.performed.checkins import Fact, FactKind
from visits.performed.folding import fold
from visits.performed.strip import (
    Alert,
    Amounts,
    Outcome,
    Strip,
    Told,
    alert,
    granted_minutes,
    outcome,
    strip,
    together,
)
from visits.performed.time_rules import TimeRules
from visits.performed.visit import Visit, VisitState
from visits.planned.register import CitizenAbsence
from visits.terms import (
    AbsenceReason,
    CarerId,
    CaseOfficerId,
    CitizenId,
    DecisionId,
    FactId,
    GrantedServiceId,
    Minutes,
    OrderId,
    Period,
    ProviderId,
    ServiceCode,
    ServiceKind,
    TeamId,
    VisitId,
    VisitTemplateId,
)

ELSA, FOLKE = CitizenId(UUID(int=1)), CitizenId(UUID(int=2))
AMIRA, JONAS = CarerId(UUID(int=11)), CarerId(UUID(int=12))
MONDAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
WEEK = Period(MONDAY, MONDAY + timedelta(days=6))
AFTERWARDS = EIGHT + timedelta(days=7)


def decision(citizen: CitizenId, amount: Amount, valid: Period) -> Decision:
    service = GrantedService(id=GrantedServiceId(uuid4()), code=ServiceCode.MORNING, amount=amount)
    return Decision(
        id=DecisionId(uuid4()),
        citizen_id=citizen,
        case_officer_id=CaseOfficerId(uuid4()),
        kind=ServiceKind.HOME_CARE,
        decided_on=valid.first_on,
        valid=valid,
        services=(service,),
    )


def order(of: Decision, valid: Period) -> ServiceOrder:
    return ServiceOrder(
        id=OrderId(uuid4()),
        decision_id=of.id,
        citizen_id=of.citizen_id,
        kind=of.kind,
        provider_id=ProviderId(uuid4()),
        team_id=TeamId(uuid4()),
        state=OrderState.COMMENCED,
        valid=valid,
    )


def visit(
    citizen: CitizenId = ELSA,
    *,
    state: VisitState = VisitState.PLANNED,
    day: int = 0,
    minutes: int = 30,
    at: datetime = EIGHT,
) -> Visit:
    """A visit that should begin at eight."""
    return Visit(
        id=VisitId(uuid4()),
        template_id=VisitTemplateId(uuid4()),
        citizen_id=citizen,
        order_id=OrderId(uuid4()),
        team_id=TeamId(uuid4()),
        on=MONDAY + timedelta(days=day),
        codes=(ServiceCode.MORNING,),
        instructions="",
        earliest_at=at + timedelta(days=day),
        latest_at=at + timedelta(days=day),
        minutes=minutes,
        staff_required=1,
        skills=frozenset(),
        priority=Priority.MUST,
        state=state,
    )


def fact(made: Visit, kind: FactKind, minute: int, carer: CarerId = AMIRA, code: ServiceCode | None = None) -> Fact:
    return Fact(
        id=FactId(uuid4()),
        visit_id=made.id,
        carer_id=carer,
        kind=kind,
        code=code,
        happened_at=made.earliest_at + timedelta(minutes=minute),
        received_at=made.earliest_at,
    )


def stay(made: Visit, start: int, end: int, carer: CarerId = AMIRA) -> list[Fact]:
    return [fact(made, FactKind.CHECK_IN, start, carer), fact(made, FactKind.CHECK_OUT, end, carer)]


def away(reason: AbsenceReason, first: int, last: int) -> CitizenAbsence:
    days = Period(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))
    return CitizenAbsence(id=uuid4(), citizen_id=ELSA, period=days, reason=reason)


def elsas(*visits: Visit, facts: list[Fact] = [], now: datetime = AFTERWARDS, **more: object) -> Strip:  # noqa: B006 - read only
    said = {one.id: Told.of(fold([said for said in facts if said.visit_id == one.id])) for one in visits}
    return strip(ELSA, WEEK, **{"granted": Fraction(300), "visits": visits, "told": said, "now": now, **more})


def test_a_week_with_illness_and_a_stay_in_hospital_is_right_to_the_minute() -> None:
    done, short, refused, closed, forgotten, gone = (visit(day=day) for day in range(6))
    hospital = [replace(visit(day=5), state=VisitState.CANCELLED), visit(day=6)]
    never_published = visit(day=6, minutes=45)
    at_the_door = [fact(refused, FactKind.DECLINED, 0), fact(closed, FactKind.NOBODY_HOME, 5)]
    nobody_could = visit(day=1, minutes=20)
    found = elsas(
        done,
        short,
        refused,
        closed,
        forgotten,
        replace(gone, state=VisitState.WITHDRAWN),
        *hospital,
        visit(FOLKE),
        visit(day=7),
        facts=[*stay(done, 0, 31), *stay(short, 0, 20), fact(forgotten, FactKind.CHECK_IN, 2), *at_the_door],
        unplaced=[never_published, nobody_could],
        absences=[away(AbsenceReason.HOSPITAL, 5, 9)],
    )
    # Planned are the six days' 30 minutes but for what was withdrawn or cancelled: Monday to Friday, and Sunday's.
    assert (found.granted, found.planned, found.performed) == (300, 180, 51)
    # In hospital: what was cancelled (30), what still stood (30), and what was never even published (45). A door that stayed
    # closed on Thursday is absence too, but nobody knows why.
    assert found.absent == {AbsenceReason.OTHER: 30, AbsenceReason.HOSPITAL: 105}
    assert (found.declined, found.missed, found.ahead, found.untimed) == (30, 20, 0, 1)
    assert found.unused == 300 - 51 - 135 - 30 - 20
    assert found.raw_rate == 51 / 300
    assert found.own_rate == 51 / 165


def test_a_visit_counts_at_most_what_the_municipality_lets_it() -> None:
    made, extra = visit(), replace(visit(day=1), template_id=None, minutes=0)
    facts = [*stay(made, 0, 60), *stay(extra, 0, 50)]
    assert elsas(made, extra, facts=facts).performed == 110
    capped = elsas(made, extra, facts=facts, rules=TimeRules(cap_percent=150))
    assert (capped.planned, capped.performed) == (30, 45 + 50)  # what nobody planned has nothing to be held against


def test_what_could_still_be_made_is_not_missed_yet() -> None:
    morning, evening = visit(), visit(at=EIGHT + timedelta(hours=10))
    over = EIGHT + timedelta(minutes=30)
    just_before = elsas(morning, evening, now=over - timedelta(seconds=1))
    assert (just_before.ahead, just_before.missed) == (60, 0)
    then = elsas(morning, evening, now=over)
    assert (then.ahead, then.missed) == (30, 30)


def test_double_staffing_is_counted_once_for_the_citizen() -> None:
    made = visit()
    found = elsas(made, facts=[*stay(made, 0, 30), *stay(made, 5, 40, JONAS)])
    assert (found.planned, found.performed, found.unused) == (30, 40, 260)


def test_two_visits_at_the_same_time_are_not_counted_twice() -> None:
    first, second = visit(), visit()
    found = elsas(first, second, facts=[*stay(first, 0, 30), *stay(second, 20, 50, JONAS)])
    assert found.performed == 50


def test_what_a_visit_was_shorter_for_a_declined_shower_was_declined() -> None:
    made, usual = visit(minutes=45), visit(day=1, minutes=45)
    refused = fact(made, FactKind.TASK_DECLINED, 10, code=ServiceCode.SHOWER)
    found = elsas(made, usual, facts=[*stay(made, 0, 20), refused, *stay(usual, 0, 40)])
    assert (found.performed, found.declined) == (60, 25)


def test_whoever_was_away_and_got_help_all_the_same_was_helped() -> None:
    made = visit()
    found = elsas(made, facts=stay(made, 0, 30), absences=[away(AbsenceReason.TRAVEL, 0, 0)])
    assert (found.performed, found.absent) == (30, {})


def test_granted_is_what_was_decided_for_the_days_shared_with_the_period() -> None:
    forever = Period(MONDAY - timedelta(days=90))
    daily = Amount(minutes=30, occasions=2, per=Per.DAY)
    monthly = Amount(minutes=45, occasions=1, per=Per.MONTH)
    last_two_days = Period(MONDAY + timedelta(days=5), MONDAY + timedelta(days=90))
    decisions = [
        decision(ELSA, daily, forever),
        decision(ELSA, monthly, forever),
        decision(ELSA, daily, last_two_days),
        decision(FOLKE, daily, forever),
    ]
    granted = granted_minutes(decisions, WEEK)
    # 7 x 60, and 45 / 30.4 x 7 = 10.36, and 2 x 60; rounded once, when shown.
    assert granted[ELSA] == 420 + Fraction(45 * 7 * 10, 304) + 120
    assert strip(ELSA, WEEK, granted=granted[ELSA], visits=[], told={}, now=EIGHT).granted == 550


def test_a_provider_answers_for_the_days_of_its_order_only() -> None:
    decided = decision(ELSA, Amount(minutes=30, occasions=2, per=Per.DAY), Period(MONDAY - timedelta(days=90)))
    before = order(decided, Period(MONDAY - timedelta(days=90), MONDAY + timedelta(days=1)))
    after = order(decided, Period(MONDAY + timedelta(days=2)))
    assert granted_minutes([decided], WEEK, orders=[before]) == {ELSA: 120}
    assert granted_minutes([decided], WEEK, orders=[before, after]) == granted_minutes([decided], WEEK) == {ELSA: 420}


def amounts(granted: int, performed: int, absent: int = 0) -> Amounts:
    return Amounts(
        granted=Minutes(granted), performed=Minutes(performed), absent={AbsenceReason.HOSPITAL: Minutes(absent)}
    )


def test_an_alert_is_under_eighty_percent_with_absence_taken_out_or_over_a_hundred_and_ten_of_all() -> None:
    assert alert(amounts(1000, 799)) is Alert.TOO_LITTLE
    assert alert(amounts(1000, 800)) is None
    assert alert(amounts(1000, 1100)) is None
    assert alert(amounts(1000, 1101)) is Alert.TOO_MUCH
    assert alert(amounts(1000, 400, absent=500)) is None  # in hospital half the time: 400 of 500
    assert alert(amounts(1000, 390, absent=500)) is Alert.TOO_LITTLE
    assert alert(amounts(1000, 0, absent=1000)) is None
    assert alert(amounts(0, 30)) is Alert.TOO_MUCH
    assert alert(amounts(0, 0)) is None


def test_sums_keep_reasons_apart() -> None:
    first, second = amounts(100, 80, absent=10), amounts(50, 60)
    both = together([first, second])
    assert (both.granted, both.performed, both.absent) == (150, 140, {AbsenceReason.HOSPITAL: 10})
    assert (both.unused, both.beyond) == (0, 0)


states = st.sampled_from(VisitState)
times = st.none() | st.tuples(st.integers(0, 60), st.integers(1, 60))
days = st.lists(st.tuples(st.integers(0, 6), states, st.integers(5, 90), times, st.booleans()), max_size=8)


@given(days, st.sets(st.integers(0, 6)), st.integers(-60, 8 * 24 * 60))
def test_every_minute_that_was_due_is_counted_once(
    rows: list[tuple[int, VisitState, int, tuple[int, int] | None, bool]], away_on: set[int], now_at: int
) -> None:
    now = EIGHT + timedelta(minutes=now_at)
    told: list[Fact] = []
    placed, unplaced = [], []
    for day, state, minutes, time, has_place in rows:
        one = visit(day=day, state=state, minutes=minutes)
        (placed if has_place else unplaced).append(one)
        if time is not None:
            told += stay(one, time[0], time[0] + time[1])
    absences = [away(AbsenceReason.TRAVEL, day, day) for day in away_on]
    performed = {
        one.id: Told.of(fold([said for said in told if said.visit_id == one.id])) for one in (*placed, *unplaced)
    }
    found = strip(
        ELSA,
        WEEK,
        granted=Fraction(500),
        visits=placed,
        unplaced=unplaced,
        told=performed,
        absences=absences,
        now=now,
    )
    due = sum(
        one.minutes
        for one in (*placed, *unplaced)
        if outcome(one, performed[one.id], away=(one.on - MONDAY).days in away_on, now=now)
        not in {Outcome.MADE, Outcome.GONE}
    )
    assert found.absent_total + found.declined + found.missed + found.ahead == due
    assert found.unused == max(0, 500 - found.performed - due)
