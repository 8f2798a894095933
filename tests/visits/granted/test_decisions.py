from datetime import date, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.errors import Invalid, Refused
from visits.granted.catalogue import CATALOGUE, Category, category, template_minutes
from visits.granted.decisions import Amount, DecidedAs, Decision, GrantedService, Per, check_time_limited
from visits.terms import CaseOfficerId, CitizenId, DecisionId, GrantedServiceId, Period, ServiceCode, ServiceKind

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
ASTRID, OLLE = CitizenId(uuid4()), CitizenId(uuid4())


def a_line(
    code: ServiceCode, amount: Amount, *, staff: int = 1, shared_with: CitizenId | None = None
) -> GrantedService:
    return GrantedService(
        id=GrantedServiceId(uuid4()), code=code, amount=amount, staff_required=staff, shared_with=shared_with
    )


def a_decision(
    *lines: GrantedService,
    kind: ServiceKind = ServiceKind.HOME_CARE,
    valid: Period | None = None,
    citizen: CitizenId = ASTRID,
) -> Decision:
    return Decision(
        id=DecisionId(uuid4()),
        citizen_id=citizen,
        case_officer_id=CaseOfficerId(uuid4()),
        kind=kind,
        decided_on=date(2026, 10, 1),
        valid=valid or Period(date(2026, 10, 1), date(2027, 9, 30)),
        services=lines,
    )


@pytest.mark.parametrize(
    ("amount", "days", "minutes"),
    [
        (Amount(minutes=20, occasions=3, per=Per.DAY), 14, Fraction(840)),
        (Amount(minutes=40, occasions=2, per=Per.WEEK), 14, Fraction(160)),
        (Amount(minutes=70, per=Per.WEEK, every=2), 28, Fraction(140)),
        (Amount(minutes=1500, per=Per.MONTH, decided_as=DecidedAs.HOURS), 304, Fraction(15000)),
        (Amount(minutes=210, per=Per.WEEK, decided_as=DecidedAs.MINUTES), 7, Fraction(210)),
        (Amount(minutes=1800, per=Per.MONTH, decided_as=DecidedAs.FRAME), 76, Fraction(4500)),
        (Amount(minutes=180, per=Per.YEAR), 152, Fraction(75)),  # 180 × 152 / 364.8
    ],
)
def test_every_unit_is_converted_exactly_with_a_month_of_30_4_days(
    amount: Amount, days: int, minutes: Fraction
) -> None:
    assert amount.over(days) == minutes


@given(first=st.integers(0, 400), days=st.integers(1, 90), cut=st.integers(0, 88), shared=st.booleans())
def test_what_is_granted_in_two_parts_of_a_period_is_what_is_granted_in_the_whole(
    *, first: int, days: int, cut: int, shared: bool
) -> None:
    amount = Amount(minutes=1500, per=Per.MONTH, decided_as=DecidedAs.HOURS)
    decision = a_decision(
        a_line(ServiceCode.CLEANING, amount, shared_with=OLLE if shared else None),
        a_line(ServiceCode.SHOWER, Amount(minutes=40, occasions=2, per=Per.WEEK)),
    )
    begins = date(2026, 9, 1) + timedelta(days=first)
    whole = Period(begins, begins + timedelta(days=days))
    border = begins + timedelta(days=min(cut, days - 1))
    parts = [Period(begins, border), Period(border + timedelta(days=1), whole.last_on)]
    assert sum(decision.granted_minutes(part) for part in parts) == decision.granted_minutes(whole)


def test_two_carers_count_once_for_the_citizen_and_twice_for_staff() -> None:
    decision = a_decision(a_line(ServiceCode.MORNING, Amount(minutes=20, occasions=1, per=Per.DAY), staff=2))
    assert decision.granted_minutes(NOVEMBER) == 600
    assert decision.staff_minutes(NOVEMBER) == 1200


def test_a_couple_gets_the_household_services_once_between_them() -> None:
    cleaning = Amount(minutes=70, per=Per.WEEK, every=2)
    morning = Amount(minutes=15, per=Per.DAY)
    hers = a_decision(a_line(ServiceCode.CLEANING, cleaning, shared_with=OLLE), a_line(ServiceCode.MORNING, morning))
    his = a_decision(a_line(ServiceCode.CLEANING, cleaning, shared_with=ASTRID), citizen=OLLE)
    weeks = Period(date(2026, 11, 2), date(2026, 11, 29))  # 28 days: two cleanings of 70
    assert his.granted_minutes(weeks) == 70
    assert hers.granted_minutes(weeks) == 70 + 28 * 15
    assert hers.services[0].amount == cleaning  # the line is shown as it was decided


def test_only_household_services_are_shared_and_never_with_oneself() -> None:
    with pytest.raises(Invalid, match="only household services can be shared"):
        a_line(ServiceCode.SHOWER, Amount(minutes=40, per=Per.WEEK), shared_with=OLLE)
    with pytest.raises(Invalid, match="shared with somebody else"):
        a_decision(a_line(ServiceCode.CLEANING, Amount(minutes=70, per=Per.WEEK), shared_with=ASTRID))


def test_what_is_not_decided_by_occasions_has_none() -> None:
    with pytest.raises(Invalid, match="hours has no occasions"):
        Amount(minutes=1500, occasions=2, per=Per.MONTH, decided_as=DecidedAs.HOURS)


def test_the_time_of_housing_support_lies_in_its_week_and_a_part_of_a_week_counts_by_its_days() -> None:
    weekly = Amount(minutes=210, per=Per.WEEK, decided_as=DecidedAs.MINUTES)
    support = a_decision(a_line(ServiceCode.SUPPORT, weekly), kind=ServiceKind.HOUSING_SUPPORT)
    assert not support.is_carried_over
    thursday_to_tuesday = Period(date(2026, 11, 19), date(2026, 12, 1))
    frames = list(support.frames(thursday_to_tuesday))
    assert frames == [
        Period(date(2026, 11, 19), date(2026, 11, 22)),
        Period(date(2026, 11, 23), date(2026, 11, 29)),
        Period(date(2026, 11, 30), date(2026, 12, 1)),
    ]
    assert [support.granted_minutes(frame) for frame in frames] == [120, 210, 60]


def test_home_care_may_use_its_time_anywhere_in_the_period_in_which_the_decision_holds() -> None:
    decision = a_decision(
        a_line(ServiceCode.SHOWER, Amount(minutes=40, per=Per.WEEK)), valid=Period(date(2026, 11, 10), date(2027, 1, 1))
    )
    assert list(decision.frames(NOVEMBER)) == [Period(date(2026, 11, 10), date(2026, 11, 30))]
    assert list(decision.frames(Period(date(2026, 10, 1), date(2026, 10, 31)))) == []


def test_only_what_the_municipality_has_named_is_granted_until_further_notice() -> None:
    forever = Period(date(2026, 11, 1))
    alarm = a_line(ServiceCode.ALARM_VISIT, Amount(minutes=15, per=Per.MONTH))
    shower = a_line(ServiceCode.SHOWER, Amount(minutes=40, per=Per.WEEK))
    named = {ServiceCode.ALARM_VISIT}
    check_time_limited(a_decision(alarm, valid=forever), open_ended=named)
    check_time_limited(a_decision(alarm, shower), open_ended=named)
    for lines in ((shower,), (alarm, shower), ()):
        with pytest.raises(Refused, match="decision_without_end"):
            check_time_limited(a_decision(*lines, valid=forever), open_ended=named)


def test_the_catalogue_holds_every_service_with_its_category_and_usual_minutes() -> None:
    assert set(CATALOGUE) == set(ServiceCode)
    assert (category(ServiceCode.CLEANING), template_minutes(ServiceCode.CLEANING)) == (Category.HOUSEHOLD, 70)
    assert (category(ServiceCode.SHOWER), template_minutes(ServiceCode.SHOWER)) == (Category.PERSONAL_CARE, 40)
    assert (category(ServiceCode.ESCORT), template_minutes(ServiceCode.ESCORT)) == (Category.SOCIAL, None)
