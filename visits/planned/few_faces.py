"""A fortnight's days planned together, so that the same few faces come: day by day, round after round.

In each round every day is planned anew at prices that follow from all the other days: a carer whom the citizen meets on many of
them is cheap, a new face dear. The first round asks for short ways alone; the next ones raise the price of a new face step by step,
for as long as the ways stay nearly as short, so that routes settle where ways are short before faces hold them there. Where it is
known who usually comes, and when, the days begin from that. Rules and words only: whoever asks solves the days, as many at once as
they like.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from visits.planned.carer_prices import CarerPrices, shared_days
from visits.planned.demands import VisitDemand
from visits.planned.planning_day import Draft, PlanningDay
from visits.planned.schedule import Placement, PlannedBreak
from visits.planned.staffing import StaffedShift
from visits.terms import CarerId, CitizenId, Skill, VisitId

FIRST_PRICE = 150
"""What a new face costs in the second round, in seconds of travel; the first asks for short ways alone."""
DEAREST = 2400
USUAL_PRICE = 600
"""Where it is known who usually comes."""
ROUNDS, ROUNDS_FROM_USUAL = 8, 3
FIRST_SHARE = 3
"""The first round has so much more time than each of the others: it begins with nothing."""
STEPS: tuple[tuple[float, float], ...] = ((0.006, 1.6), (0.014, 1.25), (0.02, 1.0))
"""By how much the price is raised while there is less than so much more travel than in the round with the least."""
STEP_BACK = 0.8

SharedDays = Mapping[CitizenId, Mapping[CarerId, int]]
"""On how many days each carer comes to each citizen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where planning a day begins: who comes and when, as far as it can still be so."""

    placements: tuple[Placement, ...] = ()
    breaks: tuple[PlannedBreak, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTask:
    """One day to plan, for so many seconds, from a start. The `last` time it is planned, the answer is explained too."""

    number: int
    day: PlanningDay
    start: Start
    seconds: float
    last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Familiar:
    """Whom the citizens know before the fortnight is planned.

    `shared` are days that count beside those planned: in the fortnight already published, and in the one before. `usual` says day
    by day who usually comes and when.
    """

    contacts: Mapping[CitizenId, CarerId] = field(default_factory=dict)
    shared: SharedDays = field(default_factory=dict)
    usual: Sequence[Start] = ()


def few_faces(
    days: Sequence[PlanningDay], *, familiar: Familiar, seconds: float, at_once: int
) -> Generator[list[DayTask], Sequence[Draft], list[Draft]]:
    """Yields the days to solve next, hears their drafts in the same order, and returns the last draft of each day.

    `seconds` are those of each day over all rounds. The days that are solved at once lie apart and do not hear of each other, so
    the course depends on `at_once`, never on how fast a day is solved.
    """
    rounds = rounds_of(familiar)
    shares = [1.0 if familiar.usual else float(FIRST_SHARE)] + [1.0] * (rounds - 1)
    price, shortest = USUAL_PRICE if familiar.usual else 0, 0
    visits = Counter(demand.citizen_id for day in days for demand in day.demands)
    starts = list(familiar.usual) or [Start()] * len(days)
    drafts: dict[int, Draft] = {}
    for turn, share in enumerate(shares):
        for group in _groups(len(days), at_once):
            tasks = []
            for number in group:
                shared = _shared(starts, familiar.shared, besides=number)
                day = _priced(days[number], familiar, shared, visits, price)
                tasks.append(
                    DayTask(
                        number=number,
                        day=day,
                        start=exchanged(starts[number], day),
                        seconds=seconds * share / sum(shares),
                        last=turn == rounds - 1,
                    )
                )
            answers = yield tasks
            for task, draft in zip(tasks, answers, strict=True):
                drafts[task.number] = draft
                starts[task.number] = Start(placements=draft.placements, breaks=draft.breaks)
        if not familiar.usual:
            travel = sum(draft.cost["travel"] for draft in drafts.values())
            shortest = min(shortest or travel, travel)
            price = _next_price(price, more_travel=travel / shortest - 1 if shortest else 0.0)
    return [drafts[number] for number in range(len(days))]


def _priced(
    day: PlanningDay, familiar: Familiar, shared: SharedDays, visits: Mapping[CitizenId, int], price: int
) -> PlanningDay:
    """The day at a price of a new face; at none everybody comes alike."""
    prices = {
        citizen_id: shared_days(
            shared.get(citizen_id, {}),
            contact=familiar.contacts.get(citizen_id),
            visits=visits[citizen_id],
            new_face_cost=price,
        )
        for citizen_id in sorted({demand.citizen_id for demand in day.demands})
    }
    return replace(day, carer_prices=prices if price else {})


def rounds_of(familiar: Familiar) -> int:
    """How often each day is planned."""
    return ROUNDS_FROM_USUAL if familiar.usual else ROUNDS


def _next_price(price: int, *, more_travel: float) -> int:
    """The next round's price of a new face, by how much more travel there is than in the round with the least."""
    if price == 0:
        return FIRST_PRICE
    step = next((step for limit, step in STEPS if more_travel < limit), STEP_BACK)
    return min(DEAREST, round(price * step))


def exchanged(start: Start, day: PlanningDay) -> Start:
    """The same routes, some of them changed between carers who work the same hours and travel alike: no way becomes longer."""
    skills = {demand.visit_id: _skills(demand) for demand in day.demands}
    by_carer: dict[CarerId, list[Placement]] = {}
    for placement in start.placements:
        by_carer.setdefault(placement.carer_id, []).append(placement)
    works = _who_works_once(day.staffing)
    routes = {carer: by_carer.get(carer, []) for carer in works}
    drives = {carer: carer for carer in works}  # whose route each of them has
    improved = True
    while improved:
        improved = False
        for one, other in combinations(works, 2):
            if not _alike(works[one], works[other]):
                continue
            mine, theirs = routes[drives[one]], routes[drives[other]]
            if _able(works[other], mine, skills) and _able(works[one], theirs, skills):
                now = _price(day, one, mine) + _price(day, other, theirs)
                if _price(day, other, mine) + _price(day, one, theirs) < now:
                    drives[one], drives[other] = drives[other], drives[one]
                    improved = True
    has = {route: carer for carer, route in drives.items()}
    return Start(
        placements=tuple(replace(one, carer_id=has.get(one.carer_id, one.carer_id)) for one in start.placements),
        breaks=tuple(replace(one, carer_id=has.get(one.carer_id, one.carer_id)) for one in start.breaks),
    )


def days_shared(starts: Iterable[Iterable[Placement]]) -> dict[CitizenId, Counter[CarerId]]:
    """On how many of these days each carer comes to each citizen."""
    found: dict[CitizenId, Counter[CarerId]] = {}
    for placements in starts:
        for citizen_id, carer_id in sorted({(one.citizen_id, one.carer_id) for one in placements}):
            found.setdefault(citizen_id, Counter())[carer_id] += 1
    return found


def _shared(starts: Sequence[Start], before: SharedDays, *, besides: int) -> dict[CitizenId, Counter[CarerId]]:
    found = days_shared(start.placements for number, start in enumerate(starts) if number != besides)
    for citizen_id, carers in before.items():
        found.setdefault(citizen_id, Counter()).update(carers)
    return found


def _groups(days: int, at_once: int) -> list[list[int]]:
    """The days in groups of at most `at_once` that lie as far apart as can be."""
    stride = -(-days // at_once)
    return [list(range(first, days, stride)) for first in range(stride)]


def _skills(demand: VisitDemand) -> frozenset[Skill]:
    return demand.skills | ({Skill.LIFT} if demand.staff_required > 1 else frozenset())


def _who_works_once(staffing: Sequence[StaffedShift]) -> dict[CarerId, StaffedShift]:
    times = Counter(worked.carer.id for worked in staffing)
    return {worked.carer.id: worked for worked in staffing if times[worked.carer.id] == 1}


def _alike(one: StaffedShift, other: StaffedShift) -> bool:
    return one.carer.mode is other.carer.mode and (one.shift.start_at, one.shift.end_at, one.shift.breaks) == (
        other.shift.start_at,
        other.shift.end_at,
        other.shift.breaks,
    )


def _able(worked: StaffedShift, route: Sequence[Placement], skills: Mapping[VisitId, frozenset[Skill]]) -> bool:
    return all(skills.get(one.visit_id, frozenset()) <= worked.skills for one in route)


def _price(day: PlanningDay, carer_id: CarerId, route: Sequence[Placement]) -> int:
    free = CarerPrices()
    found = (day.carer_prices.get(one.citizen_id, free) for one in route)
    return sum(prices.of.get(carer_id, prices.other) for prices in found)
