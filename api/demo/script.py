"""How a carer's day goes in the demo: what has been done by now, and when the next thing happens.

Pure: from the day as the phone is told it and the time, always the same. Most carers are a few minutes off, some stay too long
somewhere and are 10 to 20 minutes late from then on, a few doors stay closed and a few people say no. Somebody forgets to check
out, and somebody checks in twice, so that there is something to clear up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from visits.performed.checkins import FactKind

_NAMESPACE = UUID("5ad1e9a6-7a0b-5c2e-9a77-0d6f3c1b4e21")
_DOORBELL = timedelta(minutes=3)
_AGAIN = timedelta(minutes=2)
_ENDINGS = (FactKind.CHECK_OUT, FactKind.NOBODY_HOME, FactKind.DECLINED)
_NOTES = ("Ringde på flera gånger, ingen öppnade.", "Ville vila i stället. Mår bra.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One visit as the phone is told it. `told` is what this carer has said already, and when that happened."""

    visit_id: UUID
    part: str
    start_at: datetime
    minutes: int
    travel: timedelta
    here_since: datetime | None
    told: Mapping[FactKind, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    carer_id: UUID
    stops: Sequence[Stop]
    breaks: Sequence[tuple[datetime, datetime]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A fact to tell, under an id that is the same however often it is worked out."""

    id: UUID
    visit_id: UUID
    kind: FactKind
    happened_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Visits and carers for which something is wanted rather than left to chance."""

    nobody_home: frozenset[UUID] = frozenset()
    declined: frozenset[UUID] = frozenset()
    late: frozenset[UUID] = frozenset()
    forgotten: frozenset[UUID] = frozenset()
    """Visits from which nobody checks out."""
    doubled: frozenset[UUID] = frozenset()
    """Visits where the check-in is told twice, some minutes apart."""
    by_the_book: bool = False
    """Nothing is left to chance: everybody else comes when planned, and stays as long."""


@dataclass(slots=True)
class Doings:
    """What has happened by now, and when something next will (None: the day is over)."""

    happened: list[Happening] = field(default_factory=list)
    next_at: datetime | None = None


def doings(route: Route, now: datetime, chosen: Chosen) -> Doings:
    """Walk through the day in order, from what is told to what must have happened since."""
    done = Doings()
    free_at: datetime | None = None
    left: Stop | None = None
    for stop in route.stops:
        if stop.part == "off":
            continue
        if stop.part == "done":
            ended = [stop.told[kind] for kind in _ENDINGS if kind in stop.told]
            free_at, left = max(ended, default=free_at), stop
            continue
        came_at = stop.here_since or _comes(route, stop, left, free_at, chosen)
        going = _visit(route, stop, came_at, chosen)
        for one in going:
            if one.happened_at > now:
                done.next_at = one.happened_at
                return done
            if not _is_forgotten(one, chosen):
                done.happened.append(one)
        free_at, left = going[-1].happened_at, stop
    return done


def _is_forgotten(one: Happening, chosen: Chosen) -> bool:
    return one.kind is FactKind.CHECK_OUT and one.visit_id in chosen.forgotten


def _comes(route: Route, stop: Stop, left: Stop | None, free_at: datetime | None, chosen: Chosen) -> datetime:
    """About when planned, but not before the carer can be there: after the visit before, the way, and a break between."""
    wanted = stop.start_at
    if not chosen.by_the_book:
        wanted += timedelta(minutes=_draw(stop.visit_id, 16) % 7 - 2)
    if left is None or free_at is None:
        return wanted
    pause = sum(
        (end_at - start_at for start_at, end_at in route.breaks if left.start_at <= start_at < stop.start_at),
        timedelta(),
    )
    return max(wanted, free_at + stop.travel + pause)


def _visit(route: Route, stop: Stop, came_at: datetime, chosen: Chosen) -> list[Happening]:
    """What happens at one door, in order; what is told already left out."""
    turned_away = _turned_away(stop, chosen)
    if turned_away is not None and stop.here_since is None:
        note = _NOTES[turned_away is FactKind.DECLINED]
        return [_happening(route, stop, turned_away, came_at + _DOORBELL, note)]
    checked_in = [] if stop.here_since else [_happening(route, stop, FactKind.CHECK_IN, came_at)]
    if stop.visit_id in chosen.doubled:
        again = _happening(route, stop, FactKind.CHECK_IN, came_at + _AGAIN)
        checked_in.append(replace(again, id=uuid5(again.id, "again")))
    return [*checked_in, _happening(route, stop, FactKind.CHECK_OUT, came_at + _stays(route, stop, chosen))]


def _turned_away(stop: Stop, chosen: Chosen) -> FactKind | None:
    chance = None if chosen.by_the_book else _draw(stop.visit_id, 0) % 200
    if stop.visit_id in chosen.nobody_home or chance == 0:
        return FactKind.NOBODY_HOME
    if stop.visit_id in chosen.declined or chance in {1, 2, 3}:
        return FactKind.DECLINED
    return None


def _stays(route: Route, stop: Stop, chosen: Chosen) -> timedelta:
    """0.85 to 1.1 of what is planned; some carers at some visits 10 to 20 minutes longer."""
    if chosen.by_the_book:
        return timedelta(minutes=stop.minutes)
    stays = timedelta(minutes=stop.minutes) * (0.85 + _draw(stop.visit_id, 8) % 26 / 100)
    is_late = route.carer_id in chosen.late or route.carer_id.int % 6 == 0
    if is_late and _draw(stop.visit_id, 24) % 3 == 0:
        stays += timedelta(minutes=10 + _draw(stop.visit_id, 32) % 11)
    return max(stays, timedelta(minutes=4))


def _happening(route: Route, stop: Stop, kind: FactKind, at: datetime, note: str = "") -> Happening:
    key = uuid5(_NAMESPACE, f"{stop.visit_id}/{route.carer_id}/{kind.value}")
    return Happening(id=key, visit_id=stop.visit_id, kind=kind, happened_at=at.replace(microsecond=0), note=note)


def _draw(key: UUID, bits: int) -> int:
    """Chance that belongs to a visit: the same for both carers who make it."""
    return (key.int >> bits) & 0xFFFF
