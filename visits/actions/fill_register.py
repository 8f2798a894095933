"""Fill an empty record with a whole register at once: a synthetic town, or another system's export."""

from collections.abc import Callable, Collection
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from visits.errors import Refused
from visits.granted.decisions import OPEN_ENDED, check_time_limited
from visits.granted.orders import check_against
from visits.planned.register import Register
from visits.store import (
    care_plans,
    carers,
    citizen_absences,
    citizens,
    decisions,
    managers,
    officials,
    orders,
    shifts,
    teams,
)
from visits.terms import ServiceCode


def fill_register(
    session: Session,
    register: Register,
    *,
    open_ended: Collection[ServiceCode] = OPEN_ENDED,
    make_id: Callable[[], UUID] = uuid4,
) -> None:
    """Store everything in bulk. `Refused` when there are citizens already, when an order goes beyond its decision, or when a
    decision without an end grants anything that is not `open_ended`.

    `make_id` gives ids to what has none of its own (delegations).
    """
    if citizens.any_known(session):
        raise Refused(rule="record_not_empty")
    decided = {decision.id: decision for decision in register.decisions}
    for decision in register.decisions:
        check_time_limited(decision, open_ended=open_ended)
    for order in register.orders:
        check_against(order, decided[order.decision_id])
    teams.add_providers(session, list(register.providers))
    teams.add_teams(session, list(register.teams))
    officials.add_coordinators(session, register.coordinators)
    officials.add_case_officers(session, register.case_officers)
    managers.add(session, register.managers)
    carers.add(session, register.carers)
    carers.add_delegations(session, register.delegations, make_id=make_id)
    shifts.add(session, register.shifts)
    citizens.add(session, register.citizens)
    for absence in register.absences:
        citizen_absences.add(session, absence.id, absence.citizen_id, absence.period, reason=absence.reason)
    decisions.add(session, register.decisions)
    orders.add(session, register.orders)
    care_plans.add(session, register.plans)
