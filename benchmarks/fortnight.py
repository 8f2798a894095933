"""A fortnight of a whole town, planned so that the same few faces come, beside the same days planned one by one for short ways.

Both lay the same visits on the same days and search each day equally long; days are solved in parallel, one process a core.
"""

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from time import monotonic

from api.town.providers import Size
from benchmarks._fortnights import FIRST_ON, TeamFortnight, fortnights, town
from visits.actions.regenerate_schedule import solve_day
from visits.granted.visit_templates import Priority
from visits.performed.continuity import Meeting, people_met
from visits.planned.few_faces import DayTask, Start, few_faces
from visits.planned.planning_day import Draft, PlanningDay
from visits.planned.register import Register
from visits.planned.staffing import Shift
from visits.terms import CitizenId

_MANY = 15
_BUSY_DAY = 120
"""Parts of visits: a smaller day has so much less time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One way to plan the town's fortnight. `people_met` as the nation counts it, `counted` the citizens it is the mean of."""

    wall_seconds: float
    people_met: float
    counted: int
    share_over_15: float
    travel_hours: float
    client_share: float
    placed_share: float
    mandatory_placed_share: float
    mandatory_left: int
    late_minutes: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--town", choices=[size.value for size in Size], help="medium; small in the short form")
    parser.add_argument("--seed", type=int, default=1, help="of the town")
    parser.add_argument("--seconds", type=float, help="search for each busy day in all (10; 1 in the short form)")
    parser.add_argument("--cores", type=int, default=min(2, os.cpu_count() or 1), help="days solved at once")
    parser.add_argument("--teams", default="", help="only these, by name, with commas between")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Print both ways to plan, team by team and over the town."""
    size = Size(arguments.town or ("small" if arguments.short else "medium"))
    seconds = arguments.seconds or (1.0 if arguments.short else 10.0)
    names = tuple(name for name in arguments.teams.split(",") if name)
    made = town(size, arguments.seed)
    began = monotonic()
    teams = list(fortnights(made, names))
    choosing = monotonic() - began
    print(f"{size.value} town, {len(teams)} teams: days of visits chosen in {choosing:.1f} s")
    plans = {}
    for name, plan in (("one by one", _one_by_one), ("few faces", _few_faces)):
        with ProcessPoolExecutor(arguments.cores, get_context("spawn"), initializer=_load) as pool:
            began = monotonic()
            drafts = [plan(pool.map, team, seconds, arguments.cores) for team in teams]
            wall = monotonic() - began + choosing
        for team, own in zip(teams, drafts, strict=True):
            print(f"  {name:<11} {team.team.name:<30} {_line(_figures(made, [team], [own], wall))}", flush=True)
        plans[name] = _figures(made, teams, drafts, wall)
        print(f"{name:<13} {'the town':<30} {_line(plans[name])}")
    one, few = plans["one by one"], plans["few faces"]
    travel = few.travel_hours / one.travel_hours - 1
    print(f"travel {100 * travel:+.1f} %, people met {one.people_met:.2f} -> {few.people_met:.2f}")
    return {
        "town": size.value,
        "seed": arguments.seed,
        "seconds_a_day": seconds,
        "cores": arguments.cores,
        "choosing_seconds": round(choosing, 2),
        "more_travel": round(travel, 4),
        "few_faces": asdict(few),
        "one_by_one": asdict(one),
    }


_Solve = Callable[[Callable[[DayTask], Draft], Iterable[DayTask]], Iterable[Draft]]
"""As `map`, in other processes."""


def _one_by_one(at_once: _Solve, team: TeamFortnight, seconds: float, cores: int) -> list[Draft]:  # noqa: ARG001
    tasks = [
        DayTask(number=number, day=day, start=Start(), seconds=_share(seconds, team.days), last=False)
        for number, day in enumerate(team.days)
    ]
    return list(at_once(_solve, tasks))


def _few_faces(at_once: _Solve, team: TeamFortnight, seconds: float, cores: int) -> list[Draft]:
    planning = few_faces(team.days, familiar=team.familiar, seconds=_share(seconds, team.days), at_once=cores)
    tasks = next(planning)
    while True:
        try:
            tasks = planning.send(list(at_once(_solve, tasks)))
        except StopIteration as done:
            drafts: list[Draft] = done.value
            return drafts


def _share(seconds: float, days: Sequence[PlanningDay]) -> float:
    busiest = max(sum(demand.staff_required for demand in day.demands) for day in days)
    return seconds * min(1.0, busiest / _BUSY_DAY)


def _solve(task: DayTask) -> Draft:
    return solve_day(task.day, seconds=task.seconds, start=task.start, explained=False)


def _load() -> None:
    from scheduler.solvers.search.warming import warm_up

    warm_up(None)


def _figures(
    made: Register, teams: Sequence[TeamFortnight], planned: Sequence[Sequence[Draft]], wall: float
) -> Figures:
    pairs = [
        (day, draft)
        for team, drafts in zip(teams, planned, strict=True)
        for day, draft in zip(team.days, drafts, strict=True)
    ]
    demands = {demand.visit_id: demand for day, _ in pairs for demand in day.demands}
    left = {unplaced.visit_id for _, draft in pairs for unplaced in draft.unplaced}
    mandatory = {key for key, demand in demands.items() if demand.priority is Priority.MUST}
    placements = [placement for _, draft in pairs for placement in draft.placements]
    met = people_met(
        [
            Meeting(
                citizen_id=one.citizen_id,
                carer_id=one.carer_id,
                visit_id=one.visit_id,
                start_at=one.start_at,
                codes=demands[one.visit_id].codes,
            )
            for one in placements
        ],
        first_on=FIRST_ON,
        born_on={citizen.id: citizen.personnummer.born_on for citizen in made.citizens},
        away=_away(made),
    )
    travel = sum(one.travel_seconds for one in placements)
    travel += sum(sum(draft.home_travel_seconds.values()) for _, draft in pairs)
    paid = sum(_paid_minutes(worked.shift) for day, _ in pairs for worked in day.staffing)
    return Figures(
        wall_seconds=round(wall, 1),
        people_met=round(float(met.mean or 0), 2),
        counted=len(met.of),
        share_over_15=round(float(met.share_over(_MANY) or 0), 3),
        travel_hours=round(travel / 3600, 1),
        client_share=round(sum(one.minutes for one in placements) / paid, 4),
        placed_share=round(1 - len(left) / len(demands), 5),
        mandatory_placed_share=round(1 - len(left & mandatory) / len(mandatory), 5),
        mandatory_left=len(left & mandatory),
        late_minutes=round(sum(draft.cost["lateness"] for _, draft in pairs) / 60, 1),
    )


def _paid_minutes(shift: Shift) -> float:
    """Working time: the shift without its breaks (arbetstidslagen 15 §)."""
    return (shift.end_at - shift.start_at).total_seconds() / 60 - sum(rule.minutes for rule in shift.breaks)


def _away(made: Register) -> frozenset[CitizenId]:
    return frozenset(absence.citizen_id for absence in made.absences)


def _line(figures: Figures) -> str:
    return (
        f"{figures.people_met:5.2f} people met ({figures.counted} counted, {figures.share_over_15:.0%} over 15), "
        f"{figures.travel_hours:6.1f} h travel, client time {figures.client_share:.1%}, {figures.mandatory_left} mandatory left, "
        f"{figures.placed_share:.2%} placed, {figures.wall_seconds:.0f} s"
    )
