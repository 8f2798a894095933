"""Put right what is told about a visit: the coordinator's own facts, each with a reason."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from visits.actions.settle_visit import settle_visit
from visits.errors import Conflict, Invalid, NotFound
from visits.guard.viewer import Role, Viewer
from visits.performed.checkins import Fact, FactKind, check_new, is_for_two
from visits.performed.folding import fold
from visits.performed.time_rules import TimeRules
from visits.performed.visit import Visit
from visits.store import carers, checkins, schedules
from visits.store import visits as visits_store


def correct_fact(
    session: Session, viewer: Viewer, fact: Fact, *, now: datetime, rules: TimeRules | None = None
) -> Fact:
    """Store what a coordinator says of a visit of her own team: a check-out that was forgotten, another time, a word taken back.

    What is older than the rules allow one person comes back with `needs_approval`: it counts when a second coordinator has agreed
    (`approve_correction`). Harmless to repeat. `NotFound` unless the visit is the team's, `Invalid` naming the field when the fact
    cannot be, `Conflict` when its id is known for something else.
    """
    if viewer.role is not Role.COORDINATOR or fact.coordinator_id != viewer.person_id:
        raise NotFound(what="visit")
    visit = visits_store.visit(session, viewer, fact.visit_id)
    schedules.lock_day(session, visit.team_id, visit.on)
    visit = visits_store.visit(session, viewer, fact.visit_id, lock=True)
    said = checkins.facts_of(session, [visit.id]).get(visit.id, [])
    known = next((one for one in said if one.id == fact.id), None) or checkins.fact(session, fact.id)
    if known is not None:
        if not known.says_the_same_as(fact):
            raise Conflict(what="fact", id=fact.id)
        return known
    _check(session, visit, fact)
    check_new(fact, visit=visit, known=said, now=now)
    fact = replace(fact, needs_approval=is_for_two(fact, known=said, rules=rules or TimeRules(), now=now))
    before = fold(said, checkins.approvals_of(session, [visit.id]).get(visit.id, ()))
    checkins.add(session, fact)
    settle_visit(session, visit, before=before, said_of=[fact.carer_id] if fact.carer_id else [], now=now)
    return fact


def _check(session: Session, visit: Visit, fact: Fact) -> None:
    if fact.kind is FactKind.EXTRA_VISIT:
        raise Invalid(field="kind", value=fact.kind, why="an extra visit is begun by whoever makes it")
    if fact.carer_id is not None and fact.corrects is None:
        carer = carers.carers_by_id(session, [fact.carer_id]).get(fact.carer_id)
        if carer is None or carer.team_id != visit.team_id:
            raise Invalid(field="carer_id", value=fact.carer_id, why="is nobody in the team")
