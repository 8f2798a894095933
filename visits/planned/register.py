"""The register: everything the record must hold before a day can be planned, as one bundle."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from visits.granted.care_plans import CarePlan
from visits.granted.decisions import Decision
from visits.granted.orders import ServiceOrder
from visits.organisation import Provider, Team
from visits.people import Carer, CaseOfficer, Citizen, Coordinator, HealthDelegation, Manager
from visits.planned.staffing import Shift
from visits.terms import AbsenceReason, CitizenId, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenAbsence:
    """A citizen is away from home: visits are not due on these days."""

    id: UUID
    citizen_id: CitizenId
    period: Period
    reason: AbsenceReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Who there is, what is granted and ordered, and who works when, for the days of `period`."""

    period: Period
    providers: tuple[Provider, ...]
    teams: tuple[Team, ...]
    coordinators: tuple[Coordinator, ...]
    case_officers: tuple[CaseOfficer, ...]
    carers: tuple[Carer, ...]
    delegations: tuple[HealthDelegation, ...]
    shifts: tuple[Shift, ...]
    citizens: tuple[Citizen, ...]
    absences: tuple[CitizenAbsence, ...]
    decisions: tuple[Decision, ...]
    orders: tuple[ServiceOrder, ...]
    plans: tuple[CarePlan, ...]
    managers: tuple[Manager, ...] = ()

    @property
    def last_on(self) -> date | None:
        return self.period.last_on
