"""What a plan of a day makes of its carers' working time: asked again before it is published, whoever made the plan."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from visits.people import HealthDelegation
from visits.planned.schedule import Placement, PlannedBreak, Schedule
from visits.planned.staffing import Shift
from visits.planned.working_time import LONGEST_STRETCH, RosterRule, breaches
from visits.terms import CarerId, VisitId, local_day


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBreach:
    """One rule that the plan has a carer break: `at` which moment, `found` how much where at most or least `limit` is allowed.

    For `OUTSIDE_SHIFT` and `DELEGATION` there is no amount, only the visit.
    """

    rule: RosterRule
    carer_id: CarerId
    at: datetime
    found: timedelta = timedelta(0)
    limit: timedelta = timedelta(0)
    visit_id: VisitId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDay:
    """What the check needs beside the plan.

    `shifts` are the carers' from a week before the day on. `taken` are breaks of an earlier plan of the day that have begun,
    `needing` the visits that need a delegation, `settled` those that have begun or are over: nobody can still be sent elsewhere.
    """

    shifts: tuple[Shift, ...]
    delegations: tuple[HealthDelegation, ...]
    needing: frozenset[VisitId]
    settled: frozenset[VisitId] = frozenset()
    taken: tuple[PlannedBreak, ...] = ()


def plan_breaches(schedule: Schedule, day: WorkingDay) -> list[PlanBreach]:
    """Every binding rule that the schedule, or the shifts that it uses, would break on its day, by time."""
    found: list[PlanBreach] = []
    by_carer = sorted(schedule.placements, key=lambda one: (one.carer_id, one.start_at, one.end_at))
    for carer_id, group in groupby(by_carer, key=lambda one: one.carer_id):
        stops = list(group)
        own = [shift for shift in day.shifts if shift.carer_id == carer_id]
        if day.settled.issuperset(stop.visit_id for stop in stops):
            continue
        found += _of_roster(schedule, own)
        found += _outside(stops, own, settled=day.settled)
        found += _without_delegation(stops, day)
        found += _stretches(schedule, stops, own, day.taken)
    return sorted(found, key=lambda one: (one.at, one.carer_id, one.rule))


def _of_roster(schedule: Schedule, own: Sequence[Shift]) -> Iterable[PlanBreach]:
    """What is wrong with the shifts themselves. How their breaks may fall is no matter: where they do is in the plan."""
    for one in breaches(own):
        if one.on == schedule.on and one.rule.binds and one.rule is not RosterRule.BREAK:
            yield PlanBreach(
                rule=one.rule, carer_id=one.carer_id, at=one.shift.start_at, found=one.found, limit=one.limit
            )


def _outside(stops: Sequence[Placement], own: Sequence[Shift], *, settled: Collection[VisitId]) -> Iterable[PlanBreach]:
    for stop in stops:
        inside = any(shift.start_at <= stop.start_at and stop.end_at <= shift.end_at for shift in own)
        if not inside and stop.visit_id not in settled:
            yield PlanBreach(
                rule=RosterRule.OUTSIDE_SHIFT, carer_id=stop.carer_id, at=stop.start_at, visit_id=stop.visit_id
            )


def _without_delegation(stops: Sequence[Placement], day: WorkingDay) -> Iterable[PlanBreach]:
    for stop in stops:
        valid = any(one.carer_id == stop.carer_id and local_day(stop.start_at) in one.valid for one in day.delegations)
        if stop.visit_id in day.needing and stop.visit_id not in day.settled and not valid:
            yield PlanBreach(
                rule=RosterRule.DELEGATION, carer_id=stop.carer_id, at=stop.start_at, visit_id=stop.visit_id
            )


def _stretches(
    schedule: Schedule, stops: Sequence[Placement], own: Sequence[Shift], taken: Iterable[PlannedBreak]
) -> Iterable[PlanBreach]:
    """Work in a row, from setting out for the first visit to the end of the last: waiting is work, only a break ends it."""
    carer_id = stops[0].carer_id
    breaks = sorted(
        {one for one in (*schedule.breaks, *taken) if one.carer_id == carer_id}, key=lambda one: one.start_at
    )
    for spell in _by_shift(stops, own).values():
        works_from = spell[0].start_at - timedelta(seconds=spell[0].travel_seconds)
        ends_at = max(stop.end_at for stop in spell)
        for pause in breaks:
            if works_from < pause.start_at < ends_at:
                yield from _too_long(carer_id, works_from, pause.start_at)
                works_from = max(works_from, pause.end_at)
        yield from _too_long(carer_id, works_from, ends_at)


def _by_shift(stops: Sequence[Placement], own: Sequence[Shift]) -> Mapping[datetime, list[Placement]]:
    """The visits of each shift; those outside any count to the one before them."""
    spells: dict[datetime, list[Placement]] = {}
    for stop in stops:
        begun = [shift.start_at for shift in own if shift.start_at <= stop.start_at]
        spells.setdefault(max(begun, default=stops[0].start_at), []).append(stop)
    return spells


def _too_long(carer_id: CarerId, from_at: datetime, to_at: datetime) -> Iterable[PlanBreach]:
    if to_at - from_at > LONGEST_STRETCH:
        yield PlanBreach(
            rule=RosterRule.BREAK, carer_id=carer_id, at=from_at, found=to_at - from_at, limit=LONGEST_STRETCH
        )
