"""Short words for building a day: times as "HH:MM", travel in minutes between L0, L1, …"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from scheduler import (
    Break,
    Carer,
    CarerId,
    CitizenId,
    Job,
    JobId,
    Link,
    Location,
    LocationId,
    Pinned,
    Problem,
    Published,
    Shift,
    Target,
    TravelTimes,
    Weights,
)

MORNING = datetime.fromisoformat("2026-11-23T00:00:00+01:00")


def at(clock: str) -> int:
    """Seconds since midnight."""
    hours, minutes = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes)


def carer(
    name: str,
    *,
    skills: Sequence[str] = (),
    shift: tuple[str, str] = ("08:00", "16:00"),
    breaks: Sequence[tuple[str, str, int]] = (),
    start: str = "L0",
    end: str = "L0",
    mode: str = "car",
) -> Carer:
    """`breaks`: (earliest, latest, minutes)."""
    return Carer(
        id=CarerId(name),
        mode=mode,
        shift=Shift(at(shift[0]), at(shift[1])),
        start_location=LocationId(start),
        end_location=LocationId(end),
        skills=frozenset(skills),
        breaks=tuple(Break(at(a), at(b), 60 * minutes) for a, b, minutes in breaks),
    )


def job(
    name: str,
    place: str,
    window: tuple[str, str],
    *,
    minutes: int = 30,
    target: Target | None = None,
    skills: Sequence[str] = (),
    forbidden: Sequence[str] = (),
    costs: Mapping[str, int] | None = None,
    unplaced: int = 100_000,
) -> Job:
    return Job(
        id=JobId(name),
        citizen=CitizenId(f"P-{place}"),
        location=LocationId(place),
        duration=60 * minutes,
        earliest=at(window[0]),
        latest=at(window[1]),
        unplaced_cost=unplaced,
        target=target,
        skills=frozenset(skills),
        forbidden_carers=frozenset(CarerId(x) for x in forbidden),
        carer_costs=costs or {},
    )


def day(
    carers: Sequence[Carer],
    jobs: Sequence[Job],
    *,
    minutes_between: Sequence[Sequence[int]] = ((0, 10), (10, 0)),
    links: Sequence[Link] = (),
    pinned: Sequence[tuple[str, str, str]] = (),
    published: Sequence[tuple[str, str, str]] = (),
    weights: Weights | None = None,
    name: str = "town",
) -> Problem:
    return Problem(
        name=name,
        horizon_start=MORNING,
        weights=weights or Weights(),
        locations=tuple(Location(LocationId(f"L{i}")) for i in range(len(minutes_between))),
        travel=TravelTimes.of({"car": [[60 * x for x in row] for row in minutes_between]}),
        carers=tuple(carers),
        jobs=tuple(jobs),
        links=tuple(links),
        pinned=tuple(Pinned(JobId(j), CarerId(c), at(start)) for j, c, start in pinned),
        published=tuple(Published(JobId(j), CarerId(c), at(start)) for j, c, start in published),
    )
