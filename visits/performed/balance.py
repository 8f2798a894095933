"""The balance: granted against planned and performed time, for one citizen and period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from visits.granted.decisions import Decision
from visits.performed.folding import Performed
from visits.performed.performed_time import received_minutes, whole_minutes
from visits.performed.visit import Visit, VisitState
from visits.terms import CitizenId, Minutes, Period, VisitId

NOT_PLANNED = frozenset({VisitState.CANCELLED, VisitState.WITHDRAWN})
"""States of a visit that nobody is to make any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Minutes for one citizen in a closed period, both days included. Double staffing is counted once."""

    citizen_id: CitizenId
    period: Period
    granted_minutes: Minutes
    planned_minutes: Minutes
    performed_minutes: Minutes


def balance(
    citizen_id: CitizenId,
    period: Period,
    *,
    decisions: Iterable[Decision],
    visits: Iterable[Visit],
    performed: Mapping[VisitId, Performed],
) -> Balance:
    """Put the three beside each other.

    `visits` are those with a place in a published schedule; other citizens' and other days' are left out, as are other
    citizens' decisions. A visit that met a closed door was planned; a cancelled one is not, unless it was made after all.
    """
    own = [visit for visit in visits if visit.citizen_id == citizen_id and visit.on in period]
    granted = (decision.granted_minutes(period) for decision in decisions if decision.citizen_id == citizen_id)
    planned = sum(visit.minutes for visit in own if visit.state not in NOT_PLANNED)
    made = [interval for visit in own if visit.id in performed for interval in performed[visit.id].intervals]
    return Balance(
        citizen_id=citizen_id,
        period=period,
        granted_minutes=whole_minutes(sum(granted, start=Fraction(0))),
        planned_minutes=Minutes(planned),
        performed_minutes=received_minutes(made),
    )
