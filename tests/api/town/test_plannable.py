"""A made-up town's rosters match its load: the scheduler finds a place for nearly every visit."""

from datetime import date, timedelta

import pytest

from api.town.providers import Size
from api.town.town import generate
from visits.actions.regenerate_schedule import Inputs, solve
from visits.organisation import Team
from visits.planned.carer_prices import known
from visits.planned.demands import demands_of_day
from visits.planned.planning_day import PlanningDay
from visits.planned.register import Register
from visits.planned.staffing import staffed
from visits.terms import midnight

MONDAY = date(2026, 11, 23)


@pytest.mark.slow
def test_nearly_every_visit_of_a_weekday_finds_a_place_and_carers_are_with_citizens_half_their_time() -> None:
    town = generate(Size.SMALL, 1, MONDAY, 14)
    placed = unplaced = client_minutes = 0
    paid = 0.0
    for team in town.teams:
        day = planning_day(town, team, MONDAY)
        draft = solve(Inputs(day=day, version=""), seconds=1.5)
        placed += len(draft.placements)
        unplaced += len(draft.unplaced)
        client_minutes += sum(placement.minutes for placement in draft.placements)
        for worked in day.staffing:
            at_work = (worked.shift.end_at - worked.shift.start_at) / timedelta(minutes=1)
            paid += at_work - sum(rule.minutes for rule in worked.shift.breaks)
    assert placed / (placed + unplaced) >= 0.97
    assert 0.45 <= client_minutes / paid <= 0.65


def planning_day(town: Register, team: Team, on: date) -> PlanningDay:
    orders = [order for order in town.orders if order.team_id == team.id]
    plans = [plan for plan in town.plans if plan.order_id in {order.id for order in orders}]
    away = frozenset(absence.citizen_id for absence in town.absences if on in absence.period)
    carers = {carer.id: carer for carer in town.carers if carer.team_id == team.id}
    shifts = [shift for shift in town.shifts if shift.on == on and shift.carer_id in carers]
    return PlanningDay(
        team_id=team.id,
        on=on,
        now=midnight(on) - timedelta(hours=9),
        start=team.start,
        demands=demands_of_day(orders, plans, away=away, on=on),
        staffing=staffed(shifts, carers=carers, delegations=town.delegations, absent=frozenset()),
        places={citizen.id: citizen.place for citizen in town.citizens},
        carer_prices={
            citizen.id: known([citizen.fixed_care_contact]) for citizen in town.citizens if citizen.fixed_care_contact
        },
    )
