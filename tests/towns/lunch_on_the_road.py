"""Half an hour's drive between two visits, and a lunch of half an hour that must begin between 11:40 and 11:50, on the road.

J1 ends 11:30, so J2 begins 12:30 at the earliest: 30 minutes of driving plus 30 of rest. The day is L0 = L1 to L2 and back:
60 minutes on the road.
"""

from scheduler import Problem
from tests.towns.day import carer, day, job


def lunch_on_the_road(*, latest: str = "12:30") -> Problem:
    return day(
        [carer("C1", breaks=[("11:40", "11:50", 30)])],
        [job("J1", "L0", ("11:00", "11:00")), job("J2", "L1", ("12:00", latest))],
        minutes_between=((0, 30), (30, 0)),
        name="lunch-on-the-road",
    )
