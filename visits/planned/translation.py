"""Between the record and the scheduler: the one translator. A planning day becomes a `Problem`; a `Solution` becomes a draft.

In the scheduler's world a carer is one *shift* (whoever works twice a day is two), a job is one carer's part in a visit, and times
are seconds from the midnight with which the day begins in Stockholm. Ids go out as opaque strings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import scheduler
from scheduler import Problem, ReasonCode, Solution
from visits.granted.visit_templates import Priority
from visits.planned.demands import VisitDemand
from visits.planned.pins import Held, held, shift_at
from visits.planned.planning_day import NOTICE, Draft, PlanningDay
from visits.planned.schedule import (
    Placement,
    PlannedBreak,
    RemedyKind,
    UnplacedReason,
    UnplacedRemedy,
    UnplacedVisit,
)
from visits.planned.staffing import StaffedShift
from visits.planned.travel import Seconds, TravelTimes
from visits.terms import CarerId, Place, Skill, TravelMode, VisitId, midnight

WEIGHTS = scheduler.Weights(travel=1, max_lateness=0, moved_carer=900, moved_second=1, moved_tolerance=240)
"""In seconds of travel: another carer than was told costs a quarter of an hour, and each second of a move that is told one."""
UNPLACED_COST: Mapping[Priority, int] = {Priority.MUST: 120_000, Priority.SHOULD: 30_000, Priority.MAY: 11_400}
"""What it costs to leave one carer's part in a visit undone."""
LATE_COST = 1
"""Per second after the wish, as dear as a second of travel; before the wish nothing, the window stands guard there."""

MOST_HELPED = 20
"""For so many visits without a place it is asked what would help: each takes a tenth of a second."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One carer's part in a visit, and the placement that holds it, if one does."""

    demand: VisitDemand
    number: int
    pin: Placement | None = None

    @property
    def job_id(self) -> scheduler.JobId:
        return scheduler.JobId(f"{self.demand.visit_id}/{self.number}")

    @property
    def minutes(self) -> int:
        return self.pin.minutes if self.pin else self.demand.minutes


@dataclass(frozen=True, slots=True)
class Translation:
    """A planning day with the problem it became, and the way back."""

    day: PlanningDay
    problem: Problem
    parts: Mapping[scheduler.JobId, _Part]
    shifts: Mapping[scheduler.CarerId, StaffedShift]
    carried: tuple[Placement, ...]
    too_late: tuple[_Part, ...]
    """Parts of visits whose time is over and that nobody was told to make: out of any scheduler's reach."""

    def start(self, placements: Iterable[Placement], breaks: Iterable[PlannedBreak] = ()) -> Solution:
        """Who comes and when, as a beginning for the search: as far as the visits are due and those carers are at work."""
        stops: dict[scheduler.CarerId, list[scheduler.Placement]] = {}
        for one in placements:
            worked = shift_at(self.shifts.values(), one.carer_id, one.start_at)
            job = scheduler.JobId(f"{one.visit_id}/{one.part}")
            if worked is not None and job in self.parts:
                stops.setdefault(_shift_id(worked), []).append(scheduler.Placement(job, self.day.seconds(one.start_at)))
        rests: dict[scheduler.CarerId, list[int]] = {}
        for rest in breaks:
            worked = shift_at(self.shifts.values(), rest.carer_id, rest.start_at)
            if worked is not None:
                rests.setdefault(_shift_id(worked), []).append(self.day.seconds(rest.start_at))
        routes = (
            scheduler.Route(carer, tuple(sorted(own, key=lambda stop: stop.start)), tuple(sorted(rests.get(carer, ()))))
            for carer, own in stops.items()
        )
        return Solution(self.problem.name, tuple(routes))

    def draft(self, solution: Solution, *, helped: int = MOST_HELPED) -> Draft:
        """The solution as a draft; what is carried over stands in it too. For `helped` visits it says what would help."""
        placements = list(self.carried)
        home: dict[CarerId, int] = {}
        for route in solution.routes:
            worked = self.shifts[route.carer]
            placements += self._placements(route, worked)
            if route.stops:
                last = self.problem.job_by_id[route.stops[-1].job].location
                carer = self.problem.carer_by_id[route.carer]
                seconds = self.problem.travel_seconds(carer, last, carer.end_location)
                home[worked.carer.id] = home.get(worked.carer.id, 0) + seconds
        cost = scheduler.evaluate(self.problem, solution)
        terms = {name: getattr(cost, name) for name in cost.__slots__} | {"total": cost.total}
        return Draft(
            placements=tuple(sorted(placements, key=lambda one: (one.start_at, one.visit_id, one.part))),
            breaks=tuple(self._breaks(solution)),
            unplaced=tuple(self._unplaced(solution, most=helped)),
            cost=terms,
            home_travel_seconds=home,
        )

    def _placements(self, route: scheduler.Route, worked: StaffedShift) -> Iterable[Placement]:
        carer = self.problem.carer_by_id[route.carer]
        before = carer.start_location
        for stop in route.stops:
            part = self.parts[stop.job]
            location = self.problem.job_by_id[stop.job].location
            yield Placement(
                visit_id=part.demand.visit_id,
                citizen_id=part.demand.citizen_id,
                part=part.number,
                carer_id=worked.carer.id,
                start_at=self.day.at(stop.start),
                minutes=part.minutes,
                travel_seconds=self.problem.travel_seconds(carer, before, location),
            )
            before = location

    def _breaks(self, solution: Solution) -> Iterable[PlannedBreak]:
        for route in solution.routes:
            for start, rule in zip(route.breaks, self.problem.carer_by_id[route.carer].breaks, strict=False):
                yield PlannedBreak(
                    carer_id=self.shifts[route.carer].carer.id,
                    start_at=self.day.at(start),
                    end_at=self.day.at(start + rule.duration),
                )

    def _unplaced(self, solution: Solution, *, most: int) -> Iterable[UnplacedVisit]:
        window_over = UnplacedReason(code=ReasonCode.NO_GAP_IN_WINDOW.value, share=1.0)
        for part in self.too_late:
            yield _left_out(part, (window_over,))
        helped: set[VisitId] = set()
        for unplaced in solution.unplaced:
            part = self.parts[unplaced.job]
            asked = part.demand.visit_id not in helped and len(helped) < most
            helped.add(part.demand.visit_id)
            remedies = tuple(self._remedies(solution, part)) if asked else ()
            yield _left_out(part, tuple(_reason(reason) for reason in unplaced.reasons), remedies)

    def _remedies(self, solution: Solution, part: _Part) -> Iterable[UnplacedRemedy]:
        """What would help, as far as there is still time for it."""
        for remedy in scheduler.remedies(self.problem, solution, part.job_id):
            begins = remedy.start
            if remedy.helped and remedy.earlier:
                begins = self.problem.carer_by_id[remedy.helped].shift.start - remedy.earlier
            if self.day.at(begins) >= self.day.now and self.day.at(remedy.start) >= self.day.now + NOTICE:
                yield self._remedy(solution, remedy)

    def _remedy(self, solution: Solution, remedy: scheduler.Remedy) -> UnplacedRemedy:
        before, after = solution.placed, solution.with_routes(remedy.routes).placed
        price = {job.id: job.unplaced_cost for job in self.problem.jobs}
        spared = sum(price[job] for job in after.keys() - before.keys())
        return UnplacedRemedy(
            kind=RemedyKind(remedy.kind.value),
            carer_id=self.shifts[remedy.carer].carer.id,
            start_at=self.day.at(remedy.start),
            extra_seconds=remedy.price + spared - sum(price[job] for job in before.keys() - after.keys()),
            told=len({change.citizen for change in remedy.changes}),
            earlier_minutes=ceil(remedy.earlier / 60),
            later_minutes=ceil(remedy.later / 60),
            skill=remedy.skill or "",
            helped=self.shifts[remedy.helped].carer.id if remedy.helped else None,
            others=tuple(dict.fromkeys(self.parts[job].demand.visit_id for job in remedy.others)),
        )


def translate(day: PlanningDay, travel: TravelTimes) -> Translation:
    """The day as a problem. What has begun or is frozen is pinned; the rest of what is published costs to move."""
    held_now = held(day.published, begun=day.begun, due=day.due, staffing=day.staffing, now=day.now)
    shifts = _shifts_still_to_work(day, held_now)
    parts, too_late = _parts(day, held_now)
    places = _Places(day.start, [day.places[part.demand.citizen_id] for part in parts])
    problem = Problem(
        name=f"{day.team_id}-{day.on.isoformat()}",
        horizon_start=midnight(day.on),
        weights=WEIGHTS,
        locations=places.locations,
        travel=places.travel_times(travel, {worked.carer.mode for worked in shifts}),
        carers=tuple(_carer(day, worked, held_now, places) for worked in shifts),
        jobs=tuple(_job(day, part, shifts, places) for part in parts),
        links=tuple(_links(parts)),
        pinned=tuple(_appointments(day, parts, shifts, scheduler.Pinned)),
        published=tuple(_told(day, parts, shifts)),
    )
    return Translation(
        day=day,
        problem=problem,
        parts={part.job_id: part for part in parts},
        shifts={_shift_id(worked): worked for worked in shifts},
        carried=held_now.carried,
        too_late=tuple(too_late),
    )


class _Places:
    """The places of a day, each address once, in the order in which they were named; the team's own first."""

    def __init__(self, start: Place, places: Iterable[Place]) -> None:
        self._places = tuple(dict.fromkeys((start, *places)))
        self._ids = {place: scheduler.LocationId(f"L{number}") for number, place in enumerate(self._places)}
        self.start = self._ids[start]

    @property
    def locations(self) -> tuple[scheduler.Location, ...]:
        return tuple(scheduler.Location(self._ids[place]) for place in self._places)

    def of(self, place: Place) -> scheduler.LocationId:
        return self._ids[place]

    def travel_times(self, travel: TravelTimes, modes: set[TravelMode]) -> scheduler.TravelTimes:
        matrices: dict[str, Any] = {
            mode.value: _as_lists(travel.between(self._places, mode=mode)) for mode in sorted(modes)
        }
        return scheduler.TravelTimes.of(matrices)


def _as_lists(seconds: Seconds) -> list[list[int]]:
    rows: list[list[int]] = seconds.tolist()
    return rows


def _shift_id(worked: StaffedShift) -> scheduler.CarerId:
    return scheduler.CarerId(str(worked.shift.id))


def _shifts_still_to_work(day: PlanningDay, held_now: Held) -> list[StaffedShift]:
    """Without those that are over and hold nothing."""
    holding = _holding(day, held_now)
    return [worked for worked in day.staffing if worked.shift.end_at > day.now or worked.shift.id in holding]


def _holding(day: PlanningDay, held_now: Held) -> set[object]:
    """The ids of the shifts in which something is pinned."""
    found = (shift_at(day.staffing, pin.carer_id, pin.start_at) for pin in held_now.pinned)
    return {worked.shift.id for worked in found if worked is not None}


def _parts(day: PlanningDay, held_now: Held) -> tuple[list[_Part], list[_Part]]:
    """The parts that the scheduler is to place, and those that it is too late for."""
    pins: dict[VisitId, list[Placement]] = {}
    for pin in held_now.pinned:
        pins.setdefault(pin.visit_id, []).append(pin)
    told = {placement.visit_id for placement in day.published.placements} if day.published else set()
    parts: list[_Part] = []
    too_late: list[_Part] = []
    for demand in day.demands:
        if demand.visit_id in held_now.visit_ids:
            parts += [_Part(demand, pin.part, pin) for pin in pins.get(demand.visit_id, ())]
            continue
        is_over = demand.latest_at < day.now + NOTICE and demand.visit_id not in told
        free = [_Part(demand, number) for number in range(1, demand.staff_required + 1)]
        (too_late if is_over else parts).extend(free)
    return parts, too_late


def _carer(day: PlanningDay, worked: StaffedShift, held_now: Held, places: _Places) -> scheduler.Carer:
    """A shift as a carer. Who has nothing pinned starts at the team's place, at the earliest now."""
    start_at = worked.shift.start_at
    if worked.shift.id in _holding(day, held_now):
        rules = day.breaks_as_told(worked)
    else:
        start_at = max(start_at, day.now)
        rules = day.breaks_ahead(worked)
    return scheduler.Carer(
        id=_shift_id(worked),
        mode=worked.carer.mode.value,
        shift=scheduler.Shift(day.seconds(start_at), day.seconds(worked.shift.end_at)),
        start_location=places.start,
        end_location=places.start,
        skills=frozenset(skill.value for skill in worked.skills),
        breaks=tuple(
            scheduler.Break(day.seconds(rule.earliest_at), day.seconds(rule.latest_at), rule.minutes * 60)
            for rule in rules
        ),
    )


def _job(day: PlanningDay, part: _Part, shifts: list[StaffedShift], places: _Places) -> scheduler.Job:
    demand = part.demand
    location = places.of(day.places[demand.citizen_id])
    citizen = scheduler.CitizenId(str(demand.citizen_id))
    price = UNPLACED_COST[demand.priority]
    if part.pin is not None:
        start = day.seconds(part.pin.start_at)
        return scheduler.Job(part.job_id, citizen, location, part.minutes * 60, start, start, price)
    earliest_at, latest_at = day.window(demand)
    skills = demand.skills | ({Skill.LIFT} if demand.staff_required > 1 else set())
    return scheduler.Job(
        id=part.job_id,
        citizen=citizen,
        location=location,
        duration=part.minutes * 60,
        earliest=day.seconds(earliest_at),
        latest=day.seconds(latest_at),
        unplaced_cost=price,
        target=scheduler.Target(
            day.seconds(demand.wish_earliest_at), day.seconds(demand.wish_latest_at), late_cost=LATE_COST
        ),
        skills=frozenset(skill.value for skill in skills),
        carer_costs=_carer_costs(day, demand, shifts),
    )


def _carer_costs(day: PlanningDay, demand: VisitDemand, shifts: list[StaffedShift]) -> dict[str, int]:
    """Each carer's price shift by shift; none where everybody at work costs the same, which is no choice."""
    prices = day.carer_prices.get(demand.citizen_id)
    if prices is None:
        return {}
    working = {str(_shift_id(worked)): prices.of.get(worked.carer.id, prices.other) for worked in shifts}
    if len(set(working.values())) < 2:
        return {}
    return {key: price for key, price in working.items() if price != prices.other} | {"other": prices.other}


def _links(parts: list[_Part]) -> Iterable[scheduler.Link]:
    """Two who come together, and visits that must follow another; between what is pinned there is nothing left to say."""
    first_parts = {part.demand.visit_id: part for part in reversed(parts)}
    by_visit: dict[VisitId, list[_Part]] = {}
    for part in parts:
        by_visit.setdefault(part.demand.visit_id, []).append(part)
    for together in by_visit.values():
        if len(together) == 2 and together[0].pin is None:
            one, other = together
            yield scheduler.Link(one.job_id, other.job_id, 0, 0, scheduler.LinkCarers.DIFFERENT, all_or_none=True)
    for part in first_parts.values():
        earlier = first_parts.get(part.demand.after) if part.demand.after else None
        if earlier is not None and part.pin is None:
            yield scheduler.Link(earlier.job_id, part.job_id, part.demand.min_gap_minutes * 60, None)


def _appointments(
    day: PlanningDay, parts: list[_Part], shifts: list[StaffedShift], kind: type[scheduler.Pinned]
) -> Iterable[scheduler.Pinned]:
    for part in parts:
        worked = shift_at(shifts, part.pin.carer_id, part.pin.start_at) if part.pin else None
        if part.pin is not None and worked is not None:
            yield kind(part.job_id, _shift_id(worked), day.seconds(part.pin.start_at))


def _told(day: PlanningDay, parts: list[_Part], shifts: list[StaffedShift]) -> Iterable[scheduler.Published]:
    """What people have been told and can still be kept: an absent carer's visits move free of charge."""
    free = {(part.demand.visit_id, part.number): part for part in parts if part.pin is None}
    for placement in day.published.placements if day.published else ():
        part = free.get((placement.visit_id, placement.part))
        worked = shift_at(shifts, placement.carer_id, placement.start_at)
        if part is not None and worked is not None:
            yield scheduler.Published(part.job_id, _shift_id(worked), day.seconds(placement.start_at))


def _reason(reason: scheduler.Reason) -> UnplacedReason:
    params = {"skills": ", ".join(reason.missing_skills)}
    return UnplacedReason(code=reason.code.value, share=reason.share, params=params)


def _left_out(
    part: _Part, reasons: tuple[UnplacedReason, ...], remedies: tuple[UnplacedRemedy, ...] = ()
) -> UnplacedVisit:
    return UnplacedVisit(
        visit_id=part.demand.visit_id,
        citizen_id=part.demand.citizen_id,
        part=part.number,
        reasons=reasons,
        remedies=remedies,
    )
