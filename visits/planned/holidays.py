"""Public holidays, and which help waits for a working day."""

from datetime import date
from functools import cache

from visits.granted.visit_templates import VisitTemplate
from visits.terms import ServiceCode

_SATURDAY = 5
WAITS_FOR_A_WORKING_DAY = frozenset(
    {
        ServiceCode.CLEANING,
        ServiceCode.LAUNDRY,
        ServiceCode.SHOPPING,
        ServiceCode.SUPPORT,
    }
)
"""Household services and housing support, which are given on working days (domain reference 2.5). Care is given every day."""


def is_holiday(on: date) -> bool:
    """Public holidays (lagen 1989:253 om allmänna helgdagar), and the eves of midsummer, Christmas and the New Year, which are
    staffed like them (semesterlagen 1977:480, 3 a §). Plain Sundays are none.
    """
    return on in _holidays(on.year)


def keeps_off_holidays(template: VisitTemplate) -> bool:
    """Whether all that the visit gives can wait for a working day."""
    return WAITS_FOR_A_WORKING_DAY.issuperset(template.codes)


@cache
def _holidays(year: int) -> frozenset[date]:
    # Loaded here, because loading it takes as long as all the rest of planning.
    from holidays.constants import DE_FACTO, PUBLIC
    from holidays.countries.sweden import Sweden

    return frozenset(Sweden(years=[year], include_sundays=False, categories=(PUBLIC, DE_FACTO)))
