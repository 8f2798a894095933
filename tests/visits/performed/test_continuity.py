"""How many people a citizen meets in fourteen days, counted as the nation counts it: a fortnight worked by hand."""

from datetime import date, time, timedelta
from fractions import Fraction
from uuid import UUID

from visits.performed.continuity import Meeting, people_met
from visits.terms import CarerId, CitizenId, ServiceCode, VisitId, instant

MONDAY = date(2026, 11, 23)
ANNA, BO = CitizenId(UUID(int=1)), CitizenId(UUID(int=2))
BORN = {ANNA: date(1961, 11, 23), BO: date(1940, 1, 1)}
"""Anna turns 65 on the first day."""


def meeting(
    number: int, carer: int, wall: time, *, who: CitizenId = ANNA, code: ServiceCode = ServiceCode.MORNING
) -> Meeting:
    start_at = instant(MONDAY + timedelta(days=number), wall)
    visit_id = VisitId(UUID(int=int(start_at.timestamp()) + who.int))
    return Meeting(
        citizen_id=who, carer_id=CarerId(UUID(int=100 + carer)), visit_id=visit_id, start_at=start_at, codes=(code,)
    )


def two_a_day(who: CitizenId = ANNA) -> list[Meeting]:
    """Carers 0 and 1 by turns in the mornings, 2 in the evenings: three people."""
    mornings = [meeting(number, number % 2, time(8), who=who) for number in range(14)]
    return [*mornings, *(meeting(number, 2, time(18), who=who) for number in range(14))]


def test_each_different_person_is_met_once_however_often_they_come() -> None:
    assert people_met(two_a_day(), first_on=MONDAY, born_on=BORN).of == {ANNA: 3}


def test_where_two_come_both_are_met() -> None:
    assert people_met([*two_a_day(), meeting(3, 7, time(8))], first_on=MONDAY, born_on=BORN).of == {ANNA: 4}


def test_nights_alarms_and_meals_bring_nobody_that_counts() -> None:
    others = [
        meeting(0, 3, time(22)),
        meeting(0, 4, time(6, 59)),
        meeting(0, 5, time(12), code=ServiceCode.ALARM_VISIT),
        meeting(0, 6, time(12), code=ServiceCode.MEAL_DELIVERY),
    ]
    assert people_met([*two_a_day(), *others], first_on=MONDAY, born_on=BORN).of == {ANNA: 3}
    assert people_met([meeting(0, 8, time(21, 59)), *two_a_day()], first_on=MONDAY, born_on=BORN).of == {ANNA: 4}


def test_one_day_with_a_single_visit_and_the_citizen_is_not_counted() -> None:
    """Two carers at one visit are no two visits."""
    short = [one for one in two_a_day() if one.start_at != instant(MONDAY, time(18))]
    assert people_met([*short, meeting(0, 5, time(8))], first_on=MONDAY, born_on=BORN).of == {}


def test_the_young_the_away_and_the_days_after_are_not_counted() -> None:
    all_of_them = [*two_a_day(), *two_a_day(BO), meeting(14, 9, time(8))]
    younger = {**BORN, ANNA: date(1961, 11, 24)}
    assert people_met(all_of_them, first_on=MONDAY, born_on=younger).of == {BO: 3}
    assert people_met(all_of_them, first_on=MONDAY, born_on=BORN, away={BO}).of == {ANNA: 3}


def test_mean_median_and_share() -> None:
    found = people_met([*two_a_day(), *two_a_day(BO), meeting(1, 9, time(8), who=BO)], first_on=MONDAY, born_on=BORN)
    assert (found.mean, found.median, found.share_over(3)) == (Fraction(7, 2), 3.5, Fraction(1, 2))
    nobody = people_met([], first_on=MONDAY, born_on=BORN)
    assert (nobody.mean, nobody.median, nobody.share_over(3)) == (None, None, None)
