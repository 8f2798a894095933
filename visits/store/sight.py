"""Who is in whose sight: each `Reach` of `visits/guard/confidentiality.py` as a narrowing of a query.

The tables are named here lightly, by the columns that decide, because each of their files asks this one.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Boolean, CompoundSelect, Date, Select, Uuid, cast, column, literal, select, table

from visits.guard.confidentiality import Reach, Subject, reach
from visits.guard.viewer import Viewer
from visits.planned.schedule import ScheduleState
from visits.store.columns import Days

_orders = table(
    "service_orders",
    column("citizen_id", Uuid),
    column("team_id", Uuid),
    column("provider_id", Uuid),
    column("valid", Days),
)
_decisions = table("decisions", column("citizen_id", Uuid), column("case_officer_id", Uuid))
_schedules = table("schedules", column("id", Uuid), column("state"), column("on", Date))
_placements = table("placements", column("schedule_id", Uuid), column("citizen_id", Uuid), column("carer_id", Uuid))
_citizens = table("citizens", column("id", Uuid), column("protected"))
_let_ins = table(
    "let_ins",
    column("citizen_id", Uuid),
    column("relative_id", Uuid),
    column("sees_time", Boolean),
    column("ended_at"),
)
_incidents = table(
    "incidents",
    column("citizen_id", Uuid),
    column("provider_id", Uuid),
    column("reported_by"),
    column("reporter_id", Uuid),
)


def in_sight(viewer: Viewer, subject: Subject, *, on: date | None = None) -> Select[Any] | CompoundSelect[Any]:
    """The ids of the citizens about whom the viewer may see `subject`, as a subquery.

    A coordinator sees citizens with an order in force at the team on the day `on` (default: the viewer's today); a manager's
    sums are over those with one at the provider. `NotFound` where the table of confidentiality allows nothing at all.
    """
    return _NARROWED[reach(viewer, subject)](viewer, subject, on or viewer.today)


def _oneself(viewer: Viewer, _subject: Subject, _on: date) -> Select[Any]:
    return select(literal(viewer.person_id, Uuid))


def _visited_by_carer(viewer: Viewer, _subject: Subject, _on: date) -> Select[Any]:
    return (
        select(_placements.c.citizen_id)
        .join(_schedules, _schedules.c.id == _placements.c.schedule_id)
        .where(_placements.c.carer_id == viewer.person_id)
        .where(_schedules.c.state == ScheduleState.PUBLISHED.value)
        .where(_schedules.c.on.between(viewer.today, viewer.today + timedelta(days=1)))
    )


def _of_team(viewer: Viewer, _subject: Subject, on: date) -> Select[Any]:
    return _ordered(on).where(_orders.c.team_id == viewer.team_id)


def _of_provider(viewer: Viewer, subject: Subject, on: date) -> Select[Any]:
    if subject is Subject.INCIDENT:
        return select(_incidents.c.citizen_id).where(_incidents.c.provider_id == viewer.provider_id)
    return _ordered(on).where(_orders.c.provider_id == viewer.provider_id)


def _ordered(on: date) -> Select[Any]:
    return select(_orders.c.citizen_id).where(_orders.c.valid.op("@>")(cast(on, Date)))


def _decided_about(viewer: Viewer, _subject: Subject, _on: date) -> Select[Any]:
    return select(_decisions.c.citizen_id).where(_decisions.c.case_officer_id == viewer.person_id)


def _who_let_in(viewer: Viewer, subject: Subject, _on: date) -> Select[Any]:
    """A protected identity is denied to every relative, whatever was agreed before it was protected (reference, 6.7)."""
    query = (
        select(_let_ins.c.citizen_id)
        .join(_citizens, _citizens.c.id == _let_ins.c.citizen_id)
        .where(_let_ins.c.relative_id == viewer.person_id)
        .where(_let_ins.c.ended_at.is_(None))
        .where(_citizens.c.protected.is_(None))
    )
    return query.where(_let_ins.c.sees_time) if subject is Subject.BALANCE else query


def _named_by_oneself(viewer: Viewer, _subject: Subject, _on: date) -> Select[Any]:
    return select(_incidents.c.citizen_id).where(
        _incidents.c.reported_by == viewer.role.value, _incidents.c.reporter_id == viewer.person_id
    )


def _everybody(_viewer: Viewer, _subject: Subject, _on: date) -> Select[Any]:
    return select(_citizens.c.id)


_NARROWED: Mapping[Reach, Callable[[Viewer, Subject, date], Select[Any]]] = {
    Reach.SELF: _oneself,
    Reach.OWN_VISITS: _visited_by_carer,
    Reach.OWN_TEAM: _of_team,
    Reach.OWN_CASES: _decided_about,
    Reach.OWN_PROVIDER: _of_provider,
    Reach.LET_IN: _who_let_in,
    Reach.OWN_REPORTS: _named_by_oneself,
    Reach.STATED_REASON: _everybody,
}
