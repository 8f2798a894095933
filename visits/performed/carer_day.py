"""A carer's day on the phone: the route in order, and which step comes next."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from visits.people import Carer, Citizen
from visits.performed.attendance import Attendance
from visits.performed.folding import Performed
from visits.performed.plan_news import PlanNews
from visits.performed.visit import Visit, VisitState
from visits.planned.schedule import PlannedBreak, VisitChange
from visits.terms import CarerId, VisitId


class Part(StrEnum):
    """How far one carer has come with one visit, whatever a partner does."""

    WAITING = "waiting"
    HERE = "here"
    """Checked in, and still there."""
    DONE = "done"
    OFF = "off"
    """Not to be made after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerStop:
    """One visit on the route. `estimated_at` is None while the published `start_at` holds; travel is from the place before.

    `news` is what this carer has not met here before, `goal` what the citizen's plan is for; `tags` are the tags that hang in the
    home, as hashes in hex, so that a phone without a net knows one when it meets it.
    """

    carer_id: CarerId
    visit: Visit
    citizen: Citizen
    start_at: datetime
    minutes: int
    travel_seconds: int
    estimated_at: datetime | None
    performed: Performed
    partners: tuple[Carer, ...] = ()
    news: PlanNews | None = None
    goal: str = ""
    tags: tuple[str, ...] = ()

    @property
    def own(self) -> Attendance:
        return self.performed.attendance_of(self.carer_id)

    @property
    def part(self) -> Part:
        if self.own.open_since is not None:
            return Part.HERE
        if self.visit.state in {VisitState.CANCELLED, VisitState.WITHDRAWN}:
            return Part.OFF
        return Part.DONE if self.own.left_at is not None or self.visit.state.is_over else Part.WAITING

    @property
    def expected_at(self) -> datetime:
        """When the carer came there, or is to be there as far as is known now."""
        return self.own.came_at or self.own.left_at or self.estimated_at or self.start_at


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerDay:
    """One carer's published day; `published_at` is None when nothing is published for it.

    `changes` are what later publishing changed in this carer's route, newest first, with the time of each.
    """

    carer: Carer
    on: date
    revision: int
    published_at: datetime | None
    stops: tuple[CarerStop, ...] = ()
    breaks: tuple[PlannedBreak, ...] = ()
    changes: tuple[tuple[datetime, VisitChange], ...] = ()

    @property
    def next_stop(self) -> CarerStop | None:
        """Where the next step is taken: where the carer is, else the first visit still to make."""
        here = [stop for stop in self.stops if stop.part is Part.HERE]
        waiting = [stop for stop in self.stops if stop.part is Part.WAITING]
        return next(iter(here + waiting), None)

    def stop(self, visit_id: VisitId) -> CarerStop | None:
        return next((stop for stop in self.stops if stop.visit.id == visit_id), None)
