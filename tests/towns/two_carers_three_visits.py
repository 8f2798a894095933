"""Three visits and two carers from one office. J1 and J2 lie on one way, J3 on the other side of town at the same time.

The cheapest day: one carer L0-L1-L2-L0 (10 + 10 + 20 minutes), the other L0-L3-L0 (15 + 15): 70 minutes, 4200 seconds.
"""

from scheduler import Problem
from tests.towns.day import carer, day, job

MINUTES = ((0, 10, 20, 15), (10, 0, 10, 25), (20, 10, 0, 35), (15, 25, 35, 0))


def two_carers_three_visits() -> Problem:
    return day(
        [carer("C1"), carer("C2")],
        [
            job("J1", "L1", ("09:00", "09:30")),
            job("J2", "L2", ("09:30", "10:30")),
            job("J3", "L3", ("09:00", "09:10")),
        ],
        minutes_between=MINUTES,
        name="two-carers-three-visits",
    )
