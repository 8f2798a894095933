import pytest

from api.i18n import speaking
from api.reasons import SENTENCES, sentence
from scheduler import ReasonCode
from visits.planned.schedule import UnplacedReason


def told(code: str, share: float, **params: object) -> str:
    return sentence(UnplacedReason(code=code, share=share, params=params))


def test_the_skill_that_nobody_has_is_named() -> None:
    assert told("NO_SKILLED_CARER_ON_SHIFT", 1.0, skills="delegation") == (
        "Ingen i passet har delegering (100 % av personalen)"
    )


def test_what_holds_for_some_is_not_said_of_all() -> None:
    said = told("NO_SKILLED_CARER_ON_SHIFT", 0.6, skills="delegation, lift")
    assert said == "Saknar delegering, tunga lyft eller arbetar inte då (60 % av personalen)"


def test_without_a_skill_to_name_it_is_the_hour_that_nobody_works() -> None:
    assert told("NO_SKILLED_CARER_ON_SHIFT", 1.0, skills="") == (
        "Ingen arbetar när besöket ska bli av (100 % av personalen)"
    )


def test_a_reason_that_rules_out_nobody_has_no_share() -> None:
    assert told("NO_REASON_FOUND", 0.0) == "Ingen enskild orsak hittades"


def test_a_code_we_do_not_know_is_told_honestly() -> None:
    assert told("SOMETHING_NEW", 0.0) == "Ingen enskild orsak hittades"


def test_every_code_of_the_schedulers_list_has_its_sentence() -> None:
    assert {code.value for code in ReasonCode} == set(SENTENCES)


@pytest.mark.parametrize("code", list(ReasonCode))
def test_every_reason_is_said_in_english_too(code: ReasonCode) -> None:
    with speaking("en"):
        said = [told(code.value, share, skills="delegation") for share in (0.5, 1.0)]
    assert not any("personalen" in one for one in said)
