"""Two carers at work all day, and a visit that needs a skill which neither of them has. Leaving it costs 5000."""

from scheduler import Problem
from tests.towns.day import carer, day, job


def nobody_has_the_skill() -> Problem:
    return day(
        [carer("C1", skills=["delegation"]), carer("C2")],
        [job("J1", "L1", ("09:00", "10:00"), skills=["lift"], unplaced=5000)],
        name="nobody-has-the-skill",
    )
