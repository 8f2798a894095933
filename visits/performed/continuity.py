"""Continuity as the nation counts it: how many different people a citizen meets in fourteen days (Kolada U21401, U21402, U21436).

Counted are citizens of 65 and over with at least two visits of home care on every one of the fourteen days, who were at home all
the time; visits that begin from 07 to 22; no alarm call-outs, deliveries of meals, housing support or home nursing (whose staff do
not stand in this record). Where two come, both are met (domain reference 4.1).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from statistics import median

from visits.terms import STOCKHOLM, CarerId, CitizenId, ServiceCode, VisitId

DAYS = 14
LEAST_AGE = 65
LEAST_VISITS_A_DAY = 2
FROM, UNTIL = time(7), time(22)
NOT_COUNTED = frozenset({ServiceCode.ALARM_VISIT, ServiceCode.MEAL_DELIVERY, ServiceCode.SUPPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One carer's part in one visit, planned or made."""

    citizen_id: CitizenId
    carer_id: CarerId
    visit_id: VisitId
    start_at: datetime
    codes: tuple[ServiceCode, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the visit is one of those counted."""
        begins = self.start_at.astimezone(STOCKHOLM).time()
        return FROM <= begins < UNTIL and not (self.codes and NOT_COUNTED.issuperset(self.codes))


@dataclass(frozen=True, slots=True)
class PeopleMet:
    """How many different carers each counted citizen meets."""

    of: Mapping[CitizenId, int]

    @property
    def mean(self) -> Fraction | None:
        """None where nobody is counted."""
        return Fraction(sum(self.of.values()), len(self.of)) if self.of else None

    @property
    def median(self) -> float | None:
        return float(median(self.of.values())) if self.of else None

    def share_over(self, people: int) -> Fraction | None:
        """The share of those counted who meet more than so many."""
        return Fraction(sum(met > people for met in self.of.values()), len(self.of)) if self.of else None


def people_met(
    meetings: Iterable[Meeting],
    *,
    first_on: date,
    born_on: Mapping[CitizenId, date],
    away: Collection[CitizenId] = frozenset(),
) -> PeopleMet:
    """Over the fourteen days from `first_on`. `away` are citizens who were from home on any of them; who is not in `born_on` is
    not counted.
    """
    days = {first_on + timedelta(days=number) for number in range(DAYS)}
    visits: dict[CitizenId, dict[date, set[VisitId]]] = defaultdict(lambda: defaultdict(set))
    met: dict[CitizenId, set[CarerId]] = defaultdict(set)
    for meeting in meetings:
        on = meeting.start_at.astimezone(STOCKHOLM).date()
        if meeting.counts and on in days:
            visits[meeting.citizen_id][on].add(meeting.visit_id)
            met[meeting.citizen_id].add(meeting.carer_id)
    return PeopleMet(
        {
            citizen_id: len(carers)
            for citizen_id, carers in sorted(met.items())
            if citizen_id not in away
            and _is_old_enough(born_on.get(citizen_id), first_on)
            and all(len(visits[citizen_id][on]) >= LEAST_VISITS_A_DAY for on in days)
        }
    )


def _is_old_enough(born_on: date | None, on: date) -> bool:
    if born_on is None:
        return False
    had_birthday = (on.month, on.day) >= (born_on.month, born_on.day)
    return on.year - born_on.year - (not had_birthday) >= LEAST_AGE
