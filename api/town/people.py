"""People: identity numbers, telephone numbers, names, languages, what a carer must know at the door.

Identity numbers are of the series that Skatteverket has set aside for tests (open data "Testpersonnummer", dataportal.se data set
6_67959): in the numbers of it that were read (189001019802, 198507099805, 199001012385, 201701012393) the birth number begins
with 98 for those born before 1990 and is 238 or 239 from then on. Women's are even. No living person has one of these.
Telephone numbers are of the series that PTS keeps free for books and films: 070-1740605 to 699 and 08-46500400 to 499.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from api.town.chance import Chance
from api.town.homes import AREAS
from api.town.names import LANGUAGES, NAMES, NORTHERN_MIX, SOUTHERN_MIX, Origin, family_name
from visits.people import Personnummer, ProtectedIdentity
from visits.terms import District

_TEST_NUMBERS_CHANGE = 1990
_WOMEN_SHARE = 0.68
_FINNISH_WISH = 0.04
_OTHER_WISH = {True: 0.20, False: 0.05}
"""Wishes for another language than Swedish, in the north and in the south (reference, 10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who somebody is, before it is known what help they get."""

    personnummer: Personnummer
    given_name: str
    family_name: str
    language: str


class TestNumbers:
    """Hands out each test number once."""

    __test__ = False  # the word "test" is Skatteverket's

    def __init__(self) -> None:
        self._given: set[str] = set()

    def next(self, born_on: date, *, woman: bool) -> Personnummer:
        """The number of somebody born on or soon after `born_on`."""
        while True:
            for birth_number in _birth_numbers(born_on.year, woman=woman):
                digits = f"{born_on:%Y%m%d}{birth_number}"
                if digits not in self._given:
                    self._given.add(digits)
                    return Personnummer(digits + _check_digit(digits[2:]))
            born_on += timedelta(days=1)


def _birth_numbers(year: int, *, woman: bool) -> range | tuple[int, ...]:
    if year >= _TEST_NUMBERS_CHANGE:
        return (238,) if woman else (239,)
    return range(980 if woman else 981, 1000, 2)


def _check_digit(nine: str) -> str:
    """Luhn's, with weights 2 and 1 in turn."""
    products = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine))
    return str(-sum(product // 10 + product % 10 for product in products) % 10)


def phone_numbers() -> Iterator[str]:
    """Mobile and home numbers of the fiction series in turn; a big town has several people to a number."""
    while True:
        for last in range(605, 700):
            yield f"070-174 0{last // 100} {last % 100:02d}"
            yield f"08-465 00{(last - 205) // 100} {(last - 205) % 100:02d}"


def person(chance: Chance, numbers: TestNumbers, *, district: District, born_on: date) -> Person:
    northern = AREAS[district].northern
    origin = chance.weighted(NORTHERN_MIX if northern else SOUTHERN_MIX)
    woman = chance.happens(_WOMEN_SHARE)
    return Person(
        personnummer=numbers.next(born_on, woman=woman),
        given_name=NAMES[origin].given(chance, woman=woman, old=born_on.year < 1962),
        family_name=family_name(chance, origin),
        language=_language(chance, origin, northern=northern),
    )


def _language(chance: Chance, origin: Origin, *, northern: bool) -> str:
    """The language wished for: the family's own for some, Swedish for most."""
    mix = NORTHERN_MIX if northern else SOUTHERN_MIX
    if origin is Origin.SWEDISH:
        return "sv"
    share_of_mix = mix[origin] / sum(mix.values())
    if origin is Origin.FINNISH:
        return "fi" if chance.happens(_FINNISH_WISH / share_of_mix) else "sv"
    others = 1 - (mix[Origin.SWEDISH] + mix[Origin.FINNISH]) / sum(mix.values())
    return LANGUAGES[origin] if chance.happens(_OTHER_WISH[northern] / others) else "sv"


_NOTES = (
    "Portkod {code}. Ring på och vänta, det tar en stund.",
    "Portkod {code}. Digitalt lås, öppnas med telefonen.",
    "Nyckel {key} i nyckelskåpet.",
    "Nyckel {key} i nyckelskåpet. Hunden är snäll men hoppar.",
    "Portkod {code}. Hör dåligt: knacka hårt.",
    "Digitalt lås, öppnas med telefonen. Skoskydd i hallen.",
    "Portkod {code}, hiss till vänster. Öppnar själv.",
)
_PROTECTED_NOTE = "Skyddade personuppgifter: säg aldrig namn eller adress så att andra hör. "


def access_notes(chance: Chance, protected: ProtectedIdentity | None) -> str:
    note = chance.pick(_NOTES).format(code=chance.whole(1000, 9999), key=chance.whole(1, 180))
    return f"{_PROTECTED_NOTE}{note}" if protected else note
