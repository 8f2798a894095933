"""A team's fortnight whole: what planning it begins from, and what its coordinator is shown of it."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from visits.guard.confidentiality import Subject, check_team
from visits.guard.viewer import Viewer
from visits.people import Citizen
from visits.planned.fortnight import FORTNIGHT_DAYS, Case, Fortnight, as_chosen
from visits.planned.staffing import StaffedShift, staffed
from visits.store import (
    care_plans,
    carers,
    chosen_days,
    citizen_absences,
    citizens,
    decisions,
    orders,
    schedules,
    shifts,
)
from visits.store.published_days import days_of
from visits.terms import CarerId, CitizenId, Period, TeamId, local_day

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
