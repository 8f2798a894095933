"""The carers' working time around a day that is to be published. Staff, not citizens: read within the house without a viewer."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from visits.planned.schedule import Schedule
from visits.planned.working_day import PlanBreach, WorkingDay, plan_breaches
from visits.store import carers, shifts
from visits.terms import VisitId

_DAYS_BEFORE = 8
"""A week of rest is looked for in the seven days before a shift ends, which may be on the next day."""


def plan_breaches_of(
    session: Session,
    schedule: Schedule,
    *,
    before: Schedule | None,
    needing: Collection[VisitId],
    settled: Collection[VisitId],
    now: datetime,
) -> list[PlanBreach]:
    """What the schedule would have carers do against the rules of working time.

    `before` is what is published, from which breaks that have begun still count. `needing` are the visits that need a delegation,
    `settled` those that have begun or are over.
    """
    first_on = schedule.on - timedelta(days=_DAYS_BEFORE)
    day = WorkingDay(
        shifts=tuple(shifts.shifts_of_team(session, schedule.team_id, first_on, schedule.on)),
        delegations=tuple(carers.delegations_on(session, schedule.team_id, schedule.on)),
        needing=frozenset(needing),
        settled=frozenset(settled),
        taken=tuple(one for one in (before.breaks if before else ()) if one.start_at <= now),
    )
    return plan_breaches(schedule, day)
