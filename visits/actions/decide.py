"""Decide anew: a decision takes the place of the one before it, and the order goes on under it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from visits.actions.change_order import change_order
from visits.actions.make_decision import make_decision
from visits.errors import Refused
from visits.granted.decisions import Decision
from visits.granted.orders import FINAL, ServiceOrder
from visits.guard.viewer import Viewer
from visits.store import decisions, orders
from visits.terms import Period, ServiceCode


def decide(
    session: Session, viewer: Viewer, decision: Decision, *, open_ended: frozenset[ServiceCode], now: datetime
) -> ServiceOrder | None:
    """Keep the decision. One of the same service that it overlaps ends the day before; the order that then holds goes over.

    Returns the order's new version; None where nobody gives this help yet: then it is to be ordered, or the citizen chooses.
    `Refused` where a decision of the same service begins as late or later: nothing already decided is decided away unseen.
    """
    make_decision(session, viewer, decision, open_ended=open_ended)
    first_on = decision.valid.first_on
    old = _order_before(session, viewer, decision, first_on - timedelta(days=1))
    new = None if old is None else change_order(session, viewer, old=old, decision=decision, first_on=first_on, now=now)
    for other in decisions.decisions_in(session, viewer, citizens=[decision.citizen_id], period=decision.valid):
        if other.id == decision.id or other.kind is not decision.kind:
            continue
        if other.valid.first_on >= first_on:
            raise Refused(rule="decision_follows", first_on=other.valid.first_on)
        cut = Period(other.valid.first_on, first_on - timedelta(days=1))
        decisions.save_valid(session, replace(other, valid=cut))
    return new


def _order_before(session: Session, viewer: Viewer, decision: Decision, on: date) -> ServiceOrder | None:
    """The order of the same service that holds on the day, if it has not been changed or ended already."""
    known = orders.orders_of(session, viewer, citizens=[decision.citizen_id], period=Period(on, on))
    return next((one for one in known if one.kind is decision.kind and one.state not in FINAL), None)
