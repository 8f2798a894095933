"""A team's fortnight whole: what planning it begins from, and what its coordinator is shown of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from visits.errors import NotFound
from visits.guard.confidentiality import Subject, check_team
from visits.guard.viewer import Viewer
from visits.people import Citizen
from visits.performed.continuity import Meeting, PeopleMet, people_met
from visits.planned.fortnight import FORTNIGHT_DAYS, Case, ChosenWeek, Fortnight, as_chosen
from visits.planned.frames import FrameUse, frame_uses
from visits.planned.schedule import ScheduleState
from visits.planned.staffing import StaffedShift, staffed
from visits.planned.visit_ids import visit_id
from visits.store import (
    care_plans,
    carers,
    chosen_days,
    citizen_absences,
    citizens,
    decisions,
    orders,
    runs,
    schedules,
    shifts,
)
from visits.store.columns import among
from visits.store.published_days import days_of
from visits.store.runs import Run
from visits.store.team_days import DayInBrief, days_in_brief
from visits.terms import CarerId, CitizenId, Period, ScheduleId, TeamId, local_day


@dataclass(frozen=True, slots=True, kw_only=True)
class FortnightShown:
    """The fortnight as its coordinator sees it: days, movable visits, frames, and how many people each citizen meets.

    `met` counts who comes by each day's draft, else by what is published. `run` is the newest that planned the fortnight.
    """

    fortnight: Fortnight
    weeks: tuple[ChosenWeek, ...]
    uses: tuple[FrameUse, ...]
    days: tuple[DayInBrief, ...]
    run: Run | None
    citizens: Mapping[CitizenId, Citizen]
    met: PeopleMet

    @property
    def drafts(self) -> list[ScheduleId]:
        """What can be published at once."""
        return [day.draft_id for day in self.days if day.draft_id is not None]


_AROUND = timedelta(weeks=12)
"""So far before and after the fortnight a frame of it may reach, and so may what was chosen for its weeks."""


def fortnight(session: Session, viewer: Viewer, *, team_id: TeamId, first_on: date, now: datetime) -> Fortnight:
    """Everything that laying the fortnight's visits on days needs. `NotFound` unless the team is the viewer's."""
    check_team(viewer, team_id)
    days = Period(first_on, first_on + timedelta(days=FORTNIGHT_DAYS - 1))
    around = Period(first_on - _AROUND, max(days) + _AROUND)
    ordered = [order for order in orders.orders_of_team(session, viewer, team_id=team_id) if order.valid.overlaps(days)]
    concerned = sorted({order.citizen_id for order in ordered})
    decided = {
        decision.id: decision
        for decision in decisions.decisions_in(session, viewer, citizens=concerned, period=around, on=first_on)
    }
    plans = care_plans.plans_of_orders(
        session, viewer, orders=[order.id for order in ordered], on=first_on, versions=True
    )
    away: dict[CitizenId, tuple[Period, ...]] = defaultdict(tuple)
    for absence in citizen_absences.absences_in(session, concerned, around):
        away[absence.citizen_id] = (*away[absence.citizen_id], absence.period)
    templates = [template.id for plan in plans for template in plan.templates]
    weeks = chosen_days.weeks_of(session, templates, first_on=around.first_on, last_on=max(days) + _AROUND)
    who = citizens.find(session, viewer, Subject.CARE, only=concerned, on=first_on)
    return Fortnight(
        team_id=team_id,
        first_on=first_on,
        cases=tuple(
            Case(
                order=order,
                decision=decided[order.decision_id],
                plans=tuple(plan for plan in plans if plan.order_id == order.id),
            )
            for order in ordered
            if order.decision_id in decided
        ),
        staffing={on: _staffing(session, team_id, on) for on in days},
        away=dict(away),
        usual=_usual(session, who, first_on),
        chosen=as_chosen(weeks),
        settled=frozenset(
            {on for on in days if on < local_day(now)} | set(days_of(session, team_id, from_on=first_on))
        ),
    )


def fortnight_shown(session: Session, viewer: Viewer, *, first_on: date, now: datetime) -> FortnightShown:
    """The fortnight of the coordinator's own team; `NotFound` for whoever has no team."""
    if viewer.team_id is None:
        raise NotFound(what="team")
    team_id = viewer.team_id
    found = fortnight(session, viewer, team_id=team_id, first_on=first_on, now=now)
    templates = [template.id for case in found.cases for plan in case.plans for template in plan.templates]
    span = found.whole_weeks
    weeks = chosen_days.weeks_of(session, templates, first_on=span.first_on, last_on=found.last_on)
    concerned = sorted({case.order.citizen_id for case in found.cases})
    who = citizens.find(session, viewer, Subject.CARE, only=concerned, on=first_on)
    run = runs.newest(session, team_id, first_on)
    return FortnightShown(
        fortnight=found,
        weeks=tuple(weeks),
        uses=tuple(frame_uses(found, weeks)),
        days=tuple(days_in_brief(session, viewer, first_on=first_on, days=FORTNIGHT_DAYS)),
        run=run if run is not None and run.days > 1 else None,
        citizens={citizen.id: citizen for citizen in who},
        met=people_met(
            _meetings(session, found),
            first_on=first_on,
            born_on={citizen.id: citizen.personnummer.born_on for citizen in who},
            away=[who for who in found.away if any(found.is_away(who, on) for on in found.days)],
        ),
    )


def _meetings(session: Session, found: Fortnight) -> list[Meeting]:
    """Who comes to whom by each day's newest draft, else by what is published."""
    entries, placed = schedules.schedules.c, schedules.placements.c
    query = (
        select(entries.on, entries.id)
        .where(entries.team_id == found.team_id, entries.on.between(found.first_on, found.last_on))
        .where(entries.state.in_([ScheduleState.PUBLISHED, ScheduleState.DRAFT]))
        .order_by(entries.on, entries.state.desc(), entries.made_at)  # "published" before "draft"
    )
    newest = {row.on: row.id for row in session.execute(query)}
    codes = {
        visit_id(template.id, on): template.codes
        for case in found.cases
        for on in found.days
        for template in case.due_on(on, found.chosen)
    }
    rows = session.execute(
        select(placed.citizen_id, placed.carer_id, placed.visit_id, placed.start_at).where(
            among(placed.schedule_id, newest.values())
        )
    )
    return [Meeting(**row._mapping, codes=codes.get(row.visit_id, ())) for row in rows]  # noqa: SLF001 - as in runs


def _staffing(session: Session, team_id: TeamId, on: date) -> tuple[StaffedShift, ...]:
    return staffed(
        shifts.shifts_on(session, team_id, on),
        carers={carer.id: carer for carer in carers.carers_of(session, team_id)},
        delegations=carers.delegations_on(session, team_id, on),
        absent=carers.absent_on(session, team_id, on),
    )


def _usual(session: Session, who: list[Citizen], first_on: date) -> dict[CitizenId, frozenset[CarerId]]:
    """The fixed care contact, and who came in the fortnight before."""
    began, ended = first_on - timedelta(days=FORTNIGHT_DAYS), first_on - timedelta(days=1)
    met = schedules.carers_met(session, [citizen.id for citizen in who], first_on=began, last_on=ended)
    found = {}
    for citizen in who:
        contact = {citizen.fixed_care_contact} if citizen.fixed_care_contact else set()
        known = met.get(citizen.id, frozenset()) | contact
        if known:
            found[citizen.id] = known
    return found
