"""What follows when one provider's order ends and another's begins."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from api.reactions import REACTIONS
from provider_choice.actions.ask_to_switch import ask_to_switch
from provider_choice.actions.confirm_request import confirm_request
from provider_choice.first_day import FirstDays, FixedDays
from tests.factories.choice import the_event
from tests.factories.choice_town import ChoiceTown
from visits.store import runs
from visits.store.runs import RunState

NOW = datetime.fromisoformat("2026-11-23T09:40:00+01:00")
FIRST = date(2026, 11, 26)
RULES = FirstDays(switch=FixedDays(3), wish=FixedDays(1))


def test_the_published_days_of_both_teams_are_planned_anew_and_no_others(session: Session) -> None:
    town = ChoiceTown(session)
    carer = town.world.carer(town.old)
    before, after = FIRST - timedelta(days=1), FIRST + timedelta(days=1)
    for on in (before, FIRST, after):
        town.world.published(town.old, [(town.astrid, carer, "08:00")], on=on)
        if on != after:
            town.world.published(town.new, [], on=on)
    asked = ask_to_switch(
        session,
        town.world.as_citizen(town.astrid),
        citizen_id=town.astrid.id,
        provider_id=town.new.provider_id,
        now=NOW,
    )
    confirm_request(session, town.world.as_case_officer(town.officer), asked.id, first_on=FIRST, rules=RULES, now=NOW)
    session.commit()
    event = the_event(session)
    reaction = REACTIONS[type(event)].then
    assert reaction is not None
    reaction(session, event, NOW)
    asked_for = {
        (name, on): runs.newest(session, team.id, on)
        for name, team in (("old", town.old), ("new", town.new))
        for on in (before, FIRST, after)
    }
    waiting = {key for key, run in asked_for.items() if run is not None and run.state is RunState.WAITING}
    assert waiting == {("old", FIRST), ("old", after), ("new", FIRST)}
