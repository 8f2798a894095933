"""Record what a carer says has happened at a visit."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from visits.actions.begin_extra_visit import begin_extra_visit
from visits.actions.settle_visit import settle_visit
from visits.errors import Conflict, NotFound
from visits.guard.viewer import Role, Viewer
from visits.performed.checkins import DAYS_LATE, Fact, FactKind, check_new, is_for_two
from visits.performed.folding import fold
from visits.performed.time_rules import TimeRules
from visits.store import checkins, schedules
from visits.store import visits as visits_store
from visits.terms import CitizenId


def record_fact(
    session: Session,
    viewer: Viewer,
    fact: Fact,
    *,
    now: datetime,
    citizen_id: CitizenId | None = None,
    rules: TimeRules | None = None,
) -> Fact:
    """Store a fact and what follows from it: the visit's state, and when the visits after it are expected.

    An `EXTRA_VISIT` under an id that is not known yet begins a visit at `citizen_id`; otherwise that is not asked. Harmless to
    repeat: the fact as first stored comes back. `Conflict` when the id is known for something else, `NotFound` when the visit is
    not the carer's own (an extra visit: not begun yet), `Invalid` naming the field when the fact cannot be.
    """
    if viewer.role is not Role.CARER or fact.carer_id != viewer.person_id or fact.coordinator_id is not None:
        raise NotFound(what="visit")
    known = checkins.fact(session, fact.id)
    if known is not None:
        return _the_same(known, fact)
    if fact.kind is FactKind.EXTRA_VISIT and citizen_id is not None:
        begin_extra_visit(session, viewer, fact, citizen_id=citizen_id, now=now)
    first_on = viewer.today - timedelta(days=DAYS_LATE)
    visit = visits_store.visit_to_record(session, viewer, fact.visit_id, first_on=first_on)
    schedules.lock_day(session, visit.team_id, visit.on)
    visit = visits_store.visit_to_record(session, viewer, fact.visit_id, first_on=first_on, lock=True)
    said = checkins.facts_of(session, [visit.id]).get(visit.id, [])
    check_new(fact, visit=visit, known=said, now=now)
    fact = replace(fact, needs_approval=is_for_two(fact, known=said, rules=rules or TimeRules(), now=now))
    before = fold(said, checkins.approvals_of(session, [visit.id]).get(visit.id, ()))
    if not checkins.add(session, fact):
        return _the_same(checkins.fact(session, fact.id), fact)
    settle_visit(session, visit, before=before, said_of=[fact.carer_id] if fact.carer_id else [], now=now)
    return fact


def _the_same(known: Fact | None, fact: Fact) -> Fact:
    if known is None or not known.says_the_same_as(fact):
        raise Conflict(what="fact", id=fact.id)
    return known
