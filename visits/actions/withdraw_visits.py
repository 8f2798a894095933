"""Take back the visits that an order no longer asks for, and tell the citizen."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from visits.events import DaysTouched
from visits.granted.orders import ServiceOrder
from visits.guard.viewer import Viewer
from visits.performed.visit import VisitState
from visits.planned.schedule import ChangeKind, VisitChange
from visits.store import changes, published_days, visits
from visits.store.published_days import TakenOut
from visits.terms import TeamId, VisitId

_EVER = date.max


def withdraw_visits(
    session: Session, viewer: Viewer, ended: Sequence[ServiceOrder], *, first_on: date, now: datetime
) -> list[DaysTouched]:
    """Withdraw what is planned under these orders, all of one citizen, from `first_on` on; returns whose days have changed."""
    citizen_id = ended[0].citizen_id
    found = visits.visits_of_citizens(session, viewer, citizens=[citizen_id], first_on=first_on, last_on=_EVER)
    mine = {order.id for order in ended}
    due = [visit for visit in found if visit.order_id in mine and visit.state is VisitState.PLANNED]
    visits.set_state(session, [visit.id for visit in due], VisitState.WITHDRAWN)
    by_day: dict[tuple[date, TeamId], list[TakenOut]] = {(visit.on, visit.team_id): [] for visit in due}
    for taken in published_days.take_out(session, [visit.id for visit in due]):
        by_day[taken.on, taken.team_id].append(taken)
    for (on, _), parts in by_day.items():
        _tell(session, parts, on=on, now=now)
    return [
        DaysTouched(
            on=on,
            citizens=(citizen_id,),
            carers=tuple(sorted({part.placement.carer_id for part in parts})),
            teams=(team_id,),
        )
        for (on, team_id), parts in sorted(by_day.items(), key=lambda item: item[0])
    ]


def _tell(session: Session, parts: Sequence[TakenOut], *, on: date, now: datetime) -> None:
    """Note for the citizen what no longer comes, visit by visit."""
    by_visit: dict[VisitId, list[TakenOut]] = defaultdict(list)
    for part in parts:
        by_visit[part.placement.visit_id].append(part)
    for visit_id, taken in by_visit.items():
        placement = taken[0].placement
        change = VisitChange(
            visit_id=visit_id,
            citizen_id=placement.citizen_id,
            kind=ChangeKind.WITHDRAWN,
            old_start_at=placement.start_at,
            new_start_at=None,
            old_carers=frozenset(part.placement.carer_id for part in taken),
            new_carers=frozenset(),
        )
        changes.add(session, [change], schedule_id=taken[0].schedule_id, on=on, changed_at=now)
