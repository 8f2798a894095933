from enum import StrEnum

import pytest

from api import words
from provider_choice import choice
from visits import people
from visits.granted import care_plans, catalogue, commencement, decisions, orders, plan_lines, visit_templates
from visits.organisation import ProviderKind
from visits.performed import checkins, visit
from visits.planned import schedule
from visits.terms import ServiceCode, ServiceKind, Skill, Title, TravelMode

SHOWN: list[type[StrEnum]] = [
    ServiceKind,
    ServiceCode,
    Skill,
    Title,
    TravelMode,
    visit.VisitState,
    checkins.FactKind,
    checkins.Source,
    schedule.ScheduleState,
    schedule.ChangeKind,
    visit_templates.Priority,
    care_plans.CarePlanState,
    care_plans.Participation,
    catalogue.Category,
    commencement.Delay,
    decisions.DecidedAs,
    decisions.Per,
    plan_lines.LineFinding,
    orders.OrderState,
    ProviderKind,
    people.ProtectedIdentity,
    choice.RequestKind,
    choice.RequestState,
    choice.DeclineReason,
]


@pytest.mark.parametrize("terms", SHOWN, ids=lambda terms: terms.__name__)
def test_every_term_that_people_read_has_a_swedish_word(terms: type[StrEnum]) -> None:
    for term in terms:
        assert words.word(term).strip()


def test_terms_of_different_kinds_with_the_same_text_keep_their_own_words() -> None:
    assert Skill.ASSISTANT_NURSE == Title.ASSISTANT_NURSE
    assert words.word(ServiceKind.HOUSING_SUPPORT) == "Boendestöd"
    assert words.word(Skill.HOUSING_SUPPORT) == "boendestöd"


def test_what_the_citizen_gets_reads_as_the_middle_of_a_sentence() -> None:
    assert words.help_at_visit([ServiceCode.MORNING, ServiceCode.SHOWER]) == "hjälp på morgonen, hjälp att duscha"
