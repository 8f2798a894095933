"""A day of home care as a routing problem: frozen facts in whole seconds from the horizon's start.

The meaning of each field is that of the care-day/1 format; a fact checks itself at birth and its error names field and value.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from scheduler.checks import MOST, MOST_OF_ALL, check_distinct, check_order, check_text, check_whole
from scheduler.errors import InvalidProblem
from scheduler.weights import Weights

CarerId = NewType("CarerId", str)
JobId = NewType("JobId", str)
LocationId = NewType("LocationId", str)
CitizenId = NewType("CitizenId", str)

Matrix = tuple[tuple[int, ...], ...]

OTHER = "other"  # the key of carer_costs that prices every carer not listed


@dataclass(frozen=True, slots=True)
class Location:
    """A place; degrees are informational, travel times come from the matrices."""

    id: LocationId
    lat: float | None = None
    lon: float | None = None

    def __post_init__(self) -> None:
        check_text("id", self.id)
        for name, value, most in (("lat", self.lat, 90), ("lon", self.lon, 180)):
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise InvalidProblem(name, value, "is not a number")
            if not -most <= value <= most:
                raise InvalidProblem(name, value, f"is not between -{most} and {most} degrees")


@dataclass(frozen=True, slots=True)
class TravelTimes:
    """Seconds from row to column over the problem's locations in their order, one square matrix per mode.

    `longest`: of any way by any mode.
    """

    by_mode: Mapping[str, Matrix]
    longest: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for mode, matrix in self.by_mode.items():
            check_text("a mode", mode)
            for row, seconds in enumerate(matrix):
                if len(seconds) != len(matrix):
                    raise InvalidProblem(
                        f"{mode}[{row}]", len(seconds), f"values in a matrix of {len(matrix)} rows; it is not square"
                    )
                for column, value in enumerate(seconds):
                    if type(value) is not int or not 0 <= value <= MOST:
                        check_whole(f"{mode}[{row}][{column}]", value, minimum=0)
                if seconds[row] != 0:
                    raise InvalidProblem(f"{mode}[{row}][{row}]", seconds[row], "stands on the diagonal and must be 0")
        self.__setstate__(dict(self.by_mode))

    @classmethod
    def of(cls, matrices: Mapping[str, Iterable[Iterable[int]]]) -> "TravelTimes":
        """From lists, tuples or integer numpy arrays."""
        return cls({mode: tuple(tuple(int(x) for x in row) for row in rows) for mode, rows in matrices.items()})

    def __getstate__(self) -> dict[str, Matrix]:
        return dict(self.by_mode)

    def __setstate__(self, state: dict[str, Matrix]) -> None:
        object.__setattr__(self, "by_mode", MappingProxyType(state))
        object.__setattr__(self, "longest", max((max(row) for rows in state.values() for row in rows), default=0))


@dataclass(frozen=True, slots=True)
class Break:
    """A rest that starts in [earliest, latest], lasts `duration`, overlaps no job and may interrupt travel."""

    earliest: int
    latest: int
    duration: int

    def __post_init__(self) -> None:
        check_whole("earliest", self.earliest)
        check_whole("latest", self.latest)
        check_whole("duration", self.duration, minimum=0)
        check_order("latest", earliest=self.earliest, latest=self.latest)


@dataclass(frozen=True, slots=True)
class Shift:
    """Leaves the start location at or after `start`, is back at the end location by `end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        check_whole("start", self.start)
        check_whole("end", self.end)
        check_order("end", earliest=self.start, latest=self.end, other="start")


@dataclass(frozen=True, slots=True)
class Carer:
    id: CarerId
    mode: str
    shift: Shift
    start_location: LocationId
    end_location: LocationId
    skills: frozenset[str] = frozenset()
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        check_text("id", self.id)
        check_text("mode", self.mode)


@dataclass(frozen=True, slots=True)
class Target:
    """When the citizen would like the visit to start; each second outside costs."""

    earliest: int
    latest: int
    early_cost: int = 0
    late_cost: int = 0

    def __post_init__(self) -> None:
        check_whole("earliest", self.earliest)
        check_whole("latest", self.latest)
        check_order("latest", earliest=self.earliest, latest=self.latest)
        check_whole("early_cost", self.early_cost, minimum=0)
        check_whole("late_cost", self.late_cost, minimum=0)


@dataclass(frozen=True, slots=True)
class Job:
    """One visit by one carer. It *starts* in [earliest, latest]; both ends included."""

    id: JobId
    citizen: CitizenId
    location: LocationId
    duration: int
    earliest: int
    latest: int
    unplaced_cost: int
    target: Target | None = None
    skills: frozenset[str] = frozenset()
    forbidden_carers: frozenset[CarerId] = frozenset()
    carer_costs: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_text("id", self.id)
        check_text("citizen", self.citizen)
        check_whole("duration", self.duration, minimum=0)
        check_whole("earliest", self.earliest)
        check_whole("latest", self.latest)
        check_order("latest", earliest=self.earliest, latest=self.latest)
        check_whole("unplaced_cost", self.unplaced_cost, minimum=0)
        for carer, cost in self.carer_costs.items():
            check_whole(f"carer_costs.{carer}", cost, minimum=0)
        object.__setattr__(self, "carer_costs", dict(self.carer_costs))

    def carer_cost(self, carer: CarerId) -> int:
        """What it costs that this carer comes."""
        costs = self.carer_costs
        return costs[carer] if carer in costs else costs.get(OTHER, 0)


class LinkCarers(StrEnum):
    DIFFERENT = "different"
    SAME = "same"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Link:
    """Binds two jobs when both are placed: min_gap ≤ start(second) − start(first) ≤ max_gap (None: no upper end)."""

    first: JobId
    second: JobId
    min_gap: int
    max_gap: int | None
    carers: LinkCarers = LinkCarers.ANY
    all_or_none: bool = False

    def __post_init__(self) -> None:
        check_whole("min_gap", self.min_gap)
        if self.max_gap is not None:
            check_whole("max_gap", self.max_gap)
            check_order("max_gap", earliest=self.min_gap, latest=self.max_gap, other="min_gap")
        if self.first == self.second:
            raise InvalidProblem("second", self.second, "is linked to itself")


@dataclass(frozen=True, slots=True)
class Appointment:
    """A job with carer and start: what is pinned, and what has been published."""

    job: JobId
    carer: CarerId
    start: int

    def __post_init__(self) -> None:
        check_whole("start", self.start)


class Pinned(Appointment):
    """Keeps carer and start exactly: it has begun, or may no longer be moved."""

    __slots__ = ()


class Published(Appointment):
    """What people have been told; moving it costs."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a solver may know. Times are whole seconds from `horizon_start`, which is informational.

    Raises InvalidProblem for duplicate ids, unknown references, matrices that do not fit the locations, and prices of
    which a plan could pay more than can be counted.
    """

    name: str
    horizon_start: datetime
    weights: Weights
    locations: tuple[Location, ...]
    travel: TravelTimes
    carers: tuple[Carer, ...]
    jobs: tuple[Job, ...]
    links: tuple[Link, ...] = ()
    pinned: tuple[Pinned, ...] = ()
    published: tuple[Published, ...] = ()
    location_index: Mapping[LocationId, int] = field(init=False, repr=False, compare=False)
    carer_by_id: Mapping[CarerId, Carer] = field(init=False, repr=False, compare=False)
    job_by_id: Mapping[JobId, Job] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_text("name", self.name)
        if self.horizon_start.tzinfo is None:
            raise InvalidProblem("horizon.start", self.horizon_start.isoformat(), "has no offset from UTC")
        check_distinct("locations", (x.id for x in self.locations))
        check_distinct("carers", (x.id for x in self.carers))
        check_distinct("jobs", (x.id for x in self.jobs))
        check_distinct("pinned", (x.job for x in self.pinned), field="job")
        check_distinct("published", (x.job for x in self.published), field="job")
        object.__setattr__(self, "location_index", {x.id: index for index, x in enumerate(self.locations)})
        object.__setattr__(self, "carer_by_id", {x.id: x for x in self.carers})
        object.__setattr__(self, "job_by_id", {x.id: x for x in self.jobs})
        self._check_matrices()
        self._check_carers()
        self._check_jobs()
        self._check_job_references()
        self._check_prices()

    def travel_seconds(self, carer: Carer, origin: LocationId, destination: LocationId) -> int:
        """Seconds by the carer's mode."""
        return self.travel.by_mode[carer.mode][self.location_index[origin]][self.location_index[destination]]

    def _check_matrices(self) -> None:
        for mode, matrix in self.travel.by_mode.items():
            if len(matrix) != len(self.locations):
                raise InvalidProblem(f"travel.{mode}", len(matrix), f"rows for {len(self.locations)} locations")

    def _check_carers(self) -> None:
        for index, carer in enumerate(self.carers):
            at = f"carers[{index}]"
            if carer.mode not in self.travel.by_mode:
                raise InvalidProblem(f"{at}.mode", carer.mode, "has no matrix in travel")
            _check_known(f"{at}.start_location", carer.start_location, self.location_index, "location")
            _check_known(f"{at}.end_location", carer.end_location, self.location_index, "location")
            if carer.id == OTHER:
                raise InvalidProblem(f"{at}.id", carer.id, "is reserved for the price of carers not listed")

    def _check_jobs(self) -> None:
        for index, job in enumerate(self.jobs):
            at = f"jobs[{index}]"
            _check_known(f"{at}.location", job.location, self.location_index, "location")
            for carer in sorted(job.forbidden_carers):
                _check_known(f"{at}.forbidden_carers", carer, self.carer_by_id, "carer")
            for key in job.carer_costs:
                if key != OTHER:
                    _check_known(f"{at}.carer_costs.{key}", key, self.carer_by_id, "carer")

    def _check_job_references(self) -> None:
        for index, link in enumerate(self.links):
            _check_known(f"links[{index}].first", link.first, self.job_by_id, "job")
            _check_known(f"links[{index}].second", link.second, self.job_by_id, "job")
        groups: tuple[tuple[str, Sequence[Appointment]], ...] = (("pinned", self.pinned), ("published", self.published))
        for name, appointments in groups:
            for index, appointment in enumerate(appointments):
                _check_known(f"{name}[{index}].job", appointment.job, self.job_by_id, "job")
                _check_known(f"{name}[{index}].carer", appointment.carer, self.carer_by_id, "carer")

    def _check_prices(self) -> None:
        """The dearest plan that could be, each term by itself: its price and how often at most it is paid."""
        appointments = [*self.pinned, *self.published]
        times = [*(time for job in self.jobs for time in _times_of(job)), *(x.start for x in appointments), 0]
        seconds, told, weights = max(times) - min(times), len(self.published), self.weights
        most = [
            ("weights.travel", weights.travel, self.travel.longest * (len(self.jobs) + len(self.carers))),
            ("weights.max_lateness", weights.max_lateness, seconds),
            ("weights.moved_carer", weights.moved_carer, told),
            ("weights.moved_second", weights.moved_second, told * seconds),
        ]
        for index, job in enumerate(self.jobs):
            at = f"jobs[{index}]"
            most.append((f"{at}.unplaced_cost", job.unplaced_cost, 1))
            most += [(f"{at}.carer_costs.{carer}", cost, 1) for carer, cost in job.carer_costs.items()]
            if job.target:
                most.append((f"{at}.target.early_cost", job.target.early_cost, seconds))
                most.append((f"{at}.target.late_cost", job.target.late_cost, seconds))
        if sum(price * times_paid for _, price, times_paid in most) > MOST_OF_ALL:
            path, price, _ = max(most, key=lambda term: term[1] * term[2])
            raise InvalidProblem(path, price, f"is so large that a plan could cost more than {MOST_OF_ALL}")


def _times_of(job: Job) -> tuple[int, ...]:
    wish = job.target
    return (job.earliest, job.latest) if wish is None else (job.earliest, job.latest, wish.earliest, wish.latest)


def _check_known(path: str, value: str, known: Container[str], noun: str) -> None:
    if value not in known:
        raise InvalidProblem(path, value, f"is not a known {noun}")
