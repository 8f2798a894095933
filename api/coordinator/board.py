"""The day as the timeline shows it: a row for each carer, in it a lane for what holds and one for a draft that differs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.coordinator.axis import Axis
from api.i18n import _
from api.words import words
from visits.people import Carer
from visits.performed.standing import Standing, minutes_late
from visits.planned.schedule import Placement, PlannedBreak, Schedule, ScheduleState
from visits.planned.staffing import Shift
from visits.store.team_days import TeamDay
from visits.terms import CarerId, CitizenId, VisitId

_SHORT = timedelta(minutes=25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One carer's part in a visit, with the way there. `standing` is None in a draft."""

    visit_id: VisitId
    name: str
    help: str
    start_at: datetime
    end_at: datetime
    place: str
    way_place: str
    way_minutes: int
    partner: str
    standing: Standing | None
    expected_at: datetime | None
    late_minutes: int
    changed: bool
    """Whether the draft changes something for the citizen of this visit."""

    @property
    def is_short(self) -> bool:
        """Too short to hold a name on the timeline; then its initials stand there."""
        return self.end_at - self.start_at < _SHORT

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    start_at: datetime
    end_at: datetime
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One carer's route in one schedule, in order: visits and breaks, and the way back at the end (or None)."""

    state: ScheduleState
    items: tuple[Stop | Pause, ...]
    home_place: str | None
    home_minutes: int

    @property
    def stops(self) -> list[Stop]:
        return [item for item in self.items if isinstance(item, Stop)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    carer: Carer
    shifts: tuple[tuple[Shift, str], ...]
    absent: bool
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    axis: Axis
    rows: tuple[Row, ...]
    now_place: str | None


def board(day: TeamDay) -> Board:
    """The timeline: carers by when they begin; a carer neither rostered nor visiting anybody is left out."""
    axis = Axis.over(day.on, _instants(day))
    routes = {schedule.state: _Routes(day, schedule, axis) for schedule in (day.published, day.draft) if schedule}
    working = {shift.carer_id for shift in day.rostered}
    for found in routes.values():
        working |= found.stops.keys()
    rows = [_row(day, axis, carer_id, routes) for carer_id in working if carer_id in day.carers]
    rows.sort(key=lambda row: (row.absent, _begins(row, axis), row.carer.given_name, row.carer.id))
    return Board(axis=axis, rows=tuple(rows), now_place=axis.at(day.now) if axis.shows(day.now) else None)


def name_of(day: TeamDay, citizen_id: CitizenId) -> str:
    """A citizen's name; whoever has gone over to another provider since is no longer named."""
    citizen = day.citizens.get(citizen_id)
    return citizen.name if citizen else _("Inte längre hos er")


def _instants(day: TeamDay) -> Iterable[datetime]:
    for shift in day.rostered:
        yield from (shift.start_at, shift.end_at)
    for schedule in (day.published, day.draft):
        for placement in schedule.placements if schedule else ():
            yield from (placement.start_at, placement.end_at)


def _begins(row: Row, axis: Axis) -> datetime:
    starts = [shift.start_at for shift, _place in row.shifts]
    starts += [stop.start_at for lane in row.lanes for stop in lane.stops]
    return min(starts, default=axis.hours[0])


def _row(day: TeamDay, axis: Axis, carer_id: CarerId, routes: Mapping[ScheduleState, "_Routes"]) -> Row:
    lanes = [found.lane(carer_id) for found in routes.values()]
    if len(lanes) == 2 and not any(stop.changed for lane in lanes for stop in lane.stops):
        lanes = lanes[:1]
    own = tuple(shift for shift in day.rostered if shift.carer_id == carer_id)
    return Row(
        carer=day.carers[carer_id],
        shifts=tuple((shift, axis.stretch(shift.start_at, shift.end_at)) for shift in own),
        absent=carer_id in day.absent,
        lanes=tuple(lanes),
    )


class _Routes:
    """One schedule, sorted by carer."""

    def __init__(self, day: TeamDay, schedule: Schedule, axis: Axis) -> None:
        self.day = day
        self.schedule = schedule
        self.axis = axis
        self.is_draft = schedule.state is ScheduleState.DRAFT
        found = day.difference()
        self.changed = {change.visit_id for change in found.changes} if found else set()
        self.stops: dict[CarerId, list[Placement]] = {}
        self.visitors: dict[VisitId, list[CarerId]] = {}
        for placement in schedule.placements:
            self.stops.setdefault(placement.carer_id, []).append(placement)
            self.visitors.setdefault(placement.visit_id, []).append(placement.carer_id)

    def lane(self, carer_id: CarerId) -> Lane:
        placements = self.stops.get(carer_id, [])
        items: list[Stop | Pause] = [self._stop(placement) for placement in placements]
        items += [self._pause(planned) for planned in self.schedule.breaks if planned.carer_id == carer_id]
        items.sort(key=lambda item: item.start_at)
        seconds = self.schedule.home_travel_seconds.get(carer_id, 0)
        home = None
        if placements and seconds:
            left_at = max(placement.end_at for placement in placements)
            home = self.axis.stretch(left_at, left_at + timedelta(seconds=seconds))
        return Lane(state=self.schedule.state, items=tuple(items), home_place=home, home_minutes=_minutes(seconds))

    def _pause(self, planned: PlannedBreak) -> Pause:
        place = self.axis.stretch(planned.start_at, planned.end_at)
        return Pause(start_at=planned.start_at, end_at=planned.end_at, place=place)

    def _stop(self, placement: Placement) -> Stop:
        visit = self.day.visits.get(placement.visit_id)
        standing = None if self.is_draft else self.day.standing(placement)
        expected_at = None if self.is_draft else self.day.estimates.get(placement.visit_id)
        waits = standing in {Standing.LATE, Standing.DELAYED}
        way = timedelta(seconds=placement.travel_seconds)
        return Stop(
            visit_id=placement.visit_id,
            name=name_of(self.day, placement.citizen_id),
            help=words(visit.codes) if visit else "",
            start_at=placement.start_at,
            end_at=placement.end_at,
            place=self.axis.stretch(placement.start_at, placement.end_at),
            way_place=self.axis.stretch(placement.start_at - way, placement.start_at),
            way_minutes=_minutes(placement.travel_seconds),
            partner=self._partner(placement),
            standing=standing,
            expected_at=expected_at if waits else None,
            late_minutes=minutes_late(start_at=placement.start_at, estimated_at=expected_at, now=self.day.now)
            if waits
            else 0,
            changed=placement.visit_id in self.changed,
        )

    def _partner(self, placement: Placement) -> str:
        others = [carer for carer in self.visitors[placement.visit_id] if carer != placement.carer_id]
        return ", ".join(self.day.carers[carer].name for carer in others if carer in self.day.carers)


def _minutes(seconds: int) -> int:
    return round(seconds / 60)
