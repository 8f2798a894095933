"""The catalogue of help: what category each service belongs to, and how long it usually takes.

The minutes are templates (schabloner) to begin from, as Kristianstad and Solna have written theirs (domain reference 2.3); what is
decided for a person is decided for that person. None stands where there is no usual length: help that is granted in hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from visits.terms import ServiceCode


class Category(StrEnum):
    """Household services (serviceinsatser) are what a couple may share."""

    PERSONAL_CARE = "personal_care"
    HOUSEHOLD = "household"
    SOCIAL = "social"
    RESPITE = "respite"
    MEALS = "meals"
    ALARM = "alarm"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Entry:
    """`minutes` is the usual length of one occasion, for the citizen and without any travel."""

    category: Category
    minutes: int | None


CATALOGUE: Mapping[ServiceCode, Entry] = {
    ServiceCode.MORNING: Entry(Category.PERSONAL_CARE, 15),
    ServiceCode.LUNCH: Entry(Category.PERSONAL_CARE, 15),
    ServiceCode.EVENING: Entry(Category.PERSONAL_CARE, 15),
    ServiceCode.BEDTIME: Entry(Category.PERSONAL_CARE, 15),
    ServiceCode.NIGHT: Entry(Category.PERSONAL_CARE, 5),
    ServiceCode.CHECK: Entry(Category.PERSONAL_CARE, 15),
    ServiceCode.SHOWER: Entry(Category.PERSONAL_CARE, 40),
    ServiceCode.SELF_CARE: Entry(Category.PERSONAL_CARE, 10),
    ServiceCode.BED: Entry(Category.HOUSEHOLD, 10),
    ServiceCode.DISHES: Entry(Category.HOUSEHOLD, 10),
    ServiceCode.MAIL: Entry(Category.HOUSEHOLD, 5),
    ServiceCode.SHOPPING: Entry(Category.HOUSEHOLD, 45),
    ServiceCode.PHARMACY: Entry(Category.HOUSEHOLD, 45),
    ServiceCode.CLEANING: Entry(Category.HOUSEHOLD, 70),
    ServiceCode.LIGHT_CLEANING: Entry(Category.HOUSEHOLD, 30),
    ServiceCode.WINDOWS: Entry(Category.HOUSEHOLD, 180),
    ServiceCode.LAUNDRY: Entry(Category.HOUSEHOLD, 30),
    ServiceCode.WALK: Entry(Category.SOCIAL, 45),
    ServiceCode.ESCORT: Entry(Category.SOCIAL, None),
    ServiceCode.RESPITE: Entry(Category.RESPITE, None),
    ServiceCode.CHILD: Entry(Category.PERSONAL_CARE, 10),
    ServiceCode.MEAL_DELIVERY: Entry(Category.MEALS, 20),
    ServiceCode.ALARM_VISIT: Entry(Category.ALARM, 15),
    ServiceCode.SUPPORT: Entry(Category.SUPPORT, None),
}
"""Bed-making, dishes and mail are lines of their own only where no other visit of the day holds them."""


def category(code: ServiceCode) -> Category:
    return CATALOGUE[code].category


def template_minutes(code: ServiceCode) -> int | None:
    """The usual length of one occasion; None where there is none."""
    return CATALOGUE[code].minutes
