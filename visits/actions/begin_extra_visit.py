"""Begin a visit that nobody had planned: a fall, an alarm, a citizen who asked for help now."""

from datetime import datetime

from sqlalchemy.orm import Session

from visits.errors import Invalid, NotFound, Refused
from visits.granted.orders import ServiceOrder
from visits.granted.visit_templates import Priority
from visits.guard.viewer import Viewer
from visits.performed.checkins import Fact
from visits.performed.visit import Visit, VisitState
from visits.store import orders
from visits.store import visits as visits_store
from visits.terms import CitizenId, local_day


def begin_extra_visit(session: Session, viewer: Viewer, fact: Fact, *, citizen_id: CitizenId, now: datetime) -> None:
    """Store the visit that an `EXTRA_VISIT` tells of, with no planned minutes; nothing when its id is known already.

    `NotFound` unless the carer visits the citizen that day by the published schedule; `Refused` when no order for the citizen is
    in force at the carer's team (domain reference 11, rule 1).
    """
    if visits_store.is_known(session, fact.visit_id):
        return
    on = local_day(fact.happened_at)
    if on > local_day(now):
        raise Invalid(field="happened_at", value=fact.happened_at, why=f"lies in the future (now is {now})")
    if viewer.team_id is None or not visits_store.has_visit_that_day(session, viewer, citizen_id, on=on):
        raise NotFound(what="citizen")
    order = _order(session, viewer, citizen_id, fact)
    visit = Visit(
        id=fact.visit_id,
        template_id=None,
        citizen_id=citizen_id,
        order_id=order.id,
        team_id=order.team_id,
        on=on,
        codes=() if fact.code is None else (fact.code,),
        instructions="",
        earliest_at=fact.happened_at,
        latest_at=fact.happened_at,
        minutes=0,
        staff_required=1,
        skills=frozenset(),
        priority=Priority.MUST,
        state=VisitState.PLANNED,
    )
    visits_store.begin_extra(session, visit)


def _order(session: Session, viewer: Viewer, citizen_id: CitizenId, fact: Fact) -> ServiceOrder:
    on = local_day(fact.happened_at)
    # Which order the help is given under is for the record, and not told to the carer.
    house = Viewer.system(reason="the order of an extra visit", today=viewer.today)
    if viewer.team_id is None:
        raise NotFound(what="team")
    found = orders.orders_in_force(session, house, team_id=viewer.team_id, on=on)
    order = next((one for one in found if one.citizen_id == citizen_id), None)
    if order is None:
        raise Refused(rule="no_order_in_force", on=on)
    return order
