from datetime import date
from uuid import uuid4

import pytest

from visits.granted.decisions import Decision
from visits.granted.expiry import expiries
from visits.terms import CaseOfficerId, CitizenId, DecisionId, Period, ServiceKind

TODAY = date(2026, 11, 23)
CITIZEN = CitizenId(uuid4())


def a_decision(
    first_on: date, last_on: date | None, *, kind: ServiceKind = ServiceKind.HOME_CARE, citizen: CitizenId = CITIZEN
) -> Decision:
    return Decision(
        id=DecisionId(uuid4()),
        citizen_id=citizen,
        case_officer_id=CaseOfficerId(uuid4()),
        kind=kind,
        decided_on=first_on,
        valid=Period(first_on, last_on),
        services=(),
    )


@pytest.mark.parametrize(
    ("last_on", "days_left", "within_days"),
    [
        (date(2026, 11, 23), 0, 7),
        (date(2026, 11, 30), 7, 7),
        (date(2026, 12, 1), 8, 30),
        (date(2026, 12, 23), 30, 30),
        (date(2026, 12, 24), 31, 90),
        (date(2027, 2, 21), 90, 90),
    ],
)
def test_a_decision_is_warned_of_ninety_thirty_and_seven_days_ahead(
    last_on: date, days_left: int, within_days: int
) -> None:
    (expiry,) = expiries([a_decision(date(2026, 1, 1), last_on)], today=TODAY)
    assert (expiry.days_left, expiry.within_days) == (days_left, within_days)


@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [
        (date(2026, 1, 1), date(2027, 2, 22)),  # 91 days
        (date(2026, 1, 1), None),
        (date(2026, 1, 1), date(2026, 11, 22)),  # over already
        (date(2026, 11, 24), date(2026, 12, 1)),  # not begun
    ],
)
def test_nothing_is_said_too_early_too_late_or_of_what_never_ends(first_on: date, last_on: date | None) -> None:
    assert expiries([a_decision(first_on, last_on)], today=TODAY) == []


def test_a_renewed_decision_is_no_concern_but_only_for_the_same_service_of_the_same_person() -> None:
    ends = a_decision(date(2026, 1, 1), date(2026, 12, 1))
    renewed = a_decision(date(2026, 12, 2), date(2027, 12, 1))
    others = [
        a_decision(date(2026, 12, 2), None, kind=ServiceKind.HOUSING_SUPPORT),
        a_decision(date(2026, 12, 2), None, citizen=CitizenId(uuid4())),
    ]
    assert expiries([ends, renewed], today=TODAY) == []
    assert [expiry.decision for expiry in expiries([ends, *others], today=TODAY)] == [ends]


def test_the_soonest_comes_first() -> None:
    later, sooner = a_decision(date(2026, 1, 1), date(2027, 1, 1)), a_decision(date(2026, 1, 1), date(2026, 12, 1))
    later_of_another = a_decision(date(2026, 1, 1), date(2027, 1, 1), citizen=CitizenId(uuid4()))
    found = expiries([later_of_another, sooner], today=TODAY)
    assert [expiry.decision for expiry in found] == [sooner, later_of_another]
    assert [expiry.decision for expiry in expiries([later, sooner], today=TODAY)] == [later]
