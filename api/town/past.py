"""The weeks behind a made-up town: who came when, and how it went, by the rates of the domain reference, section 10.

Nobody optimizes here: each visit goes to somebody at work who is free and, if possible, has been there before. So the past is a
little worse than what the house plans, as a past should be.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import uuid5

from api.town.chance import NAMESPACE, Ids
from api.town.endings import story
from visits.organisation import Team
from visits.people import HealthDelegation
from visits.performed.checkins import Fact
from visits.performed.past import Past
from visits.performed.visit import Visit, visit_due
from visits.planned.demands import VisitDemand, demands_of_day
from visits.planned.register import CitizenAbsence, Register
from visits.planned.schedule import Placement, Schedule, ScheduleState, UnplacedVisit
from visits.planned.staffing import Shift, StaffedShift, staffed
from visits.planned.working_time import breaches
from visits.terms import (
    STOCKHOLM,
    AbsenceReason,
    CarerId,
    CitizenId,
    Period,
    ScheduleId,
    ShiftId,
    TeamId,
    VisitId,
    instant,
    midnight,
)

ROSTER_TURNS = 14
"""The roster goes round in so many days: who worked a Monday then works the same now."""
_TRAVEL = timedelta(minutes=6)
_HOSPITAL_DAYS = (2, 10)
_AWAY_A_DAY = 0.005
"""How likely somebody is to begin to be away on a day: some 2.5 % of all days are days away."""
_REASONS = {
    AbsenceReason.HOSPITAL: 0.6,
    AbsenceReason.TRAVEL: 0.2,
    AbsenceReason.RESPITE: 0.15,
    AbsenceReason.OTHER: 0.05,
}
_WHOEVER_IS_FREE = 0.3
"""How often nobody looks at who knows the citizen: so a citizen meets some dozen people in a fortnight, as in many places."""


def past(made: Register, seed: int, weeks: int) -> Past:
    """So many whole weeks, and the days of the present one, before the register's first day."""
    last_on = made.period.first_on - timedelta(days=1)
    first_on = made.period.first_on - timedelta(days=made.period.first_on.weekday() + 7 * weeks)
    period = Period(first_on, last_on)
    ids = Ids(seed)
    shifts = tuple(_lawful(_shifts(made, period), made.shifts))
    absences = tuple(_absences(ids, made, period))
    days = _Days(made, ids, shifts, absences)
    for on in period:
        for team in made.teams:
            days.add(team, on)
    return Past(
        schedules=tuple(days.schedules),
        visits=tuple(days.visits),
        facts=tuple(days.facts),
        absences=absences,
        shifts=shifts,
    )


def _shifts(made: Register, period: Period) -> Iterator[Shift]:
    """The roster, turned back: the same people at the same hours of the clock, whole turns of the roster before."""
    rostered: dict[date, list[Shift]] = defaultdict(list)
    for shift in made.shifts:
        rostered[shift.on].append(shift)
    for on in period:
        ahead = (made.period.first_on - on).days
        like_on = on + timedelta(days=-(-ahead // ROSTER_TURNS) * ROSTER_TURNS)
        yield from (_moved(shift, on) for shift in rostered[like_on])


def _lawful(turned: Iterable[Shift], ahead: Iterable[Shift]) -> list[Shift]:
    """The shifts without those that leave too little rest where one turn of the roster meets the next, or the roster itself."""
    own: dict[CarerId, list[Shift]] = defaultdict(list)
    for shift in (*turned, *ahead):
        own[shift.carer_id].append(shift)
    fixed = {shift.id for shift in ahead}
    return [shift for worked in own.values() for shift in _rested(worked, fixed) if shift.id not in fixed]


def _rested(worked: list[Shift], fixed: Collection[ShiftId]) -> list[Shift]:
    """One carer's shifts, but for the last of those not `fixed` before each at which a rule shows."""
    kept = list(worked)
    while broken := [one.shift for one in breaches(kept) if one.rule.binds]:
        free = [one for one in kept if one.id not in fixed]
        before = [[one for one in free if one.start_at <= shift.start_at] for shift in broken]
        dropped = {max(some, key=lambda one: one.start_at).id for some in before if some}
        if not dropped:
            break
        kept = [one for one in kept if one.id not in dropped]
    return kept


def _moved(shift: Shift, on: date) -> Shift:
    back = on - shift.on

    def then(at: datetime) -> datetime:
        local = at.astimezone(STOCKHOLM)
        return instant(local.date() + back, local.time())

    start_at = then(shift.start_at)
    return Shift(
        id=ShiftId(uuid5(NAMESPACE, f"{shift.id}/{on}")),
        carer_id=shift.carer_id,
        on=on,
        start_at=start_at,
        end_at=then(shift.end_at),
        breaks=tuple(
            replace(rule, earliest_at=then(rule.earliest_at), latest_at=then(rule.latest_at)) for rule in shift.breaks
        ),
    )


def _absences(ids: Ids, made: Register, period: Period) -> Iterator[CitizenAbsence]:
    """Stays that are over before the town's own days begin."""
    chance = ids.chance("past absences")
    for citizen in made.citizens:
        free_from = period.first_on
        for on in period:
            if on < free_from or not chance.happens(_AWAY_A_DAY):
                continue
            last_on = on + timedelta(days=chance.whole(*_HOSPITAL_DAYS) - 1)
            if last_on >= made.period.first_on:
                break
            yield CitizenAbsence(
                id=ids.next("past absence"),
                citizen_id=citizen.id,
                period=Period(on, last_on),
                reason=chance.weighted(_REASONS),
            )
            free_from = last_on + timedelta(days=1)


@dataclass(slots=True)
class _Worker:
    """A carer on a day of the past: free again at `free_at`."""

    staffed: StaffedShift
    free_at: datetime

    def can(self, demand: VisitDemand) -> datetime | None:
        """When the carer could begin, or None."""
        start_at = max(self.free_at, demand.wish_earliest_at)
        fits = start_at <= demand.latest_at and start_at + demand.duration <= self.staffed.shift.end_at
        return start_at if fits and demand.skills <= self.staffed.skills else None


class _Days:
    """What has been written of the past so far."""

    def __init__(self, made: Register, ids: Ids, shifts: Iterable[Shift], absences: Iterable[CitizenAbsence]) -> None:
        self.schedules: list[Schedule] = []
        self.visits: list[Visit] = []
        self.facts: list[Fact] = []
        self._ids, self._chance = ids, ids.chance("past")
        self._met: dict[CitizenId, set[CarerId]] = defaultdict(set)
        self._carers = {carer.id: carer for carer in made.carers}
        self._orders = {team.id: [order for order in made.orders if order.team_id == team.id] for team in made.teams}
        order_ids = {team_id: {order.id for order in orders} for team_id, orders in self._orders.items()}
        self._plans = {
            team_id: [plan for plan in made.plans if plan.order_id in known] for team_id, known in order_ids.items()
        }
        self._shifts: dict[tuple[TeamId, date], list[Shift]] = defaultdict(list)
        for shift in shifts:
            self._shifts[self._carers[shift.carer_id].team_id, shift.on].append(shift)
        self._delegations: dict[TeamId, list[HealthDelegation]] = defaultdict(list)
        for held in made.delegations:
            # Delegations run for a year at most: whoever holds one now held another before it.
            self._delegations[self._carers[held.carer_id].team_id].append(replace(held, valid=Period(date.min)))
        self._away: dict[date, set[CitizenId]] = defaultdict(set)
        for absence in absences:
            for on in absence.period:
                self._away[on].add(absence.citizen_id)

    def add(self, team: Team, on: date) -> None:
        """Plan, publish and perform one day of a team."""
        away = frozenset(self._away[on])
        demands = demands_of_day(self._orders[team.id], self._plans[team.id], away=away, on=on)
        if not demands:
            return
        placements, unplaced = self._placed(team, demands, on)
        published_at = midnight(on) - timedelta(hours=9)
        self.schedules.append(
            Schedule(
                id=ScheduleId(self._ids.next("past schedule")),
                team_id=team.id,
                on=on,
                state=ScheduleState.PUBLISHED,
                made_at=published_at,
                published_at=published_at,
                placements=tuple(part for parts in placements.values() for part in parts),
                unplaced=tuple(unplaced),
            )
        )
        for demand in demands:
            if parts := placements.get(demand.visit_id):
                self._perform(visit_due(demand), parts)

    def _placed(
        self, team: Team, demands: Iterable[VisitDemand], on: date
    ) -> tuple[dict[VisitId, list[Placement]], list[UnplacedVisit]]:
        at_work = staffed(
            self._shifts[team.id, on],
            carers=self._carers,
            delegations=self._delegations[team.id],
            absent=frozenset(),
        )
        workers = [_Worker(one, one.shift.start_at) for one in at_work]
        placements: dict[VisitId, list[Placement]] = {}
        unplaced = []
        for demand in sorted(demands, key=lambda one: (one.wish_earliest_at, one.visit_id)):
            chosen = self._choose(workers, demand)
            if not chosen:
                unplaced.append(
                    UnplacedVisit(visit_id=demand.visit_id, citizen_id=demand.citizen_id, part=1, reasons=())
                )
                continue
            start_at = max(start for _, start in chosen)
            placements[demand.visit_id] = [
                _placement(demand, part, worker, start_at) for part, (worker, _) in enumerate(chosen, 1)
            ]
        return placements, unplaced

    def _choose(self, workers: list[_Worker], demand: VisitDemand) -> list[tuple[_Worker, datetime]]:
        """Those who come: whoever has been there before rather than anybody else, and rather soon than late."""
        able = [(worker, start) for worker in workers if (start := worker.can(demand)) is not None]
        known = self._met[demand.citizen_id]
        if self._chance.happens(_WHOEVER_IS_FREE):
            able = self._chance.shuffled(able)
        else:
            able.sort(key=lambda one: (one[0].staffed.carer.id not in known, one[1], one[0].free_at))
        chosen = able[: demand.staff_required]
        if len(chosen) < demand.staff_required:
            return []
        start_at = max(start for _, start in chosen)
        for worker, _ in chosen:
            worker.free_at = start_at + demand.duration + _TRAVEL
            known.add(worker.staffed.carer.id)
        return chosen

    def _perform(self, visit: Visit, parts: list[Placement]) -> None:
        state, facts = story(self._chance, visit, parts)
        self.visits.append(replace(visit, state=state))
        self.facts += facts


def _placement(demand: VisitDemand, part: int, worker: _Worker, start_at: datetime) -> Placement:
    return Placement(
        visit_id=demand.visit_id,
        citizen_id=demand.citizen_id,
        part=part,
        carer_id=worker.staffed.carer.id,
        start_at=start_at,
        minutes=demand.minutes,
        travel_seconds=int(_TRAVEL.total_seconds()),
    )
