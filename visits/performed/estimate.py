"""When the next visits will really begin, and how that is said to the citizen: as an interval, never as a promise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from visits.errors import Invalid
from visits.performed.folding import Performed
from visits.planned.schedule import PlannedBreak
from visits.terms import CarerId, VisitId, local_day

TOLD_MARGIN = timedelta(minutes=15)
"""How much earlier or later than estimated a visit may begin without anybody having been told wrongly."""
WORTH_TELLING = timedelta(minutes=5)
"""An estimate that has moved by less is not told anew."""
_TOLD_STEP = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def told_interval(start_at: datetime) -> tuple[datetime, datetime]:
    """What the citizen is told about a visit expected at `start_at`: from and to, rounded outward to whole five minutes."""
    from_at = start_at.astimezone(UTC) - TOLD_MARGIN
    to_at = start_at.astimezone(UTC) + TOLD_MARGIN
    return from_at - (from_at - _EPOCH) % _TOLD_STEP, to_at + (_EPOCH - to_at) % _TOLD_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One carer's part in one published visit that still is to be made, or has been; who lives there is not asked."""

    visit_id: VisitId
    carer_id: CarerId
    start_at: datetime
    minutes: int
    travel_seconds: int

    def __post_init__(self) -> None:
        if self.minutes < 0 or self.travel_seconds < 0:
            raise Invalid(field="minutes", value=(self.minutes, self.travel_seconds), why="takes time or none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One team's published day, as far as time goes: every carer's stops and breaks."""

    stops: tuple[Stop, ...] = ()
    breaks: tuple[PlannedBreak, ...] = ()


def estimated_starts(route: Route, facts: Mapping[VisitId, Performed], *, now: datetime) -> dict[VisitId, datetime]:
    """When each visit that has not begun will begin, as far as can be told at `now`.

    A visit begun late, overrunning, or not begun although due pushes the carer's following ones; travel and breaks between are
    kept. Never earlier than published. Two carers at one visit: when the later of them can be there. Visits begun or over are
    left out. A visit that was moved within its day is taken as published for its new time.
    """
    route = _as_moved(route, facts)
    days = {
        carer_id: _CarersDay(carer_id, route, facts, now=now) for carer_id in {stop.carer_id for stop in route.stops}
    }
    starts: dict[VisitId, datetime] = {}
    for visit_id, stops in _waiting(route, facts):
        # Travel may be under way already, so only the whole start is held against the clock.
        there_at = max(days[stop.carer_id].there_at(stop) for stop in stops)
        starts[visit_id] = start_at = max(there_at, *(stop.start_at for stop in stops), now)
        for stop in stops:
            days[stop.carer_id].busy_until(start_at + timedelta(minutes=stop.minutes))
    return starts


def _as_moved(route: Route, facts: Mapping[VisitId, Performed]) -> Route:
    """The route with the times that were agreed on since; a visit moved to another day is no part of it."""
    stops = []
    for stop in route.stops:
        moved_to = facts[stop.visit_id].moved_to if stop.visit_id in facts else None
        if moved_to is None:
            stops.append(stop)
        elif local_day(moved_to) == local_day(stop.start_at):
            stops.append(replace(stop, start_at=moved_to))
    return replace(route, stops=tuple(stops))


def _waiting(route: Route, facts: Mapping[VisitId, Performed]) -> list[tuple[VisitId, list[Stop]]]:
    """The visits not yet begun with their stops, in published order (the parts of one visit have the same start)."""
    parts: dict[VisitId, list[Stop]] = {}
    for stop in sorted(route.stops, key=lambda stop: (stop.start_at, stop.visit_id, stop.carer_id)):
        if stop.visit_id not in facts or facts[stop.visit_id].state is None:
            parts.setdefault(stop.visit_id, []).append(stop)
    return list(parts.items())


class _CarersDay:
    """Until when one carer is taken, and which breaks are still to come, while `estimated_starts` walks on."""

    def __init__(self, carer_id: CarerId, route: Route, facts: Mapping[VisitId, Performed], *, now: datetime) -> None:
        own = [stop for stop in route.stops if stop.carer_id == carer_id]
        begun = [(stop, *_here(stop, facts[stop.visit_id], now=now)) for stop in own if _is_begun(stop, facts)]
        last = max(begun, key=lambda one: (one[1], one[0].start_at, one[0].visit_id), default=None)
        self.free_at: datetime | None = None if last is None else last[2]
        # A break planned before the visit that was begun last is over, or was never taken.
        self.breaks = sorted(
            (
                one
                for one in route.breaks
                if one.carer_id == carer_id and (last is None or one.start_at >= last[0].start_at)
            ),
            key=lambda one: one.start_at,
        )

    def there_at(self, stop: Stop) -> datetime:
        """When the carer can be at `stop`, after the breaks planned before it."""
        while self.breaks and self.breaks[0].start_at <= stop.start_at:
            pause = self.breaks.pop(0)
            begins_at = pause.start_at if self.free_at is None else max(self.free_at, pause.start_at)
            self.free_at = begins_at + (pause.end_at - pause.start_at)
        if self.free_at is None:
            return stop.start_at
        return self.free_at + timedelta(seconds=stop.travel_seconds)

    def busy_until(self, at: datetime) -> None:
        self.free_at = at


def _is_begun(stop: Stop, facts: Mapping[VisitId, Performed]) -> bool:
    return stop.visit_id in facts and facts[stop.visit_id].state is not None


def _here(stop: Stop, performed: Performed, *, now: datetime) -> tuple[datetime, datetime]:
    """When the carer was last heard of at a visit that has begun, and when the carer is free from it."""
    own = performed.attendance_of(stop.carer_id)
    if own.left_at is not None:
        return own.left_at, own.left_at
    heard_at = own.open_since or performed.ended_at or performed.started_at or stop.start_at
    if own.open_since is None and performed.ended_at is not None:
        return heard_at, performed.ended_at  # the partner has said that it is over
    return heard_at, max(now, heard_at + timedelta(minutes=stop.minutes))


def moved(estimated: Mapping[VisitId, datetime], shown: Mapping[VisitId, datetime]) -> dict[VisitId, datetime]:
    """The estimates that differ from what was last shown by enough to be told."""
    return {
        visit_id: start_at
        for visit_id, start_at in estimated.items()
        if visit_id not in shown or abs(start_at - shown[visit_id]) >= WORTH_TELLING
    }
