"""Relatives: about one citizen in four has let somebody in, and one relative follows two."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from api.town.chance import Chance, Ids
from api.town.names import NAMES, Origin
from visits.guard.representation import CODE_LASTS, LetIn
from visits.people import Citizen, Relative
from visits.planned.register import Register
from visits.terms import LetInId, RelativeId, instant

_SHARE = 0.25
_SEES_TIME_SHARE = 0.5
_WANTS_TO_KNOW_SHARE = 0.5
_WOMEN_SHARE = 0.6
_MOST_DAYS_AGO = 200


def relatives(town: Register, seed: int) -> tuple[list[Relative], list[LetIn]]:
    """Who they are, and by whom they are let in. The last of them by nobody yet: somebody must be able to try a code."""
    ids = Ids(seed)
    chance = ids.chance("relatives")
    chosen = [one for one in town.citizens if one.protected is None and chance.happens(_SHARE)]
    people: list[Relative] = []
    rows: list[LetIn] = []
    for citizen in chosen:
        follows_two = len(people) == 1 and len(rows) == 1
        who = people[-1] if follows_two else _relative(chance, ids, citizen)
        if not follows_two:
            people.append(who)
        rows.append(_let_in(chance, ids, town, citizen, who))
    newcomer = _relative(chance, ids, town.citizens[0])
    return [*people, newcomer], rows


def _relative(chance: Chance, ids: Ids, citizen: Citizen) -> Relative:
    """Of the citizen's own family name, which says what else they are likely called."""
    return Relative(
        id=RelativeId(ids.next("relative")),
        given_name=NAMES[_origin(citizen)].given(chance, woman=chance.happens(_WOMEN_SHARE), old=False),
        family_name=citizen.family_name,
    )


def _origin(citizen: Citizen) -> Origin:
    return next(_origins_of(citizen.family_name), Origin.SWEDISH)


def _origins_of(family_name: str) -> Iterator[Origin]:
    return (origin for origin, names in NAMES.items() if family_name in names.families.split())


def _let_in(chance: Chance, ids: Ids, town: Register, citizen: Citizen, who: Relative) -> LetIn:
    at: datetime = instant(town.period.first_on, time(14)) - timedelta(days=chance.whole(1, _MOST_DAYS_AGO))
    return LetIn(
        id=LetInId(ids.next("let in")),
        citizen_id=citizen.id,
        called=who.given_name,
        sees_time=chance.happens(_SEES_TIME_SHARE),
        invited_at=at,
        code_until=at + CODE_LASTS,
        relative_id=who.id,
        accepted_at=at + timedelta(hours=chance.whole(1, 40)),
        wants_to_know=chance.happens(_WANTS_TO_KNOW_SHARE),
    )
