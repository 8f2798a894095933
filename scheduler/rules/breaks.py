"""A carer with any stop takes every break, inside its window and between jobs; travel may be interrupted, not shortened."""

from collections.abc import Iterator, Sequence

from scheduler.problem import Carer, Problem
from scheduler.rules.breach import Breach, Unit
from scheduler.rules.gaps import Gap, gaps_of
from scheduler.solution import Route, Solution

RULE = "breaks"


def breaches(problem: Problem, solution: Solution) -> Iterator[Breach]:
    for route in solution.routes:
        carer = problem.carer_by_id[route.carer]
        if not route.stops:
            continue
        if len(route.breaks) != len(carer.breaks):
            params = {"taken": len(route.breaks), "due": len(carer.breaks)}
            amount = abs(len(route.breaks) - len(carer.breaks))
            yield Breach(RULE, "BREAK_COUNT", amount, Unit.BREAKS, carer=carer.id, params=params)
            continue
        yield from _outside_window(carer, route)
        yield from _outside_gaps(carer, route, tuple(gaps_of(problem, carer, route)))


def _outside_window(carer: Carer, route: Route) -> Iterator[Breach]:
    for number, (rest, start) in enumerate(zip(carer.breaks, route.breaks, strict=True), 1):
        for code, amount in (("BREAK_TOO_EARLY", rest.earliest - start), ("BREAK_TOO_LATE", start - rest.latest)):
            if amount > 0:
                yield Breach(RULE, code, amount, Unit.SECONDS, carer=carer.id, params={"number": number})


def _outside_gaps(carer: Carer, route: Route, gaps: Sequence[Gap]) -> Iterator[Breach]:
    """Each break lies inside one gap, after the breaks before it there; a gap holds its travel and its breaks."""
    resting = [0] * len(gaps)
    free_from = [gap.start for gap in gaps]
    spans = sorted(
        (start, start + rest.duration, n)
        for n, (rest, start) in enumerate(zip(carer.breaks, route.breaks, strict=True))
    )
    for start, end, number in spans:
        outside = [max(0, free_from[k] - start) + max(0, end - gap.end) for k, gap in enumerate(gaps)]
        home = min(range(len(gaps)), key=outside.__getitem__)
        if outside[home] > 0:
            params: dict[str, str | int] = {"number": number + 1}
            yield Breach(RULE, "BREAK_DURING_WORK", outside[home], Unit.SECONDS, carer=carer.id, params=params)
        resting[home] += end - start
        free_from[home] = max(free_from[home], end)
    for gap, rest in zip(gaps, resting, strict=True):
        missing = gap.travel + rest - (gap.end - gap.start)
        short_of_travel_alone = max(0, gap.travel - (gap.end - gap.start))
        if rest and missing > short_of_travel_alone:
            params = {"before": str(gap.before or "the shift's end")}
            amount = missing - short_of_travel_alone
            yield Breach(RULE, "NO_TIME_FOR_BREAK", amount, Unit.SECONDS, gap.before, carer.id, params)
