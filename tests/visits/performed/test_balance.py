"""The balance: what is counted as granted, planned and performed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from visits.granted.decisions import Amount, Decision, GrantedService, Per
from visits.granted.visit_templates import Priority
from visits.performed.balance import balance
from visits.performed.checkins import Fact, FactKind
from visits.performed.folding import fold
from visits.performed.visit import Visit, VisitState
from visits.terms import (
    CarerId,
    CaseOfficerId,
    CitizenId,
    DecisionId,
    FactId,
    GrantedServiceId,
    OrderId,
    Period,
    ServiceCode,
    ServiceKind,
    TeamId,
    VisitId,
)

ELSA, FOLKE = CitizenId(UUID(int=1)), CitizenId(UUID(int=2))
AMIRA, JONAS = CarerId(UUID(int=11)), CarerId(UUID(int=12))
MONDAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
WEEK = Period(MONDAY, MONDAY + timedelta(days=6))


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


def visit(
    citizen: CitizenId = ELSA, *, state: VisitState = VisitState.COMPLETED, day: int = 0, staff: int = 1
) -> Visit:
    return Visit(
        id=VisitId(uuid4()),
        template_id=None,
        citizen_id=citizen,
        order_id=OrderId(uuid4()),
        team_id=TeamId(uuid4()),
        on=MONDAY + timedelta(days=day),
        codes=(ServiceCode.MORNING,),
        instructions="",
        earliest_at=EIGHT,
        latest_at=EIGHT,
        minutes=30,
        staff_required=staff,
        skills=frozenset(),
        priority=Priority.MUST,
        state=state,
    )


def stay(made: Visit, start: int, end: int, carer: CarerId = AMIRA) -> list[Fact]:
    return [
        Fact(
            id=FactId(uuid4()),
            visit_id=made.id,
            carer_id=carer,
            kind=kind,
            happened_at=EIGHT + timedelta(minutes=at),
            received_at=EIGHT,
        )
        for kind, at in ((FactKind.CHECK_IN, start), (FactKind.CHECK_OUT, end))
    ]


def test_double_staffing_is_counted_once_for_the_citizen() -> None:
    made = visit(staff=2)
    performed = {made.id: fold([*stay(made, 0, 30), *stay(made, 5, 40, JONAS)])}
    found = balance(ELSA, WEEK, decisions=[], visits=[made], performed=performed)
    assert (found.granted_minutes, found.planned_minutes, found.performed_minutes) == (0, 30, 40)


def test_granted_is_what_was_decided_for_the_days_shared_with_the_period() -> None:
    forever = Period(MONDAY - timedelta(days=90))
    daily = Amount(minutes=30, occasions=2, per=Per.DAY)
    monthly = Amount(minutes=45, occasions=1, per=Per.MONTH)
    last_two_days = Period(MONDAY + timedelta(days=5))
    decisions = [
        decision(ELSA, daily, forever),
        decision(ELSA, monthly, forever),
        decision(ELSA, daily, last_two_days),
        decision(FOLKE, daily, forever),
    ]
    # 7 x 60, and 45 / 30.4 x 7 = 10.36, and 2 x 60; rounded once.
    found = balance(ELSA, WEEK, decisions=decisions, visits=[], performed={})
    assert found.granted_minutes == 420 + 10 + 120


def test_a_closed_door_was_planned_and_a_cancelled_visit_is_not() -> None:
    visits = [
        visit(state=VisitState.NOBODY_HOME),
        visit(state=VisitState.DECLINED),
        visit(state=VisitState.CANCELLED),
        visit(state=VisitState.WITHDRAWN),
        visit(day=7),
        visit(FOLKE),
    ]
    found = balance(ELSA, WEEK, decisions=[], visits=visits, performed={})
    assert (found.planned_minutes, found.performed_minutes) == (60, 0)


def test_two_visits_at_the_same_time_are_not_counted_twice() -> None:
    first, second = visit(), visit()
    performed = {first.id: fold(stay(first, 0, 30)), second.id: fold(stay(second, 20, 50, JONAS))}
    found = balance(ELSA, WEEK, decisions=[], visits=[first, second], performed=performed)
    assert found.performed_minutes == 50
