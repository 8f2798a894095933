"""Carers: titles, languages, ways of travelling, and the health tasks handed over to them."""

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta

from api.town.chance import Chance, Ids
from api.town.homes import AREAS
from api.town.names import LANGUAGES, NAMES, NORTHERN_MIX, SOUTHERN_MIX, Origin, family_name
from visits.organisation import Provider, Team
from visits.people import Carer, CaseOfficer, Coordinator, HealthDelegation, Manager
from visits.terms import (
    CarerId,
    CaseOfficerId,
    CoordinatorId,
    District,
    ManagerId,
    Period,
    ServiceKind,
    Title,
    TravelMode,
)

_NURSE_SHARE = 0.62
_WOMEN_SHARE = 0.8
_LIFTS_SHARE = 0.92
_SPEAKS_FAMILY_LANGUAGE = 0.8
_DELEGATED = {Title.ASSISTANT_NURSE: 0.8, Title.CARE_ASSISTANT: 0.4}
"""The share with a valid delegation (reference, 10). In a small team everybody has one, and can lift: it could not plan its days
else.
"""
_SMALL_TEAM = 8
_LONGEST_DELEGATION_DAYS = 365
_EXPIRING_SHARE = 0.05
_CITIZENS_PER_COORDINATOR = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    carers: tuple[Carer, ...]
    delegations: tuple[HealthDelegation, ...]


def staff(chance: Chance, ids: Ids, team: Team, count: int, first_on: date) -> Staff:
    """The carers of one team, with their delegations."""
    titles = _titles(chance, team, count)
    modes = chance.quota(_modes(team), count)
    carers = tuple(_carer(chance, ids, team, title, mode) for title, mode in zip(titles, modes, strict=True))
    if count <= _SMALL_TEAM:
        carers = tuple(replace(carer, can_lift=True) for carer in carers)
    return Staff(carers=carers, delegations=tuple(_delegations(chance, carers, first_on)))


def coordinators(chance: Chance, ids: Ids, team: Team, citizens: int) -> list[Coordinator]:
    found = []
    for _ in range(1 + citizens // _CITIZENS_PER_COORDINATOR):
        given, family, _ = _name(chance, northern=False)
        found.append(
            Coordinator(
                id=CoordinatorId(ids.next("coordinator")), team_id=team.id, given_name=given, family_name=family
            )
        )
    return found


def case_officers(chance: Chance, ids: Ids, count: int) -> list[CaseOfficer]:
    found = []
    for _ in range(count):
        given, family, _ = _name(chance, northern=False)
        found.append(CaseOfficer(id=CaseOfficerId(ids.next("case officer")), given_name=given, family_name=family))
    return found


def manager(chance: Chance, ids: Ids, provider: Provider) -> Manager:
    given, family, _ = _name(chance, northern=False)
    return Manager(id=ManagerId(ids.next("manager")), provider_id=provider.id, given_name=given, family_name=family)


def _titles(chance: Chance, team: Team, count: int) -> list[Title]:
    if team.kind is ServiceKind.HOUSING_SUPPORT:
        return [Title.HOUSING_SUPPORT_WORKER] * count
    shares = {Title.ASSISTANT_NURSE: _NURSE_SHARE, Title.CARE_ASSISTANT: 1 - _NURSE_SHARE}
    return chance.quota(shares, count)


def _modes(team: Team) -> dict[TravelMode, float]:
    """On foot or by bicycle where homes lie close, by car where they do not (reference, 9)."""
    if team.kind is ServiceKind.NIGHT_CARE or team.districts <= {District.VARSTA, District.GRODINGE}:
        return {TravelMode.CAR: 1}
    northern = all(AREAS[district].northern for district in team.districts)
    if northern and len(team.districts) <= 2:
        return {TravelMode.WALK: 0.35, TravelMode.BICYCLE: 0.65}
    if northern:
        return {TravelMode.BICYCLE: 0.75, TravelMode.CAR: 0.25}
    if team.districts <= {District.TUMBA, District.STORVRETEN, District.TULLINGE}:
        return {TravelMode.BICYCLE: 0.4, TravelMode.CAR: 0.6}
    return {TravelMode.CAR: 0.9, TravelMode.BICYCLE: 0.1}


def _carer(chance: Chance, ids: Ids, team: Team, title: Title, mode: TravelMode) -> Carer:
    northern = any(AREAS[district].northern for district in team.districts)
    given, family, origin = _name(chance, northern=northern)
    languages = ["sv"]
    if origin in LANGUAGES and chance.happens(_SPEAKS_FAMILY_LANGUAGE):
        languages.append(LANGUAGES[origin])
    return Carer(
        id=CarerId(ids.next("carer")),
        team_id=team.id,
        given_name=given,
        family_name=family,
        title=title,
        mode=mode,
        languages=tuple(languages),
        can_lift=chance.happens(_LIFTS_SHARE),
    )


def _name(chance: Chance, *, northern: bool) -> tuple[str, str, Origin]:
    origin = chance.weighted(NORTHERN_MIX if northern else SOUTHERN_MIX)
    given = NAMES[origin].given(chance, woman=chance.happens(_WOMEN_SHARE), old=False)
    return given, family_name(chance, origin), origin


def _delegations(chance: Chance, carers: tuple[Carer, ...], first_on: date) -> list[HealthDelegation]:
    """Each for at most a year; a few run out within the fortnight, so that a plan must notice."""
    found = []
    for title, share in _DELEGATED.items():
        holders = [carer for carer in carers if carer.title is title]
        wanted = len(holders) if len(carers) <= _SMALL_TEAM else math.ceil(len(holders) * share)
        for carer in chance.shuffled(holders)[:wanted]:
            age = chance.whole(20, 300)
            if len(carers) > _SMALL_TEAM and chance.happens(_EXPIRING_SHARE):
                age = _LONGEST_DELEGATION_DAYS - chance.whole(3, 12)
            begins_on = first_on - timedelta(days=age)
            valid = Period(begins_on, begins_on + timedelta(days=_LONGEST_DELEGATION_DAYS - 1))
            found.append(HealthDelegation(carer_id=carer.id, task="Läkemedel", valid=valid))
    return found
