"""Fortnights of a made-up town without a database: each team's days as the service plans them, visits laid on days by its rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from api.town.providers import Size
from api.town.town import generate
from visits.organisation import Team
from visits.planned.day_choice import choose_days
from visits.planned.demands import demands_of_day
from visits.planned.few_faces import Familiar
from visits.planned.fortnight import FORTNIGHT_DAYS, Case, ChosenWeek, Fortnight, as_chosen
from visits.planned.planning_day import PlanningDay
from visits.planned.register import Register
from visits.planned.staffing import staffed
from visits.terms import CitizenId, Period, midnight

FIRST_ON = date(2026, 11, 23)
"""A Monday."""


@dataclass(frozen=True, slots=True)
class TeamFortnight:
    """One team's fourteen days, ready to be solved."""

    team: Team
    fortnight: Fortnight
    weeks: tuple[ChosenWeek, ...]
    days: tuple[PlanningDay, ...]
    familiar: Familiar


def town(size: Size, seed: int) -> Register:
    return generate(size, seed, FIRST_ON, FORTNIGHT_DAYS)


def fortnights(made: Register, names: tuple[str, ...] = ()) -> Iterator[TeamFortnight]:
    """Of every team of the town, or of those named."""
    for team in made.teams:
        if not names or team.name in names:
            yield _of_team(made, team)


def _of_team(made: Register, team: Team) -> TeamFortnight:
    fortnight = _fortnight(made, team)
    weeks = tuple(choose_days(fortnight))
    chosen = as_chosen(weeks)
    orders = [case.order for case in fortnight.cases]
    plans = [plan for case in fortnight.cases for plan in case.plans]
    places = {citizen.id: citizen.place for citizen in made.citizens}
    days = []
    for on in fortnight.days:
        away = frozenset(order.citizen_id for order in orders if fortnight.is_away(order.citizen_id, on))
        demands = demands_of_day(orders, plans, away=away, on=on, chosen=chosen)
        due = {demand.citizen_id for demand in demands}
        days.append(
            PlanningDay(
                team_id=team.id,
                on=on,
                now=midnight(FIRST_ON),
                start=team.start,
                demands=demands,
                staffing=fortnight.staffing.get(on, ()),
                places={citizen_id: places[citizen_id] for citizen_id in sorted(due)},
            )
        )
    contacts = {citizen.id: citizen.fixed_care_contact for citizen in made.citizens if citizen.fixed_care_contact}
    return TeamFortnight(team, fortnight, weeks, tuple(days), Familiar(contacts=contacts))


def _fortnight(made: Register, team: Team) -> Fortnight:
    decisions = {decision.id: decision for decision in made.decisions}
    carers = {carer.id: carer for carer in made.carers if carer.team_id == team.id}
    cases = tuple(
        Case(
            order=order,
            decision=decisions[order.decision_id],
            plans=tuple(plan for plan in made.plans if plan.order_id == order.id),
        )
        for order in made.orders
        if order.team_id == team.id
    )
    away: dict[CitizenId, tuple[Period, ...]] = {}
    for absence in made.absences:
        away[absence.citizen_id] = (*away.get(absence.citizen_id, ()), absence.period)
    shifts = [shift for shift in made.shifts if shift.carer_id in carers]
    days = [FIRST_ON + timedelta(days=number) for number in range(FORTNIGHT_DAYS)]
    return Fortnight(
        team_id=team.id,
        first_on=FIRST_ON,
        cases=cases,
        staffing={
            on: staffed(
                [shift for shift in shifts if shift.on == on],
                carers=carers,
                delegations=made.delegations,
                absent=frozenset(),
            )
            for on in days
        },
        away=away,
        usual={
            citizen.id: frozenset({citizen.fixed_care_contact})
            for citizen in made.citizens
            if citizen.fixed_care_contact in carers
        },
    )
