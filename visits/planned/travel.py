"""How long it takes from door to door. A road service comes later behind the same seam."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from visits.terms import Place, TravelMode

Seconds = NDArray[np.int64]
"""A square matrix of whole seconds, from row to column."""

EARTH_RADIUS_METRES = 6_371_008.8
DETOUR = 1.35
"""Streets against the straight line (domain reference 9)."""
DOOR_TO_DOOR_SECONDS = 120
"""Stairs, lift and locks, whatever the way between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a mode is on the way, and what it takes to unlock, start and park."""

    kilometres_per_hour: float
    access_seconds: int


PACES: dict[TravelMode, Pace] = {
    TravelMode.WALK: Pace(kilometres_per_hour=4.8, access_seconds=0),
    TravelMode.BICYCLE: Pace(kilometres_per_hour=13, access_seconds=60),
    TravelMode.CAR: Pace(kilometres_per_hour=28, access_seconds=180),
}
"""Speeds in town and access times of the domain reference, section 9."""


class TravelTimes(Protocol):
    """The seam: who knows how long the ways between places are."""

    def between(self, places: Sequence[Place], *, mode: TravelMode) -> Seconds:
        """Seconds from each place to each other, door to door; 0 from a place to itself or to the same address."""
        ...


@dataclass(frozen=True, slots=True)
class GreatCircle:
    """The straight line over the ground, lengthened by a detour factor, at the mode's pace."""

    detour: float = DETOUR

    def between(self, places: Sequence[Place], *, mode: TravelMode) -> Seconds:
        metres = great_circle_metres(places)
        pace = PACES[mode]
        riding = metres * self.detour * 3.6 / pace.kilometres_per_hour
        seconds = np.rint(riding + pace.access_seconds + DOOR_TO_DOOR_SECONDS).astype(np.int64)
        same = np.equal.outer([place.lat for place in places], [place.lat for place in places])
        same &= np.equal.outer([place.lon for place in places], [place.lon for place in places])
        seconds[same] = 0
        return seconds


def great_circle_metres(places: Sequence[Place]) -> NDArray[np.float64]:
    """Metres over the ground between all places, by the haversine formula."""
    lat = np.array([math.radians(place.lat) for place in places], dtype=np.float64)
    lon = np.array([math.radians(place.lon) for place in places], dtype=np.float64)
    half_lat = np.subtract.outer(lat, lat) / 2
    half_lon = np.subtract.outer(lon, lon) / 2
    chord = np.sin(half_lat) ** 2 + np.outer(np.cos(lat), np.cos(lat)) * np.sin(half_lon) ** 2
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return metres
