"""What follows from what has happened: the one table.

Every event tells the open pages of the days it has touched (each process tells its own). What else follows is done once, by one
process, after the fact and apart from it: a reaction that fails is logged and tried again, and never undoes the fact.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.live.follow_up import Follows, Then
from api.runs.queue import take_up
from visits.actions.ask_for_run import ask_for_run
from visits.actions.commence_order import commence_order_of_visit
from visits.actions.tell_relatives import tell_relatives
from visits.events import (
    CarePlanAgreed,
    CarerReportedAbsent,
    CitizenCameBack,
    CitizenReportedAway,
    EstimateMoved,
    Event,
    FactRecorded,
    OrderBegun,
    OrderEnded,
    OrderReplaced,
    RelativeShutOut,
    RelativesTold,
    RosterImported,
    RunChanged,
    SchedulePublished,
    VisitUnattended,
)
from visits.guard.viewer import Viewer
from visits.store.schedules import teams_with_published
from visits.terms import local_day


def plan_anew(why: str) -> Then:
    """Ask for a run for every touched day of a team that is published already, or that is today or tomorrow."""

    def then(session: Session, event: Event, now: datetime) -> None:
        today = local_day(now)
        house = Viewer.system(reason=why, today=today)
        for days in event.touched:
            if days.on < today:
                continue
            is_near = days.on <= today + timedelta(days=1)
            published = () if is_near else teams_with_published(session, days.on)
            for team_id in days.teams:
                if is_near or team_id in published:
                    ask_for_run(session, house, team_id=team_id, on=days.on, why=why, now=now)

    return then


def begin_order_of_visit(session: Session, event: FactRecorded, now: datetime) -> None:
    """Help has come: the order that the visit stands under has begun, if nobody has said so before."""
    house = Viewer.system(reason="help_has_come", today=local_day(now))
    commence_order_of_visit(session, house, event.visit_id)


def tell_those_who_want_to_know(session: Session, event: VisitUnattended, now: datetime) -> None:
    house = Viewer.system(reason="nobody_has_come", today=local_day(now))
    tell_relatives(session, house, event.visit_id, now=now)


REACTIONS: Mapping[type[Event], Follows] = {
    SchedulePublished: Follows(),
    RunChanged: Follows(then=take_up),
    FactRecorded: Follows(then=begin_order_of_visit),
    VisitUnattended: Follows(then=tell_those_who_want_to_know),
    EstimateMoved: Follows(),
    RosterImported: Follows(then=plan_anew("roster_imported")),
    CarerReportedAbsent: Follows(then=plan_anew("carer_absent")),
    CitizenReportedAway: Follows(then=plan_anew("citizen_away")),
    OrderBegun: Follows(then=plan_anew("order_begun")),
    OrderReplaced: Follows(then=plan_anew("order_replaced")),
    OrderEnded: Follows(then=plan_anew("order_ended")),
    CitizenCameBack: Follows(then=plan_anew("citizen_back")),
    CarePlanAgreed: Follows(then=plan_anew("care_plan")),
    RelativeShutOut: Follows(),
    RelativesTold: Follows(),
}
