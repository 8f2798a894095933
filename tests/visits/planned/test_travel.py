"""From door to door by foot, bicycle and car."""

import numpy as np
import pytest

from visits.planned.travel import GreatCircle, great_circle_metres
from visits.terms import Place, TravelMode

TUMBA = Place(59.19949, 17.83839)
NORTH = Place(59.19949 + 1 / 111.195, 17.83839)
"""One kilometre north of Tumba: a degree of latitude is 111.195 km on the mean sphere."""


def test_a_kilometre_north_is_a_kilometre() -> None:
    metres = great_circle_metres([TUMBA, NORTH])
    assert metres[0, 1] == pytest.approx(1000, abs=0.1)
    assert metres[0, 0] == 0


@pytest.mark.parametrize(
    ("mode", "seconds"),
    [
        # 1350 m of street at 4.8 km/h = 1012.5 s, and two minutes from door to door
        (TravelMode.WALK, 1132),
        # at 13 km/h = 373.8 s, one minute for the bicycle, two from door to door
        (TravelMode.BICYCLE, 554),
        # at 28 km/h = 173.6 s, three minutes to park, two from door to door
        (TravelMode.CAR, 474),
    ],
)
def test_a_kilometre_takes_as_long_as_the_mode_needs(mode: TravelMode, seconds: int) -> None:
    matrix = GreatCircle().between([TUMBA, NORTH], mode=mode)
    assert matrix.dtype == np.int64
    assert matrix[0, 1] == pytest.approx(seconds, abs=1)
    assert matrix[0, 1] == matrix[1, 0]


def test_between_two_people_at_the_same_address_there_is_no_way() -> None:
    matrix = GreatCircle().between([TUMBA, NORTH, TUMBA], mode=TravelMode.CAR)
    assert matrix[0, 2] == 0
    assert matrix[0, 1] > 0
    assert np.diagonal(matrix).tolist() == [0, 0, 0]


def test_no_places_are_no_ways() -> None:
    assert GreatCircle().between([], mode=TravelMode.WALK).shape == (0, 0)
