"""Slots for a visit not yet planned: how fast they are there, and whether the first offered is the best to take.

Visits of a planned day are taken out one at a time and asked for again. Each slot offered is then taken: its visit is pinned, the
rest planned anew, and what the day costs by that time is the slot's true price.
"""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from random import Random
from statistics import fmean, median
from time import monotonic

from benchmarks._days import load_day
from scheduler import JobId, Pinned, Problem, Seconds, Solution, Unplaced, breaches, evaluate, solve
from scheduler.slots import apply_slot, slots

_DAYS = ("town-400", "own-419", "own-443")
_PLAN_SECONDS = 10.0
_TAKEN_SECONDS = 2.0
_VISITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One visit asked for. `true_costs`: of the day with each slot taken, in the order in which they were offered.

    `to_tell`: in how many of them somebody else must be told.
    """

    day: str
    job: str
    seconds: float
    offered: int
    to_tell: int
    true_costs: list[int]

    @property
    def lost(self) -> float:
        """How much dearer the first offered is than the best of them, in percent of the day."""
        return 100 * (self.true_costs[0] / min(self.true_costs) - 1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=lambda text: text.split(","), help=f"names of days ({','.join(_DAYS)})")
    parser.add_argument("--visits", type=int, help=f"how many to ask for ({_VISITS}; 3 in the short form)")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Print day by day."""
    days = arguments.days or (["own-419"] if arguments.short else _DAYS)
    count = arguments.visits or (3 if arguments.short else _VISITS)
    figures: list[Figure] = []
    heads = ("median s", "longest s", "offered", "with others told", "first is best", "lost by the first")
    print(f"{'day':<11}" + "".join(f"{head:>18}" for head in heads))
    for day in days:
        found = list(_asked(day, count=count, short=arguments.short))
        figures += found
        seconds = [figure.seconds for figure in found]
        best = sum(figure.lost == 0 for figure in found)
        print(
            f"{day:<11}{median(seconds):>18.3f}{max(seconds):>18.3f}{fmean(x.offered for x in found):>18.1f}"
            f"{fmean(x.to_tell for x in found):>18.1f}{f'{best} of {len(found)}':>18}"
            f"{fmean(x.lost for x in found):>16.2f} %"
        )
    return {"figures": [asdict(figure) for figure in figures]}


def _asked(day: str, *, count: int, short: bool) -> Iterator[Figure]:
    problem = load_day(day)
    plan = solve(problem, limit=Seconds(2.0 if short else _PLAN_SECONDS))
    linked = {job for link in problem.links for job in (link.first, link.second)}
    free = sorted(job for job in plan.placed if job not in linked)
    for name in Random(1).sample(free, count):  # noqa: S311 - chance for a measurement
        job = problem.job_by_id[name]
        without = replace(problem, jobs=tuple(x for x in problem.jobs if x.id != name))
        left = _taken_out(plan, name)
        began = monotonic()
        offered = slots(without, left, job)
        seconds = monotonic() - began
        assert offered, f"{day}: no slot for {name}, which had one"
        costs = []
        for slot in offered:
            asked, taken = apply_slot(without, left, job, slot)
            assert not breaches(asked, taken)
            pinned = replace(asked, pinned=(Pinned(slot.job, slot.carer, slot.start),))
            costs.append(_cost(pinned, taken, seconds=0.5 if short else _TAKEN_SECONDS))
        to_tell = sum(bool(slot.changes) for slot in offered)
        yield Figure(
            day=day, job=name, seconds=round(seconds, 4), offered=len(offered), to_tell=to_tell, true_costs=costs
        )


def _taken_out(plan: Solution, name: JobId) -> Solution:
    """The plan without one visit, which stands nowhere any more."""
    routes = []
    for route in plan.routes:
        stops = tuple(stop for stop in route.stops if stop.job != name)
        routes.append(replace(route, stops=stops, breaks=route.breaks if stops else ()))
    return replace(plan, routes=tuple(routes), unplaced=tuple(Unplaced(x.job) for x in plan.unplaced))


def _cost(problem: Problem, start: Solution, *, seconds: float) -> int:
    return evaluate(problem, solve(problem, limit=Seconds(seconds), start=start)).total
