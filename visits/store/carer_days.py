"""A carer's own day, with what is needed at each door: for the phone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject, check_day
from visits.guard.viewer import Role, Viewer
from visits.people import Carer
from visits.performed.carer_day import CarerDay, CarerStop
from visits.performed.checkins import FactKind
from visits.performed.folding import Performed
from visits.performed.plan_news import PlanSeen, in_force, plan_news
from visits.performed.visit import Visit
from visits.planned.schedule import Placement, PlannedBreak, ScheduleState
from visits.store import carers, changes, checkins, citizens, estimates, outbox, presence_tags, schedules
from visits.store import plan_news as plan_news_store
from visits.store import visits as visits_store
from visits.terms import CarerId, CitizenId, VisitId


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
    route = [_planned(placement) for placement in schedules.route_of_carer(session, viewer, on=on)]
    extra = _extra(session, me, on, beside=[part.visit_id for part in route])
    made = visits_store.visits_by_id(session, viewer, [*(part.visit_id for part in route), *extra])
    route += [_unplanned(made[visit_id]) for visit_id in extra if visit_id in made]
    keys = [part.visit_id for part in route]
    doors = citizens.find(session, viewer, Subject.DOOR, only={part.citizen_id for part in route})
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
            visit=made[part.visit_id],
            citizen=homes[part.citizen_id],
            start_at=part.start_at,
            minutes=part.minutes,
            travel_seconds=part.travel_seconds,
            estimated_at=expected.get(part.visit_id),
            performed=performed.get(part.visit_id, Performed()),
            partners=partners.get(part.visit_id, ()),
            tags=tags.get(part.citizen_id, ()),
            goal=_goal(plans.get(made[part.visit_id].order_id, ()), on),
            news=plan_news(plans.get(made[part.visit_id].order_id, ()), last_on=last_on.get(part.citizen_id), on=on),
        )
        for part in route
    )


@dataclass(frozen=True, slots=True)
class _Leg:
    """Where the carer goes, whether it was planned or not."""

    visit_id: VisitId
    citizen_id: CitizenId
    start_at: datetime
    minutes: int
    travel_seconds: int


def _planned(placement: Placement) -> _Leg:
    return _Leg(
        placement.visit_id, placement.citizen_id, placement.start_at, placement.minutes, placement.travel_seconds
    )


def _unplanned(visit: Visit) -> _Leg:
    return _Leg(visit.id, visit.citizen_id, visit.earliest_at, visit.minutes, 0)


def _extra(session: Session, me: CarerId, on: date, *, beside: Collection[VisitId]) -> list[VisitId]:
    """The visits that the carer has begun without a plan, beside those on the route."""
    facts, made = checkins.visit_facts, visits_store.visits
    query = select(made.c.id).join(facts, facts.c.visit_id == made.c.id).where(made.c.on == on).distinct()
    query = query.where(facts.c.carer_id == me, facts.c.kind == FactKind.EXTRA_VISIT)
    return sorted(set(session.scalars(query)) - set(beside))


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
