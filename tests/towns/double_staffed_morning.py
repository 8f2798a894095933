"""One visit wants two carers at once (J1a, J1b at L1). Only C1 may do J2 at L2, from 08:30 to 09:00, ten minutes away: so the
two can meet at 09:10, not before, though C2 is free all morning.
"""

from scheduler import JobId, Link, LinkCarers, Problem
from tests.towns.day import carer, day, job

MINUTES = ((0, 10, 10), (10, 0, 10), (10, 10, 0))


def double_staffed_morning() -> Problem:
    together = Link(JobId("J1a"), JobId("J1b"), 0, 0, LinkCarers.DIFFERENT, all_or_none=True)
    return day(
        [carer("C1", skills=["delegation"]), carer("C2")],
        [
            job("J1a", "L1", ("08:45", "09:30")),
            job("J1b", "L1", ("08:45", "09:30")),
            job("J2", "L2", ("08:30", "08:30"), skills=["delegation"]),
        ],
        minutes_between=MINUTES,
        links=[together],
        name="double-staffed-morning",
    )
