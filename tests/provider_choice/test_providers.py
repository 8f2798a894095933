from dataclasses import replace
from datetime import time
from uuid import uuid4

import pytest

from provider_choice.providers import ProviderFacts, alphabetical, offers_in
from visits.errors import Invalid
from visits.organisation import Provider, ProviderKind, Team
from visits.terms import District, Place, ProviderId, ServiceKind, TeamId


def a_provider(name: str) -> Provider:
    return Provider(id=ProviderId(uuid4()), name=name, kind=ProviderKind.PRIVATE)


def a_team(
    provider: Provider, *districts: District, kind: ServiceKind = ServiceKind.HOME_CARE, name: str = "Grupp"
) -> Team:
    return Team(
        id=TeamId(uuid4()),
        provider_id=provider.id,
        name=name,
        kind=kind,
        districts=frozenset(districts),
        start=Place(59.2, 17.8),
    )


def some_facts(provider: Provider, *, capacity: int = 10) -> ProviderFacts:
    return ProviderFacts(
        provider_id=provider.id,
        about="Vi kommer hem till dig.",
        languages=("sv",),
        carers=12,
        continuity=None,
        opens=time(8),
        closes=time(16),
        capacity=capacity,
        phone="08-46500400",
        email="hej@example.se",
    )


def test_only_home_care_teams_that_serve_the_district_are_offered() -> None:
    near, far, support, silent = (a_provider(name) for name in ("Nära", "Fjärran", "Stöd", "Tyst"))
    teams = [
        a_team(near, District.TUMBA, District.TULLINGE),
        a_team(far, District.FITTJA),
        a_team(support, District.TUMBA, kind=ServiceKind.HOUSING_SUPPORT),
        a_team(silent, District.TUMBA),
    ]
    facts = {provider.id: some_facts(provider) for provider in (near, far, support)}
    found = offers_in(District.TUMBA, providers=[near, far, support, silent], teams=teams, facts=facts, taken={})
    assert [(offer.provider.name, offer.team_id) for offer in found] == [("Nära", teams[0].id)]
    assert found[0].districts == {District.TUMBA, District.TULLINGE}


def test_the_order_is_the_alphabets_whatever_comes_first_and_whoever_has_room() -> None:
    made = [a_provider(name) for name in ("Östan Vind", "Ängens Hemtjänst", "Åsens Omsorg", "Ekens Hemtjänst", "alby")]
    teams = [a_team(provider, District.TUMBA) for provider in made]
    facts = {provider.id: some_facts(provider) for provider in made}
    taken = {made[0].id: 0, made[3].id: 10}
    for providers in (made, made[::-1]):
        found = offers_in(District.TUMBA, providers=providers, teams=teams, facts=facts, taken=taken)
        assert [offer.provider.name for offer in found] == [
            "alby",
            "Ekens Hemtjänst",
            "Åsens Omsorg",
            "Ängens Hemtjänst",
            "Östan Vind",
        ]


def test_a_provider_over_its_cap_has_no_places_rather_than_fewer_than_none() -> None:
    provider = a_provider("Full")
    (offer,) = offers_in(
        District.ALBY,
        providers=[provider],
        teams=[a_team(provider, District.ALBY)],
        facts={provider.id: some_facts(provider, capacity=3)},
        taken={provider.id: 5},
    )
    assert (offer.open_places, offer.is_full) == (0, True)


def test_of_two_teams_in_a_district_the_same_one_is_always_chosen() -> None:
    provider = a_provider("Två grupper")
    teams = [a_team(provider, District.ALBY, name="Väst"), a_team(provider, District.ALBY, name="Norr")]
    facts = {provider.id: some_facts(provider)}
    for order in (teams, teams[::-1]):
        (offer,) = offers_in(District.ALBY, providers=[provider], teams=order, facts=facts, taken={})
        assert offer.team_id == teams[1].id


def test_swedish_letters_come_after_z_in_their_own_order() -> None:
    assert sorted(["Ö", "Ä", "Å", "Z", "A"], key=alphabetical) == ["A", "Z", "Å", "Ä", "Ö"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("about", ""),
        ("languages", ()),
        ("carers", 0),
        ("continuity", 0.5),
        ("capacity", -1),
        ("closes", time(7)),
    ],
)
def test_facts_that_cannot_be_true_are_refused_by_name(field: str, value: object) -> None:
    facts = some_facts(a_provider("Fel"))
    with pytest.raises(Invalid) as refused:
        replace(facts, **{field: value})
    assert (refused.value.params["field"], refused.value.params["value"]) == (field, value)
