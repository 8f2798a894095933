"""Rosters: who works which shift on which day, within the law and near each carer's contract."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from api.town.chance import Chance, Ids
from api.town.patterns import NIGHT, Pattern, Spell, may_work
from api.town.staff import Staff
from visits.planned.staffing import Shift
from visits.terms import CarerId, Period, ShiftId

FULL_TIME_HOURS = 38.25
NIGHT_FULL_TIME_HOURS = 34.33
CONTRACTS = {1.0: 0.8, 0.85: 0.2}
"""Parts of full time, and how common each is."""
_MEAN_CONTRACT = sum(part * share for part, share in CONTRACTS.items())


def carers_needed(wanted: Sequence[Counter[Pattern]]) -> int:
    """How many carers it takes at least to work these shifts week after week."""
    hours = sum(pattern.hours * count for day in wanted for pattern, count in day.items())
    full_time = NIGHT_FULL_TIME_HOURS if any(NIGHT in day for day in wanted) else FULL_TIME_HOURS
    most_at_once = max(sum(day.values()) for day in wanted)
    return max(math.ceil(hours / (full_time * _MEAN_CONTRACT)), most_at_once + 1)


def shifts_wanted(wanted: Sequence[Counter[Pattern]], period: Period) -> int:
    return sum(wanted[day.weekday()].total() for day in period)


@dataclass(slots=True)
class _Worker:
    """What one carer has been given so far."""

    carer_id: CarerId
    contract: float
    weekend: int
    delegated: bool
    worked: list[Spell] = field(default_factory=list)
    hours: float = 0.0
    evenings: int = 0
    last: Pattern | None = None


def roster(ids: Ids, crew: Staff, wanted: Sequence[Counter[Pattern]], period: Period, *, chance: Chance) -> list[Shift]:
    """The team's shifts of the period. A shift that nobody may lawfully work is left open."""
    carers, delegated = crew.carers, {one.carer_id for one in crew.delegations}
    contracts = chance.quota(CONTRACTS, len(carers))
    workers = [
        _Worker(carer_id=carer.id, contract=contract, weekend=place % 2, delegated=carer.id in delegated)
        for place, (carer, contract) in enumerate(zip(carers, contracts, strict=True))
    ]
    found: list[Shift] = []
    for day in period:
        free = list(workers)
        delegated_more = Counter[bool]()
        for pattern in _in_order(wanted[day.weekday()]):
            needs_delegated = delegated_more[pattern.evening] <= 0
            worker = _best(free, pattern, day, period.first_on, needs_delegated=needs_delegated)
            if worker is None:
                continue
            delegated_more[pattern.evening] += 1 if worker.delegated else -2
            free.remove(worker)
            _give(worker, pattern, day)
            found.append(pattern.shift(ShiftId(ids.next("shift")), worker.carer_id, day))
    return found


def _in_order(wanted: Counter[Pattern]) -> list[Pattern]:
    """Longest first: they are the hardest to give away."""
    return sorted(wanted.elements(), key=lambda pattern: (-pattern.hours, pattern.begins))


def _best(
    free: Sequence[_Worker], pattern: Pattern, day: date, first_on: date, *, needs_delegated: bool
) -> _Worker | None:
    """Whoever is furthest below contract, with regard to weekends, runs of evenings, and delegations."""
    spell = pattern.on(day)
    lawful = [worker for worker in free if may_work(worker.worked, spell)]
    due_weeks = ((day - first_on).days + 1) / 7

    def cost(worker: _Worker) -> float:
        hours = worker.hours - FULL_TIME_HOURS * worker.contract * due_weeks
        if day.weekday() > 4 and (day.isocalendar().week + worker.weekend) % 2:
            hours += 12
        if worker.last is not None and worker.last.evening != pattern.evening:
            hours += 4
        if needs_delegated and not worker.delegated:
            hours += 40
        return hours

    return min(lawful, key=cost, default=None)


def _give(worker: _Worker, pattern: Pattern, day: date) -> None:
    worker.worked.append(pattern.on(day))
    worker.hours += pattern.hours
    worker.evenings += pattern.evening
    worker.last = pattern


def days_of(first_on: date, days: int) -> Period:
    return Period(first_on, first_on + timedelta(days=days - 1))
