"""A published day is disturbed: how many people must be told of a new plan made within two seconds, and what telling fewer costs.

One carer falls ill, three visits are cancelled, two new ones are asked for. Whoever the ill carer was to come to must be told in
any case: that many are needed. Whom to tell beside them is a matter of price, and the weights of moving are turned up and down to
show it. A move is needless if that visit, all others staying where they are in the new plan, could have kept its carer and time
without making the plan dearer. The day planned anew, with all the time and as if nobody had been told anything, stands beside
as what is cheapest.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from random import Random
from statistics import median
from time import monotonic

from benchmarks._days import load_day
from scheduler import (
    Carer,
    CarerId,
    JobId,
    Problem,
    Published,
    Seconds,
    Shift,
    Solution,
    Tuning,
    breaches,
    evaluate,
    solve,
)
from scheduler.trial import Trial

_DAYS = ("town-400", "own-419", "own-443")
_PLAN_SECONDS = 10.0
_REPLAN_SECONDS = 1.8  # the rest of two goes into saying why
_CANCELLED = 3
_NEW = 2
_FACTORS = (0, 1, 4, 16)
"""What the weights of moving are multiplied by."""
_MOVED_SECONDS = 900
"""Whoever is visited by another carer, or at a start this much off, must be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One new plan. `factor` of the weights of moving; None for the day planned anew.

    `needed` of the moved visits were the ill carer's, `needless` could have stayed for nothing. `price`: the cost without what
    moving costs.
    """

    day: str
    seed: int
    factor: int | None
    seconds: float
    unplaced: int
    needed: int
    moved: int
    needless: int
    price: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=lambda text: text.split(","), help=f"names of days ({','.join(_DAYS)})")
    parser.add_argument("--seeds", type=int, help="how many disturbances of each day (5; 1 in the short form)")
    parser.add_argument("--threads", type=int, default=2, help="searches side by side (2, as the service has them)")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Print, for each day, the medians over the disturbances."""
    days = arguments.days or (["own-419"] if arguments.short else _DAYS)
    plan_seconds = 2.0 if arguments.short else _PLAN_SECONDS
    figures: list[Figure] = []
    for day in days:
        problem = load_day(day)
        told = solve(problem, limit=Seconds(plan_seconds))
        for seed in range(1, 1 + (arguments.seeds or (1 if arguments.short else 5))):
            figures += _replanned(day, problem, told, seed=seed, threads=arguments.threads, plan_seconds=plan_seconds)
        _print_day(day, [figure for figure in figures if figure.day == day])
    return {"replan_seconds": _REPLAN_SECONDS, "figures": [asdict(figure) for figure in figures]}


def _replanned(
    day: str, problem: Problem, told: Solution, *, seed: int, threads: int, plan_seconds: float
) -> Iterable[Figure]:
    changed, lost = disturbed(problem, told, seed=seed)
    for factor in (*_FACTORS, None):
        asked = replace(changed, published=()) if factor is None else _weighted(changed, factor)
        began = monotonic()
        if factor is None:
            plan = solve(asked, limit=Seconds(plan_seconds), seed=seed, threads=threads)
        else:
            plan = solve(asked, limit=Seconds(_REPLAN_SECONDS), seed=seed, threads=threads, tuning=Tuning.QUICK)
        seconds = monotonic() - began
        assert not breaches(asked, plan)
        cost = evaluate(asked, plan)
        moved = must_be_told(told, plan)
        yield Figure(
            day=day,
            seed=seed,
            factor=factor,
            seconds=round(seconds, 2),
            unplaced=len(plan.unplaced),
            needed=len(moved & lost),
            moved=len(moved),
            needless=0 if factor is None else _needless(asked, told, plan, moved - lost),
            price=cost.total - cost.moved,
        )


def disturbed(problem: Problem, told: Solution, *, seed: int) -> tuple[Problem, frozenset[JobId]]:
    """The day as it must be planned now, and the ill carer's visits that are left.

    The new visits are like others of the day. What has been told of the ill carer is not held: it must move.
    """
    chance = Random(seed)  # noqa: S311 - chance for a measurement
    linked = {job for link in problem.links for job in (link.first, link.second)}
    free = sorted(job for job in told.placed if job not in linked)
    ill = chance.choice([route.carer for route in told.routes if route.stops])
    cancelled = set(chance.sample(free, _CANCELLED))
    likes = chance.sample([job for job in free if job not in cancelled], _NEW)
    stays = {job: home for job, home in told.placed.items() if job not in cancelled and home[0] != ill}
    changed = replace(
        problem,
        carers=tuple(_at_home(carer) if carer.id == ill else carer for carer in problem.carers),
        jobs=(
            *(job for job in problem.jobs if job.id not in cancelled),
            *(replace(problem.job_by_id[like], id=JobId(f"new-{like}")) for like in likes),
        ),
        published=tuple(Published(job, carer, start) for job, (carer, start) in stays.items()),
    )
    return changed, frozenset(told.placed) - cancelled - frozenset(stays)


def _at_home(carer: Carer) -> Carer:
    return replace(carer, shift=Shift(carer.shift.start, carer.shift.start), breaks=())


def _weighted(problem: Problem, factor: int) -> Problem:
    weights = problem.weights
    more = {name: factor * getattr(weights, name) for name in ("moved_carer", "moved_second")}
    return replace(problem, weights=replace(weights, **more))


def must_be_told(told: Solution, plan: Solution) -> frozenset[JobId]:
    """Visits of both plans with another carer, or more than a quarter of an hour off."""
    return frozenset(
        job
        for job, (carer, start) in plan.placed.items()
        if job in told.placed and (told.placed[job][0] != carer or abs(told.placed[job][1] - start) > _MOVED_SECONDS)
    )


def _needless(problem: Problem, told: Solution, plan: Solution, moved: Iterable[JobId]) -> int:
    """How many of the moved could each, by itself, go back to the carer and time told, and the plan be no dearer."""
    trial = Trial(problem, plan)
    return sum(_could_stay(trial, trial.facts.number[job], told.placed[job]) for job in moved)


def _could_stay(trial: Trial, j: int, told: tuple[CarerId, int]) -> bool:
    facts, timeline, before = trial.facts, trial.timeline, trial.timeline.cost()
    c = facts.carer_number[told[0]]
    with trial.given(facts):
        if not trial.free([j]) or any(timeline.home[o] == c for o in facts.different[j]):
            return False
        without = timeline.memory()
        for position in range(len(timeline.routes[c]) + 1):
            timeline.floor[j] = facts.floor_at(j, told[1])
            stays = timeline.insert(j, c, position) is not None and abs(timeline.start[j] - told[1]) <= _MOVED_SECONDS
            if stays and timeline.cost() <= before:
                return True
            timeline.recall(without)
    return False


def _print_day(day: str, figures: Iterable[Figure]) -> None:
    by_factor = defaultdict(list)
    for figure in figures:
        by_factor[figure.factor].append(figure)
    cheapest = {figure.seed: figure.price for figure in by_factor[None]}
    print(f"\n{day}: medians of {len(cheapest)} disturbances")
    print(
        f"{'price of moving':<18}{'seconds':>8}{'unplaced':>10}{'moved':>8}{'of them needed':>16}{'needless':>10}"
        f"{'price above planning anew':>28}"
    )
    for factor, found in by_factor.items():
        name = "planned anew" if factor is None else f"x {factor}"
        above = median(100 * (x.price / cheapest[x.seed] - 1) for x in found)
        seconds, unplaced, moved, needed, needless = (
            median(getattr(x, of) for x in found) for of in ("seconds", "unplaced", "moved", "needed", "needless")
        )
        print(
            f"{name:<18}{seconds:>8.1f}{unplaced:>10g}{moved:>8g}{needed:>16g}{needless:>10g}{above:>+26.1f} %",
            flush=True,
        )
