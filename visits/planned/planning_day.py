"""A planning day: everything that planning one team's day needs to know, and the draft that comes of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from visits.planned.carer_prices import CarerPrices
from visits.planned.demands import VisitDemand
from visits.planned.schedule import Placement, PlannedBreak, Schedule, UnplacedVisit
from visits.planned.staffing import BreakRule, StaffedShift
from visits.terms import CarerId, CitizenId, Place, TeamId, VisitId, midnight

NOTICE = timedelta(minutes=10)
"""What a carer is newly asked to do begins at the earliest this long from now."""
OVERDUE = timedelta(minutes=60)
"""A published visit whose window closed unvisited may still begin this long after the earliest that is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningDay:
    """Everything that planning one team's day needs to know, as of `now`.

    `carer_prices` say what it costs who comes to whom; to a citizen without any, everybody comes alike. `begun` are the visits that
    have started or are over.
    """

    team_id: TeamId
    on: date
    now: datetime
    start: Place
    demands: tuple[VisitDemand, ...]
    staffing: tuple[StaffedShift, ...]
    places: Mapping[CitizenId, Place]
    carer_prices: Mapping[CitizenId, CarerPrices] = field(default_factory=dict)
    published: Schedule | None = None
    begun: frozenset[VisitId] = frozenset()

    @property
    def due(self) -> frozenset[VisitId]:
        return frozenset(demand.visit_id for demand in self.demands)

    def seconds(self, at: datetime) -> int:
        """Whole seconds from the day's midnight."""
        return round((at - midnight(self.on)).total_seconds())

    def at(self, seconds: int) -> datetime:
        return midnight(self.on) + timedelta(seconds=seconds)

    def window(self, demand: VisitDemand) -> tuple[datetime, datetime]:
        """When the visit may begin from now on; what was told and could not be kept may still come, late."""
        earliest_at = max(demand.earliest_at, self.now + NOTICE)
        latest_at = demand.latest_at if demand.latest_at >= earliest_at else earliest_at + OVERDUE
        return earliest_at, latest_at

    def breaks_as_told(self, worked: StaffedShift) -> list[BreakRule]:
        """The shift's breaks, where those that have begun by what is published are fixed to when they began."""
        told = self._breaks_told(worked)
        rules = sorted(worked.shift.breaks, key=lambda rule: rule.earliest_at)
        if len(told) != len(rules):
            return rules
        return [
            BreakRule(earliest_at=one.start_at, latest_at=one.start_at, minutes=rule.minutes)
            if one.start_at <= self.now
            else rule
            for one, rule in zip(told, rules, strict=True)
        ]

    def breaks_ahead(self, worked: StaffedShift) -> list[BreakRule]:
        """The shift's breaks that are not behind the carer, none of them before now."""
        return [
            replace(rule, earliest_at=max(rule.earliest_at, self.now))
            for rule in worked.shift.breaks
            if not self._is_taken(worked, rule)
        ]

    def fingerprint(self) -> str:
        """What the plan is made from, as one word that changes with it.

        Not `now`, nor which visits have begun: those that could are pinned. Nor who knows whom: that only prices the choice.
        """
        published = self.published.id if self.published else None
        facts = (self.team_id, self.on, self.start, self.demands, self.staffing, self.places, published)
        return sha256(json.dumps(_plain(facts), sort_keys=True).encode()).hexdigest()

    def _breaks_told(self, worked: StaffedShift) -> list[PlannedBreak]:
        told = self.published.breaks if self.published else ()
        shift = worked.shift
        return sorted(
            (one for one in told if one.carer_id == worked.carer.id and shift.start_at <= one.start_at < shift.end_at),
            key=lambda one: one.start_at,
        )

    def _is_taken(self, worked: StaffedShift, rule: BreakRule) -> bool:
        """Whether the break's time is over, or it began by what is published."""
        return rule.latest_at < self.now or any(
            rule.earliest_at <= one.start_at <= min(rule.latest_at, self.now) for one in self._breaks_told(worked)
        )


def _plain(value: object) -> object:
    """Any fact of the record as JSON that is the same in every process."""
    if isinstance(value, frozenset | set):
        return sorted((_plain(one) for one in value), key=str)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return [_plain(getattr(value, one.name)) for one in fields(value)]
    return value if value is None or isinstance(value, int | float | str) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the scheduler proposes, in the words of the record."""

    placements: tuple[Placement, ...]
    breaks: tuple[PlannedBreak, ...]
    unplaced: tuple[UnplacedVisit, ...]
    cost: Mapping[str, int]
    home_travel_seconds: Mapping[CarerId, int]
