"""Granted, planned and performed time side by side."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.performed.balance import Balance, balance
from visits.store import audit, checkins, decisions
from visits.store import visits as visits_store
from visits.store.sight import in_sight
from visits.terms import CitizenId, Period


def balances(session: Session, viewer: Viewer, *, citizens: Collection[CitizenId], period: Period) -> list[Balance]:
    """The balance over a closed period of those of `citizens` in the viewer's sight, in the order asked for.

    Planned are the visits with a place in a published schedule. Leaves audit entries under `Subject.BALANCE`.
    """
    seen = set(session.scalars(in_sight(viewer, Subject.BALANCE)))
    wanted = [citizen_id for citizen_id in dict.fromkeys(citizens) if citizen_id in seen]
    audit.record(session, viewer, Subject.BALANCE, what="balances", citizens=wanted)
    granted = decisions.decisions_in(session, viewer, citizens=wanted, period=period, subject=Subject.BALANCE)
    planned = visits_store.visits_made_or_placed(session, citizens=wanted, period=period)
    performed = checkins.performed_of(session, [visit.id for visit in planned])
    return [
        balance(citizen_id, period, decisions=granted, visits=planned, performed=performed) for citizen_id in wanted
    ]
