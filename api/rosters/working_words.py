"""The rules of working time as a coordinator reads them: what is there, and what there should be."""

from datetime import timedelta

from api.i18n import N_, _
from api.pages import minutes
from visits.planned.working_time import RosterRule

SENTENCES: dict[RosterRule, str] = {
    RosterRule.ONE_SHIFT_AT_A_TIME: N_("Två pass samtidigt under %(found)s"),
    RosterRule.SHIFT_LENGTH: N_("Passet är %(found)s, längst tillåtet är %(limit)s"),
    RosterRule.BREAK: N_("%(found)s arbete utan rast, längst tillåtet är %(limit)s"),
    RosterRule.DAILY_REST: N_("Dygnsvilan är %(found)s, minst %(limit)s i följd på ett dygn krävs"),
    RosterRule.WEEKLY_REST: N_("Veckovilan är %(found)s, minst %(limit)s i följd på sju dygn krävs"),
    RosterRule.DELEGATION: N_("Delegering saknas eller gäller inte den dagen"),
    RosterRule.OUTSIDE_SHIFT: N_("Besöket ligger utanför arbetspasset"),
    RosterRule.SPLIT_SHIFT: N_("Delat pass, %(found)s ledigt emellan"),
    RosterRule.BACK_TO_BACK: N_("Bara %(found)s mellan två pass"),
    RosterRule.REST_OVERLAPS: N_("Veckovilan är %(found)s och räknar in dygnsvilan; åtskilda blir de %(limit)s"),
    RosterRule.DAYS_IN_A_ROW: N_("%(days)s arbetsdagar i rad"),
}

NAMES: dict[RosterRule, str] = {
    RosterRule.ONE_SHIFT_AT_A_TIME: N_("dubbelt pass"),
    RosterRule.SHIFT_LENGTH: N_("för långt pass"),
    RosterRule.BREAK: N_("rast"),
    RosterRule.DAILY_REST: N_("dygnsvila"),
    RosterRule.WEEKLY_REST: N_("veckovila"),
    RosterRule.DELEGATION: N_("delegering"),
    RosterRule.OUTSIDE_SHIFT: N_("utanför passet"),
    RosterRule.SPLIT_SHIFT: N_("delat pass"),
    RosterRule.BACK_TO_BACK: N_("kort vila"),
    RosterRule.REST_OVERLAPS: N_("knapp veckovila"),
    RosterRule.DAYS_IN_A_ROW: N_("många dagar i rad"),
}
"""Each rule in a word or two, where there is no room for more."""


def rule_name(rule: RosterRule) -> str:
    return _(NAMES[rule])


def rule_words(rule: RosterRule, *, found: timedelta, limit: timedelta) -> str:
    """What is broken, and by how much: "Dygnsvilan är 9 tim, minst 11 tim i följd på ett dygn krävs"."""
    return _(SENTENCES[rule], found=_amount(found), limit=_amount(limit), days=found.days)


def _amount(length: timedelta) -> str:
    return minutes(round(length.total_seconds() / 60))
