"""Who is in whose sight: each `Reach` of `visits/guard/confidentiality.py` as a narrowing of a query.

The tables are named here lightly, by the columns that decide, because each of their files asks this one.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, Uuid, cast, column, literal, select, table

from visits.guard.confidentiality import Reach, Subject, reach
from visits.guard.viewer import Viewer
from visits.planned.schedule import ScheduleState
from visits.store.columns import Days

_orders = table("service_orders", column("citizen_id", Uuid), column("team_id", Uuid), column("valid", Days))
_decisions = table("decisions", column("citizen_id", Uuid), column("case_officer_id", Uuid))
_schedules = table("schedules", column("id", Uuid), column("state"), column("on", Date))
_placements = table("placements", column("schedule_id", Uuid), column("citizen_id", Uuid), column("carer_id", Uuid))
_citizens = table("citizens", column("id", Uuid))


def in_sight(viewer: Viewer, subject: Subject, *, on: date | None = None) -> Select[Any] | CompoundSelect[Any]:
    """The ids of the citizens about whom the viewer may see `subject`, as a subquery.

    A coordinator sees citizens with an order in force at the team on the day `on` (default: the viewer's today).
    `NotFound` where the table of confidentiality allows nothing at all.
    """
    match reach(viewer, subject):
        case Reach.SELF:
            return select(literal(viewer.person_id, Uuid))
        case Reach.OWN_VISITS:
            return _visited_by_carer(viewer)
        case Reach.OWN_TEAM:
            return (
                select(_orders.c.citizen_id)
                .where(_orders.c.team_id == viewer.team_id)
                .where(_orders.c.valid.op("@>")(cast(on or viewer.today, Date)))
            )
        case Reach.OWN_CASES:
            return select(_decisions.c.citizen_id).where(_decisions.c.case_officer_id == viewer.person_id)
        case Reach.STATED_REASON:
            return select(_citizens.c.id)


def _visited_by_carer(viewer: Viewer) -> Select[Any]:
    return (
        select(_placements.c.citizen_id)
        .join(_schedules, _schedules.c.id == _placements.c.schedule_id)
        .where(_placements.c.carer_id == viewer.person_id)
        .where(_schedules.c.state == ScheduleState.PUBLISHED.value)
        .where(_schedules.c.on.between(viewer.today, viewer.today + timedelta(days=1)))
    )
