"""Linked jobs keep their distance in time, their carers differ or agree, and go both or neither."""

from collections.abc import Iterator

from scheduler.problem import CarerId, Link, LinkCarers, Problem
from scheduler.rules.breach import Breach, Unit
from scheduler.solution import Solution

RULE = "together"


def breaches(problem: Problem, solution: Solution) -> Iterator[Breach]:
    for link in problem.links:
        first, second = solution.placed.get(link.first), solution.placed.get(link.second)
        if first and second:
            yield from _gap(link, second[0], second[1] - first[1])
            yield from _carers(link, first[0], second[0])
        elif link.all_or_none and (first or second):
            here, missing = (link.first, link.second) if first else (link.second, link.first)
            yield Breach(RULE, "PARTNER_MISSING", 1, Unit.JOBS, job=here, params={"other": missing})


def _gap(link: Link, carer: CarerId, gap: int) -> Iterator[Breach]:
    params = {"other": str(link.first)}
    if gap < link.min_gap:
        yield Breach(RULE, "GAP_TOO_SMALL", link.min_gap - gap, Unit.SECONDS, link.second, carer, params)
    if link.max_gap is not None and gap > link.max_gap:
        yield Breach(RULE, "GAP_TOO_LARGE", gap - link.max_gap, Unit.SECONDS, link.second, carer, params)


def _carers(link: Link, first: CarerId, second: CarerId) -> Iterator[Breach]:
    params = {"other": str(link.first)}
    if link.carers is LinkCarers.DIFFERENT and first == second:
        yield Breach(RULE, "SAME_CARER_TWICE", 1, Unit.CARERS, link.second, second, params)
    if link.carers is LinkCarers.SAME and first != second:
        yield Breach(RULE, "NOT_THE_SAME_CARER", 1, Unit.CARERS, link.second, second, params)
