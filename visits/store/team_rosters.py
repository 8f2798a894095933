"""A team's roster over some weeks: who works when, who is away, and what breaks or strains the rules. Staff: names no citizen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from visits.guard.confidentiality import check_team
from visits.guard.viewer import Viewer
from visits.people import Carer, HealthDelegation
from visits.planned.roster_import import DAYS_AROUND
from visits.planned.staffing import Shift
from visits.planned.working_time import RosterBreach, breaches
from visits.store import carers, roster_batches, shifts
from visits.store.roster_batches import Batch
from visits.terms import CarerId, Period, TeamId


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRoster:
    """The days of `period`. `breaches` are those that show in it; `expiring` delegations end in it and are not renewed."""

    period: Period
    carers: tuple[Carer, ...]
    shifts: tuple[Shift, ...]
    absent: Mapping[CarerId, list[date]]
    breaches: tuple[RosterBreach, ...]
    expiring: tuple[HealthDelegation, ...]
    batches: tuple[Batch, ...]


def team_roster(session: Session, viewer: Viewer, *, team_id: TeamId, period: Period) -> TeamRoster:
    """The team's roster of a closed period. `NotFound` unless the team is the viewer's to plan."""
    check_team(viewer, team_id)
    last_on = period.first_on + timedelta(days=period.days - 1)
    before = timedelta(days=DAYS_AROUND)
    known = shifts.shifts_of_team(session, team_id, period.first_on - before, last_on)
    return TeamRoster(
        period=period,
        carers=tuple(carers.carers_of(session, team_id)),
        shifts=tuple(one for one in known if one.on in period),
        absent=carers.absent_between(session, team_id, period.first_on, last_on),
        breaches=tuple(one for one in breaches(known) if one.on in period),
        expiring=tuple(_expiring(carers.delegations_of(session, team_id), period)),
        batches=tuple(roster_batches.newest(session, team_id)),
    )


def _expiring(delegations: list[HealthDelegation], period: Period) -> list[HealthDelegation]:
    return [
        one
        for one in delegations
        if one.valid.last_on is not None
        and one.valid.last_on in period
        and not any(
            other.carer_id == one.carer_id and one.valid.last_on + timedelta(days=1) in other.valid
            for other in delegations
        )
    ]
