"""Where people live: districts, fictive streets, and points on the map that do not lie in a lake."""

import math
from dataclasses import dataclass

from api.town.chance import Chance
from visits.terms import District, Place

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A district's middle (WGS84), how widely its homes lie around it, and its citizens of 65 and over (reference, 9)."""

    centre: Place
    spread_metres: float
    elders: int
    northern: bool = False


AREAS: dict[District, Area] = {
    District.ALBY: Area(centre=Place(59.23919, 17.84661), spread_metres=500, elders=160, northern=True),
    District.FITTJA: Area(centre=Place(59.24796, 17.86124), spread_metres=400, elders=85, northern=True),
    District.HALLUNDA: Area(centre=Place(59.24328, 17.82594), spread_metres=500, elders=120, northern=True),
    District.NORSBORG: Area(centre=Place(59.24409, 17.81409), spread_metres=700, elders=120, northern=True),
    District.TUMBA: Area(centre=Place(59.19949, 17.83839), spread_metres=1000, elders=235),
    District.STORVRETEN: Area(centre=Place(59.211, 17.856), spread_metres=500, elders=65),
    District.TULLINGE: Area(centre=Place(59.20570, 17.90527), spread_metres=1300, elders=225),
    District.VARSTA: Area(centre=Place(59.16533, 17.79593), spread_metres=700, elders=30),
    District.GRODINGE: Area(centre=Place(59.12, 17.78), spread_metres=3500, elders=20),
}

LAKES: tuple[tuple[float, float, float, float], ...] = (
    (59.2230, 59.2430, 17.8640, 17.8850),  # Albysjön
    (59.2110, 59.2215, 17.8680, 17.8930),  # Tullingesjön
    (59.2185, 59.2290, 17.8120, 17.8420),  # Aspen
    (59.1850, 59.1960, 17.7450, 17.8080),  # Uttran
    (59.2560, 59.3000, 17.6500, 17.8450),  # Mälaren off Norsborg
    (59.2530, 59.3000, 17.8450, 17.9000),  # Mälaren off Fittja
)
"""South, north, west and east of a box around each lake: rough, and enough to keep homes dry."""

_STREET_BEGINNINGS = (
    "Mossklocke",
    "Sländvinge",
    "Kastanjeskugge",
    "Stjärnfalls",
    "Dimljus",
    "Kråkrissle",
    "Bärnstens",
    "Hasselnöts",
    "Vindspels",
    "Nattviole",
    "Regnjacke",
    "Sommarlovs",
    "Lykttändar",
    "Tofsmes",
    "Björksavs",
    "Kaffepanne",
    "Månskens",
    "Sidenhare",
    "Lapptäckes",
    "Äppelkaks",
    "Pärlugge",
    "Tussilago",
    "Gungbräde",
    "Höstlövs",
)
_STREET_ENDINGS = ("vägen", "gränden", "stigen", "backen", "gången", "slingan")
_HOMES_PER_STREET = 10
_STREET_LENGTH_METRES = 70.0


@dataclass(frozen=True, slots=True)
class Home:
    address: str
    place: Place
    district: District


def homes(chance: Chance, districts: list[District]) -> list[Home]:
    """One home for each wanted district, on streets that several share, so that neighbours are near each other."""
    names = chance.shuffled([start + end for end in _STREET_ENDINGS for start in _STREET_BEGINNINGS])
    streets: dict[District, list[tuple[str, Place]]] = {}
    for district, area in AREAS.items():
        wanted = math.ceil(districts.count(district) / _HOMES_PER_STREET)
        streets[district] = [(names.pop(), _street(chance, area)) for _ in range(wanted)]
    return [_home(chance, district, *chance.pick(streets[district])) for district in districts]


def dry(place: Place) -> bool:
    return not any(south < place.lat < north and west < place.lon < east for south, north, west, east in LAKES)


def moved(place: Place, *, north_metres: float, east_metres: float) -> Place:
    lat = place.lat + north_metres / METRES_PER_DEGREE
    lon = place.lon + east_metres / (METRES_PER_DEGREE * math.cos(math.radians(place.lat)))
    return Place(round(lat, 5), round(lon, 5))


def _street(chance: Chance, area: Area) -> Place:
    return _somewhere_dry(chance, area.centre, area.spread_metres)


def _home(chance: Chance, district: District, street: str, middle: Place) -> Home:
    number = chance.whole(1, 48)
    door = f" lgh {chance.whole(10, 16)}0{chance.whole(1, 4)}" if AREAS[district].spread_metres < 1000 else ""
    place = _somewhere_dry(chance, middle, _STREET_LENGTH_METRES)
    return Home(f"{street} {number}{door}, {district.value}", place, district)


def _somewhere_dry(chance: Chance, middle: Place, spread_metres: float) -> Place:
    """A point around `middle`, at most two and a half spreads away each way; the lake's shore is walked away from."""
    while True:
        north, east = (_within(chance.spread(spread_metres), 2.5 * spread_metres) for _ in range(2))
        place = moved(middle, north_metres=north, east_metres=east)
        if dry(place):
            return place


def _within(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))
