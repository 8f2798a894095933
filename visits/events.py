"""What has happened: past tense, ids only. What follows from each stands in `api/reactions.py`.

An event is stored in the transaction that changes the state (`visits/store/outbox.py`), so a fact and its news are never apart.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from visits.terms import (
    CarePlanId,
    CarerId,
    CitizenId,
    LetInId,
    OrderId,
    ProviderId,
    RunId,
    ScheduleId,
    TeamId,
    VisitId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysTouched:
    """Whose day, as shown to them, is no longer what it was."""

    on: date
    citizens: tuple[CitizenId, ...] = ()
    carers: tuple[CarerId, ...] = ()
    teams: tuple[TeamId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The root. `touched` says whose pages must be told."""

    touched: tuple[DaysTouched, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePublished(Event):
    schedule_id: ScheduleId
    team_id: TeamId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChanged(Event):
    """A regeneration was asked for, moved on, or ended."""

    run_id: RunId
    team_id: TeamId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecorded(Event):
    """Something was told about a visit, by a carer or a coordinator: checked in, corrected, agreed to."""

    visit_id: VisitId
    team_id: TeamId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitUnattended(Event):
    """Nobody has come to a visit that must have begun; told once for each visit, while it can still be mended."""

    visit_id: VisitId
    team_id: TeamId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateMoved(Event):
    """Visits are now expected at another time than was last shown."""

    team_id: TeamId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterImported(Event):
    """Shifts were brought in from outside, or an import was taken back: the days touched are staffed otherwise."""

    batch_id: UUID
    team_id: TeamId


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerReportedAbsent(Event):
    carer_id: CarerId
    team_id: TeamId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenReportedAway(Event):
    citizen_id: CitizenId
    team_id: TeamId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReplaced(Event):
    """A citizen's help goes over from one provider to another on `first_on`."""

    citizen_id: CitizenId
    old_order_id: OrderId
    new_order_id: OrderId
    old_team_id: TeamId
    new_team_id: TeamId
    new_provider_id: ProviderId
    first_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBegun(Event):
    """A citizen who had no help of this kind gets it from `first_on` on."""

    citizen_id: CitizenId
    order_id: OrderId
    team_id: TeamId
    first_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEnded(Event):
    """No help is given under the order after `last_on`."""

    citizen_id: CitizenId
    order_id: OrderId
    team_id: TeamId
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenCameBack(Event):
    """A citizen who was away is at home from `on` on."""

    citizen_id: CitizenId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePlanAgreed(Event):
    """Another version of a care plan holds from `first_on` on."""

    citizen_id: CitizenId
    plan_id: CarePlanId
    team_id: TeamId
    first_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeShutOut(Event):
    """A relative no longer sees a citizen's day: whatever page they have open on it ends."""

    let_in_id: LetInId
    citizen_id: CitizenId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativesTold(Event):
    """Relatives who want to know have been told that nobody has come to a visit."""

    visit_id: VisitId
    citizen_id: CitizenId
    on: date
