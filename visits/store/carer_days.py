"""A carer's own day, with what is needed at each door: for the phone."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject, check_day
from visits.guard.viewer import Role, Viewer
from visits.people import Carer
from visits.performed.carer_day import CarerDay, CarerStop
from visits.performed.folding import Performed
from visits.performed.plan_news import PlanSeen, in_force, plan_news
from visits.planned.schedule import PlannedBreak, ScheduleState
from visits.store import carers, changes, checkins, citizens, estimates, outbox, presence_tags, schedules
from visits.store import plan_news as plan_news_store
from visits.store import visits as visits_store
from visits.terms import CarerId, VisitId


def carer_day(session: Session, viewer: Viewer, *, on: date) -> CarerDay:
    """The day of the carer who asks; `NotFound` for anybody else, and beyond today and tomorrow. Leaves audit entries."""
    if viewer.role is not Role.CARER or viewer.person_id is None:
        raise NotFound(what="day")
    check_day(viewer, on)
    me = CarerId(viewer.person_id)
    # The revision first: what is read after it may be newer than it says, never older.
    revision = outbox.revisions(session, outbox.Audience.CARER, [me], on).get(me, 0)
    carer = carers.carer(session, me)
    return CarerDay(
        carer=carer,
        on=on,
        revision=revision,
        published_at=_published_at(session, carer, on),
        stops=_stops(session, viewer, me, on),
        breaks=_breaks(session, me, on),
        changes=tuple(changes.changes_of_carer(session, me, on=on)),
    )


def _stops(session: Session, viewer: Viewer, me: CarerId, on: date) -> tuple[CarerStop, ...]:
    route = schedules.route_of_carer(session, viewer, on=on)
    keys = [placement.visit_id for placement in route]
    made = visits_store.visits_by_id(session, viewer, keys)
    doors = citizens.find(session, viewer, Subject.DOOR, only={placement.citizen_id for placement in route})
    homes = {citizen.id: citizen for citizen in doors}
    performed = checkins.performed_of(session, keys)
    expected = estimates.estimates_of(session, keys)
    partners = _partners(session, me, keys)
    tags = presence_tags.hashes_at(session, homes)
    plans = plan_news_store.plans_at_doors(session, viewer, made.values())
    last_on = plan_news_store.last_there(session, me, homes, before=on)
    return tuple(
        CarerStop(
            carer_id=me,
            visit=made[placement.visit_id],
            citizen=homes[placement.citizen_id],
            start_at=placement.start_at,
            minutes=placement.minutes,
            travel_seconds=placement.travel_seconds,
            estimated_at=expected.get(placement.visit_id),
            performed=performed.get(placement.visit_id, Performed()),
            partners=partners.get(placement.visit_id, ()),
            tags=tags.get(placement.citizen_id, ()),
            goal=_goal(plans.get(made[placement.visit_id].order_id, ()), on),
            news=plan_news(
                plans.get(made[placement.visit_id].order_id, ()), last_on=last_on.get(placement.citizen_id), on=on
            ),
        )
        for placement in route
    )


def _goal(plans: Sequence[PlanSeen], on: date) -> str:
    plan = in_force(plans, on)
    return plan.goal if plan else ""


def _partners(session: Session, me: CarerId, keys: Collection[VisitId]) -> dict[VisitId, tuple[Carer, ...]]:
    """Who else comes to each of these visits."""
    rows = session.execute(
        select(schedules.placements.c.visit_id, schedules.placements.c.carer_id)
        .join(schedules.schedules, schedules.schedules.c.id == schedules.placements.c.schedule_id)
        .where(schedules.schedules.c.state == ScheduleState.PUBLISHED)
        .where(schedules.placements.c.visit_id.in_(keys), schedules.placements.c.carer_id != me)
        .order_by(schedules.placements.c.part)
    ).all()
    known = carers.carers_by_id(session, {row.carer_id for row in rows})
    found: dict[VisitId, tuple[Carer, ...]] = {}
    for row in rows:
        found[row.visit_id] = (*found.get(row.visit_id, ()), known[row.carer_id])
    return found


def _breaks(session: Session, me: CarerId, on: date) -> tuple[PlannedBreak, ...]:
    planned = schedules.planned_breaks
    rows = session.execute(
        select(planned.c.carer_id, planned.c.start_at, planned.c.end_at)
        .join(schedules.schedules, schedules.schedules.c.id == planned.c.schedule_id)
        .where(schedules.schedules.c.state == ScheduleState.PUBLISHED, schedules.schedules.c.on == on)
        .where(planned.c.carer_id == me)
        .order_by(planned.c.start_at)
    )
    return tuple(PlannedBreak(carer_id=row.carer_id, start_at=row.start_at, end_at=row.end_at) for row in rows)


def _published_at(session: Session, carer: Carer, on: date) -> datetime | None:
    query = select(schedules.schedules.c.published_at).where(
        schedules.schedules.c.team_id == carer.team_id,
        schedules.schedules.c.on == on,
        schedules.schedules.c.state == ScheduleState.PUBLISHED,
    )
    return session.scalar(query)
