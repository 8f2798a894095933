"""One visit of the day in full, for the panel beside the timeline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from api.coordinator.board import name_of
from visits.errors import NotFound
from visits.people import Citizen
from visits.performed.folding import Performed
from visits.performed.standing import Standing
from visits.performed.visit import Visit
from visits.planned.schedule import Placement, Schedule, UnplacedReason, UnplacedRemedy, UnplacedVisit
from visits.store.team_days import TeamDay
from visits.terms import CarerId, VisitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Who comes and when, by one schedule."""

    start_at: datetime
    end_at: datetime
    carers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """`published` and `drafted` are None where that schedule has no place for the visit; `reasons` then say why, and `remedies`
    what would help.
    """

    visit: Visit
    name: str
    citizen: Citizen | None
    contact: str
    standing: Standing | None
    expected_at: datetime | None
    published: Coming | None
    drafted: Coming | None
    reasons: tuple[UnplacedReason, ...]
    remedies: tuple[UnplacedRemedy, ...]
    performed: Performed
    met: int
    """How many different carers the citizen has met in the thirteen days before."""

    @property
    def address(self) -> str:
        """Where it is; never told for somebody with protected personal data (domain reference 6.7)."""
        return "" if self.citizen is None or self.citizen.protected else self.citizen.address


def detail(day: TeamDay, visit_id: VisitId) -> Detail:
    """The visit of the day with this id; `NotFound` when the day has none."""
    visit = day.visits.get(visit_id)
    if visit is None:
        raise NotFound(what="visit")
    held = _parts(day.published, visit_id)
    left = _unplaced(day, visit_id)
    return Detail(
        visit=visit,
        name=name_of(day, visit.citizen_id),
        citizen=day.citizens.get(visit.citizen_id),
        contact=_contact(day, visit),
        standing=day.standing(held[0]) if held else None,
        expected_at=day.estimates.get(visit_id),
        published=_coming(day, held),
        drafted=_coming(day, _parts(day.draft, visit_id)),
        reasons=left.reasons if left else (),
        remedies=left.remedies if left else (),
        performed=day.performed.get(visit_id, Performed()),
        met=len(day.met_before.get(visit.citizen_id, ())),
    )


def _parts(schedule: Schedule | None, visit_id: VisitId) -> list[Placement]:
    return [placement for placement in schedule.placements if placement.visit_id == visit_id] if schedule else []


def _coming(day: TeamDay, parts: list[Placement]) -> Coming | None:
    if not parts:
        return None
    names = tuple(_carer_names(day, (part.carer_id for part in parts)))
    return Coming(start_at=parts[0].start_at, end_at=parts[0].end_at, carers=names)


def _carer_names(day: TeamDay, carers: Iterable[CarerId]) -> Iterable[str]:
    return (day.carers[carer].name for carer in carers if carer in day.carers)


def _contact(day: TeamDay, visit: Visit) -> str:
    citizen = day.citizens.get(visit.citizen_id)
    contact = citizen.fixed_care_contact if citizen else None
    return day.carers[contact].name if contact in day.carers and contact is not None else ""


def _unplaced(day: TeamDay, visit_id: VisitId) -> UnplacedVisit | None:
    newest = day.draft or day.published
    return next((entry for entry in newest.unplaced if entry.visit_id == visit_id), None) if newest else None
