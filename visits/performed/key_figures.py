"""A day of a team in a few figures, counted as the sector counts them (domain reference 4.1 and 4.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from visits.planned.schedule import Schedule
from visits.planned.staffing import Shift
from visits.terms import CarerId, CitizenId

CONTINUITY_DAYS = 14
"""Different carers are counted over fourteen days, the day itself included (Kolada U21401)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigures:
    """`paid_minutes` is working time: shifts without their breaks, which are the carer's own (arbetstidslagen 15 §)."""

    due: int
    placed: int
    paid_minutes: int
    travel_minutes: int
    client_minutes: int
    carers_met: float | None
    """How many different carers each citizen of the day has met in fourteen days, on average; None without citizens."""
    late_now: int

    @property
    def placed_share(self) -> float | None:
        """Visits with everybody they need, of all that are due; None when none is due."""
        return self.placed / self.due if self.due else None

    @property
    def travel_share(self) -> float | None:
        return self.travel_minutes / self.paid_minutes if self.paid_minutes else None

    @property
    def client_share(self) -> float | None:
        """Time at the citizens' (brukartid), of paid working time (Kolada U21901)."""
        return self.client_minutes / self.paid_minutes if self.paid_minutes else None


def key_figures(
    schedule: Schedule, *, shifts: Iterable[Shift], met_before: Mapping[CitizenId, frozenset[CarerId]], late_now: int
) -> KeyFigures:
    """The figures of one schedule.

    `shifts` are those really worked; `met_before` says whom each citizen has met in the thirteen days before the day.
    """
    lacking = {visit.visit_id for visit in schedule.unplaced}
    due = {placement.visit_id for placement in schedule.placements} | lacking
    travel = sum(placement.travel_seconds for placement in schedule.placements)
    travel += sum(schedule.home_travel_seconds.values())
    return KeyFigures(
        due=len(due),
        placed=len(due - lacking),
        paid_minutes=sum(_paid_minutes(shift) for shift in shifts),
        travel_minutes=round(travel / 60),
        client_minutes=sum(placement.minutes for placement in schedule.placements),
        carers_met=_carers_met(schedule, met_before),
        late_now=late_now,
    )


def _paid_minutes(shift: Shift) -> int:
    whole = (shift.end_at - shift.start_at) // timedelta(minutes=1)
    return whole - sum(rule.minutes for rule in shift.breaks)


def _carers_met(schedule: Schedule, met_before: Mapping[CitizenId, frozenset[CarerId]]) -> float | None:
    met: dict[CitizenId, set[CarerId]] = {}
    for placement in schedule.placements:
        known = met.setdefault(placement.citizen_id, set(met_before.get(placement.citizen_id, frozenset())))
        known.add(placement.carer_id)
    return sum(map(len, met.values())) / len(met) if met else None
