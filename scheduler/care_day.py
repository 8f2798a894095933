"""care-day/1: a problem to and from JSON values."""

from datetime import datetime
from typing import Any, TypeVar

from scheduler.errors import InvalidInput, InvalidProblem
from scheduler.problem import (
    Appointment,
    Break,
    Carer,
    CarerId,
    CitizenId,
    Job,
    JobId,
    Link,
    LinkCarers,
    Location,
    LocationId,
    Matrix,
    Pinned,
    Problem,
    Published,
    Shift,
    Target,
    TravelTimes,
)
from scheduler.reading import Value
from scheduler.weights import Weights

FORMAT = "care-day/1"

T = TypeVar("T")


def problem_from_json(raw: object) -> Problem:
    """Raises InvalidProblem for whatever the format does not allow."""
    document = Value(raw, "", InvalidProblem)
    top = document.fields("format name horizon weights locations travel carers jobs", "links pinned published")
    if top["format"].raw != FORMAT:
        raise top["format"].wrong(f"is not {FORMAT!r}")
    return Problem(
        name=top["name"].text(),
        horizon_start=_instant(top["horizon"].fields("start")["start"]),
        weights=_weights(top["weights"]),
        locations=tuple(_location(x) for x in top["locations"].items()),
        travel=_travel(top["travel"]),
        carers=tuple(_carer(x) for x in top["carers"].items()),
        jobs=tuple(_job(x) for x in top["jobs"].items()),
        links=tuple(_link(x) for x in top["links"].items()) if "links" in top else (),
        pinned=tuple(Pinned(*_appointment(x)) for x in top["pinned"].items()) if "pinned" in top else (),
        published=tuple(Published(*_appointment(x)) for x in top["published"].items()) if "published" in top else (),
    )


def _born(at: Value, kind: type[T], **values: Any) -> T:  # noqa: ANN401 - the fields of any fact
    try:
        return kind(**values)
    except InvalidInput as wrong:
        raise wrong.under(at.path) from None


def _instant(at: Value) -> datetime:
    try:
        instant = datetime.fromisoformat(at.text())
    except ValueError:
        raise at.wrong("is not an ISO 8601 instant") from None
    if instant.tzinfo is None:
        raise at.wrong("has no offset from UTC")
    return instant


def _weights(at: Value) -> Weights:
    fields = at.fields("travel max_lateness moved_carer moved_second moved_tolerance")
    return _born(at, Weights, **{name: value.whole() for name, value in fields.items()})


def _location(at: Value) -> Location:
    fields = at.fields("id", "lat lon")
    degrees = {name: fields[name].number() for name in ("lat", "lon") if name in fields}
    return _born(at, Location, id=LocationId(fields["id"].text()), **degrees)


def _travel(at: Value) -> TravelTimes:
    return _born(at, TravelTimes, by_mode={mode: _matrix(rows) for mode, rows in at.entries()})


def _matrix(at: Value) -> Matrix:
    rows = []
    for row in at.items():
        if not isinstance(row.raw, list):
            raise row.wrong("is not a list")
        rows.append(tuple(row.raw))  # a matrix has up to millions of values: TravelTimes checks them by itself
    return tuple(rows)


def _carer(at: Value) -> Carer:
    fields = at.fields("id mode shift start_location end_location", "skills breaks")
    shift = fields["shift"].fields("start end")
    return _born(
        at,
        Carer,
        id=CarerId(fields["id"].text()),
        mode=fields["mode"].text(),
        shift=_born(fields["shift"], Shift, start=shift["start"].whole(), end=shift["end"].whole()),
        start_location=LocationId(fields["start_location"].text()),
        end_location=LocationId(fields["end_location"].text()),
        skills=frozenset(fields["skills"].distinct_texts()) if "skills" in fields else frozenset(),
        breaks=tuple(_break(x) for x in fields["breaks"].items()) if "breaks" in fields else (),
    )


def _break(at: Value) -> Break:
    return _born(at, Break, **{name: x.whole() for name, x in at.fields("earliest latest duration").items()})


def _job(at: Value) -> Job:
    fields = at.fields(
        "id citizen location duration earliest latest unplaced_cost", "target skills forbidden_carers carer_costs"
    )
    extra: dict[str, Any] = {}
    if "target" in fields:
        extra["target"] = _target(fields["target"])
    if "skills" in fields:
        extra["skills"] = frozenset(fields["skills"].distinct_texts())
    if "forbidden_carers" in fields:
        extra["forbidden_carers"] = frozenset(CarerId(x) for x in fields["forbidden_carers"].distinct_texts())
    if "carer_costs" in fields:
        extra["carer_costs"] = {carer: cost.whole() for carer, cost in fields["carer_costs"].entries()}
    return _born(
        at,
        Job,
        id=JobId(fields["id"].text()),
        citizen=CitizenId(fields["citizen"].text()),
        location=LocationId(fields["location"].text()),
        **{name: fields[name].whole() for name in ("duration", "earliest", "latest", "unplaced_cost")},
        **extra,
    )


def _target(at: Value) -> Target:
    fields = at.fields("earliest latest early_cost late_cost")
    return _born(at, Target, **{name: value.whole() for name, value in fields.items()})


def _link(at: Value) -> Link:
    fields = at.fields("first second min_gap max_gap carers all_or_none")
    carers = fields["carers"]
    if carers.text() not in set(LinkCarers):
        raise carers.wrong("is not one of different, same, any")
    return _born(
        at,
        Link,
        first=JobId(fields["first"].text()),
        second=JobId(fields["second"].text()),
        min_gap=fields["min_gap"].whole(),
        max_gap=None if fields["max_gap"].raw is None else fields["max_gap"].whole(),
        carers=LinkCarers(carers.text()),
        all_or_none=fields["all_or_none"].yes_or_no(),
    )


def _appointment(at: Value) -> tuple[JobId, CarerId, int]:
    fields = at.fields("job carer start")
    return JobId(fields["job"].text()), CarerId(fields["carer"].text()), fields["start"].whole()


def problem_to_json(problem: Problem) -> dict[str, object]:
    """The inverse of problem_from_json: what it reads back equals what was written."""
    weights = problem.weights
    return {
        "format": FORMAT,
        "name": problem.name,
        "horizon": {"start": problem.horizon_start.isoformat()},
        "weights": {name: getattr(weights, name) for name in Weights.__slots__},
        "locations": [_location_json(x) for x in problem.locations],
        "travel": {mode: [list(row) for row in matrix] for mode, matrix in problem.travel.by_mode.items()},
        "carers": [_carer_json(x) for x in problem.carers],
        "jobs": [_job_json(x) for x in problem.jobs],
        "links": [
            {
                "first": x.first,
                "second": x.second,
                "min_gap": x.min_gap,
                "max_gap": x.max_gap,
                "carers": x.carers.value,
                "all_or_none": x.all_or_none,
            }
            for x in problem.links
        ],
        "pinned": [_appointment_json(x) for x in problem.pinned],
        "published": [_appointment_json(x) for x in problem.published],
    }


def _location_json(location: Location) -> dict[str, object]:
    degrees = {"lat": location.lat, "lon": location.lon}
    return {"id": location.id, **{name: value for name, value in degrees.items() if value is not None}}


def _carer_json(carer: Carer) -> dict[str, object]:
    return {
        "id": carer.id,
        "mode": carer.mode,
        "skills": sorted(carer.skills),
        "shift": {"start": carer.shift.start, "end": carer.shift.end},
        "start_location": carer.start_location,
        "end_location": carer.end_location,
        "breaks": [{"earliest": x.earliest, "latest": x.latest, "duration": x.duration} for x in carer.breaks],
    }


def _job_json(job: Job) -> dict[str, object]:
    found: dict[str, object] = {
        name: getattr(job, name) for name in ("id", "citizen", "location", "duration", "earliest", "latest")
    }
    if job.target is not None:
        found["target"] = {name: getattr(job.target, name) for name in Target.__slots__}
    if job.skills:
        found["skills"] = sorted(job.skills)
    if job.forbidden_carers:
        found["forbidden_carers"] = sorted(job.forbidden_carers)
    if job.carer_costs:
        found["carer_costs"] = dict(job.carer_costs)
    found["unplaced_cost"] = job.unplaced_cost
    return found


def _appointment_json(appointment: Appointment) -> dict[str, object]:
    return {"job": appointment.job, "carer": appointment.carer, "start": appointment.start}
