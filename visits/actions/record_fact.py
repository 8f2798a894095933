"""Record what a carer says has happened at a visit."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from visits.actions.move_estimates import move_estimates
from visits.errors import Conflict, NotFound
from visits.events import DaysTouched, FactRecorded
from visits.guard.viewer import Role, Viewer
from visits.performed.checkins import DAYS_LATE, Fact, check_new
from visits.performed.folding import fold, state_after
from visits.performed.visit import Visit
from visits.store import checkins, estimates, outbox, schedules
from visits.store import visits as visits_store


def record_fact(session: Session, viewer: Viewer, fact: Fact, *, now: datetime) -> Fact:
    """Store a fact and what follows from it: the visit's state, and when the visits after it are expected.

    Harmless to repeat: the fact as first stored comes back. `Conflict` when the id is known for something else, `NotFound`
    when the visit is not the carer's own, `Invalid` naming the field when the fact cannot be.
    """
    if viewer.role is not Role.CARER or fact.carer_id != viewer.person_id:
        raise NotFound(what="visit")
    known = checkins.fact(session, fact.id)
    if known is not None:
        return _the_same(known, fact)
    first_on = viewer.today - timedelta(days=DAYS_LATE)
    visit = visits_store.visit_to_record(session, viewer, fact.visit_id, first_on=first_on)
    schedules.lock_day(session, visit.team_id, visit.on)
    visit = visits_store.visit_to_record(session, viewer, fact.visit_id, first_on=first_on, lock=True)
    said = checkins.facts_of(session, [visit.id]).get(visit.id, [])
    check_new(fact, visit=visit, known=said, now=now)
    if not checkins.add(session, fact):
        return _the_same(checkins.fact(session, fact.id), fact)
    _follow_up(session, viewer, visit, [*said, fact], now=now)
    return fact


def _the_same(known: Fact | None, fact: Fact) -> Fact:
    if known is None or not known.says_the_same_as(fact):
        raise Conflict(what="fact", id=fact.id)
    return known


def _follow_up(session: Session, viewer: Viewer, visit: Visit, said: list[Fact], *, now: datetime) -> None:
    state = state_after(visit.state, fold(said))
    if state is not visit.state:
        visits_store.set_state(session, [visit.id], state)
    route = estimates.route_of_day(session, team_id=visit.team_id, on=visit.on)
    there = {stop.carer_id for stop in route.stops if stop.visit_id == visit.id}
    there |= {fact.carer_id for fact in said[-1:] if fact.carer_id is not None}
    touched = DaysTouched(
        on=visit.on, citizens=(visit.citizen_id,), carers=tuple(sorted(there)), teams=(visit.team_id,)
    )
    outbox.leave(session, FactRecorded(visit_id=visit.id, team_id=visit.team_id, on=visit.on, touched=(touched,)))
    # Whose help comes later because of this is reckoned for the whole team, and not told to the carer.
    house = Viewer.system(reason="estimates after a carer's fact", today=viewer.today)
    move_estimates(session, house, team_id=visit.team_id, on=visit.on, now=now)
