"""The past: weeks that have been planned and performed already, as one bundle to fill a record with."""

from dataclasses import dataclass

from visits.performed.checkins import Fact
from visits.performed.visit import Visit
from visits.planned.register import CitizenAbsence
from visits.planned.schedule import Schedule
from visits.planned.staffing import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Published schedules with their visits, what was told about these, who was away, and who worked when."""

    schedules: tuple[Schedule, ...]
    visits: tuple[Visit, ...]
    facts: tuple[Fact, ...]
    absences: tuple[CitizenAbsence, ...]
    shifts: tuple[Shift, ...]
