"""A register is stored whole into an empty record, and never into one that holds people."""

from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from api.town.command import fill
from api.town.providers import Size
from visits.actions.fill_register import fill_register
from visits.errors import Refused
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.store import care_plans, citizens, orders, shifts, teams
from visits.store.database import session_factory
from visits.store.visit_templates import visit_templates

ON = date(2026, 11, 23)
HOUSE = Viewer.system(reason="a test", today=ON)


def test_what_was_stored_reads_back_the_same(engine: Engine) -> None:
    made = fill(engine, size=Size.SMALL, seed=3, first_on=ON, days=2)
    with session_factory(engine)() as session:
        assert set(citizens.find(session, HOUSE, Subject.CARE)) == set(made.citizens)
        assert {team.id: team for team in teams.all_teams(session)} == {team.id: team for team in made.teams}
        team_id = made.teams[0].id
        stored = orders.orders_in_force(session, HOUSE, team_id=team_id, on=ON)
        assert {order.id: order for order in stored} == {o.id: o for o in made.orders if o.team_id == team_id}
        plans = care_plans.plans_of_orders(session, HOUSE, orders=[order.id for order in stored])
        wanted = {plan.id: set(plan.templates) for plan in made.plans if plan.order_id in {o.id for o in stored}}
        assert {plan.id: set(plan.templates) for plan in plans} == wanted
        carers = {carer.id for carer in made.carers if carer.team_id == team_id}
        own = [shift for shift in made.shifts if shift.on == ON and shift.carer_id in carers]
        assert {shift.id: shift for shift in shifts.shifts_on(session, team_id, ON)} == {one.id: one for one in own}


def test_a_record_that_holds_people_is_left_as_it_is(engine: Engine, session: Session) -> None:
    made = fill(engine, size=Size.SMALL, seed=3, first_on=ON, days=1)
    with pytest.raises(Refused, match="record_not_empty"):
        fill_register(session, made)
    assert session.scalar(select(func.count()).select_from(visit_templates)) == sum(
        len(p.templates) for p in made.plans
    )
