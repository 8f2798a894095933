"""A second person says yes or no to a correction of something old; only with a yes does it count."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.actions.settle_visit import settle_visit
from visits.errors import NotFound, Refused, Stale
from visits.guard.viewer import Role, Viewer
from visits.performed.checkins import Approval
from visits.performed.folding import Performed
from visits.store import checkins, schedules
from visits.store import visits as visits_store
from visits.terms import CoordinatorId, FactId


def approve_correction(
    session: Session, viewer: Viewer, fact_id: FactId, *, is_approved: bool, now: datetime
) -> Approval:
    """Store the decision of a coordinator of the team, and what follows from it. Harmless to repeat.

    `NotFound` unless it is about a visit of the viewer's team, `Refused` where the correction is her own, `Stale` when it does not
    wait for anybody or somebody has decided otherwise.
    """
    if viewer.role is not Role.COORDINATOR or viewer.person_id is None:
        raise NotFound(what="correction")
    fact = checkins.fact(session, fact_id)
    if fact is None:
        raise NotFound(what="correction")
    visit = visits_store.visit(session, viewer, fact.visit_id)
    schedules.lock_day(session, visit.team_id, visit.on)
    visit = visits_store.visit(session, viewer, fact.visit_id, lock=True)
    if fact.coordinator_id == viewer.person_id:
        raise Refused(rule="own_correction")
    before = checkins.performed_of(session, [visit.id]).get(visit.id, Performed())
    approval = Approval(
        fact_id=fact_id,
        coordinator_id=CoordinatorId(viewer.person_id),
        decided_at=now,
        is_approved=is_approved,
    )
    if not fact.needs_approval:
        raise Stale(what="correction")
    if not checkins.add_approval(session, approval):
        known = next(one for one in checkins.approvals_of(session, [visit.id])[visit.id] if one.fact_id == fact_id)
        if known.is_approved is not is_approved:
            raise Stale(what="correction")
        return known
    settle_visit(session, visit, before=before, said_of=[fact.carer_id] if fact.carer_id else [], now=now)
    return approval
