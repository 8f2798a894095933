"""What is new at each door, read from a real database by the carer who is to go there."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from tests.factories.world import MONDAY, World, a_template
from visits.granted.care_plans import CarePlanState
from visits.performed.checkins import Fact, FactKind
from visits.performed.plan_news import PlanNews
from visits.store import care_plans, checkins
from visits.store.carer_days import carer_day
from visits.terms import CarePlanId, FactId

FRIDAY = MONDAY - timedelta(days=3)


def test_a_plan_that_was_agreed_since_the_carer_was_there_last_is_new_to_them_alone(session: Session) -> None:
    world = World(session)
    team = world.team()
    amira, jonas = world.carer(team, "Amira"), world.carer(team, "Jonas")
    elsa = world.cared(team, world.citizen("Elsa"))
    world.published(team, [(elsa, amira, "08:00")], on=FRIDAY)
    came = Fact(
        id=FactId(uuid4()),
        visit_id=elsa.visit(FRIDAY),
        carer_id=amira.id,
        kind=FactKind.CHECK_IN,
        happened_at=world.at("08:01", on=FRIDAY),
        received_at=world.at("08:01", on=FRIDAY),
    )
    checkins.add(session, came)
    newer = replace(
        elsa.plan,
        id=CarePlanId(uuid4()),
        version=2,
        state=CarePlanState.ACTIVE,
        from_on=MONDAY - timedelta(days=10),
        activated_on=MONDAY - timedelta(days=1),
        goal="Promenera varje dag.",
        templates=(replace(a_template(), instructions="Stödstrumpor på."),),
    )
    care_plans.add(session, [newer, replace(newer, id=CarePlanId(uuid4()), version=3, activated_on=None, templates=())])
    world.published(team, [(elsa, amira, "08:00"), (elsa, jonas, "08:00")])

    (stop,) = carer_day(session, world.as_carer(amira), on=MONDAY).stops
    told = PlanNews(
        since_on=MONDAY - timedelta(days=1), goal="Promenera varje dag.", instructions=("Stödstrumpor på.",)
    )
    assert (stop.news, stop.goal) == (told, "Promenera varje dag.")
    (stop,) = carer_day(session, world.as_carer(jonas), on=MONDAY).stops
    assert stop.news == PlanNews(is_first=True, goal="Promenera varje dag.")
